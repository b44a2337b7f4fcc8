package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// oversizedBody is the length of an oversized answer, in bytes.
const oversizedBody = 2 << 20

// A Fault is one way to misbehave; the zero Fault does nothing. Its members may be combined: latency comes first, and
// what spoils an answer comes when the work is done. As JSON the names are latency, hang, drop, status, page, after,
// retry_after, error_shape, strip_scope, malformed, oversized, drip, match and times, durations being written as in "1m30s".
type Fault struct {
	Latency    time.Duration // wait first
	Hang       bool          // never answer, until the client goes
	Drop       Drop          // close the connection instead of answering
	Status     int           // answer this status, 400 to 599, without doing any work
	Page       bool          // answer 200 with a page of HTML, without doing any work, as the network of a hotel does
	After      bool          // with Hang, Status or Page: do the work first, so that the client is told wrong
	RetryAfter time.Duration // with Status: the Retry-After header, in whole seconds rounded up
	ErrorShape ErrorShape    // of every refusal that the fault applies to
	StripScope string        // grant tokens without this scope
	Malformed  bool          // cut the JSON body in half
	Oversized  bool          // answer 2 MiB of JSON in place of the body
	Drip       time.Duration // send the body bit by bit, over so long

	// Match chooses requests: by a path's part ("/users"), a method ("POST"), or both ("POST /users"); a "$" at the
	// end ties it to the end of the path ("POST /users$" leaves users/by_key alone). The query takes no part.
	Match string
	Times int // how many requests it applies to; 0 is all
}

// Drop says when a connection is closed without an answer.
type Drop string

// The moments to drop a connection.
const (
	DropNever  Drop = ""
	DropBefore Drop = "before" // before any work
	DropAfter  Drop = "after"  // when the work was done: the client cannot tell the difference
	DropWithin Drop = "within" // when half of the answer's body was sent
)

// check says what about the fault cannot be.
func (f Fault) check() error {
	switch {
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return errors.New("fault: status is not 400 to 599")
	case !slices.Contains([]Drop{DropNever, DropBefore, DropAfter, DropWithin}, f.Drop):
		return errors.New(`fault: drop is none of "before", "after" and "within"`)
	case f.After && !f.Hang && !f.Page && f.Status == 0:
		return errors.New("fault: after goes with hang, status or page")
	case !slices.Contains([]ErrorShape{
		ShapeOfficial, ShapeNoDetails, ShapeStringCode, ShapeNumericCode, ShapeHTML, ShapeEmpty,
	}, f.ErrorShape):
		return errors.New("fault: unknown error_shape")
	case f.Latency < 0, f.RetryAfter < 0, f.Drip < 0, f.Times < 0:
		return errors.New("fault: latency, retry_after, drip and times are not negative")
	}
	return nil
}

// matches reports whether the fault is meant for "METHOD path".
func (f Fault) matches(line string) bool {
	method, path, _ := strings.Cut(line, " ")
	want := f.Match
	if m, rest, ok := strings.Cut(want, " "); ok || !strings.Contains(want, "/") {
		if m != "" && m != method {
			return false
		}
		want = rest
	}
	if end, ok := strings.CutSuffix(want, "$"); ok {
		return strings.HasSuffix(path, end)
	}
	return strings.Contains(path, want)
}

// before does what the fault does ahead of any work; ok is true when that is all the answer there is.
func (f Fault) before(e *exchange) (answer reply, ok bool) {
	if !f.wait(e) || f.Drop == DropBefore {
		return reply{abort: true}, true
	}
	if f.After {
		return reply{}, false
	}
	return f.instead(e)
}

// instead is what the fault answers in place of the tenant; ok is false when it leaves that to the tenant.
func (f Fault) instead(e *exchange) (answer reply, ok bool) {
	switch {
	case f.Hang:
		<-e.request.Context().Done()
		return reply{abort: true}, true
	case f.Page:
		return htmlPage(http.StatusOK), true
	case f.Status == 0:
		return reply{}, false
	}
	r := refuse(f.Status, fmt.Sprintf("The sandbox was told to answer %d", f.Status))
	if f.RetryAfter > 0 {
		r.header = http.Header{"Retry-After": {retryAfter(f.RetryAfter)}}
	}
	return r.reply(f.ErrorShape), true
}

// wait lets the latency pass, and reports whether the client is still there.
func (f Fault) wait(e *exchange) bool {
	if f.Latency == 0 {
		return true
	}
	timer := time.NewTimer(f.Latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-e.request.Context().Done():
		return false
	}
}

// after spoils an answer whose work was done.
func (f Fault) after(e *exchange, answer reply) reply {
	if f.After {
		instead, _ := f.instead(e)
		return instead
	}
	answer.drip = f.Drip
	switch {
	case f.Drop == DropAfter, f.Drop == DropWithin && len(answer.body) == 0:
		return reply{abort: true, status: answer.status}
	case answer.status == http.StatusNoContent: // has no body to spoil
	case f.Drop == DropWithin:
		answer.cut = true
	case f.Oversized:
		answer = answer.with("Content-Type", "application/json")
		answer.body = fmt.Appendf(nil, `{"padding":"%s"}`, bytes.Repeat([]byte("x"), oversizedBody))
	case f.Malformed:
		answer.body = answer.body[:len(answer.body)/2]
	}
	return answer
}

// faults are the faults of a tenant, and how often each was applied.
type faults struct {
	mu   sync.Mutex
	list []Fault
	used []int
}

func (l *faults) replace(list []Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list, l.used = slices.Clone(list), make([]int, len(list))
}

func (l *faults) snapshot() []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

// take returns the fault that applies to "METHOD path", and counts it.
func (l *faults) take(line string) Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, f := range l.list {
		if (f.Times == 0 || l.used[i] < f.Times) && f.matches(line) {
			l.used[i]++
			return f
		}
	}
	return Fault{}
}
