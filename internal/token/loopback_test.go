package token_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"foyer/internal/registration"
	"foyer/internal/token"
)

func TestBrowserSignInUsesACodeOnce(t *testing.T) {
	h := newHouse()
	asked, goOn := make(chan struct{}), make(chan struct{})
	h.answer("/token", func(url.Values) step {
		close(asked)
		<-goOn
		return refuses("invalid_grant")
	})
	s, _ := h.source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"))
	b := browse(t.Context(), t, s)
	b.bring(t, http.MethodGet, "", b.good()...)
	<-asked
	b.bring(t, http.MethodGet, "", b.good()...) // as a page that is loaded again
	close(goOn)
	wantKind(t, "Poll()", (<-b.polled).err, registration.StaffSignIn)
	if got := len(h.sent("/token")); got != 1 {
		t.Errorf("%d token requests, want 1", got)
	}
}

func TestBrowserSignInEndsWithItsContext(t *testing.T) {
	s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"))
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	b := browse(ctx, t, s)
	b.bring(t, http.MethodGet, "/x")
	cancel()
	if got := <-b.polled; !errors.Is(got.err, context.Canceled) {
		t.Errorf("Poll() = %+v, want that it was cancelled", got)
	}
	wantRefused(t, b)
	eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= before })
}

func TestBrowserSignInAtAPortThatIsTaken(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://"+taken.Addr().String()+"/callback"))
	_, err = s.SignIn(t.Context())
	if staff := wantKind(t, "SignIn()", err, registration.Misconfigured); !strings.Contains(staff, "auth.redirect_url (http://"+taken.Addr().String()) {
		t.Errorf("Staff = %q, want the address in it", staff)
	}
}

func TestBrowserSignInAtOnePortAgainAndAgain(t *testing.T) {
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://"+address+"/callback"))
	for range 3 {
		b := browse(t.Context(), t, s)
		b.bring(t, http.MethodGet, "", b.good()...)
		if got := <-b.polled; got.err != nil {
			t.Fatalf("Poll() = %v", got.err)
		}
	}
}

func TestBrowserSignInSaysWhetherThereIsABrowser(t *testing.T) {
	tests := []struct {
		name string
		open func(string) bool
		want bool
	}{
		{"none is known", nil, false},
		{"there is none", func(string) bool { return false }, false},
		{"there is one", func(page string) bool { return strings.HasPrefix(page, houseIssuer+"/authorize?") }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"), func(c *token.Config) { c.Staff.Open = tt.open })
			begun, err := s.SignIn(t.Context())
			if err != nil || begun.Prompt().Opened != tt.want {
				t.Errorf("SignIn() = %v, Opened %t, want %t", err, begun.Prompt().Opened, tt.want)
			}
		})
	}
}

func TestBrowserSignInDoesNotWaitForABrowserInTheForeground(t *testing.T) {
	closed := make(chan struct{})
	defer close(closed)
	s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"), func(c *token.Config) {
		c.Staff.Open = func(string) bool {
			<-closed
			return true
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel) // instead of three seconds
	if begun, err := s.SignIn(ctx); err != nil || !begun.Prompt().Opened {
		t.Errorf("SignIn() = %v, want it begun, with a browser", err)
	}
}
