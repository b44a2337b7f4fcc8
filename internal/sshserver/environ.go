package sshserver

import (
	"regexp"
	"slices"

	"foyer/internal/i18n"
)

// termPattern matches the names of terminals (term(7)).
var termPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$`)

// dumb is the terminal of which nothing is known.
const dumb = "dumb"

// terminalName is the name of a terminal as a client says it, if it can be one.
func terminalName(said string) string {
	if !termPattern.MatchString(said) {
		return dumb
	}
	return said
}

// longestValue bounds the value of a variable, in bytes.
const longestValue = 64

// names are the variables that are taken from a client, beside TERM, which comes with its terminal.
func names() []string {
	return []string{"COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "NO_COLOR"}
}

// listed reports whether a variable is one that is taken.
func listed(name, value string) bool {
	printable := !slices.ContainsFunc([]byte(value), func(b byte) bool { return b < ' ' || b > '~' })
	return printable && len(value) <= longestValue && slices.Contains(names(), name)
}

// variables are those of a client with its terminal, as theme.Detect takes them.
func variables(term string, environ map[string]string) []string {
	all := []string{"TERM=" + term}
	for _, name := range names() {
		if value, ok := environ[name]; ok {
			all = append(all, name+"="+value)
		}
	}
	return all
}

// language is the one that a client with environ starts with.
func (c *Config) language(environ map[string]string) string {
	if c.Language != "" {
		return c.Language
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := environ[name]; value != "" {
			return value
		}
	}
	return ""
}

// words are those for a client with environ.
func (c *Config) words(environ map[string]string) *i18n.Words {
	return c.Options.Catalogue.Words(c.language(environ))
}
