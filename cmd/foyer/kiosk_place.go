package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/charmbracelet/x/term"

	"foyer/internal/config"
	"foyer/internal/lobby"
	"foyer/internal/registration"
)

// A place is where a kiosk is shown.
type place struct {
	terminal lobby.Terminal // the zero one for one that is opened by its name
	called   string         // how the record has it
	name     string         // by which it can be opened again; "" for one that does not come back
	opened   bool           // by us
}

// place is where the kiosk is shown. A locked kiosk waits for a terminal that is named, and not there yet.
func (p *program) place(c config.Kiosk) (place, error) {
	at := place{called: c.Terminal, name: c.Terminal}
	switch {
	case c.Terminal == "":
		in, out, err := p.terminal()
		if err != nil {
			return place{}, err
		}
		at.terminal = lobby.Terminal{In: in, Out: out, Used: c.Locked} // whoever was before it may have ended at any moment
		at.called = terminalName(in)
		at.name = lobby.Returning(at.called)
	case !c.Locked:
		f, err := lobby.Open(c.Terminal)
		if err != nil {
			return place{}, &usageError{fmt.Errorf("kiosk.terminal: %w", err)}
		}
		at.terminal, at.opened = lobby.Terminal{In: f, Out: f}, true
	}
	return at, nil
}

// origin is where people are, for the record.
func (at place) origin() registration.Origin { return registration.Origin{Terminal: at.called} }

// close gives back a terminal that we have opened.
func (at place) close() {
	if at.opened {
		_ = at.terminal.In.Close()
	}
}

// terminal returns the ends of the terminal that the kiosk is started on.
func (p *program) terminal() (in, out *os.File, err error) {
	in, inOK := p.stdin.(*os.File)
	out, outOK := p.stdout.(*os.File)
	if !inOK || !outOK || !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()) {
		return nil, nil, &usageError{errors.New("the kiosk needs a terminal; to register without one, use 'foyer register'")}
	}
	return in, out, nil
}

// terminalName is what the system calls a terminal, where it says that.
func terminalName(f *os.File) string {
	if name, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd())); err == nil {
		return name
	}
	return f.Name()
}

// heed has signals do what they do to a kiosk. One that is locked ends by SIGTERM only; another one also when whoever runs it hangs up.
func (p *program) heed(ctx context.Context, locked bool) (context.Context, context.CancelFunc) {
	if locked {
		p.signals.ignore()
		return ctx, func() {}
	}
	p.signals.obey()
	return signal.NotifyContext(ctx, syscall.SIGHUP)
}
