// Package intake stands between a terminal and Bubble Tea's input parser and bounds what is typed. The parser works on ever
// longer slices when its buffer comes back full: a megabyte typed at once took 46 CPU seconds. Intake hands out short
// pieces that end where a key ends, cuts pastes that no field would take, and lets only so much through a second.
package intake

import (
	"context"
	"io"
	"time"
	"unicode/utf8"
)

// Bounds, in bytes, and times.
const (
	few       = 128 // what a person types comes by less, and a session holds no more for it
	many      = 4096
	piece     = 255      // less than the parser's buffer, which then takes the piece for whole
	longPaste = 32 << 10 // of the content; more than any field takes, so that the field still refuses it aloud
	perSecond = 8 << 10  // several whole registrations

	pause     = 250 * time.Millisecond // between a person's keys and a flood's
	rest      = 50 * time.Millisecond  // for the rest of a key to come; escape on its own waits as long
	pasteRest = 2 * time.Second        // for the rest of a paste, whose end may have been lost
)

// Unreadable stands for a byte that is no UTF-8. It is a noncharacter (Unicode 23.7), which no keyboard sends and the parser
// passes on, so that a field can refuse aloud what the parser would drop without a word.
const Unreadable = '\ufffe'

// A Reader reads keys from a terminal. It reads the terminal itself, and so ends with that, while there is nothing to wait for
// but the next key; only when the rest of a key or of a paste is to come, and may not, another goroutine reads meanwhile.
// A Read that begins after the end of the context returns at once.
type Reader struct {
	ctx      context.Context
	terminal io.Reader
	size     int        // of what is read next
	came     chan chunk // what another goroutine has read
	reading  bool       // there is one
	pending  []byte     // not handed out yet
	now      func() time.Time

	pasted        int // bytes of the paste that the input is in; -1 outside
	typed, pastes int // bytes of keys and of pastes since window began
	window        time.Time
	arrived       time.Time // when the last chunk came
	flooded       bool      // more was typed than a person can; nothing is taken until a pause
}

// A chunk is what a terminal sent, and whether that was the last.
type chunk struct {
	data  []byte
	ended bool
}

// New returns a reader of terminal that ends with ctx.
func New(ctx context.Context, terminal io.Reader, now func() time.Time) *Reader {
	return &Reader{ctx: ctx, terminal: terminal, size: few, came: make(chan chunk, 1), now: now, pasted: -1}
}

// next reads what the terminal sends.
func (r *Reader) next() chunk {
	data := make([]byte, r.size)
	n, err := r.terminal.Read(data)
	if r.size = few; n == len(data) {
		r.size = many // there is more
	}
	return chunk{data[:n], err != nil}
}

// Read hands out whole keys, fewer bytes than the parser's buffer has room for. It returns io.EOF when the terminal or the
// context has ended. What p held, which is the key before, is overwritten at once: the parser has done with it, and keeps its buffer
// while it waits.
func (r *Reader) Read(p []byte) (int, error) {
	clear(p)
	p = p[:min(len(p), piece)]
	ended := false
	for r.ctx.Err() == nil {
		if n := r.take(p, ended); n > 0 {
			return n, nil
		}
		if ended {
			break
		}
		if !r.reading && len(r.pending) == 0 && r.pasted < 0 {
			ended = r.arrive(r.next())
			continue
		}
		if !r.reading {
			r.reading = true
			go func() { r.came <- r.next() }() // there is room for it, whoever is still there
		}
		select {
		case c := <-r.came:
			r.reading, ended = false, r.arrive(c)
		case <-r.late(rest, len(r.pending) > 0):
			if n := r.take(p, true); n > 0 {
				return n, nil
			}
		case <-r.late(pasteRest, r.pasted >= 0):
			r.pasted = -1
			return copy(p, pasteEnd), nil
		case <-r.ctx.Done():
		}
	}
	return 0, io.EOF
}

// late is a channel that fires after d, when there is something to wait for.
func (r *Reader) late(d time.Duration, waiting bool) <-chan time.Time {
	if !waiting {
		return nil
	}
	return time.After(d)
}

// take moves whole keys from pending to p and returns how many bytes they have. What exceeds a bound is dropped on the way.
// A key that is not whole yet is left for its rest to come, unless this is all there will be.
func (r *Reader) take(p []byte, all bool) int {
	n := 0
	for len(r.pending) > 0 {
		size, whole := Key(r.pending)
		if !whole && !all {
			break
		}
		token := Legible(r.pending[:size])
		if n+len(token) > len(p) && n > 0 {
			break
		}
		if r.admit(token) {
			n += copy(p[n:], token)
		}
		clear(r.pending[:size])
		r.pending = r.pending[size:]
	}
	if len(r.pending) == 0 {
		r.pending = nil
	}
	return n
}

// Legible is token, or Unreadable for a byte that is no UTF-8.
func Legible(token []byte) []byte {
	if token[0] < utf8.RuneSelf || utf8.Valid(token) {
		return token
	}
	return []byte(string(Unreadable))
}

// arrive takes what came, and reports whether it was the last. After a pause a flood is over. Where keys are moved to, none of them
// stays behind.
func (r *Reader) arrive(c chunk) (ended bool) {
	now := r.now()
	if now.Sub(r.arrived) >= pause {
		r.flooded = false
	}
	r.arrived = now
	if now.Sub(r.window) >= time.Second {
		r.window, r.typed, r.pastes = now, 0, 0
	}
	if len(r.pending) == 0 {
		r.pending = c.data
		return c.ended
	}
	joined := append(make([]byte, 0, len(r.pending)+len(c.data)), r.pending...)
	clear(r.pending)
	r.pending = append(joined, c.data...)
	clear(c.data)
	return c.ended
}

// admit reports whether token is within the bounds: of its paste, and of what may be typed and pasted in a second. Typing
// has a bound of its own, so that a long paste does not swallow the key after it.
func (r *Reader) admit(token []byte) bool {
	switch {
	case string(token) == pasteEnd:
		r.pasted = -1
		return true // whatever was dropped, the paste has to end
	case string(token) == pasteStart:
		r.pasted = 0
	case r.pasted >= 0:
		r.pasted += len(token)
		r.pastes += len(token)
		return r.pasted <= longPaste && r.pastes <= 2*longPaste
	}
	r.typed += len(token)
	r.flooded = r.flooded || r.typed > perSecond
	return !r.flooded
}
