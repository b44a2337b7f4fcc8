package token

import (
	"context"
	"errors"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"foyer/internal/clean"
	"foyer/internal/fixable"
	"foyer/internal/registration"
)

// deviceGrant is the grant type of device codes (RFC 8628, 3.4).
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// How often the tenant is asked whether somebody has signed in (RFC 8628, 3.2 and 3.5).
const (
	usualInterval = 5 * time.Second
	slowerBy      = 5 * time.Second
	longestPause  = time.Minute
)

// Lengths of what is shown of a device authorization, in characters.
const (
	maxUserCode = 64
	maxPageURL  = 2048
)

// onDevice asks for a code that a member of staff types on another device (RFC 8628, 3.1).
func (i *SignIn) onDevice(ctx context.Context) error {
	s := i.source
	endpoint := i.meta.endpoint(i.id, func(e Endpoints) string { return e.DeviceAuthorization })
	if endpoint == "" {
		return fixable.Errorf("the tenant has no device authorization endpoint; enable the device flow there, or set auth.grant to authorization_code")
	}
	request := oauth2.Config{ClientID: s.config.ClientID, Scopes: s.config.Scopes, Endpoint: oauth2.Endpoint{DeviceAuthURL: endpoint}}
	client, seen := s.authenticated(i.id)
	got, err := request.DeviceAuth(context.WithValue(ctx, oauth2.HTTPClient, client))
	if err != nil {
		return s.withoutToken(opSignIn, seen, err)
	}
	if got.DeviceCode == "" || got.UserCode == "" || !safe(got.VerificationURI) {
		return s.withoutToken(opSignIn, seen, errNoToken)
	}
	i.prompt = registration.SignInPrompt{
		URL: clean.Line(got.VerificationURI, maxPageURL), UserCode: clean.Line(got.UserCode, maxUserCode), Expires: got.Expiry,
	}
	if safe(got.VerificationURIComplete) {
		i.prompt.CompleteURL = clean.Line(got.VerificationURIComplete, maxPageURL)
	}
	code := deviceCode{code: got.DeviceCode, interval: usualInterval}
	if got.Interval > 0 {
		code.interval = min(time.Duration(got.Interval)*time.Second, longestPause)
	}
	i.poll = func(ctx context.Context) (issued, time.Duration, error) { return code.poll(ctx, i) }
	return nil
}

// A deviceCode is asked about until somebody has signed in.
type deviceCode struct {
	code     string
	interval time.Duration
}

// poll asks at each interval, until there is a token, the tenant asks to be asked less often, or all is over. A connection
// that fails is tried again, less often each time (RFC 8628, 3.5).
func (d *deviceCode) poll(ctx context.Context, i *SignIn) (issued, time.Duration, error) {
	pause := d.interval
	for {
		if err := wait(ctx, pause); err != nil {
			return issued{}, 0, err
		}
		got, err := i.source.exchange(ctx, i.id, i.meta.tokenEndpoint(i.id), url.Values{"grant_type": {deviceGrant}, "device_code": {d.code}})
		var known *Error
		switch {
		case err == nil || !errors.As(err, &known):
			return got, 0, err
		case known.Code == codeAuthorizationPending:
			pause = d.interval
		case known.Code == codeSlowDown:
			d.interval = min(d.interval+slowerBy, longestPause)
			return issued{}, d.interval, nil
		case known.Problem().Kind == registration.Unavailable && ctx.Err() == nil:
			pause = min(2*pause, longestPause)
		default:
			return issued{}, 0, err
		}
	}
}

// wait waits for d, or for the end of ctx.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
