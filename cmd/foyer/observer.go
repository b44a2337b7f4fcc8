package main

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"
)

// An observer is a transport that remembers what a check wants to know of the connection. Safe for concurrent use.
type observer struct {
	base http.RoundTripper

	mu    sync.Mutex
	tls   *tls.ConnectionState // of the last answer; nil without TLS
	proto string               // "HTTP/2.0"
	skew  time.Duration        // the tenant's clock less ours, by the Date header; accurate to a second
	dated bool
}

// RoundTrip passes r on and notes what came with the answer.
func (o *observer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := o.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tls, o.proto = resp.TLS, resp.Proto
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		o.skew, o.dated = time.Until(date).Round(time.Second), true
	}
	return resp, nil
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
