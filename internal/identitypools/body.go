package identitypools

import (
	"io"
	"net/http"
	"sync"
)

// A body is what a call sends, which may hold secrets. A transport may still read it when the call has returned (net/http,
// RoundTripper), so it is overwritten under a lock. It is safe for concurrent use.
type body struct {
	mu   sync.Mutex
	json []byte // nil once it is wiped
}

// wipe overwrites the body. Whoever still reads it gets no more, so that nothing is sent that was not said.
func (b *body) wipe() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.json)
	b.json = nil
}

// size is how many bytes it has.
func (b *body) size() int {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.json)
}

// put makes it the body of a request, from its beginning.
func (b *body) put(request *http.Request) {
	if b == nil {
		return
	}
	request.ContentLength = int64(b.size())
	request.GetBody = func() (io.ReadCloser, error) { return &bodyReader{of: b}, nil }
	request.Body = &bodyReader{of: b}
}

// A bodyReader reads a body once.
type bodyReader struct {
	of *body
	at int
}

// Read is io.Reader's.
func (r *bodyReader) Read(p []byte) (int, error) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if r.of.json == nil {
		return 0, io.ErrClosedPipe
	}
	if r.at == len(r.of.json) {
		return 0, io.EOF
	}
	n := copy(p, r.of.json[r.at:])
	r.at += n
	return n, nil
}

// Close is io.Closer's. There is nothing to close: the call wipes the body when no attempt needs it any more.
func (r *bodyReader) Close() error { return nil }
