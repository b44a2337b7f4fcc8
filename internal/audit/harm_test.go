package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"foyer/internal/audit"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func put(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// cut takes the last n lines away.
func cut(text []byte, n int) []byte {
	all := bytes.SplitAfter(text, []byte("\n"))
	return bytes.Join(all[:len(all)-1-n], nil)
}

func TestAnEndThatIsCutOffIsFoundWithAHeadThatWasSignedForSomethingElse(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.open()
	zero := read(t, b.name+".head")
	b.fill(5)
	other := &book{t, filepath.Join(t.TempDir(), "other.jsonl"), b.key, b.options} // whose key is the same
	theirs := other.open()
	for range 2 {
		if _, err := theirs.Append(t.Context(), event(9)); err != nil {
			t.Fatal(err)
		}
	}
	whole := read(t, b.name)
	for name, head := range map[string][]byte{"the first of all heads": zero, "the head of another record": read(t, other.name+".head")} {
		put(t, b.name, cut(whole, 3))
		put(t, b.name+".head", head)
		if b.verify(0).Intact() {
			t.Errorf("nothing is found with %s", name)
		}
		if _, err := audit.Open(t.Context(), b.name, b.key, b.options); err == nil {
			t.Errorf("Open() goes on with %s", name)
		}
	}
}

func TestARecordGoesOnAfterACrashAtAnyStep(t *testing.T) {
	for name, crash := range map[string]func(b *book){
		"between the first head and the file": func(b *book) {
			b.open()
			_ = os.Remove(b.name)
		},
		"between the line and the head": func(b *book) {
			b.fill(2)
			old := read(b.t, b.name+".head")
			b.fill(1)
			put(b.t, b.name+".head", old)
		},
		"after a file was put aside": func(b *book) {
			b.fill(3)
			_ = os.Rename(b.name, b.name+".000000000001")
		},
		"in the first line of a new file": func(b *book) {
			b.fill(3)
			_ = os.Rename(b.name, b.name+".000000000001")
			put(b.t, b.name, []byte(`{"number":4`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, audit.Options{})
			crash(b)
			b.fill(2)
			if r := b.verify(0); !r.Intact() {
				t.Errorf("findings: %v", r.Findings)
			}
		})
	}
}

func TestARefusedRecordIsLeftAsItIs(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(3)
	short := bytes.TrimSuffix(read(t, b.name), []byte("\"}\n"))
	put(t, b.name, short)
	if _, err := audit.Open(t.Context(), b.name, b.key, b.options); err == nil {
		t.Error("Open() goes on, though the last line was cut short")
	}
	if !bytes.Equal(read(t, b.name), short) {
		t.Error("what was left of the last line is gone")
	}
}

func TestNoFileThatWasPutAsideIsReplaced(t *testing.T) {
	b := newBook(t, audit.Options{Full: 1000})
	b.fill(4)
	aside, _ := filepath.Glob(b.name + ".0*")
	if len(aside) == 0 {
		t.Fatal("no file was put aside")
	}
	before := read(t, aside[0])
	b.options.Full = 1 << 20
	b.fill(2)
	text := read(t, b.name)
	at := bytes.IndexByte(text, ',')
	put(t, b.name, append([]byte(`{"number":1`), text[at:]...))
	b.options.Full = 1000
	b.fill(3)
	if !bytes.Equal(read(t, aside[0]), before) {
		t.Error("a file was replaced by one that says it has the same first number")
	}
}

func TestNothingIsAcknowledgedTwiceWithoutAHead(t *testing.T) {
	b := newBook(t, audit.Options{})
	l := b.open()
	old := read(t, b.name+".head")
	if _, err := l.Append(t.Context(), event(1)); err != nil {
		t.Fatal(err)
	}
	put(t, b.name+".head", old)
	if _, err := l.Append(t.Context(), event(2)); err != nil {
		t.Fatal(err)
	}
	if r := b.verify(0); !r.Intact() || r.Records != 2 {
		t.Errorf("Verify() = %+v", r)
	}
}

func TestARecordIsVerifiedAndReadWhileItGrows(t *testing.T) {
	b := newBook(t, audit.Options{Full: 1500})
	l := b.open()
	var all sync.WaitGroup
	done := make(chan struct{})
	all.Go(func() {
		defer close(done)
		for i := range 150 {
			if _, err := l.Append(t.Context(), event(i)); err != nil {
				t.Error(err)
			}
		}
	})
	for growing := true; growing; {
		select {
		case <-done:
			growing = false
		default:
		}
		if r := b.verify(0); !r.Intact() || r.Torn > 0 {
			t.Fatalf("findings: %v, %d torn", r.Findings, r.Torn)
		}
		var last uint64
		for r, err := range audit.Read(b.name) {
			if err != nil || r.Number != last+1 {
				t.Fatalf("after record %d: %d, %v", last, r.Number, err)
			}
			last = r.Number
		}
	}
	all.Wait()
}

func TestWhatIsHalfWrittenIsNotRead(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(1)
	put(t, b.name, append(read(t, b.name), `{"number":2`...))
	for _, err := range audit.Read(b.name) {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestALineOfAnyLengthIsFound(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(1)
	put(t, b.name, append(read(t, b.name), strings.Repeat("x", 1<<20)+"\n"...))
	if b.verify(0).Intact() {
		t.Error("nothing is found")
	}
}
