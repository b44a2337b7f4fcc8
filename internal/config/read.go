package config

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"foyer/internal/clean"

	"go.yaml.in/yaml/v3"
)

// maxPath is how much of the name of the configuration file is shown, in runes.
const maxPath = 4096

// readFile reads the configuration file, if there is one.
func (l *loader) readFile() {
	if name, by := l.src.named(); name != "" {
		data, err := l.src.read(name)
		if err != nil {
			l.blind = true
			l.report("", by, quote(name)+" "+reason(err), "name a file that can be read")
			return
		}
		l.readSections(name, data)
		return
	}
	for _, name := range l.src.searched() {
		data, err := l.src.read(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			l.blind = true
			l.report("", clean.Line(name, maxPath), reason(err), "make it readable, or name another with --config")
		default:
			l.readSections(name, data)
		}
		return
	}
}

// readSections takes the values that a file gives.
func (l *loader) readSections(name string, data []byte) {
	file := given{from: clean.Line(name, maxPath), line: 1}
	l.config.file = file.from
	root, faults := parse(data)
	l.blind = faults != nil
	if !l.blind {
		var sections []entry
		sections, faults = members(root, l.keys.sections(), l.keys.instead)
		for _, section := range sections {
			l.readSection(file, section.name(), section.value)
		}
	}
	for _, f := range faults {
		l.report(f.member, file.at(f.line), f.problem, f.fix)
	}
	l.warnOfFile(name)
}

// readSection takes the values of one section, and of those in it.
func (l *loader) readSection(file given, path string, section *yaml.Node) {
	values, faults := members(section, l.keys.names(path), func(leaf string) string {
		return l.keys.instead(path + "." + leaf)
	})
	for _, f := range faults {
		l.fault(path, file, f)
	}
	for _, v := range values {
		name := path + "." + v.name()
		if l.keys.holds(name) {
			l.readSection(file, name, v.value)
			continue
		}
		l.given[name] = given{v.value, file.from, v.key.Line}
	}
}

// warnOfFile warns when a file with a secret in it can be read by every user.
func (l *loader) warnOfFile(name string) {
	for _, r := range l.keys {
		if g, ok := l.given[r.Path]; ok && r.Secret && l.src.exposed(name) {
			l.warn(r.Path, g.at(g.line))
		}
	}
}

// warn records that a key has a secret in a file that every user can read.
func (l *loader) warn(path, source string) {
	l.warnings = append(l.warnings, Warning{path, source, "every user of this machine can read the secret", "chmod 600 the file"})
}

// readVariables takes the values that environment variables give. Those that no key has are mistakes.
func (l *loader) readVariables() {
	known := []string{fileVariable}
	for _, r := range l.keys {
		known = append(known, r.Env)
		if v := l.src.variable(r.Env); v != "" {
			l.given[r.Path] = given{node: plain(v), from: r.Env}
		}
	}
	if l.src.Environ == nil {
		return
	}
	for _, pair := range slices.Sorted(slices.Values(l.src.Environ())) {
		name, _, _ := strings.Cut(pair, "=")
		ours := strings.HasPrefix(name, envPrefix) && !strings.HasPrefix(name, envPrefix+"REQUIRE_") // those are for the tests
		if ours && !slices.Contains(known, name) {
			l.report("", clean.Line(name, maxQuoted), "unknown variable", insteadVariable(name, known))
		}
	}
}

// readOverrides takes the values that flags give. An empty one takes back what other sources gave.
func (l *loader) readOverrides() {
	for _, o := range l.src.Overrides {
		flag := clean.Line(o.Flag, maxQuoted)
		if flag == "" {
			flag = "--set"
		}
		r, ok := l.keys.find(o.Key)
		switch {
		case !ok:
			l.report(clean.Line(o.Key, maxQuoted), flag, "unknown key", l.keys.instead(o.Key))
		case r.Secret:
			l.bad[r.Path] = true
			l.report(r.Path, flag, "secrets never come from a flag", "set "+r.Env)
		case o.Value == "":
			delete(l.given, r.Path)
		default:
			l.given[r.Path] = given{node: plain(o.Value), from: flag}
		}
	}
}
