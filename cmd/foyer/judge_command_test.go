package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"
)

func TestWithoutATerminalStaffCannotSignIn(t *testing.T) {
	api := startAPI(t, startAuthServer(t))
	for _, d := range duties() {
		t.Run(d.String(), func(t *testing.T) {
			k := api.atDuty(t, d, nil)
			code, out, complaints := k.run(draftOf(api.newcomer()), "register")
			if code != 2 || out != "" || !strings.Contains(complaints, `"problem":"staff_sign_in"`) || !strings.Contains(complaints, "terminal") {
				t.Errorf("foyer register exits with %d\n%s%s", code, out, complaints)
			}
			k.checks(t, 2, "✗ client", "sign in", "terminal")
			if seen := api.auth.seen(t, k.client.id); len(seen.Grants)+len(seen.Refusals) > 0 {
				t.Errorf("the server was asked for tokens: %q, %q", seen.Grants, seen.Refusals)
			}
			k.keepsSecrets(t)
		})
	}
}

func TestAtATerminalACommandHasStaffSignIn(t *testing.T) {
	api := startAPI(t, startAuthServer(t))
	for _, d := range duties() {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			k := api.atDuty(t, d, nil)
			email := api.newcomer()
			run := k.start(t, draftOf(email), "register")
			k.obeys(t, run, map[string]string{"login": "ann"})
			if code := <-run.code; code != 0 || !api.has(t, email) {
				t.Errorf("foyer register exits with %d; the pool has the user: %t\n%s", code, api.has(t, email), run.complaints)
			}
			if !strings.Contains(run.complaints.String(), "signed in as Ann Lee") {
				t.Errorf("foyer register says nothing of who signed in:\n%s", run.complaints)
			}
			check := k.start(t, "", "check")
			k.obeys(t, check, map[string]string{"login": "ben"})
			if code := <-check.code; code != 0 || !strings.Contains(check.out.String(), "✓ client") || !strings.Contains(check.out.String(), "Ben Okafor") {
				t.Errorf("foyer check exits with %d\n%s%s", code, check.out, check.complaints)
			}
			denied := k.start(t, draftOf(email), "register")
			k.obeys(t, denied, map[string]string{"login": "ann", "abort": "yes"})
			if code := <-denied.code; code != 2 || !strings.Contains(denied.complaints.String(), `"problem":"staff_sign_in"`) {
				t.Errorf("foyer register exits with %d after staff denied\n%s", code, denied.complaints)
			}
			if n := api.auth.holds(t, k.client.id, "RefreshToken"); n != 0 {
				t.Errorf("the commands left %d sign-ins behind", n)
			}
			k.keepsSecrets(t)
		})
	}
}

// A commandRun is a command under way whose complaints go to a terminal.
type commandRun struct {
	out, complaints *lockedBuffer
	code            <-chan int
}

// start starts a command in this process, with a terminal for its stderr.
func (k *kioskOf) start(t *testing.T, stdin string, args ...string) *commandRun {
	t.Helper()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	code := make(chan int, 1)
	run := &commandRun{&lockedBuffer{}, &lockedBuffer{}, code}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(run.complaints, screen) // ends when the terminal is closed
	}()
	n := len(k.said)
	p := &program{stdin: strings.NewReader(stdin), stdout: run.out, stderr: tty, environ: func() []string { return k.env }}
	go func() {
		got := p.main(args)
		_ = tty.Close()
		<-read
		_ = screen.Close()
		k.said[fmt.Sprintf("stdout of %s (%d)", args[0], n)] = run.out.String()
		k.said[fmt.Sprintf("stderr of %s (%d)", args[0], n)] = run.complaints.String()
		code <- got
	}()
	return run
}

// The lines of a command that has staff sign in.
var (
	openLine = regexp.MustCompile(`sign in: open (\S+)\s`)
	codeLine = regexp.MustCompile(`enter the code (\S+) \(until`)
)

// obeys does what a command tells a member of staff to do, with answers to the server's forms.
func (k *kioskOf) obeys(t *testing.T, run *commandRun, answers map[string]string) {
	t.Helper()
	byCode := k.setting("FOYER_AUTH_GRANT") == "device_code"
	var page, code []string
	eventually(t, "the command says what to do", func() bool {
		said := run.complaints.String()
		page, code = openLine.FindStringSubmatch(said), codeLine.FindStringSubmatch(said)
		return page != nil && (code != nil || !byCode)
	})
	if byCode {
		answers["user_code"] = code[1]
	}
	k.api.auth.newBrowser(t).visit(t, page[1], answers)
}
