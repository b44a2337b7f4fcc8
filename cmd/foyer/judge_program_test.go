package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"foyer/internal/termtest"
)

// A kioskOf is Foyer as a client of the OAuth server, run for single commands.
type kioskOf struct {
	client judged
	api    *apiServer
	env    []string
	log    string            // name of the log file
	said   map[string]string // all that it has put out, by what and where

	screens []*terminal // that were opened
}

// kiosk configures Foyer to be c. The format is that of the signing key's file.
func (a *apiServer) kiosk(t *testing.T, c judged, format string) *kioskOf {
	t.Helper()
	k := &kioskOf{client: c, api: a, log: filepath.Join(t.TempDir(), "log.json"), said: map[string]string{}}
	k.env = append(k.env, a.settings(t)...)
	k.env = append(k.env, c.settings(t, format)...)
	k.env = append(k.env, "FOYER_LOG_FILE="+k.log, "FOYER_LOG_LEVEL=debug")
	return k
}

// run runs a command in this process and returns its exit code and what it printed.
func (k *kioskOf) run(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, complaints bytes.Buffer
	p := &program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &complaints, environ: func() []string { return k.env }}
	code = p.main(args)
	n := len(k.said)
	k.said[fmt.Sprintf("stdout of %s (%d)", args[0], n)] = out.String()
	k.said[fmt.Sprintf("stderr of %s (%d)", args[0], n)] = complaints.String()
	return code, out.String(), complaints.String()
}

// registers expects that a person registers and is found in the pool.
func (k *kioskOf) registers(t *testing.T) {
	t.Helper()
	email := k.api.newcomer()
	code, out, complaints := k.run(draftOf(email), "register")
	if code != 0 || !k.api.has(t, email) {
		t.Errorf("foyer register exits with %d; the pool has the user: %t\n%s%s", code, k.api.has(t, email), out, complaints)
	}
}

// registersNobody expects that foyer register exits with code, and that the pool has no user by it.
func (k *kioskOf) registersNobody(t *testing.T, code int) {
	t.Helper()
	email := k.api.newcomer()
	got, out, complaints := k.run(draftOf(email), "register")
	if got != code || k.api.has(t, email) {
		t.Errorf("foyer register exits with %d, want %d; the pool has the user: %t\n%s%s", got, code, k.api.has(t, email), out, complaints)
	}
}

// checks expects that foyer check exits with code, and that its line of a step, which begins with its sign and name, has words in
// it, in any letters.
func (k *kioskOf) checks(t *testing.T, code int, step string, words ...string) {
	t.Helper()
	got, out, complaints := k.run("", "check")
	if got != code {
		t.Errorf("foyer check exits with %d, want %d\n%s%s", got, code, out, complaints)
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, step) && hasAll(line, words) {
			return
		}
	}
	t.Errorf("foyer check has no line %q with %q:\n%s", step, words, out)
}

func hasAll(line string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(strings.ToLower(line), strings.ToLower(word)) {
			return false
		}
	}
	return true
}

// keepsSecrets expects that nothing that Foyer has put out has a secret in it, nor what went to and from the OAuth server.
func (k *kioskOf) keepsSecrets(t *testing.T) {
	t.Helper()
	log, err := os.ReadFile(k.log)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	k.said["the log"] = string(log)
	for n, s := range k.screens {
		for where, text := range s.left() {
			k.said[fmt.Sprintf("%s (%d)", where, n)] = text
		}
	}
	k.api.auth.keepsSecret(t, k.client.id, k.said)
	for name, text := range k.said {
		if strings.Contains(text, marker) || k.client.secret != "" && strings.Contains(text, k.client.secret) {
			t.Errorf("%s has a secret in it", name)
		}
	}
}

// draftOf is a draft for the pool customers.
func draftOf(email string) string {
	return `{"identifiers":[{"type":"email","identifier":"` + email + `"}],
		"payload":{"given_name":"Ann","family_name":"Lee"},"password":"` + marker + `"}`
}

// setting is the value of a variable.
func (k *kioskOf) setting(name string) string {
	for _, line := range k.env {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// without is the configuration without a variable.
func (k *kioskOf) without(name string) []string {
	return slices.DeleteFunc(slices.Clone(k.env), func(line string) bool { return strings.HasPrefix(line, name+"=") })
}

// eventually waits until done.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	termtest.Await(t, termtest.Patience, what, done, nil)
}
