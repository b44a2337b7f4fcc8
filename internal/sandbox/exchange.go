package sandbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 1 << 20

// An exchange is one request on its way to an answer.
type exchange struct {
	request *http.Request
	body    []byte            // read before anything is answered, so that a client that goes away is noticed
	params  map[string]string // of the path, by the names in the official description
	trace   string            // the answer's x-trace-id, 32 hexadecimal digits as OpenTelemetry writes them
	fault   Fault             // the one fault that applies
	grant   grant             // of the access token; zero where none is asked for
}

func newExchange(r *http.Request) *exchange {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails, see crypto/rand
	return &exchange{request: r, trace: hex.EncodeToString(id)}
}

// read takes in the body.
func (e *exchange) read() error {
	if e.request.Body == nil { // a request that came by no server
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(e.request.Body, maxBody+1))
	switch {
	case err != nil:
		return refuse(http.StatusBadRequest, "The request body could not be read")
	case len(body) > maxBody:
		return refuse(http.StatusRequestEntityTooLarge, "The request body is larger than 1 MiB")
	}
	e.body = body
	return nil
}

// decode reads the body, which must be one JSON object, into v. Members that v does not know are ignored, as a
// tenant does; null stands for absent.
func (e *exchange) decode(v any) error {
	kind, _, err := mime.ParseMediaType(e.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "The request body must be application/json")
	}
	if !utf8.Valid(e.body) || !bytes.HasPrefix(bytes.TrimLeft(e.body, " \t\r\n"), []byte("{")) {
		return refuse(http.StatusBadRequest, "The request body is not a JSON object")
	}
	if err := json.Unmarshal(e.body, v); err != nil {
		return badJSON(err)
	}
	return nil
}

// badJSON is the refusal of a body that does not decode. The decoder's own words are not passed on: they may quote
// the body.
func badJSON(err error) error {
	r := refuse(http.StatusBadRequest, "The request body is not valid JSON")
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		r.message = "A member of the request body is of the wrong JSON type"
		r.details = flaws{"/" + strings.ToLower(strings.ReplaceAll(mismatch.Field, ".", "/")): "must be of type " + mismatch.Type.Kind().String()}
	}
	return r
}

// answer is the whole way of a request: its fault, its route, its handler.
func (t *Tenant) answer(ctx context.Context, e *exchange) reply {
	if own, _ := t.controlled(e.request.URL.Path); own != nil {
		return t.settle(ctx, e, t.control)
	}
	e.fault = t.faults.take(e.request.Method + " " + e.request.URL.EscapedPath())
	if err := e.read(); err != nil {
		return t.render(ctx, e, err)
	}
	if early, ok := e.fault.before(e); ok {
		return early
	}
	return e.fault.after(e, t.settle(ctx, e, t.dispatch))
}

// settle runs handle and gives a refusal its body.
func (t *Tenant) settle(ctx context.Context, e *exchange, handle handler) reply {
	answer, err := handle(e)
	if err != nil {
		return t.render(ctx, e, err)
	}
	return answer
}

// render gives err its body. A client that went away needs none; what is not a refusal is the sandbox's own mistake.
func (t *Tenant) render(ctx context.Context, e *exchange, err error) reply {
	if ctx.Err() != nil {
		return reply{abort: true}
	}
	var r *httpError
	if !errors.As(err, &r) {
		t.log.ErrorContext(ctx, "sandbox error", "trace_id", e.trace, "error", err)
		r = refuse(http.StatusInternalServerError, "Internal server error")
	}
	return r.reply(e.fault.ErrorShape)
}
