// Package breaker spares a tenant that is in trouble, and the people who wait for it: once most requests to a host have failed for a
// while, the next ones are not sent, and fail at once with the time after which it is worth trying. Then one request finds out
// whether the trouble is over.
package breaker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"foyer/internal/exchange"
)

// When a circuit opens, and for how long.
const (
	window  = 30 * time.Second // in which failures count
	bucket  = 3 * time.Second  // by which the window moves on
	trouble = 5                // fewer failures are no trouble, nor are those that are not most of the requests
	pause   = 10 * time.Second // while nothing is sent
)

// A Breaker has a circuit for each host, which all sessions of a process share. It is safe for concurrent use.
type Breaker struct {
	log *slog.Logger

	mu    sync.Mutex
	hosts map[string]*circuit // by host and port
}

// New returns a Breaker whose circuits are closed. It logs when one opens or closes.
func New(logger *slog.Logger) *Breaker {
	return &Breaker{log: logger, hosts: make(map[string]*circuit)}
}

// Through returns base behind the circuits. What it does not send fails with an exchange.HeldError.
func (b *Breaker) Through(base http.RoundTripper) http.RoundTripper { return transport{b, base} }

// A circuit is that of one host.
type circuit struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]

	mu    sync.Mutex
	until time.Time // when it may close again
	last  error     // why it opened
}

// of is the circuit of a host.
func (b *Breaker) of(host string) *circuit {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.hosts[host]; c != nil {
		return c
	}
	c := &circuit{}
	c.TwoStepCircuitBreaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: host, Interval: window, BucketPeriod: bucket, Timeout: pause,
		ReadyToTrip: func(n gobreaker.Counts) bool {
			return n.TotalFailures >= trouble && 2*n.TotalFailures > n.TotalSuccesses+n.TotalFailures
		},
		IsExcluded: func(err error) bool { return errors.Is(err, errNoTrouble) },
		OnStateChange: func(host string, from, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				c.opens(time.Now().Add(pause))
			}
			b.log.Warn("circuit to the tenant", "host", host, "from", from.String(), "to", to.String())
		},
	})
	b.hosts[host] = c
	return c
}

func (c *circuit) opens(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = until
}

// failed remembers why a request failed.
func (c *circuit) failed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = err
}

// probeTime is how long the one request may take that finds out whether the trouble is over.
const probeTime = time.Second

// held is the error of a request that is not sent at now.
func (c *circuit) held(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &exchange.HeldError{Wait: max(c.until.Sub(now), probeTime), Err: c.last}
}

// A transport sends what the circuits let through.
type transport struct {
	breaker *Breaker
	base    http.RoundTripper
}

// RoundTrip sends r, unless the circuit of its host is open.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	c := t.breaker.of(r.URL.Host)
	done, err := c.Allow()
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // as a RoundTripper has to
		}
		return nil, c.held(time.Now())
	}
	failure := errNoTrouble // of a panic
	defer func() { done(failure) }()
	resp, err := t.base.RoundTrip(r)
	failure = verdict(resp, err)
	if failure != nil && !errors.Is(failure, errNoTrouble) {
		c.failed(failure)
	}
	return resp, err
}

// errNoTrouble marks what says nothing of the tenant's health.
var errNoTrouble = errors.New("no trouble of the tenant")

// verdict is what an exchange tells of the tenant's health: nil for good. A 500 is no trouble, since one answer of one person may be
// the cause; nor is a person who leaves, or a certificate that nobody trusts, which staff has to read about.
func verdict(resp *http.Response, err error) error {
	switch {
	case err == nil && (resp.StatusCode == http.StatusBadGateway || resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusGatewayTimeout):
		return fmt.Errorf("status %d", resp.StatusCode)
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), exchange.Distrusts(err), exchange.RefusesCertificate(err):
		return errNoTrouble
	}
	return err
}
