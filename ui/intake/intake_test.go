package intake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// pieces reads everything from input and returns the pieces.
func pieces(t *testing.T, input io.Reader) []string {
	t.Helper()
	start := time.Now()
	r := New(t.Context(), input, func() time.Time { return start })
	var all []string
	buffer := make([]byte, 256)
	for {
		n, err := r.Read(buffer)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil || n == 0 || n >= len(buffer) {
			t.Fatalf("Read = %d, %v, want 1 to 255 bytes", n, err)
		}
		all = append(all, string(buffer[:n]))
	}
}

func TestReadHandsOutWholeKeys(t *testing.T) {
	inputs := map[string]string{
		"letters":            strings.Repeat("a", 1000),
		"characters":         strings.Repeat("字", 1000),
		"emoji":              strings.Repeat("👨", 1000),
		"arrows":             strings.Repeat("\x1b[A", 1000),
		"function keys":      strings.Repeat("\x1bOP", 1000),
		"keys with a number": strings.Repeat("\x1b[15;5~", 1000),
		"with alt":           strings.Repeat("\x1bé", 1000),
		"escapes":            strings.Repeat("\x1b", 1000),
		"a mixture":          strings.Repeat("a字\x1b[A\r\t\x1b[200~x\x1b[201~", 300),
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			got := pieces(t, strings.NewReader(input))
			if joined := strings.Join(got, ""); joined != input {
				t.Fatalf("%d bytes came out as %d", len(input), len(joined))
			}
			for i, piece := range got[:len(got)-1] {
				if next := got[i+1][0]; strings.HasSuffix(piece, "\x1b") && strings.ContainsRune("[O", rune(next)) || next&0xc0 == 0x80 {
					t.Errorf("a key is cut: %q, %q", piece[len(piece)-4:], got[i+1][:1])
				}
			}
		})
	}
}

func TestAFullChunkDoesNotCutAKey(t *testing.T) {
	input := strings.Repeat("a", few+many-1) + "字" + strings.Repeat("b", many-3) + "\x1b[15~" // cut by the chunks
	for _, piece := range pieces(t, strings.NewReader(input)) {
		if strings.ContainsRune(piece, '\ufffd') || strings.HasSuffix(piece, "\x1b[1") {
			t.Errorf("a key is cut at the end of a chunk: %q", piece)
		}
	}
}

func TestALongPasteIsCutButEnds(t *testing.T) {
	input := pasteStart + strings.Repeat("x", 1<<20) + pasteEnd + "\r"
	got := strings.Join(pieces(t, strings.NewReader(input)), "")
	want := pasteStart + strings.Repeat("x", longPaste) + pasteEnd + "\r"
	if got != want {
		t.Errorf("a paste of 1 MiB came out as %d bytes, want %d", len(got), len(want))
	}
}

func TestAPasteWhoseEndIsCutOffEnds(t *testing.T) {
	in, out := io.Pipe()
	t.Cleanup(func() { _ = out.Close() })
	r := New(t.Context(), in, time.Now)
	go func() { // fails when the test is over
		_, _ = io.WriteString(out, pasteStart+strings.Repeat("x", 4080)+pasteEnd[:3])
		_, _ = io.WriteString(out, pasteEnd[3:]+"y")
	}()
	var got string
	buffer := make([]byte, 256)
	for !strings.HasSuffix(got, "y") {
		n, err := r.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		got += string(buffer[:n])
	}
	if want := pasteStart + strings.Repeat("x", 4080) + pasteEnd + "y"; got != want || r.pasted >= 0 {
		t.Errorf("a paste whose end came in two pieces came out as %d bytes, still pasting: %v", len(got), r.pasted >= 0)
	}
}

func TestAPasteThatNeverEndsIsEnded(t *testing.T) {
	in, out := io.Pipe()
	t.Cleanup(func() { _ = out.Close() })
	r := New(t.Context(), in, time.Now)
	go func() { _, _ = io.WriteString(out, pasteStart+"x") }() // fails when the test is over
	var got string
	buffer := make([]byte, 256)
	for !strings.HasSuffix(got, pasteEnd) {
		n, err := r.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		got += string(buffer[:n])
	}
}

func TestWhatIsNoUTF8IsMarked(t *testing.T) {
	if got := strings.Join(pieces(t, strings.NewReader("caf\xe9 x\xff")), ""); got != "caf\ufffe x\ufffe" {
		t.Errorf("Latin-1 came out as %q", got)
	}
}

func TestAFloodIsDropped(t *testing.T) {
	got := strings.Join(pieces(t, strings.NewReader(strings.Repeat("\x01", 1<<20))), "")
	if len(got) != perSecond {
		t.Errorf("of 1 MiB in a second %d bytes came out, want %d", len(got), perSecond)
	}
}

func TestAFloodEndsWithAPause(t *testing.T) {
	in, out := io.Pipe()
	now := time.Now()
	r := New(t.Context(), in, func() time.Time { return now })
	go func() {
		_, _ = io.WriteString(out, strings.Repeat("x", perSecond+many)) // fails when the test is over
	}()
	buffer := make([]byte, 256)
	for got := 0; got < perSecond; {
		n, err := r.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	now = now.Add(2 * time.Second)
	go func() {
		_, _ = io.WriteString(out, "y")
		_ = out.Close()
	}()
	var rest string
	for {
		n, err := r.Read(buffer)
		rest += string(buffer[:n])
		if err != nil {
			break
		}
	}
	if !strings.HasSuffix(rest, "y") {
		t.Errorf("after the pause %q came out, want y", rest)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	silent, w := io.Pipe()
	t.Cleanup(func() { _ = w.Close() })
	r := New(ctx, silent, time.Now)
	cancel()
	if n, err := r.Read(make([]byte, 256)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("Read after the end of the context = %d, %v, want io.EOF", n, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a\x1b[A字\x1b\x1b[200~x\x1b[201~\xff"))
	f.Fuzz(func(t *testing.T, input []byte) {
		if len(input) > perSecond || bytes.Contains(input, []byte(pasteStart)) || !utf8.Valid(input) {
			return // changed on purpose
		}
		if got := strings.Join(pieces(t, bytes.NewReader(input)), ""); got != string(input) {
			t.Errorf("%q came out as %q", input, got)
		}
	})
}

// A keeper keeps what it read into.
type keeper struct {
	io.Reader
	all [][]byte
}

func (k *keeper) Read(p []byte) (int, error) {
	k.all = append(k.all, p)
	return k.Reader.Read(p)
}

func TestNothingOfAKeyStaysBehind(t *testing.T) {
	kept := &keeper{Reader: io.MultiReader(strings.NewReader("pass\xc3"), strings.NewReader("\xa4word"))} // cut within a character
	r := New(t.Context(), kept, time.Now)
	buffer := make([]byte, 256)
	var got string
	for {
		n, err := r.Read(buffer)
		got += string(buffer[:n])
		if err != nil {
			break
		}
	}
	if got != "passäword" {
		t.Fatalf("%q was read, want what was typed", got)
	}
	for _, held := range append(kept.all, buffer) {
		if len(bytes.Trim(held, "\x00")) > 0 {
			t.Errorf("a buffer still holds %q", held)
		}
	}
}
