package config

import "fmt"

// A gap is a key that this version of Foyer can do nothing with yet.
type gap struct {
	path  string
	what  string // what is missing
	unset string // the one value that works, as fmt prints it
}

// gaps returns what the configuration knows and this version cannot do. A version that can deletes the row.
func gaps() []gap {
	return []gap{
		{path: "registration.terms", what: "accepting terms", unset: "[]"},
	}
}

// met reports whether value asks for what is missing.
func (g gap) met(value string) bool { return value != g.unset }

// checkAvailable rejects what this version cannot do.
func (l *loader) checkAvailable() {
	for _, g := range gaps() {
		r, ok := l.keys.find(g.path)
		if ok && l.good(g.path) && g.met(fmt.Sprint(r.field(l.config).get())) {
			l.reject(g.path, g.what+" is not available in this version of Foyer", "take the setting out")
		}
	}
}
