package paint_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/paint"
	"foyer/ui/theme"
)

// A slowReader takes what is written when it is told to.
type slowReader struct {
	takes chan error
	got   []string
}

func (s *slowReader) Write(p []byte) (int, error) {
	err := <-s.takes
	s.got = append(s.got, string(p))
	return len(p), err
}

func TestASlowReaderGetsTheNewestFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowReader{takes: make(chan error)}
		p := paint.New(slow, paint.Options{})
		for _, frame := range []string{"a", "b", "c", "d"} {
			p.Paint(frame)
			synctest.Wait()
		}
		slow.takes <- nil
		slow.takes <- nil
		synctest.Wait()
		if len(slow.got) != 2 || !strings.HasSuffix(slow.got[0], "a") || slow.got[1] != "\x1b[1Hd" {
			t.Errorf("the reader got %q, want the first and the last frame", slow.got)
		}
	})
}

func TestNothingIsSentWhenNothingChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 20, 5, paint.Options{})
		if got := s.show("abc"); !strings.HasSuffix(got, "abc") {
			t.Errorf("the first frame is sent as %q", got)
		}
		if got := s.show("abc"); got != "" {
			t.Errorf("the same frame is sent as %q", got)
		}
		s.paint.Clear()
		if got := s.show("abc"); got != "\x1b[m\x1b[H\x1b[2J\x1b[1Habc" {
			t.Errorf("after Clear the same frame is sent as %q", got)
		}
		s.paint.Resize(theme.Size{})
		if got := s.show("abc"); got != "" {
			t.Errorf("after a size that nobody knows the same frame is sent as %q", got)
		}
	})
}

func TestAReaderThatIsStuckDoesNotKeepTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowReader{takes: make(chan error)}
		p := paint.New(slow, paint.Options{})
		p.Paint("a")
		ctx, cancel := context.WithCancel(t.Context())
		synctest.Wait()
		cancel()
		if err := p.Close(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Close = %v, want that the context has ended", err)
		}
		close(slow.takes)
		synctest.Wait()
		if last := slow.got[len(slow.got)-1]; !strings.HasSuffix(last, "\x1b[?1049l") {
			t.Errorf("in the end %q is sent", last)
		}
	})
}

func TestAReaderThatIsGoneIsToldOfOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("gone")
		slow := &slowReader{takes: make(chan error, 1)}
		var told []error
		p := paint.New(slow, paint.Options{Fail: func(err error) { told = append(told, err) }})
		slow.takes <- gone
		p.Paint("a")
		p.Paint("b")
		synctest.Wait()
		p.Paint("c")
		synctest.Wait()
		if len(told) != 1 || !errors.Is(told[0], gone) || len(slow.got) != 1 {
			t.Errorf("told %v after %d writes", told, len(slow.got))
		}
		if err := p.Close(t.Context()); !errors.Is(err, gone) {
			t.Errorf("Close = %v, want %v", err, gone)
		}
	})
}

func TestEachTerminalGetsWhatItKnows(t *testing.T) {
	const clear, mouse = "\x1b[m\x1b[H\x1b[2J", "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l"
	tests := []struct {
		name               string
		options            paint.Options
		begin, change, end string
	}{
		{"a modern one", paint.Options{}, "\x1b[?1049h\x1b[?25l\x1b[?2004h" + clear, "\x1b[1H\x1b[2;31mb\x1b[m", clear + "\x1b[?2004l\x1b[?25h\x1b[?1049l"},
		{"a public one", paint.Options{Public: true}, "\x1b[?1049h\x1b[?25l\x1b[?2004h" + clear, "\x1b[1H\x1b[2;31mb\x1b[m", clear + "\x1b[?2004l\x1b[?25h\x1b[?1049l" + mouse + "\x1b[3J"},
		{"a public one with a clipboard", paint.Options{Public: true, Clipboard: true}, "\x1b[?1049h\x1b[?25l\x1b[?2004h" + clear, "\x1b[1H\x1b[2;31mb\x1b[m", clear + "\x1b[?2004l\x1b[?25h\x1b[?1049l" + mouse + "\x1b[3J\x1b]52;c;\x1b\\"},
		{"a person's own with a clipboard", paint.Options{Clipboard: true}, "\x1b[?1049h\x1b[?25l\x1b[?2004h" + clear, "\x1b[1H\x1b[2;31mb\x1b[m", clear + "\x1b[?2004l\x1b[?25h\x1b[?1049l"},
		{"the Linux console", paint.Options{Controls: theme.LinuxConsole, Public: true}, "\x1b[?25l" + clear, "\x1b[1H\x1b[2;31mb\x1b[m", clear + "\x1b[?25h\x1b[3J"},
		{"a VT220", paint.Options{Controls: theme.VT220, Public: true}, "\x1b[?25l" + clear, "\x1b[1H\x1b[31mb\x1b[m", clear + "\x1b[?25h"},
		{"a VT100", paint.Options{Controls: theme.VT100, Public: true}, clear, "\x1b[1H\x1b[31mb\x1b[m", clear},
		{"a teletype", paint.Options{Controls: theme.Teletype, Public: true}, "\r\n", "\rb", "\r\n\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScreen(t, 10, 3, tt.options)
				begin, _ := strings.CutSuffix(s.show("a"), "a")
				begin = strings.TrimSuffix(begin, "\x1b[1H")
				if change := s.show("\x1b[2;31mb\x1b[m"); begin != tt.begin || change != tt.change {
					t.Errorf("the first frame begins with %q and the second is %q, want %q and %q", begin, change, tt.begin, tt.change)
				}
				s.sent.Reset()
				for range 2 {
					if err := s.paint.Close(t.Context()); err != nil {
						t.Error(err)
					}
				}
				if got := s.sent.String() + s.show("late"); got != tt.end {
					t.Errorf("the end is %q, want %q", got, tt.end)
				}
			})
		})
	}
}

func TestATerminalThatWasShownNothingIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 10, 3, paint.Options{})
		if err := s.paint.Close(t.Context()); err != nil || s.sent.Len() > 0 {
			t.Errorf("Close = %v and sends %q", err, s.sent.String())
		}
	})
}

func TestATeletypePrintsLinesThatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 10, 4, paint.Options{Controls: theme.Teletype})
		for _, step := range []struct{ frame, want string }{
			{"title\n\nname: _\nhelp   ", "\r\ntitle\r\nname: _\r\nhelp"},
			{"title\n\nname: a_\nhelp", "\r\nname: a_"},
			{"title\n\nname: ab_\nhelp", "\rname: ab_"},
			{"title\n\nname: _\nhelp", "\rname: _  "},
			{"title\n\nname: _\n", ""},
			{"much longer than the window\nx", "\r\nmuch long\r\nx"},
		} {
			if got := s.show(step.frame); got != step.want {
				t.Errorf("%q is printed as %q, want %q", step.frame, got, step.want)
			}
		}
		s.paint.Clear()
		if got, want := s.show("next"), strings.Repeat("\r\n", 4)+"\r\nnext"; got != want {
			t.Errorf("after Clear it prints %q, want %q", got, want)
		}
	})
}

// A page is a model that shows what it was told last.
type page string

func (p page) Init() tea.Cmd { return nil }

func (p page) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case string:
		return page(msg), nil
	case error:
		panic(msg)
	}
	return p, nil
}

func (p page) View() string { return string(p) }

func TestAModelIsPaintedAfterEachMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 10, 3, paint.Options{})
		m := paint.Wrap(page("first"), s.paint)
		send := func(msg tea.Msg) string {
			t.Helper()
			s.sent.Reset()
			m, _ = m.Update(msg)
			synctest.Wait()
			return s.sent.String()
		}
		m.Init()
		synctest.Wait()
		if got := strings.TrimSpace(s.emu.String()); got != "first" {
			t.Errorf("before any message the screen shows %q", got)
		}
		if got := send("fist"); got != "\x1b[1;3Hst " {
			t.Errorf("a change is sent as %q", got)
		}
		if got := send(1); got != "" {
			t.Errorf("a message that changes nothing has %q sent", got)
		}
		const anew = "\x1b[m\x1b[H\x1b[2J\x1b[1H"
		if got := send(tea.ClearScreen()); got != anew+"fist" {
			t.Errorf("tea.ClearScreen has %q sent", got)
		}
		s.emu.Resize(3, 3)
		if got := send(tea.WindowSizeMsg{Width: 3, Height: 3}); got != anew+"fis" {
			t.Errorf("another size has %q sent", got)
		}
		if m.View() != "" {
			t.Error("there is a view for a renderer")
		}
	})
}

func TestAPanicFindsTheTerminalInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 10, 3, paint.Options{})
		s.show("answers")
		defer func() {
			if r := recover(); r == nil || s.emu.IsAltScreen() || strings.Contains(s.emu.String(), "answers") {
				t.Errorf("after the panic %v the screen shows %q", r, s.emu.String())
			}
		}()
		paint.Wrap(page("answers"), s.paint).Update(errors.New("oops"))
	})
}
