package sandbox

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

// keyedExchange is a POST with an idempotency key, always the same.
func keyedExchange(ctx context.Context) *exchange {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/x", nil)
	r.Header.Set("X-Idempotency-Key", strings.Repeat("k", minKey))
	return newExchange(r)
}

// TestIdempotencyKeyWaits is about two requests with one key at the same time, the first of which ends with a status.
func TestIdempotencyKeyWaits(t *testing.T) {
	tests := []struct {
		name  string
		first int
		want  int // of the second
		runs  int // of the handler
	}{
		{"a result is shared", http.StatusCreated, http.StatusCreated, 1},
		{"a failure is tried again", http.StatusInternalServerError, http.StatusCreated, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant, err := New(Options{})
				if err != nil {
					t.Fatal(err)
				}
				release, runs := make(chan struct{}), 0
				go func() {
					_, _ = tenant.idempotent(keyedExchange(t.Context()), func(*exchange) (reply, error) {
						runs++
						<-release
						return reply{status: tt.first}, nil
					})
				}()
				synctest.Wait()
				second := make(chan reply, 1)
				go func() {
					answer, _ := tenant.idempotent(keyedExchange(t.Context()), func(*exchange) (reply, error) {
						runs++
						return reply{status: http.StatusCreated}, nil
					})
					second <- answer
				}()
				synctest.Wait() // the second waits now
				close(release)
				if got := (<-second).status; got != tt.want || runs != tt.runs {
					t.Errorf("second = %d after %d runs, want %d after %d", got, runs, tt.want, tt.runs)
				}
			})
		})
	}
}

func TestWaitingEndsWithTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		release := make(chan struct{})
		defer close(release)
		go func() {
			_, _ = tenant.idempotent(keyedExchange(t.Context()), func(*exchange) (reply, error) {
				<-release
				return reply{status: http.StatusCreated}, nil
			})
		}()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := tenant.idempotent(keyedExchange(ctx), tenant.jwks); !errors.Is(err, context.Canceled) {
			t.Errorf("waiting for another's answer = %v, want %v", err, context.Canceled)
		}
		for range cap(tenant.hasher.slots) {
			tenant.hasher.slots <- struct{}{}
		}
		if _, err := tenant.hasher.begin(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("waiting for the hasher = %v, want %v", err, context.Canceled)
		}
	})
}

// TestPanicLetsWaitersGo is about a handler that panics, which net/http survives.
func TestPanicLetsWaitersGo(t *testing.T) {
	tenant, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = tenant.idempotent(keyedExchange(t.Context()), func(*exchange) (reply, error) { panic("x") })
	}()
	answer, err := tenant.idempotent(keyedExchange(t.Context()), tenant.jwks)
	if err != nil || answer.status != http.StatusOK {
		t.Errorf("the key after a panic = %d, %v, want 200", answer.status, err)
	}
}
