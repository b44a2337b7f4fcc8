package lines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Bounds of a call.
const (
	longestCall = 2 * time.Minute // the service's own budget is shorter
	aMoment     = time.Second     // after which a person is told that there is something to wait for
)

// A call is something that takes its time, on a goroutine of its own.
type call struct {
	do   func(ctx context.Context) // takes copies
	slow func()                    // called when it takes more than a moment; may be nil
	news chan registration.Progress
	told func(registration.Progress) // called with the news
}

// wait makes a call and waits for it: errStopped when the person does not want to wait any longer, errCut when the session ends;
// then the context of the call ends.
func (t *talk) wait(c call) error {
	ctx, cancel := context.WithTimeout(t.ctx, longestCall)
	defer cancel()
	over := c.start(ctx)
	moment := time.NewTimer(aMoment)
	defer moment.Stop()
	for {
		t.out.flush()
		select {
		case err := <-over:
			return err
		case <-t.ctx.Done():
			return errCut
		case <-moment.C:
			if c.slow != nil {
				c.slow()
			}
		case p := <-c.news:
			c.told(p)
		case piece, ok := <-t.early():
			if t.receive(piece, ok); t.interrupted() {
				return errStopped
			}
		case size, ok := <-t.line.Resize:
			t.resized(size, ok)
		case left := <-t.line.Notices:
			if err := t.noticed(left); err != nil {
				return err
			}
		}
	}
}

// start begins the call. What it returns brings nil, or an error for a panic, whose value may quote what was typed.
func (c call) start(ctx context.Context) <-chan error {
	over := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic in a call with a value of type %T", r)
			}
			over <- err
		}()
		c.do(ctx)
	}()
	return over
}

// early is where what is typed before there is a question for it comes from; nil when it is more than anybody types.
func (t *talk) early() <-chan []byte {
	if len(t.pending) > mostPending {
		return nil
	}
	return t.pieces
}

// interrupted reports whether the person has typed ctrl+c, and forgets what they typed before it.
func (t *talk) interrupted() bool {
	i := bytes.IndexByte(t.pending, keyInterrupt)
	if !t.line.Terminal || i < 0 {
		return false
	}
	clear(t.pending[:i+1])
	t.pending = t.pending[i+1:]
	return true
}

// result makes a call of do and returns what it returns. The error is one of those of wait, or tells of a panic.
func result[T any](t *talk, c call, do func(ctx context.Context) T) (T, error) {
	results := make(chan T, 1)
	c.do = func(ctx context.Context) { results <- do(ctx) }
	err := t.wait(c)
	select {
	case r := <-results:
		return r, nil
	default:
	}
	var none T
	return none, err
}

// A report is what came of something that was done for a person.
type report struct {
	receipt registration.Receipt
	err     error
}

// A deed is something that is done for a person, who is told how it goes.
type deed func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error)

// work does something for the person that begins with stage, and says how it goes. The error is one of those of wait; a panic is
// a problem like others.
func (t *talk) work(stage registration.Stage, do deed) (registration.Receipt, *registration.Problem, error) {
	said := ""
	tell := func(p registration.Progress) {
		if text := wording.OfProgress(p, p.Wait).In(t.words); text != said {
			said = text
			t.out.line(text)
		}
	}
	tell(registration.Progress{Stage: stage})
	c := call{slow: t.stoppable, news: make(chan registration.Progress), told: tell}
	r, err := result(t, c, func(ctx context.Context) report {
		receipt, err := do(ctx, func(p registration.Progress) {
			select {
			case c.news <- p:
			case <-ctx.Done():
			}
		})
		return report{receipt, err}
	})
	switch {
	case err == nil:
		return r.receipt, registration.AsProblem(r.err, registration.ReferenceOf(r.err)), nil
	case ends(err):
		return registration.Receipt{}, nil, err
	}
	return registration.Receipt{}, registration.AsProblem(err, t.sub.Reference), nil
}

// ends reports whether err is how a call or a session ends for the person, and no trouble of the call.
func ends(err error) bool {
	return errors.Is(err, errStopped) || errors.Is(err, errCut) || errors.Is(err, errClosing)
}
