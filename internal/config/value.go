package config

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"foyer/internal/clean"
	"foyer/internal/secret"
)

// A value is a field of a Config as the table sees it.
type value interface {
	// set stores what n says. What n says wrong it reports, and then leaves the field alone.
	set(n *yaml.Node, allowed []string) []fault
	// get returns the field as it is printed: something that encodes as YAML, a secret redacted, an absent one nil.
	get() any
}

// A fault is what is wrong with a value: in which line of the text that it is from, and with which of its members.
type fault struct {
	line         int
	member       string // "" for the value as a whole
	problem, fix string
}

// wrong returns one fault at n.
func wrong(n *yaml.Node, problem, fix string) []fault {
	return []fault{{line: n.Line, problem: problem, fix: fix}}
}

// raw returns the text of a scalar as it stands.
func raw(n *yaml.Node) (string, []fault) {
	n = follow(n)
	switch {
	case n.Kind != yaml.ScalarNode:
		return "", wrong(n, "is "+kind(n)+" but takes a single value", "write one value")
	case !strings.HasPrefix(n.ShortTag(), "!!") || n.ShortTag() == "!!binary" || n.ShortTag() == "!!merge":
		return "", wrong(n, "has a YAML tag instead of a plain value", "put a value that begins with ! or < in quotes")
	case !utf8.ValidString(n.Value):
		return "", wrong(n, "is not UTF-8", "write it in UTF-8")
	}
	return n.Value, nil
}

// line returns the text of a scalar without the white space around it, as one line.
func line(n *yaml.Node) (string, []fault) {
	s, faults := raw(n)
	s = strings.TrimSpace(s)
	if strings.ContainsFunc(s, unseen) {
		return "", wrong(n, "holds a control character, another that nobody sees, or a line break", "write it as one line of plain text")
	}
	return s, faults
}

// unseen reports whether r cannot be shown.
func unseen(r rune) bool { return !clean.Visible(r) }

// A text is any one line.
type text string

func (t *text) set(n *yaml.Node, _ []string) []fault {
	s, faults := line(n)
	if faults == nil {
		*t = text(s)
	}
	return faults
}

func (t *text) get() any { return string(*t) }

// A choice is one of the allowed texts.
type choice string

func (c *choice) set(n *yaml.Node, allowed []string) []fault {
	s, faults := oneOf(n, allowed)
	if faults == nil {
		*c = choice(s)
	}
	return faults
}

func (c *choice) get() any { return string(*c) }

// oneOf returns the text of n if it is allowed.
func oneOf(n *yaml.Node, allowed []string) (string, []fault) {
	s, faults := line(n)
	if faults != nil || slices.Contains(allowed, s) {
		return s, faults
	}
	return "", wrong(n, quote(s)+" is not allowed", suggest(s, allowed))
}

// either lists alternatives: "a, b or c".
func either(texts []string) string {
	last := len(texts) - 1
	if last < 1 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:last], ", ") + " or " + texts[last]
}

// A toggle is true or false.
type toggle bool

// booleans are the texts of a toggle. YAML 1.1 had yes, no, on and off as well; YAML 1.2 has not.
func booleans() []string { return []string{"false", "true"} }

func (t *toggle) set(n *yaml.Node, allowed []string) []fault {
	s, faults := oneOf(n, allowed)
	if faults == nil {
		*t = s == "true"
	}
	return faults
}

func (t *toggle) get() any { return bool(*t) }

// A count is a whole number, at least 0.
type count int

func (c *count) set(n *yaml.Node, _ []string) []fault {
	s, faults := line(n)
	if faults != nil {
		return faults
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 {
		return wrong(n, quote(s)+" is not a number of things", "write a whole number, 0 or more")
	}
	*c = count(i)
	return nil
}

func (c *count) get() any { return int(*c) }

// A duration is what time.ParseDuration reads.
type duration time.Duration

func (d *duration) set(n *yaml.Node, _ []string) []fault {
	s, faults := line(n)
	if faults != nil {
		return faults
	}
	parsed, err := time.ParseDuration(s)
	if err != nil {
		return wrong(n, quote(s)+" is not a duration", "write a number with a unit, such as 90s or 2m")
	}
	*d = duration(parsed)
	return nil
}

func (d *duration) get() any { return time.Duration(*d).String() }

// A hidden is a secret, kept as it stands.
type hidden secret.Text

func (h *hidden) set(n *yaml.Node, _ []string) []fault {
	s, faults := raw(n)
	if faults != nil {
		return faults
	}
	if problem := secretProblem(s); problem != "" {
		return wrong(n, problem, "give the secret itself, as one line")
	}
	*h = hidden(secret.New(s))
	return nil
}

func (h *hidden) get() any { return secret.Text(*h).String() }

// secretProblem says what is wrong with the text of a secret, without a word of it. A client secret is made of
// printable characters (RFC 6749, A.2).
func secretProblem(s string) string {
	switch {
	case strings.ContainsFunc(s, unicode.IsControl):
		return "holds a control character or a line break"
	case s != "" && s == secret.New(s).String():
		return `is what "foyer config" prints in place of a secret`
	}
	return ""
}

// An address is a URL that a client may be sent to; see parseAddress.
type address struct{ at **url.URL }

func (a address) set(n *yaml.Node, _ []string) []fault {
	s, faults := line(n)
	if faults != nil {
		return faults
	}
	u, faults := parseAddress(s, n)
	if faults == nil {
		*a.at = u
	}
	return faults
}

func (a address) get() any {
	if *a.at == nil {
		return nil
	}
	return (*a.at).String()
}
