package config

import (
	"iter"
	"slices"
	"strings"
)

// envPrefix begins the name of every variable of Foyer.
const envPrefix = "FOYER_"

// A Key describes one key of the configuration.
type Key struct {
	Path    string   // "tenant.url"
	Env     string   // the variable that sets it: "FOYER_TENANT_URL"
	Default string   // as YAML flow text; "" when there is none, or when it is derived as Help says
	Sample  string   // a value to start from, for keys that must be set
	Help    string   // one line, without a full stop
	Values  []string // what the key accepts, or each element of it; nil: anything of its type
	Secret  bool     // never printed, and not taken from a flag
}

// Keys returns all keys, section by section, in the order of the example file.
func Keys() []Key {
	var keys []Key
	for _, r := range keyTable() {
		keys = append(keys, r.Key)
	}
	return keys
}

// A row is a Key and the place of its value in a Config.
type row struct {
	Key
	field func(*Config) value
}

// A table is all that is known about the keys; those of a section stand together.
type table []row

// keyTable returns the table that this package works from.
func keyTable() table {
	t := slices.Concat(tenantKeys(), authKeys(), registrationKeys(), passwordKeys(), kioskKeys(), sshKeys(), screenKeys(), recordKeys())
	for i := range t {
		t[i].Env = envPrefix + strings.ToUpper(strings.ReplaceAll(t[i].Path, ".", "_"))
	}
	return t
}

// find returns the row of the key with this path.
func (t table) find(path string) (row, bool) {
	i := slices.IndexFunc(t, func(r row) bool { return r.Path == path })
	if i < 0 {
		return row{}, false
	}
	return t[i], true
}

// bySection yields the sections with their rows.
func (t table) bySection() iter.Seq2[string, table] {
	return func(yield func(string, table) bool) {
		for start, end := 0, 0; start < len(t); start = end {
			section, _, _ := strings.Cut(t[start].Path, ".")
			for end < len(t) && strings.HasPrefix(t[end].Path, section+".") {
				end++
			}
			if !yield(section, t[start:end]) {
				return
			}
		}
	}
}

// sections returns the names of the sections.
func (t table) sections() []string {
	var all []string
	for section := range t.bySection() {
		all = append(all, section)
	}
	return all
}

// names returns what a section has: its keys and the sections in it, without its own name.
func (t table) names(section string) []string {
	var all []string
	for _, r := range t {
		rest, ok := strings.CutPrefix(r.Path, section+".")
		if name, _, _ := strings.Cut(rest, "."); ok && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// holds reports whether path is that of a section.
func (t table) holds(path string) bool {
	return slices.ContainsFunc(t, func(r row) bool { return strings.HasPrefix(r.Path, path+".") })
}

// split returns the section of a key, which may be one in another, and its name in it.
func (k Key) split() (section, leaf string) {
	i := strings.LastIndexByte(k.Path, '.')
	return k.Path[:i], k.Path[i+1:]
}

// howToSet says how a key that lacks a value gets one.
func (t table) howToSet(path string) string {
	r, _ := t.find(path)
	section, leaf := r.split()
	if r.Secret {
		return "set " + r.Env
	}
	return "write " + leaf + ": below " + nested(section) + " in the file, or set " + r.Env
}

// nested is how a section is written in the file: "ssh:", or one in another "ssh: limits:".
func nested(section string) string { return strings.ReplaceAll(section, ".", ": ") + ":" }
