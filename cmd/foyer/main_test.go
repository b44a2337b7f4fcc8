package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"foyer/internal/sandbox"
)

// asFoyer makes the test binary be foyer, for tests that need a process of its own.
const asFoyer = "TEST_BINARY_IS_FOYER"

func TestMain(m *testing.M) {
	if os.Getenv(asFoyer) != "" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"foyer": main})
}

// TestScripts runs the commands as a person at a shell would. Beside testscript's own commands there are: tenant POOL, which
// starts a sandbox and points the variables at it; fault JSON, which makes it misbehave; gone, which stops it; and
// exits CODE COMMAND, which expects an exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Values[serverKey{}] = new(*httptest.Server)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"tenant": startTenant, "fault": setFault, "gone": stopTenant, "exits": exits,
		},
	})
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
