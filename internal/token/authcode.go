package token

import (
	"context"
	"crypto/rand"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"foyer/internal/fixable"
	"foyer/internal/registration"
)

// Times of a sign-in.
const (
	signInTimeout = 10 * time.Minute // for a member of staff, where the tenant sets none
	openTimeout   = 3 * time.Second  // for a browser to start
)

// inBrowser listens on the loopback and makes the authorization request (RFC 6749, 4.1.1) that a browser on this machine
// shows. The code that comes back is of use only with the verifier, which does not leave the process before (RFC 7636).
func (i *SignIn) inBrowser(ctx context.Context) error {
	s := i.source
	if i.meta.Authorization == "" {
		return fixable.Errorf("the tenant has no authorization endpoint; enable the authorization code flow there, or set auth.grant to device_code")
	}
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	back, err := listen(ctx, s.config.Staff.RedirectURL, response{state: state, issuer: i.meta.Issuer, named: i.meta.ResponseNamesIssuer})
	if err != nil {
		return err
	}
	i.nonce = rand.Text()
	request := oauth2.Config{
		ClientID: s.config.ClientID, Scopes: s.config.Scopes, RedirectURL: back.url,
		Endpoint: oauth2.Endpoint{AuthURL: i.meta.Authorization},
	}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", i.nonce), prompt(s.config.Scopes)}
	if s.config.Prover != nil { // so that the code is of use with the key only
		options = append(options, oauth2.SetAuthURLParam("dpop_jkt", s.config.Prover.Thumbprint())) // RFC 9449, 10
	}
	page := request.AuthCodeURL(state, options...)
	back.serve(ctx, page)
	i.prompt = registration.SignInPrompt{URL: back.start, Expires: time.Now().Add(signInTimeout)}
	i.prompt.Opened = s.opened(ctx, page)
	i.end = back.close
	i.poll = func(ctx context.Context) (issued, time.Duration, error) {
		code, err := back.code(ctx)
		if err != nil {
			return issued{}, 0, err
		}
		got, err := s.exchange(ctx, i.id, i.meta.TokenEndpoint(i.id), url.Values{
			"grant_type": {"authorization_code"}, "code": {code.Reveal()}, "redirect_uri": {back.url}, "code_verifier": {verifier},
		})
		return got, 0, err
	}
	return nil
}

// prompt has the tenant ask who it is (OpenID Connect Core 1.0, 3.1.2.1), whatever it remembers of that browser: who signed
// out at a kiosk would be signed in again by the next visitor. Offline access takes consent (11).
func prompt(scopes []string) oauth2.AuthCodeOption {
	if slices.Contains(scopes, "offline_access") {
		return oauth2.SetAuthURLParam("prompt", "login consent")
	}
	return oauth2.SetAuthURLParam("prompt", "login")
}

// opened shows page in a browser of this machine and reports whether there is one. A browser that is a child of the call
// would hold it up until somebody closes that; one that takes long counts as open.
func (s *Source) opened(ctx context.Context, page string) bool {
	if s.config.Staff.Open == nil {
		return false
	}
	shown := make(chan bool, 1)
	go func() { shown <- s.config.Staff.Open(page) }()
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	select {
	case ok := <-shown:
		return ok
	case <-ctx.Done():
		return true
	}
}
