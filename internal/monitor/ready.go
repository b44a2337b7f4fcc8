package monitor

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// A Check is one of the things that a server is ready by.
type Check struct {
	Name   string // as it is told: lower case, with underscores
	Passed func(context.Context) bool
}

// live says that the process lives: it could answer.
func live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n") // who is gone needs no answer
}

// ready says whether the server is: 200 when all checks are passed, and else 503. The body names them and tells no more: why one
// is not passed is in the log.
//
//	{"ready": false, "checks": {"listening": true, "accepting": false, "host_key": true, "form": true}}
func ready(checks []Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := struct {
			Ready  bool            `json:"ready"`
			Checks map[string]bool `json:"checks"`
		}{true, make(map[string]bool)}
		for _, c := range checks {
			passed := c.Passed(r.Context())
			answer.Checks[c.Name] = passed
			answer.Ready = answer.Ready && passed
		}
		w.Header().Set("Content-Type", "application/json")
		if !answer.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(answer) // likewise
	})
}

// How a Pulse is felt.
const (
	pulsePause   = 10 * time.Second // between two times that somebody is asked
	pulseTimeout = 4 * time.Second  // for one of them
	pulseAge     = 30 * time.Second // that the last good answer may have
)

// A Pulse is whether something that it costs to ask has gone well lately. However often it is felt, it asks seldom, and one that
// goes wrong once is forgiven. It is safe for concurrent use.
type Pulse struct {
	ask func(context.Context) error
	now func() time.Time

	mu    sync.Mutex // guards what follows, and is held while somebody is asked
	asked time.Time
	well  time.Time // when it last went well
}

// NewPulse returns a pulse that asks by ask. The clock is for tests; nil is the machine's.
func NewPulse(now func() time.Time, ask func(context.Context) error) *Pulse {
	if now == nil {
		now = time.Now
	}
	return &Pulse{ask: ask, now: now}
}

// Felt reports whether it went well lately. The end of ctx ends the asking, which then went wrong.
func (p *Pulse) Felt(ctx context.Context) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); p.asked.IsZero() || now.Sub(p.asked) >= pulsePause {
		ctx, cancel := context.WithTimeout(ctx, pulseTimeout)
		defer cancel()
		err := p.ask(ctx)
		p.asked = p.now()
		if err == nil {
			p.well = p.asked
		}
	}
	return !p.well.IsZero() && p.now().Sub(p.well) < pulseAge
}

// Forget has the next to feel it ask: what is asked is another by now.
func (p *Pulse) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.well = time.Time{}, time.Time{}
}
