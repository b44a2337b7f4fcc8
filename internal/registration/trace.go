package registration

import (
	"context"
	"sync/atomic"
)

// A trace is the tenant's name for the last exchange of some work, for the record. It is safe for concurrent use.
type trace struct{ id atomic.Value }

type traceKey struct{}

// traced returns ctx for work whose exchanges are noted in the trace.
func traced(ctx context.Context) (context.Context, *trace) {
	t := new(trace)
	return context.WithValue(ctx, traceKey{}, t), t
}

// NoteTrace notes what the tenant calls an exchange that was made for the work of ctx; id may be "".
func NoteTrace(ctx context.Context, id string) {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok && id != "" {
		t.id.Store(id)
	}
}

// last is the tenant's name for the last exchange; "" when it gave none.
func (t *trace) last() string {
	id, _ := t.id.Load().(string)
	return id
}
