package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"foyer/internal/termtest"
)

// A toxic is one of Toxiproxy's.
type toxic struct {
	Name       string         `json:"name"`
	Type       string         `json:"type"`
	Stream     string         `json:"stream"`
	Attributes map[string]int `json:"attributes"`
}

// A proxy is one of Toxiproxy's, between the program and the tenant.
type proxy struct {
	t   *testing.T
	api string // of Toxiproxy
	url string // where the program finds the tenant
}

// TestConnectionsThatBreakOnTheWayRegisterNobodyTwice has each connection of "foyer register" break by Toxiproxy, which is not ours,
// and then the same person come again on a network that works.
func TestConnectionsThatBreakOnTheWayRegisterNobodyTwice(t *testing.T) {
	api := toxiproxy(t)
	tests := []toxic{
		{"slow", "latency", "downstream", map[string]int{"latency": 300, "jitter": 300}},
		{"closes slowly", "slow_close", "downstream", map[string]int{"delay": 300}},
		{"a reset", "reset_peer", "downstream", map[string]int{"timeout": 0}},
		{"a reset after a while", "reset_peer", "downstream", map[string]int{"timeout": 30}},
		{"a reset of requests", "reset_peer", "upstream", map[string]int{"timeout": 30}},
		{"silence", "timeout", "downstream", map[string]int{"timeout": 200}},
		{"silence of requests", "timeout", "upstream", map[string]int{"timeout": 200}},
	}
	for size := 400; size <= 8000; size += 800 {
		tests = append(tests,
			toxic{fmt.Sprintf("answers end after %d bytes", size), "limit_data", "downstream", map[string]int{"bytes": size}},
			toxic{fmt.Sprintf("requests end after %d bytes", size/2), "limit_data", "upstream", map[string]int{"bytes": size / 2}},
		)
	}
	tenant := serve(t, "passwordless")
	for i, bad := range tests {
		t.Run(bad.Name, func(t *testing.T) {
			t.Parallel()
			p := newProxy(t, api, tenant.url)
			a := apply(t, tenant, fmt.Sprintf("way%d@example.com", i))
			a.env = append(a.env, "FOYER_TENANT_URL="+p.url)
			p.add(bad)
			first := a.run()
			p.remove(bad)
			a.comesBack(first)
		})
	}
}

// TestAConnectionThatBreaksBeforeTheAnswerRegistersNobodyTwice has the connection break when the tenant has done the work, and has
// not answered yet.
func TestAConnectionThatBreaksBeforeTheAnswerRegistersNobodyTwice(t *testing.T) {
	api := toxiproxy(t)
	for i, bad := range []toxic{
		{"reset", "reset_peer", "downstream", map[string]int{"timeout": 0}},
		{"silent", "timeout", "downstream", map[string]int{"timeout": 100}},
		{"cut", "limit_data", "downstream", map[string]int{"bytes": 60}},
	} {
		t.Run(bad.Type, func(t *testing.T) {
			t.Parallel()
			tenant := serve(t, "passwordless")
			var p *proxy
			var once sync.Once
			answering := httptest.NewServer(afterWork(tenant, func() { once.Do(func() { p.add(bad) }) }))
			t.Cleanup(answering.Close)
			p = newProxy(t, api, answering.URL)
			a := apply(t, tenant, fmt.Sprintf("end%d@example.com", i))
			a.env = append(a.env, "FOYER_TENANT_URL="+p.url)
			first := a.run()
			if first.told != "unavailable" {
				t.Errorf("with a connection that is %s they are told %q, want unavailable:\n%s", bad.Name, first.told, first.printed)
			}
			p.remove(bad)
			a.comesBack(first)
		})
	}
}

// TestTheKioskGetsThroughOnceTheNetworkIsBack has somebody wait at the screen meanwhile.
func TestTheKioskGetsThroughOnceTheNetworkIsBack(t *testing.T) {
	api := toxiproxy(t)
	tenant := serve(t, "customers")
	bad := toxic{"reset", "reset_peer", "downstream", map[string]int{"timeout": 0}}
	var p *proxy
	var once sync.Once
	answering := httptest.NewServer(afterWork(tenant, func() { once.Do(func() { p.add(bad) }) }))
	t.Cleanup(answering.Close)
	p = newProxy(t, api, answering.URL)
	s := open(t, 80, 24, append(tenant.env, "FOYER_TENANT_URL="+p.url), "kiosk")
	s.until("Press Enter to begin")
	s.press(answers("kim@example.com"))
	s.until("Is everything right?")
	s.press("\r")
	s.wait("a user whom nobody was told of", func() bool { return len(tenant.Registered("customers")) == 1 })
	p.remove(bad)
	s.until("You are registered")
	if users := tenant.Registered("customers"); len(users) != 1 {
		t.Errorf("there are %d users, want 1", len(users))
	}
}

// afterWork is the tenant, with something to be done when it has made a user and not answered yet.
func afterWork(tenant http.Handler, do func()) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		tenant.ServeHTTP(answer, r)
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/users") {
			do()
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// toxiproxy starts Toxiproxy, and returns where it takes orders. The test is skipped where FOYER_TOXIPROXY does not say where its
// server is.
func toxiproxy(t *testing.T) string {
	t.Helper()
	if raced {
		t.Skip("it is the program whose connections break, and not the test's")
	}
	program := os.Getenv("FOYER_TOXIPROXY")
	switch {
	case program == "" && os.Getenv("FOYER_REQUIRE_TOXIPROXY") == "1":
		t.Fatal("FOYER_TOXIPROXY does not say where the server of Toxiproxy is")
	case program == "":
		t.Skip("FOYER_TOXIPROXY does not say where the server of Toxiproxy is")
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close() // nobody else is likely to get that port now
	log := new(lockedBuffer)
	cmd := exec.Command(program, "-host", "127.0.0.1", "-port", port) //nolint:noctx // it ends with the last subtest, and not with the test
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	termtest.Await(t, termtest.Patience, "Toxiproxy", func() bool {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, log.String)
	return "http://127.0.0.1:" + port
}

// newProxy has Toxiproxy listen for upstream, a URL.
func newProxy(t *testing.T, api, upstream string) *proxy {
	t.Helper()
	var made struct{ Listen string }
	order(t, http.MethodPost, api+"/proxies", map[string]any{
		"name": strings.NewReplacer("/", " ", "#", " ").Replace(t.Name()), "listen": "127.0.0.1:0", "enabled": true,
		"upstream": strings.TrimPrefix(upstream, "http://"),
	}, &made)
	return &proxy{t: t, api: api + "/proxies/" + escaped(strings.NewReplacer("/", " ", "#", " ").Replace(t.Name())) + "/toxics", url: "http://" + made.Listen}
}

func (p *proxy) add(bad toxic) { p.t.Helper(); order(p.t, http.MethodPost, p.api, bad, nil) }

func (p *proxy) remove(bad toxic) {
	p.t.Helper()
	order(p.t, http.MethodDelete, p.api+"/"+escaped(bad.Name), nil, nil)
}

func escaped(segment string) string { return strings.ReplaceAll(segment, " ", "%20") }

// order sends a JSON request to a server of this machine, and fails the test unless it is answered with a 2xx.
func order(t *testing.T, method, url string, body, answer any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, url, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode > 299 {
		t.Fatalf("%s %s = %d %s, %v", method, url, response.StatusCode, read, err)
	}
	if answer != nil {
		if err := json.Unmarshal(read, answer); err != nil {
			t.Fatal(err)
		}
	}
}
