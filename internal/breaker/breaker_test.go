package breaker_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/breaker"
	"foyer/internal/exchange"
)

// A tenant answers as it is told, and counts.
type tenant struct {
	status int // 0 errs
	err    error
	asked  int
}

func (s *tenant) RoundTrip(*http.Request) (*http.Response, error) {
	s.asked++
	if s.status == 0 {
		return nil, s.err
	}
	return &http.Response{StatusCode: s.status, Body: http.NoBody}, nil
}

func ask(t *testing.T, through http.RoundTripper, host string) error {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+host+"/", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := through.RoundTrip(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	return err
}

var errDown = errors.New("connection refused")

func TestWhatOpensACircuit(t *testing.T) {
	tests := map[string]struct {
		tenant tenant
		asked  int // of ten
	}{
		"a tenant that cannot be reached":  {tenant{err: errDown}, 5},
		"a tenant that does not answer":    {tenant{err: context.DeadlineExceeded}, 5},
		"a tenant that is not available":   {tenant{status: 503}, 5},
		"a gateway without a tenant":       {tenant{status: 502}, 5},
		"no tenant that works":             {tenant{status: 201}, 10},
		"no refusal":                       {tenant{status: 409}, 10},
		"no tenant that asks to slow down": {tenant{status: 429}, 10},
		"no answer that one person causes": {tenant{status: 500}, 10},
		"no person who leaves":             {tenant{err: context.Canceled}, 10},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				through := breaker.New(slog.New(slog.DiscardHandler)).Through(&tt.tenant)
				for range 10 {
					_ = ask(t, through, "acme.example")
				}
				if tt.tenant.asked != tt.asked {
					t.Errorf("%d of 10 requests were sent, want %d", tt.tenant.asked, tt.asked)
				}
			})
		})
	}
}

func TestAnOpenCircuitSaysWhenAndWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := &tenant{err: errDown}
		b := breaker.New(slog.New(slog.DiscardHandler))
		through := b.Through(down)
		for range 5 {
			_ = ask(t, through, "acme.example")
		}
		time.Sleep(4 * time.Second) //nolint:forbidigo // in a bubble of its own time
		err := ask(t, through, "acme.example")
		if wait, held := exchange.Held(err); !held || wait != 6*time.Second || !errors.Is(err, errDown) {
			t.Errorf("it says %v: wait %v", err, wait)
		}
		if err := ask(t, b.Through(&tenant{status: 200}), "other.example"); err != nil {
			t.Errorf("another host is held, too: %v", err)
		}
	})
}

func TestOneRequestFindsOutThatItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &tenant{err: errDown}
		through := breaker.New(slog.New(slog.DiscardHandler)).Through(s)
		for range 5 {
			_ = ask(t, through, "acme.example")
		}
		time.Sleep(11 * time.Second) //nolint:forbidigo // in a bubble of its own time
		_ = ask(t, through, "acme.example")
		if err := ask(t, through, "acme.example"); s.asked != 6 || err == nil {
			t.Errorf("after a probe that failed, %d requests were sent", s.asked)
		}
		time.Sleep(11 * time.Second) //nolint:forbidigo // likewise
		s.status = 200
		for range 3 {
			if err := ask(t, through, "acme.example"); err != nil {
				t.Errorf("the trouble is over, and %v", err)
			}
		}
	})
}
