package monitor_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"foyer/internal/monitor"
	"foyer/internal/sshserver"
)

// stats are figures that are all different.
func stats() sshserver.Stats {
	return sshserver.Stats{
		Sessions: 1, Handshakes: 2, Connections: 3, Evicted: 4, Failed: 5, Registered: 6, HostKeys: 7, Draining: true,
		Refused: map[sshserver.Refusal]uint64{sshserver.RefusedFull: 8}, Ended: map[sshserver.Outcome]uint64{sshserver.Finished: 9},
	}
}

// A watched server, which nobody serves.
type watched struct {
	t       *testing.T
	address string
	calls   *monitor.Calls
	reloads *monitor.Reloads
}

// watch serves a monitor with checks.
func watch(t *testing.T, checks ...monitor.Check) *watched {
	t.Helper()
	return watchOf(t, stats, checks...)
}

// watchOf is watch of other figures.
func watchOf(t *testing.T, stats func() sshserver.Stats, checks ...monitor.Check) *watched {
	t.Helper()
	w := &watched{t: t, calls: monitor.NewCalls([]string{"get pool", "initiate transient OTP"}), reloads: monitor.NewReloads()}
	m, err := monitor.New(monitor.Config{
		Stats: stats, Calls: w.calls, Reloads: w.reloads, Checks: checks, Version: "v1.2.3", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- m.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-over; err != nil {
			t.Errorf("Serve() = %v, want nil", err)
		}
	})
	return w
}

// An answer is what came of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask makes a request.
func (w *watched) ask(method, path string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+w.address+path, http.NoBody)
	if err != nil {
		w.t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func TestMetricsAreAsPrometheusWantsThem(t *testing.T) {
	w := watch(t)
	w.calls.Observe("get pool", 200, 30*time.Millisecond)
	w.calls.Observe("get pool", 0, time.Second)
	w.calls.Observe("get pool", 99, time.Second)
	w.calls.Observe("\x1b[31m /users/ann@example.com", 503, time.Second)
	w.reloads.Count(errors.New("refused"))
	got := w.ask(http.MethodGet, "/metrics")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Fatalf("the answer is %d, %s", got.status, got.header.Get("Content-Type"))
	}
	problems, err := promlint.New(strings.NewReader(got.body)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for _, want := range []string{
		"foyer_ssh_sessions 1", "foyer_ssh_handshakes 2", "foyer_ssh_connections_total 3", "foyer_ssh_evictions_total 4",
		"foyer_ssh_handshake_failures_total 5", "foyer_registrations_total 6", "foyer_ssh_host_keys 7", "foyer_ssh_draining 1",
		`foyer_ssh_refusals_total{reason="full"} 8`, `foyer_ssh_refusals_total{reason="rate"} 0`,
		`foyer_ssh_sessions_ended_total{outcome="finished"} 9`, `foyer_ssh_sessions_ended_total{outcome="stalled"} 0`,
		`foyer_ssh_session_duration_seconds_bucket{le="60"} 0`, "foyer_ssh_session_duration_seconds_count 0",
		`foyer_tenant_requests_total{operation="get_pool",status="2xx"} 1`, `foyer_tenant_requests_total{operation="get_pool",status="none"} 2`,
		`foyer_tenant_requests_total{operation="other",status="5xx"} 1`,
		`foyer_tenant_requests_total{operation="initiate_transient_otp",status="5xx"} 0`,
		`foyer_tenant_request_duration_seconds_count{operation="get_pool"} 3`,
		`foyer_config_reloads_total{result="refused"} 1`, `foyer_config_reloads_total{result="taken"} 0`, "foyer_config_last_reload_successful 0",
		`version="v1.2.3"`, "go_goroutines ", "process_start_time_seconds ",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("it lacks %s", want)
		}
	}
}

func TestEachLabelIsThereFromTheStart(t *testing.T) {
	w := watch(t)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(w.ask(http.MethodGet, "/metrics").body))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{
		"foyer_ssh_refusals_total": len(sshserver.Refusals()), "foyer_ssh_sessions_ended_total": len(sshserver.Outcomes()),
		"foyer_tenant_requests_total": 2 * 5, "foyer_tenant_request_duration_seconds": 2, "foyer_config_reloads_total": 2,
	} {
		if got := len(families[name].GetMetric()); got != want {
			t.Errorf("%s has %d series, want %d", name, got, want)
		}
	}
	if got := families["foyer_ssh_session_duration_seconds"].GetType(); got != dto.MetricType_HISTOGRAM {
		t.Errorf("the durations are a %s, want a histogram", got)
	}
}

func TestSharedLimitsAreToldOfWhereThereAreSome(t *testing.T) {
	const up, losses = "\nfoyer_ssh_shared_limits_up ", "\nfoyer_ssh_shared_limits_losses_total "
	for _, tt := range []struct {
		shared sshserver.SharedLimits
		want   []string
	}{
		{sshserver.SharedUp, []string{up + "1\n", losses + "3\n"}},
		{sshserver.SharedDown, []string{up + "0\n", losses + "3\n"}},
		{sshserver.SharedNone, nil},
	} {
		w := watchOf(t, func() sshserver.Stats { return sshserver.Stats{SharedLimits: tt.shared, SharedLost: 3} })
		body := w.ask(http.MethodGet, "/metrics").body
		for _, want := range tt.want {
			if !strings.Contains(body, want) {
				t.Errorf("when they are %q it lacks %q", tt.shared, want)
			}
		}
		if tt.want == nil && strings.Contains(body, "shared_limits") {
			t.Error("a server that counts by itself tells of shared limits")
		}
	}
}

func TestReadyNamesWhatIsNotAndNoMore(t *testing.T) {
	form := false
	w := watch(t,
		monitor.Check{Name: "listening", Passed: func(context.Context) bool { return true }},
		monitor.Check{Name: "form", Passed: func(context.Context) bool { return form }})
	got := w.ask(http.MethodGet, "/readyz")
	if want := `{"ready":false,"checks":{"form":false,"listening":true}}` + "\n"; got.status != http.StatusServiceUnavailable || got.body != want {
		t.Errorf("not ready is %d %s, want 503 %s", got.status, got.body, want)
	}
	form = true
	got = w.ask(http.MethodGet, "/readyz")
	if want := `{"ready":true,"checks":{"form":true,"listening":true}}` + "\n"; got.status != http.StatusOK || got.body != want {
		t.Errorf("ready is %d %s, want 200 %s", got.status, got.body, want)
	}
	if got := w.ask(http.MethodGet, "/healthz"); got.status != http.StatusOK || got.body != "ok\n" {
		t.Errorf("/healthz is %d %q", got.status, got.body)
	}
}

func TestRequestsAreForWhatThereIs(t *testing.T) {
	w := watch(t)
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{http.MethodHead, "/metrics", http.StatusOK},
		{http.MethodHead, "/healthz", http.StatusOK},
		{http.MethodPost, "/metrics", http.StatusMethodNotAllowed},
		{http.MethodPut, "/readyz", http.StatusMethodNotAllowed},
		{http.MethodOptions, "/healthz", http.StatusMethodNotAllowed},
		{http.MethodGet, "/", http.StatusNotFound},
		{http.MethodGet, "/debug/pprof/", http.StatusNotFound},
		{http.MethodGet, "/metrics/x", http.StatusNotFound},
	} {
		got := w.ask(tt.method, tt.path)
		if got.status != tt.want || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s is %d, %q, want %d", tt.method, tt.path, got.status, got.header.Get("Cache-Control"), tt.want)
		}
	}
}

func TestAHeaderIsBounded(t *testing.T) {
	w := watch(t)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() {
		_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
		for range 1 << 10 {
			if _, err := conn.Write(bytes.Repeat([]byte("x"), 1<<10)); err != nil {
				return
			}
		}
	}()
	head := make([]byte, 12)
	if _, err := io.ReadFull(conn, head); err != nil || string(head) != "HTTP/1.1 431" {
		t.Errorf("a header of 1 MiB is answered %q, %v, want 431", head, err)
	}
}

func TestAPulseIsFeltOftenAndAskedSeldom(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	asked, trouble := 0, error(nil)
	p := monitor.NewPulse(func() time.Time { return now }, func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("asking may last for ever")
		}
		asked++
		return trouble
	})
	for _, tt := range []struct {
		name    string
		later   time.Duration
		trouble error
		want    bool
		asked   int
	}{
		{"asks at first", 0, nil, true, 1},
		{"does not ask again at once", time.Second, nil, true, 1},
		{"forgives", 9 * time.Second, errors.New("away"), true, 2},
		{"forgives again", 10 * time.Second, errors.New("away"), true, 3},
		{"does not forgive for ever", 10 * time.Second, errors.New("away"), false, 4},
		{"does not ask the absent at once", time.Second, nil, false, 4},
		{"takes back", 10 * time.Second, nil, true, 5},
	} {
		now, trouble = now.Add(tt.later), tt.trouble
		if got := p.Felt(t.Context()); got != tt.want || asked != tt.asked {
			t.Errorf("%s: felt %t after asking %d times, want %t, %d", tt.name, got, asked, tt.want, tt.asked)
		}
	}
	p.Forget()
	trouble = errors.New("away")
	if p.Felt(t.Context()) || asked != 6 {
		t.Errorf("felt after it was forgotten, or not asked (%d times)", asked)
	}
}
