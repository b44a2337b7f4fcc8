package lines

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"foyer/internal/secret"
)

// typed is what an editor makes of keys, what it echoes, and how it ended.
func typed(keys string, e editor) (text, echo string, last stroke) {
	var out bytes.Buffer
	e.out = &printer{to: &out, end: "\r\n"}
	pending := []byte(keys)
	last = e.take(&pending, true)
	e.out.flush()
	return string(e.text), out.String(), last
}

func TestKeysAtATerminalMakeALine(t *testing.T) {
	tests := []struct{ name, keys, text, echo string }{
		{"letters", "ab\r", "ab", "ab"},
		{"a line feed", "ab\n", "ab", "ab"},
		{"a letter that is taken back", "ab\x7f\r", "a", "ab\b \b"},
		{"with the other key", "ab\bc\r", "ac", "ab\b \bc"},
		{"more than there is", "a\x7f\x7f\r", "", "a\b \b"},
		{"a letter with an accent of its own", "e\u0301\x7fx\r", "x", "e\u0301\b \bx"},
		{"a wide letter", "王\x7fx\r", "x", "王\b \b\b \bx"},
		{"a family", "👩\u200d👧\x7fx\r", "x", "👩\u200d👧\b \b\b \bx"},
		{"everything", "ab王\x15x\r", "x", "ab王\b \b\b \b\b \b\b \bx"},
		{"a word", "ab cd  \x17x\r", "ab x", "ab cd  " + strings.Repeat("\b \b", 4) + "x"},
		{"arrows and function keys", "a\x1b[A\x1b[D\x1bOP\x1b[15~b\r", "ab", "ab"},
		{"a paste with its marks", "\x1b[200~ab\x1b[201~\r", "ab", "ab"},
		{"other control characters", "a\x01\x02\x1a\x1cb\r", "ab", "ab"},
		{"a tabulator", "a\tb\r", "a b", "a b"},
		{"what cannot be seen", "a\u202eb\u200bc\r", "a\u202eb\u200bc", "abc"}, // the question drops it
		{"what cannot be read", "a\xffb\r", "a\ufffeb", "ab"},
		{"a sequence that never ends", "a\x1b[1;1;1", "a", "a"},
		{"ctrl+d in the middle", "a\x04b\r", "ab", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, echo, _ := typed(tt.keys, editor{terminal: true})
			if text != tt.text || echo != tt.echo {
				t.Errorf("%q makes %q and echoes %q, want %q and %q", tt.keys, text, echo, tt.text, tt.echo)
			}
			if text, echo, _ := typed(tt.keys, editor{terminal: true, hidden: true}); strings.Contains(echo, "a") || text != tt.text && !strings.Contains(tt.keys, "\t") {
				t.Errorf("hidden, %q makes %q and echoes %q", tt.keys, text, echo)
			}
		})
	}
}

func TestKeysThatEndALine(t *testing.T) {
	tests := []struct {
		keys     string
		terminal bool
		want     stroke
	}{
		{"a\r", true, entered},
		{"a", true, typing},
		{"a\x03", true, interrupted},
		{"\x04", true, hungUp},
		{"a\n", false, entered},
		{"a\r\n", false, entered},
		{"a", false, entered}, // the last line of a file
		{"", false, typing},
		{"\x03\x04\x7f", false, typing},
		{"a\x03\x04\x7fb\n", false, entered},
	}
	for _, tt := range tests {
		if _, _, got := typed(tt.keys, editor{terminal: tt.terminal}); got != tt.want {
			t.Errorf("%q ends with %d, want %d", tt.keys, got, tt.want)
		}
	}
}

func TestLinesEndInEveryWay(t *testing.T) {
	e := editor{out: &printer{to: &bytes.Buffer{}}}
	var got []string
	for _, piece := range []string{"a\r\nb\nc\r", "\nd", "\r", "e\r\r\n", "f"} { // a piece may end anywhere
		pending := []byte(piece)
		for {
			k := e.take(&pending, piece == "f")
			if k != entered {
				break
			}
			got = append(got, string(e.text))
			e.reset(false)
		}
	}
	if want := "a b c d e  f"; strings.Join(got, " ") != want {
		t.Errorf("the lines are %q, want %q", got, want)
	}
}

func TestALineIsBounded(t *testing.T) {
	e := editor{terminal: true, out: &printer{to: &bytes.Buffer{}}}
	pending := []byte(strings.Repeat("a", 1<<20))
	e.take(&pending, false)
	if len(e.text) > longestLine {
		t.Errorf("a line has %d bytes, want %d at most", len(e.text), longestLine)
	}
}

func TestOneCharacterIsNoLongerThanAPersonTypes(t *testing.T) {
	e := editor{terminal: true, out: &printer{to: &bytes.Buffer{}}}
	pending := []byte("e" + strings.Repeat("\u0301", 4000))
	e.take(&pending, false)
	if len(e.signs) < 4000*2/(longestSign+utf8.UTFMax) {
		t.Errorf("a letter with 4,000 accents is %d characters: each key looks at all of them", len(e.signs))
	}
}

func TestWhatWasReadIsOverwritten(t *testing.T) {
	e := editor{terminal: true, hidden: true, out: &printer{to: &bytes.Buffer{}}}
	piece := []byte("secret\r")
	pending := piece
	e.take(&pending, false)
	line := e.text
	e.reset(false)
	if strings.Contains(string(piece)+string(line), "secret") {
		t.Errorf("%q and %q are left", piece, line)
	}
}

func TestWhatIsSentWithoutATerminalIsPaced(t *testing.T) {
	now := time.Unix(0, 0)
	for _, b := range []*bucket{bytesWithoutTerminal(), answersOfAPerson()} {
		if d := b.fill(int(b.atOnce), now); d != 0 {
			t.Errorf("a whole registration waits for %s", d)
		}
		if d := b.fill(int(b.perSecond)*30, now); d != 30*time.Second {
			t.Errorf("what is typed in 30 seconds is taken after %s", d)
		}
		if d := b.fill(100, now.Add(time.Hour)); d != 0 {
			t.Errorf("after an hour an answer waits for %s", d)
		}
	}
}

func TestPlain(t *testing.T) {
	tests := map[string]string{
		"Ann": "Ann", "Zoë": "Zoe", "Grüße, Äpfel": "Gruesse, Aepfel", "„So“ – …": `"So" - ...`, "e\u0301": "e", "王": "?", "Łódź": "Lodz", "½": "1/2", "ﬁ": "fi",
	}
	for give, want := range tests {
		got := plain(give)
		if got != want {
			t.Errorf("plain(%q) = %q, want %q", give, got, want)
		}
	}
}

func FuzzEditor(f *testing.F) {
	for _, keys := range []string{"ab\r", "e\u0301\x7f", "\x1b[200~x\x1b[201~", "a\xff\r\n", "👩\u200d👧\b\b", "a b\x17\x15"} {
		f.Add(keys, true, false)
	}
	f.Fuzz(func(t *testing.T, keys string, terminal, hidden bool) {
		var out bytes.Buffer
		e := editor{terminal: terminal, hidden: hidden, out: &printer{to: &out, end: "\r\n"}}
		pending := []byte(keys)
		for range len(keys) + 1 {
			e.take(&pending, true)
		}
		e.out.flush()
		if !utf8.Valid(e.text) || len(pending) > 0 {
			t.Errorf("the text is %q, and %q is left", e.text, pending)
		}
		for _, r := range strings.ReplaceAll(out.String(), "\b \b", "") {
			if r < ' ' || r == 0x7f || hidden {
				t.Errorf("%q is echoed for %q", out.String(), keys)
			}
		}
		if strings.ContainsFunc(string(e.text), func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("the line is %q", e.text)
		}
	})
}

func TestWhatIsTypedStaysNowhereWhenItMoves(t *testing.T) {
	text := append(make([]byte, 0, 4), "pass"...)
	before := text
	if text = grown(text, []byte("word")); string(text) != "password" {
		t.Errorf("it is %q", text)
	}
	if !bytes.Equal(before, make([]byte, 4)) {
		t.Errorf("%q stays behind", before)
	}
	if text = grown(text, []byte("s")); string(text) != "passwords" {
		t.Errorf("it is %q where there is room", text)
	}
}

func TestAPasswordThatIsReplacedIsWiped(t *testing.T) {
	first, second := secret.New("first"), secret.New("second")
	talk := &talk{}
	talk.choosePassword(first)
	again := secret.New("first")
	talk.choosePassword(again)
	if talk.draft.Password.Reveal() != "first" || !again.IsZero() {
		t.Error("the same password takes the place of itself")
	}
	talk.choosePassword(second)
	if talk.draft.Password.Reveal() != "second" || !first.IsZero() {
		t.Error("the first password is still there")
	}
}
