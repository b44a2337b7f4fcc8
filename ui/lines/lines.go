// Package lines is the kiosk as plain questions and answers, one line after the other, for screen readers, for terminals that know
// nothing, and for whoever has no terminal at all. It asks what the screens ask, in the same order and with the same words, and
// nothing that it writes moves a cursor or has a colour.
//
// A password is asked only where a terminal is at the other end, since only there it can be kept from view.
package lines

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"foyer/ui"
	"foyer/ui/theme"
)

// A Line leads to a person.
type Line struct {
	In       io.Reader
	Out      io.Writer
	Terminal bool                 // there is a terminal at the other end, in raw mode: what is typed is echoed and edited here
	Size     theme.Size           // of its window; of no cells when nobody knows
	Resize   <-chan theme.Size    // the sizes that it gets; nil when it gets none
	Notices  <-chan time.Duration // says how long the session may still last; nil when nothing will
	Public   bool                 // the terminal is everybody's: what was said is cleared when a person is gone
	Used     bool                 // others may have left something on it, if it is public
}

// ErrNoTerminal says that a password would have to be asked where it could be seen, and that nobody can be registered without. It
// is found out before anything is asked.
var ErrNoTerminal = errors.New("a password is asked, and there is no terminal to ask it on")

// Show leads people through their registration at the end of l until somebody leaves, ctx ends or nothing more comes from l.In,
// which are no errors; or l can no longer be written to. A session for one person (o.Remote) ends with them. What was known of a
// person is forgotten. A panic ends the session with a ui.PanicError and harms no other; without a terminal it may end with
// ErrNoTerminal. The goroutine that reads l.In goes on until that fails. A write waits for l.Out.
func Show(ctx context.Context, o ui.Options, l Line) (ending ui.Ending, err error) {
	session, end := context.WithCancel(ctx)
	defer end()
	t := newTalk(session, o, l)
	defer func() {
		if r := recover(); r != nil {
			err = ui.Recovered(r)
		}
		ending = t.ending
		ending.Words = t.words.Words
		t.close()
	}()
	if l.Used {
		t.clear()
	}
	err = t.run() //nolint:contextcheck // the talk has it
	switch {
	case errors.Is(err, ErrNoTerminal):
		return t.ending, err
	case ctx.Err() != nil, t.out.err == nil:
		return t.ending, nil
	}
	return t.ending, fmt.Errorf("lines: %w", t.out.err)
}
