package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"foyer/internal/termtest"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// eventually waits until done.
func (s *served) eventually(what string, done func() bool) {
	s.t.Helper()
	termtest.Await(s.t, termtest.Patience, what, done, func() string { return s.stdout.String() + s.stderr.String() })
}

// signal sends it a signal.
func (s *served) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// monitored is where it is monitored.
func (s *served) monitored() string {
	s.t.Helper()
	var at string
	s.eventually("the monitor", func() bool {
		_, rest, _ := strings.Cut(s.stdout.String(), "foyer: monitored at ")
		var whole bool
		at, _, whole = strings.Cut(rest, "/metrics\n")
		return whole
	})
	return at
}

// get asks the monitor, and returns the status and the body; 0 when it does not answer.
func (s *served) get(path string) (status int, body string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.monitored()+path, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, ""
	}
	return resp.StatusCode, string(text)
}

// figure is the value of a metric, by its name and labels as Prometheus writes them; -1 when there is none.
func (s *served) figure(name string) float64 {
	s.t.Helper()
	_, body := s.get("/metrics")
	for line := range strings.Lines(body) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			var f float64
			if err := json.Unmarshal([]byte(value), &f); err != nil {
				s.t.Fatal(err)
			}
			return f
		}
	}
	return -1
}

// count waits until a metric has a value.
func (s *served) count(name string, want float64) {
	s.t.Helper()
	s.eventually(name, func() bool { return s.figure(name) == want })
}

func TestTheMonitorTellsOfAServerFromItsStartToItsEnd(t *testing.T) {
	tenant := serve(t, "customers")
	s := startServe(t, append(tenant.env, "FOYER_SSH_MONITOR_LISTEN=127.0.0.1:0")...)
	if status, body := s.get("/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz is %d %q", status, body)
	}
	const well = `{"ready":true,"checks":{"accepting":true,"form":true,"host_key":true,"listening":true}}` + "\n"
	if status, body := s.get("/readyz"); status != http.StatusOK || body != well {
		t.Errorf("/readyz is %d %s", status, body)
	}
	s.count("foyer_ssh_sessions", 0)
	g, late := s.ssh(), s.ssh()
	g.until("Press Enter to begin")
	late.until("Press Enter to begin")
	s.count("foyer_ssh_sessions", 2)
	g.press(answers("ann@example.com") + "\r")
	g.until("You are registered")
	g.until("enter finish")
	g.press("\r")
	g.exit()
	s.count("foyer_registrations_total", 1)
	s.count(`foyer_ssh_sessions_ended_total{outcome="finished"}`, 1)
	s.count(`foyer_tenant_requests_total{operation="create_user",status="2xx"}`, 1)
	s.count(`foyer_tenant_requests_total{operation="fetch_token",status="2xx"}`, 1)
	s.count("foyer_ssh_session_duration_seconds_count", 1)
	s.isWellFormed()

	late.press("\rbob@example.com")
	late.until("bob@example.com")
	s.signal(syscall.SIGTERM)
	late.until("Please finish: 1 minute left.")
	const drains = `{"ready":false,"checks":{"accepting":false,"form":true,"host_key":true,"listening":false}}` + "\n"
	if status, body := s.get("/readyz"); status != http.StatusServiceUnavailable || body != drains {
		t.Errorf("/readyz is %d %s while it drains", status, body)
	}
	if status, _ := s.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz is %d while it drains", status)
	}
	s.count("foyer_ssh_draining", 1)
	s.signal(syscall.SIGTERM)
	late.exit()
	if code := s.end(); code != 0 {
		t.Errorf("the server exits with %d, want 0", code)
	}
	if status, _ := s.get("/healthz"); status != 0 {
		t.Error("the monitor outlives the server")
	}
}

// isWellFormed has the metrics read as Prometheus reads them, and what it has to say of them.
func (s *served) isWellFormed() {
	s.t.Helper()
	_, body := s.get("/metrics")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil || len(families) == 0 {
		s.t.Errorf("the metrics are %d, %v", len(families), err)
	}
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range problems {
		s.t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for _, secret := range []string{"ann@example.com", "127.0.0.1", "signup", "horse"} {
		if strings.Contains(body, secret) {
			s.t.Errorf("the metrics tell of %s", secret)
		}
	}
}

func TestATenantThatIsAwayIsNamedWithoutDetails(t *testing.T) {
	tenant := serve(t, "customers")
	var env []string
	for _, line := range tenant.env {
		if strings.HasPrefix(line, "FOYER_TENANT_URL=") {
			line = "FOYER_TENANT_URL=http://127.0.0.1:1"
		}
		env = append(env, line)
	}
	s := startServe(t, append(env, "FOYER_SSH_MONITOR_LISTEN=127.0.0.1:0")...)
	const away = `{"ready":false,"checks":{"accepting":true,"form":false,"host_key":true,"listening":true}}` + "\n"
	if status, body := s.get("/readyz"); status != http.StatusServiceUnavailable || body != away {
		t.Errorf("/readyz is %d %s, want 503 %s", status, body, away)
	}
	if status, _ := s.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz is %d", status)
	}
	if got := s.figure(`foyer_tenant_requests_total{operation="discover",status="none"}`); got < 1 {
		t.Errorf("%v requests without an answer are counted", got)
	}
}
