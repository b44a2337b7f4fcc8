package token

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"foyer/internal/clean"
	"foyer/internal/fixable"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// deviceGrant is the grant type of device codes (RFC 8628, 3.4).
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// How often the tenant is asked whether somebody has signed in (RFC 8628, 3.2 and 3.5).
const (
	usualInterval = 5 * time.Second
	slowerBy      = 5 * time.Second
	longestPause  = time.Minute // after failures, unless the interval is longer
)

// Lengths of what is shown of a device authorization, in characters.
const (
	maxUserCode = 64
	maxPageURL  = 2048
)

// An authorization is the answer of a device authorization endpoint (RFC 8628, 3.2).
type authorization struct {
	DeviceCode   secret.Text `json:"device_code"`
	UserCode     string      `json:"user_code"`
	Page         string      `json:"verification_uri"`
	CompletePage string      `json:"verification_uri_complete"`
	ExpiresIn    float64     `json:"expires_in"` // seconds
	Interval     float64     `json:"interval"`   // seconds; optional
}

// seconds is n as a duration, usual where n says nothing, and an hour at most.
func seconds(n float64, usual time.Duration) time.Duration {
	if !(n > 0) {
		return usual
	}
	return time.Duration(min(n, time.Hour.Seconds()) * float64(time.Second))
}

// onDevice asks for a code that a member of staff types on another device (RFC 8628, 3.1).
func (i *SignIn) onDevice(ctx context.Context) error {
	s := i.source
	endpoint := i.meta.endpoint(i.id, func(e Endpoints) string { return e.DeviceAuthorization })
	if endpoint == "" {
		return fixable.Errorf("the tenant has no device authorization endpoint; enable the device flow there, or set auth.grant to authorization_code")
	}
	form := url.Values{}
	if len(s.config.Scopes) > 0 {
		form.Set("scope", strings.Join(s.config.Scopes, " "))
	}
	start := time.Now()
	seen, err := s.post(ctx, opSignIn, i.id, endpoint, form)
	if err != nil {
		return err
	}
	known := s.answered(opSignIn, seen)
	var got authorization
	if json.Unmarshal(seen.body, &got) != nil {
		got = authorization{} // whose lack of a code says it all; the decoder's words may quote the answer
	}
	if known.Err = i.show(got, start); known.Err != nil {
		return known
	}
	code := deviceCode{code: got.DeviceCode, interval: seconds(got.Interval, usualInterval)}
	i.poll = func(ctx context.Context) (issued, time.Duration, error) { return code.poll(ctx, i) }
	return nil
}

// show makes the prompt of a device authorization that was asked for at start.
func (i *SignIn) show(got authorization, start time.Time) error {
	i.prompt = registration.SignInPrompt{
		URL: page(got.Page), CompleteURL: page(got.CompletePage), UserCode: clean.Line(got.UserCode, maxUserCode),
		Expires: start.Add(seconds(got.ExpiresIn, signInTimeout)),
	}
	switch {
	case got.DeviceCode.IsZero(), i.prompt.UserCode == "", got.Page == "":
		return errNoCode
	case i.prompt.URL == "":
		return fixable.Errorf("the tenant sends staff to the page %q, which is not https; correct the verification address in the tenant", clean.Line(got.Page, maxQuoted))
	}
	return nil
}

// page is address when it can be shown as it is and is safe to open; "" otherwise.
func page(address string) string {
	if !safe(address) || clean.Line(address, maxPageURL) != address {
		return ""
	}
	return address
}

// A deviceCode is asked about until somebody has signed in.
type deviceCode struct {
	code     secret.Text
	interval time.Duration // at least this long between two questions
}

// poll asks at each interval, until there is a token, the tenant asks to be asked less often, or all is over. What
// goes wrong on the way is tried again, less often each time (RFC 8628, 3.5).
func (d *deviceCode) poll(ctx context.Context, i *SignIn) (issued, time.Duration, error) {
	pause := d.interval
	for {
		if err := wait(ctx, pause); err != nil {
			return issued{}, 0, err
		}
		got, err := i.source.exchange(ctx, i.id, i.meta.TokenEndpoint(i.id), url.Values{"grant_type": {deviceGrant}, "device_code": {d.code.Reveal()}})
		var known *Error
		switch {
		case err == nil || !errors.As(err, &known):
			return got, 0, err
		case known.Code == codeAuthorizationPending:
			pause = d.interval
		case known.Code == codeSlowDown:
			d.interval += slowerBy
			return issued{}, d.interval, nil
		case known.passes() && ctx.Err() == nil:
			pause = max(d.interval, min(2*pause, longestPause), known.RetryAfter)
		default:
			return got, 0, err
		}
	}
}

// passes reports whether the same request may go well later.
func (e *Error) passes() bool {
	kind, _ := e.judge()
	return kind == registration.Unavailable || kind == registration.TooMany
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
