package config

import (
	"fmt"
	"slices"
)

// A gap is a key that accepts more than this version of Foyer can do.
type gap struct {
	path string
	what string   // what is missing, for keys without named values
	have []string // the values that work, as fmt prints them
}

// gaps returns what the configuration knows and this version cannot do. A version that can deletes the row.
func gaps() []gap {
	return []gap{
		{path: "auth.method", have: names(MethodClientSecretBasic, MethodClientSecretPost)},
		{path: "auth.grant", have: names(GrantClientCredentials)},
		{path: "registration.terms", what: "accepting terms", have: []string{"[]"}},
		{path: "kiosk.locked", what: "a locked kiosk", have: []string{"false"}},
		{path: "ui.accessible", what: "asking in plain lines", have: []string{"false"}},
		{path: "audit.file", what: "the audit record", have: []string{""}},
	}
}

// checkAvailable rejects what this version cannot do.
func (l *loader) checkAvailable() {
	for _, g := range gaps() {
		r, ok := l.keys.find(g.path)
		if !ok || !l.good(g.path) {
			continue
		}
		shown := fmt.Sprint(r.field(l.config).get())
		if slices.Contains(g.have, shown) {
			continue
		}
		what, fix := g.what, "take the setting out"
		if what == "" {
			what, fix = quote(shown), "write "+either(g.have)
		}
		l.reject(g.path, what+" is not available in this version of Foyer", fix)
	}
}
