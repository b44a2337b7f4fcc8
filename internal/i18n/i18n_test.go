package i18n

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	c := catalogue(t)
	english := c.words[0]
	for _, w := range c.words[1:] {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english.messages)), slices.Sorted(maps.Keys(w.messages))); diff != "" {
			t.Errorf("keys of %s, -en +%s:\n%s", w.Tag, w.Tag, diff)
		}
		for key, m := range w.messages {
			e := english.messages[key]
			if diff := cmp.Diff(verb.FindAllString(e.other, -1), verb.FindAllString(m.other, -1)); diff != "" {
				t.Errorf("%s: arguments of %s, -en +%s:\n%s", w.Tag, key, w.Tag, diff)
			}
			if m.other == "" || m.one != "" && !slices.Equal(verb.FindAllString(m.one, -1), verb.FindAllString(m.other, -1)) {
				t.Errorf("%s: %s is empty or its plural forms take other arguments", w.Tag, key)
			}
		}
	}
}

// TestEveryKeyIsThere reads the sources of the screens for keys; those that are put together are listed by their beginnings.
func TestEveryKeyIsThere(t *testing.T) {
	composed := []string{"advice.", "known.", "done.next.", "done.sent.", "flaw.", "help.", "identifier.", "invitation.no.", "problem.", "rule.", "ssh.refused.", "ssh.ended.", "strength.", "forget.", "leave.", "leave_done.", "leave_closed.", "lines.cmd.", "lines.does.", "lines.again.wait", "plain.", "submit.", "switch.", "verify.again.wait", "verify.closed", "verify.what.", "language"}
	words := catalogue(t).words[0]
	used := make(map[string]bool)
	literal := regexp.MustCompile(`"([a-z]+(?:[._][a-z0-9]+)+|reference|opening|example)"`)
	err := filepath.WalkDir("../../ui", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			used[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range words.messages {
		isComposed := slices.ContainsFunc(composed, func(p string) bool { return strings.HasPrefix(key, p) })
		if !used[key] && !isComposed {
			t.Errorf("nothing says %s", key)
		}
	}
	for key := range used {
		if strings.Contains(key, ".") && !words.Has(key) {
			t.Errorf("%s is said but not in the catalogue", key)
		}
	}
}

// TestPlainWordsStandForOthers: what is said in plain lines instead of something is said instead of something.
func TestPlainWordsStandForOthers(t *testing.T) {
	words := catalogue(t).words[0]
	for key := range words.messages {
		if other, ok := strings.CutPrefix(key, "plain."); ok && !words.Has(other) {
			t.Errorf("%s stands for nothing", key)
		}
	}
}

func TestWordsOf(t *testing.T) {
	c := catalogue(t)
	tests := map[string]string{"": "en", "C": "en", "en_US.UTF-8": "en", "de_AT.UTF-8": "de", "de@euro": "de", "DE": "de", "xx-!": "en", "ja": "en"}
	for give, want := range tests {
		if got := c.Words(give).Tag; got != want {
			t.Errorf("Words(%q) = %s, want %s", give, got, want)
		}
	}
}

func TestNextComesRound(t *testing.T) {
	c := catalogue(t)
	first := c.Words("en")
	w := first
	for range c.words {
		w = c.Next(w)
	}
	if w != first || len(c.words) > 1 && c.Next(first) == first {
		t.Error("Next does not come round through all languages")
	}
}

func TestText(t *testing.T) {
	w := catalogue(t).Words("en")
	tests := []struct {
		key  string
		args []any
		want string
	}{
		{"rule.digits", []any{1}, "1 digit"},
		{"rule.digits", []any{2}, "2 digits"},
		{"app.step", []any{1, 3}, "Step 1 of 3"},
		{"no.such.key", nil, "no.such.key"},
	}
	for _, tt := range tests {
		if got := w.Text(tt.key, tt.args...); got != tt.want {
			t.Errorf("Text(%s, %v) = %q, want %q", tt.key, tt.args, got, tt.want)
		}
	}
}
