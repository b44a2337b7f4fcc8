package lines

import (
	"errors"
	"strings"
	"unicode/utf8"

	"foyer/ui/wording"
)

// lastLine ends a text of several lines.
const lastLine = "."

// mostText is up to where lines are added to a text, in code points: more than any question takes, so that it can say so.
const mostText = 8192

// rest is the text that begins with first, up to its last line.
func (t *talk) rest(first string) (string, error) {
	lines, size := []string{unescaped(first)}, utf8.RuneCountInString(first)
	for {
		line, _, err := t.ask(prompt{help: "lines.help.text", says: func() {}})
		if errors.Is(err, errBack) { // a text that is pasted may have such a line
			yes, err := t.sure(wording.Say{Key: "lines.text.back"})
			if err != nil {
				return "", err
			}
			if !yes {
				continue
			}
		}
		switch {
		case err != nil:
			return "", err
		case line == lastLine:
			return strings.Join(lines, "\n"), nil
		}
		if size <= mostText {
			lines = append(lines, unescaped(line))
		}
		size += 1 + utf8.RuneCountInString(line)
	}
}

// unescaped is a line of a text where lastLine is meant as such.
func unescaped(line string) string {
	if line == signVerbatim+lastLine {
		return lastLine
	}
	return line
}
