package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An ErrorShape is the form in which error bodies are written. No list of error codes is published, so a client
// has to bear them all.
type ErrorShape string

// The shapes of error bodies.
const (
	ShapeOfficial    ErrorShape = ""             // the one that the description of the operation names
	ShapeNoDetails   ErrorShape = "no_details"   // {"status_code", "error", "error_code"}
	ShapeStringCode  ErrorShape = "string_code"  // {"error", "error_code": "conflict"}
	ShapeNumericCode ErrorShape = "numeric_code" // {"error", "error_code": 409, "error_hint"}
	ShapeHTML        ErrorShape = "html"         // a page, as a proxy in front of the tenant would answer
	ShapeEmpty       ErrorShape = "empty"        // no body at all
)

// flaws say what is wrong with a request: a JSON Pointer (RFC 6901) into its body to a sentence without a subject.
// They never quote what was sent.
type flaws map[string]string

// An httpError is an answer other than success that has not yet taken a shape.
type httpError struct {
	status  int
	message string
	details flaws
	header  http.Header
	oauth   string // RFC 6749 error code, which asks for a body of that form; "" elsewhere
	generic bool   // the form "genericError" of the OAuth description, where error_code is a number
}

// refuse makes the refusal of a status.
func refuse(status int, message string) *httpError {
	return &httpError{status: status, message: message}
}

// unprocessable refuses a body for its flaws.
func unprocessable(details flaws) *httpError {
	r := refuse(http.StatusUnprocessableEntity, "The request could not be processed")
	r.details = details
	return r
}

// tooMany refuses for a while.
func tooMany(wait time.Duration) *httpError {
	r := refuse(http.StatusTooManyRequests, "Too many requests")
	r.header = http.Header{"Retry-After": {retryAfter(wait)}}
	return r
}

// retryAfter writes a wait as Retry-After has it: whole seconds, rounded up.
func retryAfter(wait time.Duration) string { return strconv.Itoa(int(math.Ceil(wait.Seconds()))) }

func (r *httpError) Error() string { return fmt.Sprintf("sandbox: %d: %s", r.status, r.message) }

// code is the error_code string: the name of the status.
func (r *httpError) code() string {
	name := strings.ToLower(http.StatusText(r.status))
	return strings.NewReplacer(" ", "_", "-", "_").Replace(name)
}

// reply gives the refusal a body.
func (r *httpError) reply(shape ErrorShape) reply {
	answer := reply{status: r.status, header: http.Header{"Content-Type": {"application/json"}}}
	for name, values := range r.header {
		answer.header[name] = values
	}
	switch shape {
	case ShapeHTML:
		p := htmlPage(r.status)
		answer.header.Set("Content-Type", p.header.Get("Content-Type"))
		answer.body = p.body
	case ShapeEmpty:
		answer.header.Del("Content-Type")
	case ShapeOfficial, ShapeNoDetails, ShapeStringCode, ShapeNumericCode:
		answer.body, _ = json.Marshal(r.members(shape)) // strings and numbers always encode
	}
	return answer
}

// htmlPage is a page of HTML that says a status and nothing else.
func htmlPage(status int) reply {
	return reply{
		status: status, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		body: fmt.Appendf(nil, "<!doctype html>\n<html><body><h1>%d %s</h1></body></html>\n", status, http.StatusText(status)),
	}
}

// members are the JSON members of the body.
func (r *httpError) members(shape ErrorShape) map[string]any {
	switch {
	case shape == ShapeNumericCode, shape == ShapeOfficial && r.generic:
		return map[string]any{"error": r.message, "error_code": r.status, "error_hint": http.StatusText(r.status)}
	case shape == ShapeStringCode:
		return map[string]any{"error": r.message, "error_code": r.code()}
	case r.oauth != "" && shape == ShapeNoDetails:
		return map[string]any{"error": r.oauth}
	case r.oauth != "":
		return map[string]any{
			"error": r.oauth, "error_description": r.message, "error_hint": "", "cause": "", "status_code": r.status,
		}
	}
	m := map[string]any{"status_code": r.status, "error": r.message, "error_code": r.code()}
	if shape == ShapeOfficial && len(r.details) > 0 {
		m["details"] = r.details
	}
	return m
}
