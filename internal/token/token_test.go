package token_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"foyer/internal/exchange"
	"foyer/internal/registration"
	"foyer/internal/token"
)

// pass lets time go by, as a bubble has it.
func pass(d time.Duration) { <-time.After(d) }

// mustToken returns the name of the token that s hands out.
func mustToken(t *testing.T, s *token.Source) *oauth2.Token {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil {
		t.Fatalf("Token() = %v, want a token", err)
	}
	return got
}

// wantToken fails the test unless s hands out the token of that name.
func wantToken(t *testing.T, s *token.Source, name string) {
	t.Helper()
	if got := mustToken(t, s).AccessToken; got != markerToken+"-"+name {
		t.Errorf("Token() = %s, want %s-%s", got, markerToken, name)
	}
}

func TestTokenIsFetchedOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{delay: time.Second, steps: []step{granted("a", 3600), granted("b", 3600)}}
		s, _ := source(t, i)
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() { wantToken(t, s, "a") })
		}
		group.Wait()
		if i.count() != 1 {
			t.Errorf("100 callers made %d requests, want 1", i.count())
		}
	})
}

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	tests := []struct {
		name  string
		life  int           // seconds
		early time.Duration // before the expiry
	}{
		{"an hour's token a minute early", 3600, time.Minute},
		{"a short token when a tenth is left", 100, 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &issuer{steps: []step{granted("a", tt.life), granted("b", tt.life)}}
				s, _ := source(t, i)
				wantToken(t, s, "a")
				pass(time.Duration(tt.life)*time.Second - tt.early - time.Millisecond)
				wantToken(t, s, "a")
				synctest.Wait()
				if i.count() != 1 {
					t.Fatalf("%d requests before it was time, want 1", i.count())
				}
				pass(time.Millisecond)
				wantToken(t, s, "a") // nobody waits for the renewal
				synctest.Wait()
				wantToken(t, s, "b")
			})
		})
	}
}

func TestTokenKeepsWorkingWhileRenewalFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{steps: []step{granted("a", 3600), {}, {status: 503}, granted("b", 3600)}}
		s, log := source(t, i)
		wantToken(t, s, "a")
		pass(time.Hour - time.Minute)
		for range 10 {
			wantToken(t, s, "a")
			synctest.Wait()
		}
		if i.count() != 2 {
			t.Errorf("%d requests, want 2: a failed renewal is not repeated at once", i.count())
		}
		pass(5 * time.Second)
		wantToken(t, s, "a")
		synctest.Wait()
		pass(5 * time.Second)
		wantToken(t, s, "a")
		synctest.Wait()
		wantToken(t, s, "b")
		discloses(t, "log", log.String())
	})
}

func TestTokenThatExpiredIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{steps: []step{granted("a", 3600), {status: 503}}}
		s, _ := source(t, i)
		wantToken(t, s, "a")
		pass(time.Hour)
		if got, err := s.Token(t.Context()); err == nil {
			t.Errorf("Token() = %v an hour later, want an error", got.AccessToken)
		}
	})
}

func TestTokenWithoutExpiryIsUsedUntilRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{steps: []step{granted("a", 0), granted("b", 0), granted("c", 0)}}
		s, _ := source(t, i)
		first := mustToken(t, s)
		pass(1000 * time.Hour)
		wantToken(t, s, "a")
		s.Invalidate(first)
		wantToken(t, s, "b")
		s.Invalidate(first) // as another caller that was refused at the same time
		wantToken(t, s, "b")
	})
}

func TestTokenLetsACallerGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{delay: time.Minute / 10, steps: []step{granted("a", 3600)}}
		s, _ := source(t, i)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := s.Token(ctx)
		var known *token.Error
		if !errors.As(err, &known) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Token() = %v, want an *Error of the deadline", err)
		}
		if kind := known.Problem().Kind; kind != registration.Unavailable {
			t.Errorf("(%v).Problem().Kind = %s, want unavailable", err, kind)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("Token() came back after %v, want 1s", waited)
		}
		wantToken(t, s, "a")
		if i.count() != 1 {
			t.Errorf("%d requests, want 1: the end of one caller's context does not end the fetch", i.count())
		}
	})
}

func TestTokenGivesUpOnAnIssuerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := source(t, &issuer{delay: time.Hour, steps: []step{granted("a", 3600)}})
		start := time.Now()
		if _, err := s.Token(t.Context()); err == nil {
			t.Error("Token() = nil, want an error")
		}
		if waited := time.Since(start); waited > 15*time.Second {
			t.Errorf("Token() came back after %v, want at most 15s", waited)
		}
	})
}

func TestTokenNeverPresentsARefusedClientAgain(t *testing.T) {
	refusals := []struct {
		name string
		give step
	}{
		{"invalid_client with 401", step{status: 401, body: `{"error":"invalid_client","error_description":"` + markerText + `"}`}},
		{"invalid_client with 400", step{status: 400, body: `{"error":"invalid_client"}`}},
		{"unauthorized_client", step{status: 400, body: `{"error":"unauthorized_client"}`}},
		{"a 401 in the generic shape", step{status: 401, body: `{"error":"` + markerText + `","error_code":401}`}},
		{"a 401 without a body", step{status: 401}},
	}
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &issuer{steps: []step{tt.give, granted("a", 3600)}}
				s, log := source(t, i)
				_, first := s.Token(t.Context())
				pass(1000 * time.Hour)
				_, again := s.Token(t.Context())
				if first == nil || !errors.Is(again, first) {
					t.Errorf("Token() = %v, then %v, want the same error", first, again)
				}
				if i.count() != 1 {
					t.Errorf("%d requests, want 1", i.count())
				}
				discloses(t, "error", first.Error())
				discloses(t, "log", log.String())
			})
		})
	}
}

func TestTokenWaitsAsLongAsItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := step{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"60"}}, body: `{"error":"slow down","error_code":429}`}
		i := &issuer{steps: []step{busy, granted("a", 3600)}}
		s, _ := source(t, i)
		retryAfter := func() time.Duration {
			_, err := s.Token(t.Context())
			p := registration.AsProblem(err, "")
			if p == nil || p.Kind != registration.TooMany {
				t.Fatalf("Token() = %v, want too_many", err)
			}
			return p.RetryAfter
		}
		if got := retryAfter(); got != time.Minute {
			t.Errorf("RetryAfter = %v, want 1m", got)
		}
		pass(20 * time.Second)
		if got := retryAfter(); got != 40*time.Second {
			t.Errorf("RetryAfter = %v after 20s, want 40s", got)
		}
		if i.count() != 1 {
			t.Errorf("%d requests within Retry-After, want 1", i.count())
		}
		pass(40 * time.Second)
		wantToken(t, s, "a")
	})
}

func TestTokenFindsAnEndpointThatMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		where := "/old"
		s, _ := source(t, tripper(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, r.URL.Path)
			switch r.URL.Path {
			case "/acme/system/.well-known/openid-configuration":
				return respond(r, step{status: 200, body: `{"issuer":"https://acme.test/acme/system","token_endpoint":"https://acme.test` + where + `"}`})
			case where:
				return respond(r, granted("a", 100))
			}
			return respond(r, step{status: 404})
		}))
		wantToken(t, s, "a")
		where = "/new"
		pass(time.Hour)
		if _, err := s.Token(t.Context()); err == nil {
			t.Error("Token() = nil at the old endpoint, want an error")
		}
		wantToken(t, s, "a")
		if len(asked) != 5 {
			t.Errorf("requests to %v, want 5: discovery is kept while it is right", asked)
		}
	})
}

// TestATenantThatIsSparedIsNotAskedForAToken has discovery, and then the token request, held back as a circuit breaker does.
func TestATenantThatIsSparedIsNotAskedForAToken(t *testing.T) {
	for _, held := range []string{"/openid-configuration", "/oauth2/token"} {
		t.Run(held, func(t *testing.T) {
			base := &issuer{steps: []step{granted("1", 3600)}}
			s, _ := source(t, tripper(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, held) {
					return nil, &exchange.HeldError{Wait: 7 * time.Second, Err: io.ErrUnexpectedEOF}
				}
				return base.RoundTrip(r)
			}))
			_, err := s.Token(t.Context())
			p := registration.AsProblem(err, "")
			if p == nil || p.Kind != registration.Unavailable || p.RetryAfter != 7*time.Second {
				t.Errorf("Token() = %v, %+v, want unavailable for 7s", err, p)
			}
		})
	}
}
