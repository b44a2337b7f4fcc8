package config

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// A given is a value that a source gives to a key.
type given struct {
	node *yaml.Node
	from string // the file, the variable or the flag
	line int    // in the file, of the key; 0 for a variable or a flag
}

// at returns the origin of something in this line of the value.
func (g given) at(line int) string {
	if g.line == 0 || line == 0 {
		return g.from
	}
	return g.from + ":" + strconv.Itoa(line)
}

// A loader gathers what the sources give, and what is wrong with it.
type loader struct {
	src      Source
	keys     table
	given    map[string]given // by key path, from the source that counts most
	bad      map[string]bool  // keys with a mistake; rules that need their value keep quiet
	blind    bool             // the file cannot be read, and what seems missing may stand in it
	config   *Config
	mistakes []Mistake
	warnings []Warning
}

// Load reads the configuration from src.
//
// A value that another source overrides is not looked at, so that a flag can get round a mistake in the file. An empty
// value in the file or in a flag means the default; an empty variable counts as not set. An error is a *Mistakes with
// everything that is wrong, and then there is no Config.
func Load(src Source) (*Config, []Warning, error) {
	l := &loader{
		src: src, keys: keyTable(),
		given: map[string]given{}, bad: map[string]bool{},
		config: &Config{origins: map[string]string{}},
	}
	l.readFile()
	l.readVariables()
	l.readOverrides()
	l.assign()
	l.readSecretFiles()
	l.warnOfKeys()
	l.check()
	if len(l.mistakes) > 0 {
		return nil, l.warnings, &Mistakes{l.mistakes}
	}
	return l.config, l.warnings, nil
}

// assign gives every field its default and then, if any, the value given.
func (l *loader) assign() {
	for _, r := range l.keys {
		field := r.field(l.config)
		if r.Default != "" {
			field.set(plain(r.Default), r.Values)
		}
		g, ok := l.given[r.Path]
		if !ok {
			continue
		}
		l.config.origins[r.Path] = g.at(g.line)
		for _, f := range field.set(g.node, r.Values) {
			l.fault(r.Path, g, f)
		}
	}
}

// fault records what is wrong with the value g of a key.
func (l *loader) fault(path string, g given, f fault) {
	l.bad[path] = true
	if f.member != "" {
		path += "." + f.member
	}
	l.report(path, g.at(f.line), f.problem, f.fix)
}

// reject records that the value of a key breaks a rule.
func (l *loader) reject(path, problem, fix string) {
	l.bad[path] = true
	l.report(path, l.config.origins[path], problem, fix)
}

// report records a mistake.
func (l *loader) report(path, source, problem, fix string) {
	l.mistakes = append(l.mistakes, Mistake{path, source, problem, fix})
}

// good reports whether the values of all these keys can be relied on.
func (l *loader) good(paths ...string) bool {
	for _, path := range paths {
		if l.bad[path] {
			return false
		}
	}
	return true
}
