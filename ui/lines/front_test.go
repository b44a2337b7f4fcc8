package lines_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"

	"foyer/internal/registration"
	"foyer/ui/screen"
)

// A front is a desk where the first sign-in is refused, the second waits for ever, and the others are Bea's.
type front struct {
	mu    sync.Mutex
	times int
	in    bool
}

func (f *front) Operator() (registration.Operator, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return registration.Operator{Subject: "b", Name: "Bea"}, f.in
}

func (f *front) SignIn(context.Context) (screen.SignIn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.times++
	return badge{f, f.times}, nil
}

func (f *front) SignOut(context.Context) error {
	f.leave()
	return nil
}

func (f *front) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.in = false
}

// A badge is a sign-in.
type badge struct {
	front *front
	time  int
}

func (badge) Prompt() registration.SignInPrompt {
	return registration.SignInPrompt{URL: "https://example.com/device", UserCode: "ABCD-EFGH", Expires: time.Now().Add(time.Hour)}
}

func (b badge) Poll(ctx context.Context) (registration.SignInProgress, error) {
	switch b.time {
	case 1:
		return registration.SignInProgress{}, registration.ErrSignInDenied
	case 2:
		<-ctx.Done()
		return registration.SignInProgress{}, ctx.Err()
	}
	b.front.mu.Lock()
	defer b.front.mu.Unlock()
	b.front.in = true
	return registration.SignInProgress{Done: true, Operator: registration.Operator{Name: "Bea"}}, nil
}

var appKey = regexp.MustCompile(`The key:\s+([A-Z2-7 ]+)\s`)

// app is the code that an authenticator app shows for the key that was heard last.
func (p *partner) app() string {
	p.t.Helper()
	all := appKey.FindAllStringSubmatch(p.out.String(), -1)
	code, err := totp.GenerateCode(strings.ReplaceAll(all[len(all)-1][1], " ", ""), time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}
