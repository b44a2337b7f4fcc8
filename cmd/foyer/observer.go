package main

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"
)

// An observer remembers what a check wants to know of the connections that it is shown. Safe for concurrent use.
type observer struct {
	mu    sync.Mutex
	tls   *tls.ConnectionState // of the last answer; nil without TLS
	proto string               // "HTTP/2.0"
	skew  time.Duration        // the tenant's clock less ours, by the Date header; accurate to a second
	dated bool
}

// through is base, observed.
func (o *observer) through(base http.RoundTripper) http.RoundTripper { return observed{base, o} }

// An observed transport shows its answers to an observer.
type observed struct {
	base http.RoundTripper
	by   *observer
}

// RoundTrip passes r on and notes what came with the answer.
func (t observed) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(r)
	if err == nil {
		t.by.note(resp)
	}
	return resp, err
}

func (o *observer) note(resp *http.Response) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tls, o.proto = resp.TLS, resp.Proto
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		o.skew, o.dated = time.Until(date).Round(time.Second), true
	}
}

// connection is what was seen last.
func (o *observer) connection() (state *tls.ConnectionState, proto string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.tls, o.proto
}

// clock is how far the tenant's clock is from ours; ok is false when it did not say.
func (o *observer) clock() (skew time.Duration, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.skew, o.dated
}
