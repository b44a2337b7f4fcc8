// Package paint puts frames on a terminal. It draws when the model changed, not by a clock, sends the cells that differ from
// what the terminal shows, and clears all at the end.
//
// A session that is idle has no goroutine and no timer here, and of what the terminal shows it keeps the frame as text. The
// libraries for it keep buffers of cells, which took 450 KiB a session, and a key five times the CPU (BenchmarkAKey).
package paint

import (
	"context"
	"fmt"
	"io"
	"sync"

	"foyer/ui/theme"
)

// Options are what a painter knows of its terminal.
type Options struct {
	Controls theme.Controls
	Size     theme.Size // until Resize; a size of no cells, which some terminals report, is taken for 80x24
	Public   bool       // the terminal is everybody's: what people leave on it that is not on the screen is cleared, too
	// Clipboard says that the terminal lets programs set its clipboard, which is emptied where it is everybody's.
	Clipboard bool
	Fail      func(error) // told once, by another goroutine, when the terminal can no longer be written to; nil for nobody
}

// A Painter puts frames on one terminal. It never waits for the terminal: a frame that comes while another is being sent
// replaces all that wait, so that a slow reader sees the newest and a reader that stalls costs one frame of memory. Its
// methods may be called by several goroutines.
type Painter struct {
	w         io.Writer
	controls  theme.Controls
	public    bool
	clipboard bool
	fail      func(error)

	mu     sync.Mutex
	wanted picture
	anew   bool // what the terminal shows is not to be relied on
	renew  bool // nor what else a person may have left on it
	ending bool
	err    error
	done   chan struct{} // closed when the goroutine that writes has ended; nil while there is none

	// Of the goroutine that writes.
	shown picture
	begun bool // the terminal was set up
	row   int  // that a teletype printed last
}

// A picture is a frame in a window.
type picture struct {
	frame string
	size  theme.Size
}

// New returns a painter of the terminal behind w. It writes nothing before the first frame, and then a frame at a time.
func New(w io.Writer, o Options) *Painter {
	p := &Painter{w: w, controls: o.Controls, public: o.Public, clipboard: o.Clipboard, fail: o.Fail, row: -1}
	p.wanted.size = theme.Size{Width: 80, Height: 24}
	p.Resize(o.Size)
	return p
}

// Resize says that the window has another size, in cells. The next frame is drawn from nothing, since a terminal may have
// moved what it shows. A size of no cells is ignored: nobody knows it.
func (p *Painter) Resize(size theme.Size) {
	if size.Width <= 0 || size.Height <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wanted.size, p.anew = size.Clamp(), true
}

// Clear has the terminal cleared and the next frame drawn from nothing. A public terminal is left, cleared of all that a person may
// have left on it, and set up again: what scrolled off, the clipboard, and the modes.
func (p *Painter) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.anew, p.renew = true, p.public
}

// Paint shows frame: lines separated by line feeds, with SGR sequences (ECMA-48, 8.3.117), whose effect ends with their
// line. Other sequences and controls are left out, and so is what exceeds the window. Nothing is sent when nothing changed,
// nor after Close.
func (p *Painter) Paint(frame string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if frame == p.wanted.frame && !p.anew {
		return
	}
	p.wanted.frame = frame
	p.wake()
}

// Close clears the terminal and leaves it as it was before the first frame. It returns when that was sent, when the terminal
// could not be written to, or when ctx ends: then a write that is stuck stays so until w is closed.
func (p *Painter) Close(ctx context.Context) error {
	p.mu.Lock()
	p.ending = true
	p.wake()
	done := p.done
	p.mu.Unlock()
	if done != nil {
		select {
		case <-done:
		case <-ctx.Done():
			return fmt.Errorf("clear the terminal: %w", context.Cause(ctx))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// wake starts the goroutine that writes, unless there is one.
func (p *Painter) wake() {
	if p.done == nil && p.err == nil {
		p.done = make(chan struct{})
		go p.work(p.done)
	}
}

// work writes what is wanted until the terminal shows it.
func (p *Painter) work(done chan<- struct{}) {
	defer close(done)
	defer func() { // a panic on a goroutine would end every session
		if r := recover(); r != nil {
			p.stop(fmt.Errorf("panic with a value of type %T", r))
		}
	}()
	for {
		job, more := p.next()
		if !more {
			return
		}
		if out := p.draw(job); len(out) > 0 {
			if _, err := p.w.Write(out); err != nil {
				p.stop(err)
				return
			}
		}
		p.shown = job.picture
	}
}

// A job is what is to be done to the terminal.
type job struct {
	picture
	anew  bool
	renew bool
	end   bool
}

// next is what is to be done now, or that there is nothing left.
func (p *Painter) next() (job, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := job{picture: p.wanted, anew: p.anew || !p.begun, renew: p.renew, end: p.ending}
	if p.ending && !p.begun || !p.ending && !j.anew && p.wanted == p.shown {
		p.done = nil
		return job{}, false
	}
	p.anew, p.renew = false, false
	return j, true
}

// stop gives up: the terminal cannot be written to.
func (p *Painter) stop(err error) {
	p.mu.Lock()
	p.err = fmt.Errorf("write to the terminal: %w", err)
	p.mu.Unlock()
	if p.fail != nil {
		p.fail(p.err)
	}
}

// draw is the bytes that do j.
func (p *Painter) draw(j job) []byte {
	if p.controls == theme.Teletype {
		return p.print(j)
	}
	m := modesOf(p.controls)
	if j.end {
		p.begun = false
		return []byte(m.end(p.public, p.clipboard))
	}
	var out []byte
	was := p.shown.frame
	switch {
	case j.renew:
		out = append(out, m.renew(p.clipboard)...)
	case !p.begun:
		out = append(out, m.begin...)
	}
	p.begun = true
	if j.anew {
		was = ""
		out = append(out, clearAll...)
	}
	d := drawing{out: out, size: j.size, attributes: m.attributes, y: unknown}
	d.frame(was, j.frame)
	return d.out
}
