package identitypools

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"foyer/internal/clean"
	"foyer/internal/exchange"
)

// Bounds of what is kept of an answer.
const (
	maxTraceID    = 64  // characters
	maxCause      = 240 // characters
	maxRetryAfter = 24 * time.Hour
)

// An Error says why a call did not succeed.
type Error struct {
	Operation  string        // in words, such as "create user"
	Status     int           // of the answer; 0 when there was none
	Code       string        // error_code; "" when there was none, or one that is more than a code
	Fields     []string      // at what the details point, sorted; see draftFields
	TraceID    string        // the tenant's name for the exchange; may be ""
	RetryAfter time.Duration // from Retry-After (RFC 9110, 10.2.3), at most a day; 0 when there was none
	Sent       bool          // the request may have reached the tenant
	Lost       bool          // it was sent before, without an answer: this is about a repetition
	Err        error         // what went wrong on the way, before it, or with the answer; nil when Status says it all

	paths    [][]string // what the details point at, in the tenant's words
	password bool       // the code or the details speak of a password
}

// Error tells operation, status, code and trace id: nothing of the answer that a person may have typed.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("identity pools: " + e.Operation)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Code != "" {
		b.WriteString(": " + clean.Line(e.Code, maxTraceID))
	}
	if e.Err != nil {
		b.WriteString(": " + exchange.Reason(e.Err))
	}
	if e.TraceID != "" {
		b.WriteString(" (trace " + e.TraceID + ")")
	}
	return b.String()
}

// Unwrap returns what went wrong on the way.
func (e *Error) Unwrap() error { return e.Err }

// refused is the error of an answer other than the one of success.
func refused(operation string, a answer, now time.Time) *Error {
	e := broken(operation, a, nil)
	e.RetryAfter = exchange.RetryAfter(a.header, now, maxRetryAfter)
	if a.status < http.StatusMultipleChoices {
		e.Err = errUnforeseen
		return e
	}
	var body struct {
		Code    any `json:"error_code"`
		Details any `json:"details"`
	}
	if json.Unmarshal(a.body, &body) != nil {
		return e
	}
	e.Code = code(body.Code)
	e.paths, e.password = inspect(body.Details)
	e.password = e.password || strings.Contains(strings.ToLower(e.Code), "password")
	return e
}

// broken is the error of an answer that went wrong by err.
func broken(operation string, a answer, err error) *Error {
	return &Error{Operation: operation, Status: a.status, TraceID: exchange.TraceID(a.header), Sent: true, Err: err}
}

// plainCode is what is taken for a code. With a space it would be a sentence, which may quote anything.
var plainCode = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,64}$`)

// code reads an error_code, which is a string by the description and a number in some answers.
func code(v any) string {
	switch v := v.(type) {
	case string:
		if plainCode.MatchString(v) {
			return v
		}
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// unknownCode reports whether e has a code that says something which its status does not. No list of codes is
// published: those that turn up are worth a line in the log.
func unknownCode(e *Error) bool {
	name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(http.StatusText(e.Status)))
	return e.Code != "" && e.Code != strconv.Itoa(e.Status) && !strings.EqualFold(e.Code, name)
}
