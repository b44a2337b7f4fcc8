package lines

import (
	"bytes"
	"context"
	"time"

	"foyer/ui/intake"
)

// Bounds of what is read.
const (
	chunk       = 4096      // bytes at a time
	mostPending = 64 << 10  // bytes that wait for their question
	atOnce      = 256 << 10 // bytes without a terminal that nobody waits for: several whole registrations
	perSecond   = 32 << 10  // bytes after that
	perLine     = 256       // bytes that a line counts for beside its own: each is answered with several
)

// feed returns what comes from a person, in pieces; it is closed when nothing more comes. At a terminal intake bounds what is
// typed. Without one all that was sent is read, if slowly: it may be a file.
func feed(ctx context.Context, l Line, now func() time.Time) <-chan []byte {
	pieces := make(chan []byte)
	in, pace := l.In, new(bucket)
	if l.Terminal {
		in, pace = intake.New(ctx, l.In, now), nil
	}
	go func() {
		defer close(pieces)
		for {
			buffer := make([]byte, chunk)
			n, err := in.Read(buffer)
			if n > 0 {
				wait := pace.fill(buffer[:n], now())
				select {
				case pieces <- buffer[:n]:
				case <-ctx.Done():
					return
				}
				if !pause(ctx, wait) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return pieces
}

// pause waits for d; it reports whether ctx is still there then.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// A bucket says how long to wait so that no more comes than perSecond in the long run. Nil waits for nothing.
type bucket struct {
	level float64 // bytes
	at    time.Time
}

// fill takes data in at now, and returns how long to wait before more is taken.
func (b *bucket) fill(data []byte, now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	if !b.at.IsZero() {
		b.level = max(b.level-now.Sub(b.at).Seconds()*perSecond, 0)
	}
	b.at = now
	b.level += float64(len(data) + perLine*bytes.Count(data, []byte("\n")))
	return time.Duration(max(b.level-atOnce, 0) / perSecond * float64(time.Second))
}
