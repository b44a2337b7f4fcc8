package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"foyer/internal/audit"
	"foyer/internal/sandbox"
)

// An applicant is somebody whom "foyer register" registers, a process of its own each time, with what it keeps on the disk.
type applicant struct {
	t      *testing.T
	tenant *tenantServer
	pool   string
	email  string
	home   string
	env    []string // of the program
}

// apply returns an applicant to a pool without passwords. What is in env goes before the rest.
func apply(t *testing.T, tenant *tenantServer, email string, env ...string) *applicant {
	t.Helper()
	a := &applicant{t: t, tenant: tenant, pool: "passwordless", email: email, home: t.TempDir()}
	a.env = slices.Concat([]string{asFoyer + "=1", "HOME=" + a.home, "PATH=" + os.Getenv("PATH"), "FOYER_AUDIT_FILE=" + a.home + "/audit.jsonl"}, tenant.env, env)
	return a
}

// A result is what came of one run of the program.
type result struct {
	told    string // "done", a problem as the contract names it, or "" when the program said nothing
	killed  bool
	printed string
}

// run has the program register them.
func (a *applicant) run() result {
	a.t.Helper()
	return a.runAs(exec.CommandContext(a.t.Context(), os.Args[0], "register"), func(cmd *exec.Cmd) error { return cmd.Run() })
}

// runAs is run by a command that somebody sees through.
func (a *applicant) runAs(cmd *exec.Cmd, through func(*exec.Cmd) error) result {
	a.t.Helper()
	cmd.Env, cmd.Dir = a.env, a.home
	cmd.Stdin = strings.NewReader(fmt.Sprintf(
		`{"identifiers":[{"type":"email","identifier":%q}],"payload":{"given_name":"Ann","family_name":"Lee"}}`, a.email))
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := through(cmd)
	r := result{printed: out.String() + complaint.String(), killed: err != nil && !cmd.ProcessState.Exited()}
	var receipt struct{ Next string }
	var problem struct{ Problem string }
	for line := range strings.Lines(complaint.String()) {
		_ = json.Unmarshal([]byte(line), &problem)
	}
	switch {
	case problem.Problem != "":
		r.told = problem.Problem
	case json.Unmarshal(out.Bytes(), &receipt) == nil && receipt.Next != "":
		r.told = "done"
	}
	return r
}

// registered reports whether what they were told says that they are registered.
func (r result) registered() bool { return r.told == "done" || r.told == "already_done" }

// comesBack runs the program once more with the same answers, after first, and holds what they are told against the tenant.
func (a *applicant) comesBack(first result) {
	a.t.Helper()
	second := a.run()
	if !second.registered() && (!first.registered() || second.told != "conflict") {
		a.t.Errorf("%s was told %q and then %q, want done or already_done:\n%s\n%s", a.email, first.told, second.told, first.printed, second.printed)
	}
	users := slices.DeleteFunc(a.tenant.Registered(a.pool), func(u sandbox.Registered) bool { return !slices.Contains(u.Identifiers, a.email) })
	if len(users) != 1 {
		a.t.Errorf("%s has %d users, want 1; they were told %q and %q", a.email, len(users), first.told, second.told)
	}
	key, err := audit.ReadKey(a.home + "/.local/state/foyer/audit.key")
	if err != nil {
		a.t.Fatal(err)
	}
	report, err := audit.Verify(context.Background(), a.home+"/audit.jsonl", key, 0, "")
	if err != nil || !report.Intact() {
		a.t.Errorf("the record of %s = %v, %v, want it intact", a.email, report.Findings, err)
	}
}
