package paint_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/paint"
	"foyer/ui/theme"
)

// BenchmarkAKey paints a form in which a letter is typed and deleted. It prints the ratios of the time for a key and of the
// memory of a session to ultraviolet's renderer, the best-kept library for it, measured in the same run.
func BenchmarkAKey(b *testing.B) {
	frames := []string{form("ann"), form("anna")}
	theirs, theirMemory := perFrame(1000, frames, newCells)
	b.ReportAllocs()
	b.ResetTimer()
	ours, ourMemory := perFrame(b.N, frames, newPainter)
	b.ReportMetric(float64(ourMemory), "B/session")
	b.ReportMetric(float64(ours)/float64(theirs), "×ultraviolet-time")
	b.ReportMetric(float64(ourMemory)/float64(theirMemory), "×ultraviolet-memory")
}

// perFrame is the time that a frame takes, and the memory of a session that was begun by begin. What begin returns shows a
// frame and waits until it was sent.
func perFrame(n int, frames []string, begin func() func(frame string)) (time.Duration, uint64) {
	const sessions = 50
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	shows := make([]func(string), sessions)
	for i := range shows {
		shows[i] = begin()
		shows[i](frames[0])
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	start := time.Now()
	for i := range n {
		shows[0](frames[(i+1)%2])
	}
	spent := time.Since(start) / time.Duration(n)
	runtime.KeepAlive(shows)
	return spent, (after.HeapAlloc - before.HeapAlloc) / sessions
}

// newPainter begins a session with ours.
func newPainter() func(string) {
	sent := make(sentWriter, 1)
	p := paint.New(sent, paint.Options{Size: theme.Size{Width: 80, Height: 24}})
	return func(frame string) {
		p.Paint(strings.Clone(frame)) // a session's frame is its own
		<-sent
	}
}

// A sentWriter tells of each write.
type sentWriter chan struct{}

func (s sentWriter) Write(p []byte) (int, error) {
	s <- struct{}{}
	return len(p), nil
}

// newCells begins a session with theirs.
func newCells() func(string) {
	var out bytes.Buffer
	r := uv.NewTerminalRenderer(&out, []string{"TERM=xterm-256color"})
	r.SetFullscreen(true)
	r.SetRelativeCursor(false)
	cells := uv.NewRenderBuffer(80, 24)
	return func(frame string) {
		uv.NewStyledString(frame).Draw(surface{cells}, cells.Bounds())
		r.Render(cells)
		_ = r.Flush() // into a buffer
		out.Reset()
	}
}

type surface struct{ *uv.RenderBuffer }

func (surface) WidthMethod() uv.WidthMethod { return ansi.GraphemeWidth }

// form is a frame with fields, the first of which holds text.
func form(text string) string {
	lines := []string{
		"      \x1b[7;38;5;179m SANDBOX  Nothing here is real. \x1b[0m",
		"     \x1b[1;38;5;111mFoyer\x1b[0m" + strings.Repeat(" ", 54) + "\x1b[38;5;247mStep 1 of 3\x1b[0m",
	}
	for i := range 6 {
		value := text + "\x1b[7m \x1b[0m"
		if i > 0 {
			value = "answer"
		}
		gap := strings.Repeat(" ", 68-ansi.StringWidth(value))
		lines = append(lines, fmt.Sprintf("     Field %d  \x1b[38;5;247mrequired\x1b[0m", i), "     \x1b[38;5;247m│\x1b[0m "+value+gap+"\x1b[38;5;114m✓\x1b[0m", "")
	}
	return strings.Join(lines, "\n")
}
