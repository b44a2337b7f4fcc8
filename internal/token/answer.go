package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// Bounds of what comes back.
const (
	maxBody       = 1 << 20 // bytes
	maxTraceID    = 64      // characters
	maxRetryAfter = time.Hour
)

// errTooLong says that an answer is longer than maxBody.
var errTooLong = errors.New("the answer is longer than 1 MiB")

// A recorder sends the requests of one operation and keeps the last answer: what the oauth2 library makes of an answer
// hides its status, and would cut a long body without a word.
type recorder struct {
	base   http.RoundTripper
	seen   func(status int, elapsed time.Duration) // is told of each request; nil for nobody
	proof  []string                                // of the identity that is proven; nil for none
	status int                                     // 0 until there is an answer
	header http.Header
	body   []byte
	failed error // why there is no answer; nil when there is one
}

// Format prints the status alone, whatever the verb: the body has tokens in it.
func (a *recorder) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "answer with status %d", a.status)
}

// RoundTrip sends r, asking for JSON, and returns the answer with all of its body in memory.
func (a *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "foyer")
	a.status, a.header, a.body = 0, nil, nil
	defer a.observe(time.Now())
	resp, err := a.base.RoundTrip(r)
	if a.failed = err; err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	a.status, a.header = resp.StatusCode, resp.Header
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err == nil && len(a.body) > maxBody {
		err = errTooLong
	}
	if a.failed = err; err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(a.body))
	return resp, nil
}

// observe tells of a request that was begun at start.
func (a *recorder) observe(start time.Time) {
	if a.seen != nil {
		a.seen(a.status, time.Since(start))
	}
}

// plainCode is what is taken for a code. With a space it would be a sentence, which may quote anything.
var plainCode = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,64}$`)

// code returns the error code of the answer's body, "" when it has none. Bodies come in two shapes: RFC 6749, 5.2, whose
// error member is a code; and genericError of oauth2.yaml, whose error_code is a number and whose error is a sentence.
func (a *recorder) code() string {
	var body struct {
		Error any `json:"error"`
		Code  any `json:"error_code"`
	}
	if json.Unmarshal(a.body, &body) != nil {
		return ""
	}
	if number, ok := body.Code.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	for _, v := range []any{body.Error, body.Code} {
		if text, ok := v.(string); ok && plain(text) != "" {
			return text
		}
	}
	return ""
}

// plain is code, or "" when it is none.
func plain(code string) string {
	if !plainCode.MatchString(code) {
		return ""
	}
	return code
}
