package config

import (
	"strconv"
	"strings"

	"foyer/internal/clean"
)

// maxQuoted is how much of a text from outside a mistake repeats, in runes.
const maxQuoted = 80

// A Mistake is one thing that is wrong with the configuration. It never holds a secret, nor control characters.
type Mistake struct {
	Key     string // path of the key, "tenant.url"; "" when no one key is at fault
	Source  string // as Config.Origin says it; "" when no source gives the key
	Problem string // what is wrong, to be read after key and source: "is required"
	Fix     string // what to do, as an order: "write https://…"
}

// String returns "key (source): problem; fix" without the parts that are empty.
func (m Mistake) String() string {
	var b strings.Builder
	b.WriteString(m.Key)
	switch {
	case m.Key == "":
		b.WriteString(m.Source)
	case m.Source != "":
		b.WriteString(" (" + m.Source + ")")
	}
	b.WriteString(": " + m.Problem)
	if m.Fix != "" {
		b.WriteString("; " + m.Fix)
	}
	return b.String()
}

// Mistakes is the error of a configuration that cannot be used. It lists everything that is wrong: first what
// is misplaced in the file, the environment and the flags, then the values in the order of Keys, then the rules that
// join them.
type Mistakes struct{ List []Mistake } //nolint:errname // a list of mistakes is no single error

// Error returns one line for each mistake.
func (m *Mistakes) Error() string {
	lines := make([]string, len(m.List))
	for i, mistake := range m.List {
		lines[i] = mistake.String()
	}
	return strings.Join(lines, "\n")
}

// A Warning is something the operator should know about a configuration that can be used all the same. Its fields
// are those of a Mistake.
type Warning Mistake

// String returns the warning as Mistake.String does.
func (w Warning) String() string { return Mistake(w).String() }

// quote returns s in quotes, without control characters and cut at maxQuoted runes.
func quote(s string) string { return strconv.Quote(clean.Line(s, maxQuoted)) }
