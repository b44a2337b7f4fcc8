package identitypools

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// A way is how far a request came. It decides whether a call that failed may have done its work all the same.
type way struct {
	asked     atomic.Bool  // a connection was asked for
	connected atomic.Bool  // there was one: dialled, and its handshake done
	written   atomic.Int32 // how often all of the request was written
	answered  atomic.Int32 // how often an answer began
}

// watch returns a context whose request tells how far it came.
func watch(ctx context.Context) (context.Context, *way) {
	w := new(way)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { w.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { w.connected.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err == nil {
				w.written.Add(1)
			}
		},
		GotFirstResponseByte: func() { w.answered.Add(1) },
	}), w
}

// mayHaveSent reports whether anything of the request may have reached the tenant. It is false only when a connection
// was waited for in vain; a transport that tells nothing may have done anything.
func (w *way) mayHaveSent() bool { return w.connected.Load() || !w.asked.Load() }

// lost reports, of a request with an answer, whether the transport had sent it before in vain. On a connection that was kept it repeats
// by itself what has an idempotency key, and tells nobody: the answer is that to the repetition.
func (w *way) lost() bool { return w.written.Load() > w.answered.Load() }
