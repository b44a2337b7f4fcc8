package sandbox_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/sandbox"
)

const users = "/pools/customers/users"

// keyed makes a create call with an idempotency key.
func (h *harness) keyed(t *testing.T, key, body string) answer {
	t.Helper()
	return h.api(t, http.MethodPost, users, body, "X-Idempotency-Key", key)
}

// tryKeyed is keyed for calls that may get no answer.
func (h *harness) tryKeyed(t *testing.T, key, body string) (answer, error) {
	t.Helper()
	t.Helper()
	return h.try(t, http.MethodPost, "/api/identity/default/system"+users, body, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+h.token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Idempotency-Key", key)
	})
}

func TestIdempotencyKeyReplays(t *testing.T) {
	h := start(t)
	key := strings.Repeat("k", 32)
	first := h.keyed(t, key, user("ann@example.com", ""))
	h.clock.Advance(59 * time.Second)
	second := h.keyed(t, key, user("ann@example.com", ""))
	if second.status != http.StatusCreated || second.body != first.body || second.header.Get("ETag") != first.header.Get("ETag") {
		t.Errorf("replay = %d %s, want the first answer %s", second.status, second.body, first.body)
	}
	if first.header.Get("X-Idempotent-Replayed") != "" || second.header.Get("X-Idempotent-Replayed") != "true" {
		t.Errorf("X-Idempotent-Replayed = %q, then %q, want it on the replay only",
			first.header.Get("X-Idempotent-Replayed"), second.header.Get("X-Idempotent-Replayed"))
	}
	if first.header.Get("X-Trace-Id") == second.header.Get("X-Trace-Id") {
		t.Error("the replay has the first answer's trace id")
	}
	h.clock.Advance(time.Second)
	if third := h.keyed(t, key, user("ann@example.com", "")); third.status != http.StatusConflict {
		t.Errorf("the same after a minute = %d, want 409", third.status)
	}
}

func TestIdempotencyKeyBelongsTo(t *testing.T) {
	key := strings.Repeat("k", 255)
	tests := []struct {
		name  string
		again func(*testing.T, *harness) answer
		want  int
	}{
		{"its body", func(t *testing.T, h *harness) answer {
			t.Helper()
			return h.keyed(t, key, user("bo@example.com", ""))
		}, http.StatusUnprocessableEntity},
		{"its path", func(t *testing.T, h *harness) answer {
			t.Helper()
			return h.api(t, http.MethodPost, users+"/by_key", user("ann@example.com", ""), "X-Idempotency-Key", key)
		}, http.StatusBadRequest},
		{"its characters", func(t *testing.T, h *harness) answer {
			t.Helper()
			return h.keyed(t, strings.Repeat("k", 254)+"x", user("ann@example.com", ""))
		}, http.StatusConflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.keyed(t, key, user("ann@example.com", ""))
			got := tt.again(t, h)
			if got.status != tt.want || got.header.Get("X-Idempotent-Replayed") != "" {
				t.Errorf("the key again = %d %s, want %d and no replay", got.status, got.body, tt.want)
			}
		})
	}
}

func TestIdempotencyKeyLengths(t *testing.T) {
	h := start(t)
	for length, want := range map[int]int{31: 400, 32: 201, 255: 201, 256: 400} {
		h.clock.Advance(time.Second)
		body := `{"status":"new","payload":{"given_name":"A","family_name":"B"}}`
		if got := h.keyed(t, strings.Repeat("k", length), body); got.status != want {
			t.Errorf("a key of %d characters = %d, want %d", length, got.status, want)
		}
	}
}

// TestIdempotencyKeyIsKept tells the answers that stand for a minute from those after which a retry is a new try.
func TestIdempotencyKeyIsKept(t *testing.T) {
	bad := `{"status":"active"}`
	tests := []struct {
		name  string
		fault sandbox.Fault
		body  string
		want  bool
	}{
		{"when the user was made", sandbox.Fault{}, user("ann@example.com", ""), true},
		{"when the body was judged", sandbox.Fault{}, bad, true},
		{"not when the body could not be read", sandbox.Fault{}, `{"status":`, false},
		{"not when no work was done", sandbox.Fault{Status: 503, Times: 1}, user("ann@example.com", ""), false},
		{"not when it was dropped before", sandbox.Fault{Drop: sandbox.DropBefore, Times: 1}, user("ann@example.com", ""), false},
		{"when it was dropped after", sandbox.Fault{Drop: sandbox.DropAfter, Times: 1}, user("ann@example.com", ""), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.client.Transport = &http.Transport{DisableKeepAlives: true} // on a kept connection Go itself tries again
			h.Misbehave(tt.fault)
			key := strings.Repeat("k", 40)
			if _, err := h.tryKeyed(t, key, tt.body); (err != nil) != (tt.fault.Drop != sandbox.DropNever) {
				t.Fatalf("first create: error %v", err)
			}
			got, err := h.tryKeyed(t, key, tt.body)
			if err != nil {
				t.Fatalf("second create: %v", err)
			}
			if replayed := got.header.Get("X-Idempotent-Replayed") == "true"; replayed != tt.want {
				t.Errorf("second create = %d, replayed %v, want %v", got.status, replayed, tt.want)
			}
		})
	}
}

func TestIdempotencyKeyConcurrently(t *testing.T) {
	h := start(t)
	body := user("ann@example.com", password("lagoon-Copper-72 tiles")) // takes a while to hash
	answers := make([]answer, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			if answers[i], err = h.tryKeyed(t, strings.Repeat("k", 32), body); err != nil {
				t.Errorf("create: %v", err)
			}
		})
	}
	wg.Wait()
	replays := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || a.body != answers[0].body {
			t.Errorf("an answer is %d %s, want %s", a.status, a.body, answers[0].body)
		}
		if a.header.Get("X-Idempotent-Replayed") == "true" {
			replays++
		}
	}
	if replays != len(answers)-1 {
		t.Errorf("%d of %d answers are replays, want all but one", replays, len(answers))
	}
}
