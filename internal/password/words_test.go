package password

import (
	"regexp"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	plain := regexp.MustCompile(`^[a-z]{4,7}$`)
	seen := make(map[string]bool)
	for _, w := range words() {
		if !plain.MatchString(w) || seen[w] {
			t.Errorf("words.txt: %q is no word of four to seven letters, or comes twice", w)
		}
		seen[w] = true
	}
	if len(seen) < 1<<12 {
		t.Errorf("words.txt has %d words, want 4096 or more for twelve bits each", len(seen))
	}
	if !strings.Contains(wordFile, "Creative Commons Attribution 3.0") {
		t.Error("words.txt does not say whose it is")
	}
}
