package identitypools

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"foyer/internal/exchange"
	"foyer/internal/registration"

	"golang.org/x/oauth2"
)

// maxBody bounds a request and an answer, in bytes.
const maxBody = 1 << 20

// What can be wrong with a body or an address.
var (
	errTooLong     = errors.New("the answer is longer than 1 MiB")
	errTooLarge    = errors.New("the request is larger than 1 MiB")
	errUnforeseen  = errors.New("the answer is of a success that the API does not describe")
	errMalformed   = errors.New("the answer is not what the API describes")
	errID          = errors.New("an id cannot stand in a path")
	errUnencodable = errors.New("the request cannot be written as JSON")
)

// A call is one operation with its arguments.
type call struct {
	operation string
	public    bool // of the Public API, not the Identity System API
	code      bool // it gives a code back, so that a 401 may be about that instead of the access token
	method    string
	path      []string // segments under the API's base, unescaped
	query     url.Values
	header    http.Header // beside those that every call has
	body      *body       // JSON; nil for none
	want      int         // the one status of success
}

// An answer is a response that was read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
	lost   bool // the request was sent before, and that was not answered
}

// do makes the call and returns its answer of success. A 401 earns one fresh token and one more attempt, with the same
// body and the same idempotency key; nothing else does, and a 403 least of all: a fresh token has the same scopes.
func (c *Client) do(ctx context.Context, l call) (answer, *Error) {
	base := c.base
	if l.public {
		base = c.public
	}
	target := join(base, l.path...)
	switch {
	case target == nil:
		return answer{}, &Error{Operation: l.operation, Err: errID}
	case l.body.size() > maxBody:
		return answer{}, &Error{Operation: l.operation, Err: errTooLarge}
	}
	target.RawQuery = l.query.Encode()
	start := time.Now()
	a, token, err := c.attempt(ctx, target, l)
	if err == nil && a.status == http.StatusUnauthorized && (!l.code || c.unwelcome(ctx)) {
		c.log.WarnContext(ctx, l.operation+": the tenant refused the access token; a fresh one is tried", "trace_id", exchange.TraceID(a.header))
		c.tokens.Invalidate(token)
		lost := a.lost
		a, _, err = c.attempt(ctx, target, l)
		a.lost = a.lost || lost
	}
	if err == nil && a.status != l.want {
		err = refused(l.operation, a, time.Now())
	}
	if err != nil {
		err.Lost = a.lost
	}
	c.note(ctx, l.operation, a, err, time.Since(start))
	return a, err
}

// unwelcome reports whether a refusal with status 401 is about the access token and not about the code that was given back:
// then another call is refused, too. To ask costs less than to use up one of the few tries that a code has.
func (c *Client) unwelcome(ctx context.Context) bool {
	probe := call{operation: opGetPool, method: http.MethodGet, path: c.inPool()}
	a, _, err := c.attempt(ctx, join(c.base, probe.path...), probe)
	return err == nil && a.status == http.StatusUnauthorized
}

// attempt sends the call once. The error is of the way there and back; any status is an answer.
func (c *Client) attempt(ctx context.Context, target *url.URL, l call) (answer, *oauth2.Token, *Error) {
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return answer{}, nil, &Error{Operation: l.operation, Err: err}
	}
	ctx, way := watch(ctx)
	request, err := http.NewRequestWithContext(ctx, l.method, target.String(), nil)
	if err != nil {
		return answer{}, nil, &Error{Operation: l.operation, Err: err}
	}
	for name, values := range l.header {
		request.Header[name] = values
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "foyer")
	if l.body != nil {
		l.body.put(request)
		request.Header.Set("Content-Type", "application/json")
	}
	token.SetAuthHeader(request)
	a := answer{}
	defer func(start time.Time) { c.observe(l.operation, a.status, time.Since(start)) }(time.Now())
	response, err := c.http.Do(request)
	if err != nil {
		wait, held := exchange.Held(err)
		return answer{}, token, &Error{Operation: l.operation, RetryAfter: wait, Sent: !held && way.mayHaveSent(), Err: err}
	}
	defer func() { _ = response.Body.Close() }()
	registration.NoteTrace(ctx, exchange.TraceID(response.Header))
	a, err = read(response)
	a.lost = way.lost()
	if err != nil && a.status == l.want { // a refusal says enough by its status
		return a, token, broken(l.operation, a, err)
	}
	return a, token, nil
}

// observe tells of a request.
func (c *Client) observe(operation string, status int, elapsed time.Duration) {
	if c.seen != nil {
		c.seen(operation, status, elapsed)
	}
}

// read takes in an answer. What is left of one that is too long is not waited for: its connection is given up.
func read(response *http.Response) (answer, error) {
	a := answer{status: response.StatusCode, header: response.Header}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		return a, err
	case len(body) > maxBody:
		return a, errTooLong
	}
	a.body = body
	return a, nil
}

// note logs how a call went: those that went well for debugging only.
func (c *Client) note(ctx context.Context, operation string, a answer, err *Error, elapsed time.Duration) {
	switch {
	case err == nil:
		c.log.DebugContext(ctx, operation, "status", a.status, "trace_id", exchange.TraceID(a.header), "elapsed", elapsed)
	case unknownCode(err):
		c.log.WarnContext(ctx, operation+": unknown error_code", "error", err, "elapsed", elapsed)
	default:
		c.log.InfoContext(ctx, operation, "error", err, "elapsed", elapsed)
	}
}
