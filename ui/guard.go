package ui

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
)

// A PanicError is a panic within a session. Its words are for the log: neither they nor the stack hold what was typed.
type PanicError struct {
	What  string
	Stack []byte
}

func (e *PanicError) Error() string { return "panic: " + e.What }

// errPanic ends a session that has panicked.
var errPanic = errors.New("there was a panic")

// Recovered describes what was recovered, with the stack of its caller. The text of anything but a run-time error may quote an answer, so only its type
// is told.
func Recovered(recovered any) *PanicError {
	what := fmt.Sprintf("a value of type %T", recovered)
	if err, ok := recovered.(runtime.Error); ok {
		what = err.Error()
	}
	return &PanicError{what, debug.Stack()}
}

// A guarded model ends its session at the first panic, in the model or in one of its commands. Bubble Tea would print the trace
// on the standard output of the process, which is the person's screen or a server's log.
type guarded struct {
	model Model
	end   func() // ends the session

	mu       sync.Mutex // guards what follows: commands run on their own goroutines
	panicked *PanicError
}

// Init begins the session.
func (g *guarded) Init() (cmd tea.Cmd) {
	defer g.caught()
	return g.watched(g.model.Init())
}

// Update gives msg to the model, unless that has panicked.
func (g *guarded) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	next = g
	defer g.caught()
	if g.crash() != nil {
		return g, nil
	}
	model, cmd := g.model.Update(msg)
	if m, ok := model.(Model); ok {
		g.model = m
	}
	return g, g.watched(cmd)
}

// View draws the model.
func (g *guarded) View() (frame string) {
	defer g.caught()
	if g.crash() != nil {
		return ""
	}
	return g.model.View()
}

// watched is cmd, whose panic ends the session.
func (g *guarded) watched(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer g.caught()
		msg = cmd()
		batch, ok := msg.(tea.BatchMsg)
		if !ok {
			return msg
		}
		for i, c := range batch {
			batch[i] = g.watched(c)
		}
		return batch
	}
}

// caught ends the session if there is a panic; it is deferred.
func (g *guarded) caught() {
	r := recover()
	if r == nil {
		return
	}
	g.mu.Lock()
	if g.panicked == nil {
		g.panicked = Recovered(r)
	}
	g.mu.Unlock()
	g.end()
}

// crash is the first panic; nil when there was none.
func (g *guarded) crash() *PanicError {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.panicked
}

// ending is how the session ended, once it has.
func (g *guarded) ending() Ending {
	e := Ending{Reason: g.model.reason, Registered: g.model.registered, Words: g.model.words}
	if e.Reason == "" {
		e.Reason = Cut
	}
	return e
}

// forget wipes what the session knew of a person. It is the end of it.
func (g *guarded) forget() {
	defer g.caught()
	defer g.model.options.forgotten()
	defer func() { g.model = Model{} }()
	g.model.forget()
}
