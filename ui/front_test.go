package ui_test

import (
	"context"
	"sync"
	"time"

	"foyer/internal/registration"
	"foyer/ui/screen"
)

// A front is a screen.Desk that does as it is told. Sign-ins wait for an answer.
type front struct {
	prompt   registration.SignInPrompt
	refusal  error // of SignIn
	untold   error // of SignOut
	progress chan func() (registration.SignInProgress, error)
	leaving  chan struct{} // when not nil, SignOut waits for it

	mu       sync.Mutex
	operator registration.Operator // the zero one when nobody is signed in
	begun    []context.Context     // of the sign-ins
}

// newFront is a desk where nobody is signed in, and where a sign-in shows prompt.
func newFront(prompt registration.SignInPrompt) *front {
	return &front{prompt: prompt, progress: make(chan func() (registration.SignInProgress, error), 8)}
}

// phonePrompt is for a code that is typed on a phone.
func phonePrompt(c *clock) registration.SignInPrompt {
	const url = "https://acme.example.com/acme/system/device"
	return registration.SignInPrompt{URL: url, CompleteURL: url + "?user_code=WDJB-MJHT", UserCode: "WDJB-MJHT", Expires: c.Now().Add(10 * time.Minute)}
}

// browserPrompt is for a sign-in in a browser of this machine, whose address is as long as they get.
func browserPrompt(c *clock, opened bool) registration.SignInPrompt {
	return registration.SignInPrompt{URL: longURL, Opened: opened, Expires: c.Now().Add(5 * time.Minute)}
}

const longURL = "https://acme.eu.authz.example.com/acme/system/oauth2/authorize?response_type=code&client_id=9c3f6f5e8b7d4a2f9d1e0c5b6a7f8e9d" +
	"&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback&scope=openid%20profile%20offline_access%20identity%20identity_self_registration" +
	"&state=Zm9yIGEgc3RhdGUgdGhhdCBpcyBsb25nIGVub3VnaA&nonce=bm9uY2UtdGhhdC1pcy1sb25nLWVub3VnaC10b28" +
	"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&prompt=login"

// desk is f as the ui takes it: nil when there is none.
func (f *front) desk() screen.Desk {
	if f == nil {
		return nil
	}
	return f
}

func ann() registration.Operator { return registration.Operator{Subject: "s-1", Name: "Ann Lee"} }

// seat signs operator in, or with the zero one out, without anybody at the screen.
func (f *front) seat(operator registration.Operator) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.operator = operator
}

func (f *front) Operator() (registration.Operator, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.operator, f.operator != registration.Operator{}
}

func (f *front) SignIn(ctx context.Context) (screen.SignIn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begun = append(f.begun, ctx)
	return frontSignIn{f}, f.refusal
}

func (f *front) SignOut(ctx context.Context) error {
	f.seat(registration.Operator{})
	if f.leaving != nil {
		select {
		case <-f.leaving:
		case <-ctx.Done():
		}
	}
	return f.untold
}

// signIns are the contexts of those that were begun.
func (f *front) signIns() []context.Context {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.begun
}

// willAdmit answers the sign-in with operator.
func (f *front) willAdmit(operator registration.Operator) {
	f.progress <- func() (registration.SignInProgress, error) {
		f.seat(operator)
		return registration.SignInProgress{Done: true, Operator: operator}, nil
	}
}

// willSay answers the sign-in with something else.
func (f *front) willSay(p registration.SignInProgress, err error) {
	f.progress <- func() (registration.SignInProgress, error) { return p, err }
}

type frontSignIn struct{ *front }

func (s frontSignIn) Prompt() registration.SignInPrompt { return s.prompt }

func (s frontSignIn) Poll(ctx context.Context) (registration.SignInProgress, error) {
	select {
	case answer := <-s.progress:
		return answer()
	case <-ctx.Done():
		return registration.SignInProgress{}, ctx.Err()
	}
}
