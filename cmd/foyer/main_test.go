package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"foyer/internal/sandbox"
)

// asFoyer makes the test binary be foyer, for tests that need a process of its own.
const asFoyer = "TEST_BINARY_IS_FOYER"

func TestMain(m *testing.M) {
	if otherwise() {
		return
	}
	testscript.Main(m, map[string]func(){"foyer": main})
}

// TestScripts runs the commands as a person at a shell would. Beside testscript's own commands there are: tenant POOL, which
// starts a sandbox and points the variables at it; fault JSON, which makes it misbehave; gone, which stops it; inbox
// ADDRESS, which puts the code and the link that were sent there last into CODE and LINK; keep NAME MEMBER, which puts a member
// of the JSON on stdout into a variable; and exits CODE COMMAND, which expects an exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Values[serverKey{}] = new(*httptest.Server)
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"tenant": startTenant, "fault": setFault, "gone": stopTenant, "exits": exits,
			"inbox": inbox, "keep": keep, "follow": follow, "activation": writeActivation, "proof": writeProof, "same": same,
			"keepID": keepID, "keepText": keepText, "edit": edit,
		},
	})
}

// edit puts a text in place of the last there is of another in a file.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	at := strings.LastIndex(text, args[1])
	if at < 0 {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:at]+args[2]+text[at+len(args[1]):]), 0o600))
}

type serverKey struct{}

func startTenant(ts *testscript.TestScript, _ bool, args []string) {
	tenant, err := sandbox.New(sandbox.Options{})
	ts.Check(err)
	server := httptest.NewServer(tenant)
	ts.Defer(server.Close)
	for _, s := range tenant.Settings(server.URL, args[0]) {
		ts.Setenv(s.Name, s.Value)
	}
	*serverOf(ts) = server
}

func serverOf(ts *testscript.TestScript) **httptest.Server {
	server, ok := ts.Value(serverKey{}).(**httptest.Server)
	if !ok {
		ts.Fatalf("there is no place for a server")
	}
	return server
}

func stopTenant(ts *testscript.TestScript, _ bool, _ []string) { (*serverOf(ts)).Close() }

func setFault(ts *testscript.TestScript, _ bool, args []string) {
	server := *serverOf(ts)
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPut, server.URL+"/sandbox/faults", strings.NewReader(args[0]))
	ts.Check(err)
	response, err := server.Client().Do(request)
	ts.Check(err)
	ts.Check(response.Body.Close())
	if response.StatusCode != http.StatusOK {
		ts.Fatalf("fault: status %d", response.StatusCode)
	}
}

func inbox(ts *testscript.TestScript, _ bool, args []string) {
	messages := readOutbox(ts.Check, *serverOf(ts), args[0])
	if len(messages) == 0 {
		ts.Fatalf("nothing was sent to %s", args[0])
	}
	last := messages[len(messages)-1]
	ts.Setenv("CODE", last.Code)
	ts.Setenv("LINK", last.Link)
	ts.Setenv("KIND", last.Kind)
}

// readOutbox asks a sandbox what it sent to an address, as a person at the machine can.
func readOutbox(check func(error), server *httptest.Server, to string) []sandbox.Message {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+"/outbox?to="+url.QueryEscape(to), nil)
	check(err)
	response, err := server.Client().Do(request)
	check(err)
	defer func() { _ = response.Body.Close() }()
	var box struct{ Messages []sandbox.Message }
	check(json.NewDecoder(response.Body).Decode(&box))
	return box.Messages
}

func keep(ts *testscript.TestScript, _ bool, args []string) {
	var members map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &members))
	value, err := json.Marshal(members[args[1]])
	ts.Check(err)
	ts.Setenv(args[0], strings.Trim(string(value), `"`))
}

// writeActivation writes activation.json: activation ID CODE [ADDRESS].
func writeActivation(ts *testscript.TestScript, _ bool, args []string) {
	members := map[string]string{"user_id": args[0], "code": args[1]}
	if len(args) > 2 {
		members["otp_address"] = args[2]
	}
	writeJSON(ts, "activation.json", members)
}

// writeProof writes proof.json, a draft with the proof in PROOF: proof ADDRESS CODE.
func writeProof(ts *testscript.TestScript, _ bool, args []string) {
	var proof map[string]string
	ts.Check(json.Unmarshal([]byte(ts.Getenv("PROOF")), &proof))
	proof["code"] = args[1]
	writeJSON(ts, "proof.json", map[string]any{
		"identifiers": []map[string]string{{"type": "email", "identifier": args[0]}},
		"payload":     map[string]string{"given_name": "Flo", "family_name": "Lee"},
		"password":    "correct horse 7 battery", "proof": proof,
	})
}

func writeJSON(ts *testscript.TestScript, name string, v any) {
	data, err := json.Marshal(v)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o600))
}

func same(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] != args[1] {
		ts.Fatalf("%q is not %q", args[0], args[1])
	}
}

// follow follows the link in LINK, as a person in a browser: follow PASSWORD.
func follow(ts *testscript.TestScript, _ bool, args []string) {
	form := url.Values{}
	if len(args) > 0 {
		form.Set("password", args[0])
	}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, ts.Getenv("LINK"), strings.NewReader(form.Encode()))
	ts.Check(err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := (*serverOf(ts)).Client().Do(request)
	ts.Check(err)
	ts.Check(response.Body.Close())
	if response.StatusCode != http.StatusOK {
		ts.Fatalf("the link answers %d", response.StatusCode)
	}
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// keepID puts the id that comes first in the JSON on stdout into a variable: keepID NAME.
func keepID(ts *testscript.TestScript, _ bool, args []string) {
	var all []struct{ ID string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &all))
	ts.Setenv(args[0], all[0].ID)
}

// keepText puts the text of a file into a variable: keepText NAME FILE.
func keepText(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}
