package lines

import (
	"context"
	"time"

	"foyer/ui/intake"
)

// Bounds of what is read.
const (
	chunk       = 4096     // bytes at a time
	mostPending = 64 << 10 // bytes that wait for their question
)

// bytesWithoutTerminal and answersOfAPerson bound what is taken of a session: several whole registrations at once, and in the
// long run as much as is typed. Whatever comes faster waits; it may be a file.
func bytesWithoutTerminal() *bucket { return &bucket{atOnce: 256 << 10, perSecond: 32 << 10} }
func answersOfAPerson() *bucket     { return &bucket{atOnce: 500, perSecond: 50} }

// feed returns what comes from a person, in pieces; it is closed when nothing more comes. At a terminal intake bounds what is
// typed.
func feed(ctx context.Context, l Line, now func() time.Time) <-chan []byte {
	pieces := make(chan []byte)
	in, pace := l.In, bytesWithoutTerminal()
	if l.Terminal {
		in, pace = intake.New(ctx, l.In, now), nil
	}
	go func() {
		defer close(pieces)
		for {
			buffer := make([]byte, chunk)
			n, err := in.Read(buffer)
			if n > 0 {
				wait := pace.fill(n, now())
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

// A bucket says how long to wait so that no more than perSecond comes in the long run, and atOnce before. Nil waits for nothing.
type bucket struct {
	atOnce, perSecond float64
	level             float64
	at                time.Time
}

// fill takes n in at now, and returns how long to wait before more is taken.
func (b *bucket) fill(n int, now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	if !b.at.IsZero() {
		b.level = max(b.level-now.Sub(b.at).Seconds()*b.perSecond, 0)
	}
	b.at = now
	b.level += float64(n)
	return time.Duration(max(b.level-b.atOnce, 0) / b.perSecond * float64(time.Second))
}
