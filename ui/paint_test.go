package ui_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"foyer/ui"
	"foyer/ui/paint"
	"foyer/ui/theme"
)

// A line is a terminal that tells of each write.
type line struct {
	emu    *vt.Emulator // nil for a terminal that nobody looks at
	writes chan int     // their bytes
	mu     sync.Mutex
}

// text is what stands on the screen.
func (l *line) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.emu.String()
}

func newLine() *line { return &line{emu: vt.NewEmulator(80, 24), writes: make(chan int, 1024)} }

func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	if l.emu != nil {
		_, _ = l.emu.Write(p) // it takes all
	}
	l.mu.Unlock()
	l.writes <- len(p)
	return len(p), nil
}

// atFirstName is a driver that types a name into a field of the details screen.
func atFirstName(tb testing.TB) *driver {
	tb.Helper()
	o := options(tb, newDesk(tb))
	o.Terminal = theme.Terminal{Profile: colorprofile.ANSI256, Dark: true}
	d := start(tb, o)
	d.begin()
	d.press("ann@example.com<enter><enter>An")
	return d
}

func TestAKeyCostsFewBytes(t *testing.T) {
	d, l := atFirstName(t), newLine()
	p := paint.New(l, paint.Options{Size: theme.Size{Width: 80, Height: 24}})
	d.model = paint.Wrap(d.model, p)
	d.model.Init()
	<-l.writes
	for _, key := range []string{"n", "a", "<del>", "<left>", "b", "<right>", "<del>", "é", "漢"} {
		d.press(key)
		if sent := <-l.writes; sent > 40 {
			t.Errorf("the key %s costs %d bytes, want at most 40", key, sent)
		}
	}
	if got := l.text(); !strings.Contains(got, "Anbé漢") {
		t.Errorf("the screen shows\n%s", got)
	}
}

// TestShow runs a session over a line that is no file of the operating system.
func TestShow(t *testing.T) {
	d := newDesk(t)
	o := options(t, d)
	o.Now = (&clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}).Now
	l := newLine()
	keys, typed := io.Pipe()
	sizes, over := make(chan theme.Size), make(chan error)
	go func() {
		_, err := ui.Show(t.Context(), o, ui.Line{In: keys, Out: l, Size: theme.Size{Width: 60, Height: 20}, Resize: sizes})
		over <- err
	}()
	shows := func(text string) {
		t.Helper()
		for !strings.Contains(l.text(), text) {
			select {
			case <-l.writes:
			case <-time.After(20 * time.Second):
				t.Fatalf("waiting for %q, the screen shows\n%s", text, l.text())
			}
		}
	}
	shows("Press Enter to begin")
	sizes <- theme.Size{Width: 30, Height: 10}
	shows("too small")
	sizes <- theme.Size{Width: 80, Height: 24}
	shows("Press Enter to begin")
	for _, key := range []string{"\x03", "\r"} {
		if _, err := io.WriteString(typed, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-over; err != nil {
		t.Error(err)
	}
	if left := strings.TrimSpace(l.text()); left != "" || l.emu.IsAltScreen() {
		t.Errorf("in the end the screen shows\n%s", left)
	}
}

// TestShowEndsWithItsLine has the terminal hang up while a person types.
func TestShowEndsWithItsLine(t *testing.T) {
	o := options(t, newDesk(t))
	o.Now = (&clock{}).Now
	keys, typed := io.Pipe()
	t.Cleanup(func() { _ = typed.Close() })
	out, screen := io.Pipe()
	_ = out.Close()
	if _, err := ui.Show(t.Context(), o, ui.Line{In: keys, Out: screen}); err == nil || !strings.Contains(err.Error(), "write to the terminal") {
		t.Errorf("Show = %v, want that the terminal cannot be written to", err)
	}
}

// BenchmarkPaint types into the details screen and waits for what comes of each key. It prints the ratios to Bubble Tea's own
// renderer, measured in the same run.
func BenchmarkPaint(b *testing.B) {
	const few = 60 // each waits for the renderer's clock
	standard := typeKeys(b, few, func(m tea.Model, l *line) (tea.Model, []tea.ProgramOption) {
		return m, []tea.ProgramOption{tea.WithOutput(l), tea.WithAltScreen()}
	})
	b.ReportAllocs()
	b.ResetTimer()
	ours := typeKeys(b, b.N, func(m tea.Model, l *line) (tea.Model, []tea.ProgramOption) {
		p := paint.New(l, paint.Options{Size: theme.Size{Width: 80, Height: 24}})
		return paint.Wrap(m, p), []tea.ProgramOption{tea.WithOutput(io.Discard), tea.WithoutRenderer()}
	})
	b.ReportMetric(ours.bytes, "B/key")
	b.ReportMetric(ours.bytes/standard.bytes, "×standard-bytes")
	b.ReportMetric(float64(ours.cpu)/float64(standard.cpu), "×standard-cpu")
	b.ReportMetric(float64(ours.wait)/float64(standard.wait), "×standard-wait")
}

// A cost is what a key costs.
type cost struct {
	bytes     float64
	cpu, wait time.Duration
}

// typeKeys types n keys in a program that draws as drawn says.
func typeKeys(b *testing.B, n int, drawn func(tea.Model, *line) (tea.Model, []tea.ProgramOption)) cost {
	b.Helper()
	l := newLine()
	l.emu = nil
	model, how := drawn(atFirstName(b).model, l)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	program := tea.NewProgram(model, append(how, tea.WithInput(nil), tea.WithoutSignalHandler(), tea.WithContext(ctx))...)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = program.Run() // ends with the context
	}()
	key := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("n")}
	program.Send(key)
	l.settle()
	var sent int
	began, used := time.Now(), usedCPU(b)
	for i := range n {
		if i%2 == 0 {
			program.Send(tea.KeyMsg{Type: tea.KeyBackspace})
		} else {
			program.Send(key)
		}
		sent += <-l.writes
	}
	c := cost{bytes: float64(sent) / float64(n), cpu: (usedCPU(b) - used) / time.Duration(n), wait: time.Since(began) / time.Duration(n)}
	cancel()
	<-ended
	return c
}

// settle waits until nothing was written for a while.
func (l *line) settle() {
	for {
		select {
		case <-l.writes:
		case <-time.After(100 * time.Millisecond):
			return
		}
	}
}
