package payloadschema

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// longestExample bounds what Example returns, in runes; a longer one explains nothing.
const longestExample = 40

// Example returns a short text that pattern takes, to show a person what is meant: "12345" for ^\d{5}(-\d{4})?$. It
// returns "" when it finds none.
func Example(pattern string) string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	var w exampleWriter
	w.write(tree)
	example := w.String()
	if example == "" || w.runes > longestExample {
		return ""
	}
	if matched, err := regexp.MatchString(pattern, example); err != nil || !matched {
		return ""
	}
	return example
}

// An exampleWriter collects an example; digits and letters count up, so that it looks like something.
type exampleWriter struct {
	strings.Builder
	runes int
}

func (w *exampleWriter) write(re *syntax.Regexp) {
	if w.runes > longestExample {
		return
	}
	switch re.Op { //nolint:exhaustive // the others match the empty text
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			w.rune(r)
		}
	case syntax.OpCharClass:
		w.rune(w.pick(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.rune(w.pick([]rune{'a', 'z'}))
	case syntax.OpCapture, syntax.OpPlus:
		w.write(re.Sub[0])
	case syntax.OpRepeat:
		for range min(max(re.Min, 1), longestExample+1) {
			w.write(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(re.Sub[0])
	}
}

func (w *exampleWriter) rune(r rune) {
	w.runes++
	_, _ = w.WriteRune(r)
}

// pick chooses from a class, given as pairs of bounds: the next digit if it has digits, else the next letter, else its
// first visible character.
func (w *exampleWriter) pick(class []rune) rune {
	for _, wanted := range []rune{'1' + rune(w.runes%9), 'A' + rune(w.runes%26), 'a' + rune(w.runes%26), 'A', 'a', '0', '1'} {
		if inClass(class, wanted) {
			return wanted
		}
	}
	for i := 0; i+1 < len(class); i += 2 {
		if unicode.IsGraphic(class[i]) {
			return class[i]
		}
	}
	return '?'
}

func inClass(class []rune, r rune) bool {
	for i := 0; i+1 < len(class); i += 2 {
		if class[i] <= r && r <= class[i+1] {
			return true
		}
	}
	return false
}
