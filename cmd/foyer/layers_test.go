package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms says which packages of this module each package may import. Leaves, which import none, may be imported by all.
func rooms() map[string][]string {
	return map[string][]string{
		"foyer/ui":                     {"foyer/ui/screen", "foyer/ui/wording", "foyer/ui/theme", "foyer/ui/theme/noquery", "foyer/ui/intake", "foyer/ui/paint", "foyer/internal/registration", "foyer/internal/i18n"},
		"foyer/ui/screen":              {"foyer/ui/field", "foyer/ui/wording", "foyer/ui/qr", "foyer/ui/theme", "foyer/internal/registration", "foyer/internal/i18n"},
		"foyer/ui/field":               {"foyer/ui/wording", "foyer/ui/theme", "foyer/ui/intake", "foyer/internal/password"},
		"foyer/ui/wording":             {"foyer/internal/registration", "foyer/internal/password"},
		"foyer/internal/sshserver":     {"foyer/internal/wholefile", "foyer/ui/lines", "foyer/internal/invite", "foyer/ui", "foyer/ui/theme", "foyer/internal/registration", "foyer/internal/i18n"},
		"foyer/internal/monitor":       {"foyer/internal/sshserver"},
		"foyer/ui/lines":               {"foyer/ui", "foyer/ui/paint", "foyer/ui/screen", "foyer/ui/field", "foyer/ui/wording", "foyer/ui/theme", "foyer/ui/intake", "foyer/internal/registration", "foyer/internal/password", "foyer/internal/i18n"},
		"foyer/internal/redislimits":   {"foyer/internal/sshserver"},
		"foyer/internal/registration":  {"foyer/internal/password", "foyer/internal/payloadschema"},
		"foyer/internal/identitypools": {"foyer/internal/registration", "foyer/internal/password"},
		"foyer/internal/token":         {"foyer/internal/registration", "foyer/internal/clientauth", "foyer/internal/clientcert", "foyer/internal/dpop"},
		"foyer/internal/clientauth":    {"foyer/internal/pemkey"},
		"foyer/internal/clientcert":    {"foyer/internal/pemkey", "foyer/internal/watch"},
		"foyer/internal/dpop":          {},
		"foyer/internal/pemkey":        {},
		"foyer/internal/watch":         {},
		"foyer/internal/breach":        {},
		"foyer/internal/audit":         {"foyer/internal/filelock", "foyer/internal/wholefile", "foyer/internal/keyfile"},
		"foyer/internal/keyfile":       {"foyer/internal/wholefile"},
		"foyer/internal/intents":       {"foyer/internal/filelock", "foyer/internal/keyfile", "foyer/internal/wholefile", "foyer/internal/registration"},
		"foyer/internal/breaker":       {},
		"foyer/internal/filelock":      {},
		"foyer/internal/forget":        {},
		"foyer/internal/wholefile":     {},
		"foyer/internal/probe":         {},
		"foyer/internal/config":        {"foyer/internal/passcode"},
		"foyer/internal/passcode":      {},
		"foyer/internal/lobby":         {},
		"foyer/internal/sandbox":       {},
		"foyer/internal/password":      {},
		"foyer/internal/payloadschema": {},
		"foyer/internal/i18n":          {},
		"foyer/internal/invite":        {"foyer/internal/filelock", "foyer/internal/wholefile"},
		"foyer/ui/paint":               {"foyer/ui/theme"},
		"foyer/ui/theme":               {},
		"foyer/ui/gallery":             {},
		"foyer/ui/qr":                  {"foyer/ui/theme"},
		"foyer/ui/intake":              {},
	}
}

// leaves are free for all.
func leaves() []string {
	return []string{"foyer/internal/secret", "foyer/internal/clean", "foyer/internal/exchange", "foyer/internal/fixable"}
}

// unbound are packages that only tests import, or that join everything.
func unbound() []string {
	return []string{"foyer/cmd/foyer", "foyer/internal/spectest", "foyer/internal/redistest", "foyer/internal/termtest"}
}

func TestEachRoomImportsOnlyWhatItMay(t *testing.T) {
	rules := rooms()
	for _, line := range goList(t, `{{.ImportPath}} {{join .Imports " "}}`, "foyer/...") {
		name, imports, _ := strings.Cut(line, " ")
		allowed, known := rules[name]
		switch {
		case slices.Contains(unbound(), name):
			continue
		case !known && (slices.Contains(leaves(), name) || name == "foyer/ui/theme/noquery"):
		case !known:
			t.Errorf("package %s is in no room of this test", name)
			continue
		}
		for _, path := range strings.Fields(imports) {
			ours := strings.HasPrefix(path, "foyer/")
			if ours && !slices.Contains(allowed, path) && !slices.Contains(leaves(), path) {
				t.Errorf("%s imports %s, which it may not", name, path)
			}
		}
	}
}

func TestScreensReachNoNetwork(t *testing.T) {
	forbidden := []string{"net/http", "foyer/internal/identitypools", "foyer/internal/token", "foyer/internal/sandbox", "foyer/internal/config"}
	for _, path := range goList(t, `{{.ImportPath}}`, "-deps", "foyer/ui/...") {
		if slices.Contains(forbidden, path) {
			t.Errorf("ui reaches %s", path)
		}
	}
}

func goList(t *testing.T, format string, args ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-f", format}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
