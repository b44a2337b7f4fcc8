package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/intake"
	"foyer/ui/paint"
	"foyer/ui/theme"
)

// A Line leads to a person's terminal, which is in raw mode.
type Line struct {
	In      io.Reader
	Out     io.Writer
	Size    theme.Size           // of the window; of no cells when nobody knows
	Resize  <-chan theme.Size    // the sizes that it gets; nil when it gets none
	Notices <-chan time.Duration // says how long the session may still last; nil when nothing will
	Public  bool                 // the terminal is everybody's: what people leave on it that is not on the screen is cleared, too
	Used    bool                 // others may have left something on it, if it is public
}

// Run shows the kiosk on a terminal until somebody leaves or ctx ends. The error is ErrGone, too, or one of Show's.
func Run(ctx context.Context, o Options, t Terminal) (ending Ending, err error) {
	err = t.Hold(ctx, func(ctx context.Context, in io.Reader, size theme.Size, resize <-chan theme.Size) (err error) {
		ending, err = Show(ctx, o, Line{In: in, Out: t.Out, Size: size, Resize: resize, Public: true, Used: t.Used})
		return err
	})
	return ending, err
}

// Show shows the kiosk at the end of l until somebody leaves or ctx ends, which are no errors, or l can no longer be written
// to, and forgets whoever was at it. Then the terminal is as it was before, unless it takes nothing for a while. A panic ends
// the session with a PanicError and harms no other. The goroutine that reads l.In goes on until that fails, and one that writes
// to a terminal that takes nothing until l.Out fails.
func Show(ctx context.Context, o Options, l Line) (Ending, error) {
	session, end := context.WithCancelCause(ctx)
	defer end(nil)
	alarms := make(chan time.Duration)
	guard := guardedModel(session, o, l.Size, alarms, func() { end(errPanic) })
	defer guard.forget()
	painter := paint.New(l.Out, paint.Options{Controls: o.Terminal.Controls, Size: l.Size, Public: l.Public, Clipboard: o.Terminal.Clipboard, Fail: end})
	if l.Used {
		painter.Clear()
	}
	// The context ends with the signals already; Bubble Tea's own handler can wait for its loop for ever once that has ended.
	p := tea.NewProgram(paint.Wrap(guard, painter), tea.WithContext(session), tea.WithoutSignalHandler(), tea.WithoutRenderer(),
		tea.WithInput(intake.New(session, l.In, o.Now)), tea.WithOutput(io.Discard), tea.WithEnvironment([]string{}))
	go l.relay(session, alarms, p.Send)
	_, err := p.Run()
	closed := leave(session, painter)
	ending := guard.ending()
	switch {
	case guard.crash() != nil:
		return ending, guard.crash()
	case ctx.Err() != nil && (err == nil || errors.Is(err, tea.ErrProgramKilled)):
		return ending, nil
	case closed != nil:
		return ending, fmt.Errorf("kiosk: %w", closed)
	case err != nil:
		return ending, fmt.Errorf("kiosk: %w", err)
	}
	return ending, nil
}

// resizePause is how long a window stays as it is: some are drawn larger by a hundred sizes a second.
const resizePause = 50 * time.Millisecond

// guardedModel is the model of a session. It is made here since the session goes on in Show, and what that has on its stack stays.
func guardedModel(ctx context.Context, o Options, size theme.Size, alarms chan<- time.Duration, end func()) *guarded {
	m := New(ctx, o).sized(size)
	m.sleep = setting(alarms)
	return &guarded{model: m, end: end}
}

// setting has the session looked at by who relays: a goroutine that sleeps takes 8 KiB, and a session's watch sleeps all the time.
func setting(alarms chan<- time.Duration) sleeper {
	return func(ctx context.Context, d time.Duration) tea.Msg {
		select {
		case alarms <- d:
		case <-ctx.Done():
		}
		return nil
	}
}

// relay passes on what becomes of the window and of the session, and says when the time of an alarm has come.
func (l Line) relay(ctx context.Context, alarms <-chan time.Duration, send func(tea.Msg)) {
	var pause, watch <-chan time.Time
	sizes := l.Resize
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause:
			sizes, pause = l.Resize, nil
		case size, ok := <-sizes:
			if !ok {
				l.Resize, sizes = nil, nil
				continue
			}
			send(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
			sizes, pause = nil, time.After(resizePause)
		case left := <-l.Notices:
			send(noticedMsg{left})
		case d := <-alarms:
			watch = time.After(d)
		case <-watch:
			watch = nil
			send(watchedMsg{})
		}
	}
}

// patience is how long a terminal may take to be cleared in the end.
const patience = time.Second

// leave clears the terminal, also when the session was ended by its context.
func leave(session context.Context, painter *paint.Painter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(session), patience)
	defer cancel()
	return painter.Close(ctx)
}
