package sandbox

import (
	"context"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"
)

// An idempotency key is 32 to 255 characters long and remembered for a minute (introduction of the Identity System
// API).
const (
	minKey     = 32
	maxKey     = 255
	keyTTL     = time.Minute
	maxReplays = 20_000
)

// A replayKey is what a remembered answer belongs to. Clients do not see each other's.
type replayKey struct{ client, path, key string }

// A replay is the first answer to a key, or the promise of one.
type replay struct {
	body   [sha256.Size]byte // digest of the first request's body
	done   chan struct{}     // closed when the first request has ended
	answer reply
	kept   bool // the work was done, so that answer stands
}

// replays remembers the answers to POST requests by their idempotency keys.
type replays struct {
	now   func() time.Time
	mu    sync.Mutex
	known *expiring[replayKey, *replay]
}

func newReplays(now func() time.Time) *replays {
	return &replays{now: now, known: newExpiring[replayKey, *replay](keyTTL, maxReplays)}
}

// idempotent runs handle once for each idempotency key. A second request with the key waits for the first and gets
// its answer; when the first did no work (it was refused for its form, or for a fault of ours), the second does.
func (t *Tenant) idempotent(e *exchange, handle handler) (reply, error) {
	key := e.request.Header.Get("X-Idempotency-Key")
	switch {
	case key == "":
		return handle(e)
	case len(key) < minKey || len(key) > maxKey:
		return reply{}, refuse(http.StatusBadRequest, "X-Idempotency-Key must be 32 to 255 characters long")
	}
	ctx := e.request.Context()
	id := replayKey{e.grant.client, e.request.URL.RequestURI(), key}
	digest := sha256.Sum256(e.body)
	for {
		r, first := t.replays.claim(id, digest)
		if first {
			return t.replays.fulfil(id, r, func() reply { return t.settle(ctx, e, handle) }), nil
		}
		if r.body != digest {
			return reply{}, refuse(http.StatusUnprocessableEntity, "X-Idempotency-Key was used with another request body")
		}
		if answer, ok, err := r.wait(ctx); ok || err != nil {
			return answer.with("X-Idempotent-Replayed", "true"), err
		}
	}
}

// claim returns what is known of id, or makes the caller the first.
func (p *replays) claim(id replayKey, body [sha256.Size]byte) (r *replay, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r, ok := p.known.get(id, p.now()); ok {
		return r, false
	}
	r = &replay{body: body, done: make(chan struct{})}
	p.known.put(id, r, p.now())
	return r, true
}

// fulfil does the work that r promises and lets go those who wait for it, also when the work panics.
func (p *replays) fulfil(id replayKey, r *replay, work func() reply) reply {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if known, ok := p.known.get(id, p.now()); ok && known == r && !r.kept {
			p.known.remove(id)
		}
		close(r.done)
	}()
	answer := work()
	r.answer, r.kept = answer, worked(answer)
	return answer
}

// worked reports whether a handler came to a result, rather than turning the request away unread or failing.
func worked(answer reply) bool {
	switch answer.status {
	case http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity:
		return true
	}
	return answer.status >= 200 && answer.status < 300
}

// wait returns the first request's answer; ok is false when it did no work.
func (r *replay) wait(ctx context.Context) (answer reply, ok bool, err error) {
	select {
	case <-r.done:
		return r.answer, r.kept, nil
	case <-ctx.Done():
		return reply{}, false, ctx.Err()
	}
}
