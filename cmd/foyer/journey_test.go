package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/vt"
	"golang.org/x/oauth2/clientcredentials"

	"foyer/internal/sandbox"
	"foyer/internal/termtest"
)

// marker is a password that must not be found anywhere.
const marker = "Marker-7 horse battery staple"

// A tenantServer is a sandbox over HTTP, and a client of it that is not ours.
type tenantServer struct {
	*sandbox.Tenant
	url    string
	env    []string
	client *http.Client
	log    *lockedBuffer
}

// A lockedBuffer collects a log of several goroutines.
type lockedBuffer = termtest.Buffer

func serve(tb testing.TB, pool string) *tenantServer {
	tb.Helper()
	s := &tenantServer{log: &lockedBuffer{}}
	tenant, err := sandbox.New(sandbox.Options{Logger: slog.New(slog.NewTextHandler(s.log, nil))})
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(tenant)
	tb.Cleanup(server.Close)
	s.Tenant, s.url = tenant, server.URL
	config := clientcredentials.Config{TokenURL: server.URL + "/sandbox/system/oauth2/token", Scopes: []string{"identity"}}
	for _, setting := range tenant.Settings(server.URL, pool) {
		s.env = append(s.env, setting.Name+"="+setting.Value)
		switch setting.Name {
		case "FOYER_AUTH_CLIENT_ID":
			config.ClientID = setting.Value
		case "FOYER_AUTH_CLIENT_SECRET":
			config.ClientSecret = setting.Value
		}
	}
	s.client = config.Client(context.Background())
	return s
}

// signIn says what the tenant answers to a customer who signs in with the marker: "password_correct", or why not.
func (s *tenantServer) signIn(t *testing.T, identifier string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"identifier": identifier, "password": marker})
	if err != nil {
		t.Fatal(err)
	}
	url := s.url + "/api/identity/sandbox/system/pools/customers/user/password/v2/verify"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var verdict struct {
		Result string `json:"result"`
	}
	if err := json.NewDecoder(response.Body).Decode(&verdict); err != nil {
		t.Fatal(err)
	}
	return verdict.Result
}

// answers is a whole registration in the pool customers, up to the review.
func answers(email string) string {
	return "\r" + email + "\rAnn\rLee\r" + marker + "\r" + marker + "\r"
}

func TestAPersonRegistersAndAnotherIsToldOfTheConflict(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, append(tenant.env, "FOYER_LOG_FILE=log.json", "FOYER_LOG_LEVEL=debug"), "kiosk")
	log := filepath.Join(s.home, "log.json")

	s.until("Press Enter to begin")
	s.press("\r")
	s.until("Your details")
	s.press("ann@example.com\r")
	s.press("Ann\rLee\r")
	s.until("Your password")
	s.press(marker)
	s.until("very strong")
	s.until("✓ strength")
	s.press("\r" + marker + "\r")
	s.until("Is everything right?")
	s.press("\r")
	s.until("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in with the password that was typed: %s", got)
	}

	s.until("enter finish")
	s.press("\r")
	s.until("Press Enter to begin")
	s.press(answers("ann@example.com") + "\r")
	s.until("Somebody is registered with this already")
	s.until("ann@example.com")
	s.press("\r")
	s.until("This is registered already")
	s.press("\x15bob@example.com\r")
	s.until("Is everything right?")
	s.press("\r")
	s.until("You are registered")
	if got := tenant.signIn(t, "bob@example.com"); got != "password_correct" {
		t.Errorf("signing in after the conflict: %s", got)
	}

	s.press("\x03\x03")
	if code := s.exit(); code != 0 {
		t.Errorf("leaving exits with %d", code)
	}
	if strings.Contains(tenant.log.String(), "horse") {
		t.Error("the password is in the tenant's log")
	}
	if logged, err := os.ReadFile(log); err != nil || !strings.Contains(string(logged), `"problem":"conflict"`) {
		t.Errorf("the log lacks the conflict: %v\n%s", err, logged)
	}
}

func TestARegistrationInOneWrite(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, tenant.env)
	s.until("Press Enter to begin") // before it, the terminal echoes what is typed
	s.press(answers("ann@example.com") + "\r")
	s.until("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in: %s", got)
	}
}

func TestWhatIsTypedBeforeTheFirstFrameIsKept(t *testing.T) {
	s := open(t, 80, 24, nil)
	s.press("\rann@example.com\rAnn\rLee\r")
	s.until("Your password")
	s.press("\x1b[Z\x1b")
	s.until("ann@example.com")
}

func TestWithNothingConfiguredThereIsAPracticeTenant(t *testing.T) {
	s := open(t, 80, 24, nil)
	s.until("SANDBOX")
	s.until("Press Enter to begin")
	s.press(answers("cy@example.com"))
	s.until("Is everything right?")
	s.until("SANDBOX")
	s.press("\r")
	s.until("You are registered")
}

func TestTheTerminalIsAskedNothing(t *testing.T) {
	s := open(t, 80, 24, nil)
	s.until("Press Enter to begin")
	for name, query := range map[string]string{"the background": "\x1b]11;?", "the cursor": "\x1b[6n", "its name": "\x1b[c"} {
		if strings.Contains(s.recorded(), query) {
			t.Errorf("the program asks the terminal for %s", name)
		}
	}
}

func TestTheTerminalIsLeftAsItWas(t *testing.T) {
	s := open(t, 80, 24, nil)
	s.until("Press Enter to begin")
	s.press("\rann@example.com\x03")
	s.until("Leave the registration?")
	s.press("\r")
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if text := strings.TrimSpace(s.text()); text != "" {
		t.Errorf("the screen still shows:\n%s", text)
	}
	s.screen.Look(func(e *vt.Emulator) {
		if e.IsAltScreen() || e.CursorHidden() {
			t.Error("the alternate screen was not left, or the cursor is still hidden")
		}
	})
}

// TestTheSandboxServes starts the sandbox as a program of its own and points another foyer at what it prints.
func TestTheSandboxServes(t *testing.T) {
	server := exec.CommandContext(t.Context(), os.Args[0], "sandbox", "--listen", "127.0.0.1:0")
	server.Env = []string{asFoyer + "=1"}
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	env := []string{asFoyer + "=1"}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		env = append(env, lines.Text())
		if strings.HasPrefix(lines.Text(), "FOYER_AUTH_METHOD=") {
			break
		}
	}
	check := exec.CommandContext(t.Context(), os.Args[0], "check")
	check.Env = env
	if found, err := check.CombinedOutput(); err != nil || strings.Contains(string(found), "✗") {
		t.Errorf("foyer check: %v\n%s", err, found)
	}
}

func TestASmallWindow(t *testing.T) {
	tenant := serve(t, "strict")
	s := open(t, 40, 12, append(tenant.env, "FOYER_UI_LANG=de"))
	s.until("Willkommen")
	s.press("\r")
	s.until("E-Mail-Adresse")
	s.press("bob@example.com\x03")
	s.until("verlassen")
}

func TestASignalEndsTheKioskAndRestoresTheTerminal(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		for range 5 { // it hung in every second run once
			s := open(t, 80, 24, nil)
			s.until("Press Enter to begin")
			s.press("\rann@example.com")
			s.until("ann@example.com")
			if err := s.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code := s.exit(); code != 0 {
				t.Errorf("%v: exit code %d, want 0", signal, code)
			}
			if strings.Contains(s.text(), "ann@example.com") {
				t.Errorf("%v: the answers stay on the screen:\n%s", signal, s.text())
			}
		}
	}
}

func TestAWindowThatIsResizedWhileAPersonTypes(t *testing.T) {
	s := open(t, 80, 24, nil)
	s.until("Press Enter to begin")
	s.press("\r")
	s.until("Your details")
	for i, size := range [][2]int{{60, 20}, {40, 12}, {30, 8}, {200, 50}, {80, 24}} {
		s.press(string(rune('a' + i)))
		s.resize(size[0], size[1])
	}
	s.until("┃ abcde")
	s.until("enter next")
	if n := strings.Count(s.text(), "E-mail address"); n != 1 {
		t.Errorf("the screen shows the question %d times:\n%s", n, s.text())
	}
}

func TestATerminalGetsNoSequencesThatItLacks(t *testing.T) {
	tests := map[string]string{
		"TERM=dumb":  "\x1b",
		"TERM=vt100": "?1049|?25|?2004|[3J|[2m|[38;",
		"TERM=linux": "?1049|?2004|[38;",
	}
	for env, lacks := range tests {
		t.Run(env, func(t *testing.T) {
			s := open(t, 80, 24, []string{env})
			s.until("Press Enter to begin")
			s.press("\rann@example.com\r")
			s.until("ann@example.com")
			s.press("\x03")
			s.until("Leave the registration?")
			s.press("\r")
			if code := s.exit(); code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			for _, sequence := range strings.Split(lacks, "|") {
				if strings.Contains(s.recorded(), sequence) {
					t.Errorf("the terminal was sent %q", sequence)
				}
			}
			if left := strings.TrimSpace(s.text()); left != "" {
				t.Errorf("the screen still shows:\n%s", left)
			}
		})
	}
}

func TestEveryTerminalShowsTheSameWords(t *testing.T) {
	for _, env := range []string{"TERM=linux", "TERM=vt100", "TERM=dumb", "NO_COLOR=1", "LC_ALL=C"} {
		t.Run(env, func(t *testing.T) {
			s := open(t, 80, 24, []string{env})
			s.until("Press Enter to begin")
			s.press(answers("ann@example.com"))
			s.until("Is everything right?")
			s.press("\r")
			s.until("You are registered")
			recorded := s.recorded()
			if env == "NO_COLOR=1" && (strings.Contains(recorded, "[38;") || strings.Contains(recorded, "[31m")) {
				t.Error("there are colours although NO_COLOR is set")
			}
		})
	}
}
