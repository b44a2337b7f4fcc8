package sshserver_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

// An attack does something to a house until it is done or ctx ends, which is when everybody else is.
type attack func(ctx context.Context, h *house)

// whole is an attack that is waited for.
func whole(a attack) attack {
	return func(_ context.Context, h *house) { a(h.t.Context(), h) }
}

// TestAttacksLeaveOthersUntouched attacks while somebody types, and somebody else comes in. Then there is no more of anything
// than before.
func TestAttacksLeaveOthersUntouched(t *testing.T) {
	attacks := map[string]attack{
		"half-open connections": halfOpen(2000),
		"handshakes":            whole(handshakes(150)),
		"a window of no end":    typing(resizes(1<<32-1, 0)),
		"resizes":               typing(resizes(80, 24)),
		"a paste of 100 MB":     typing(types("\x1b[200~" + strings.Repeat("a", 100<<20) + "\x1b[201~")),
		"a paste without end":   typing(types("\x1b[200~" + strings.Repeat("a", 1<<20))),
		"keys without end":      typing(types(strings.Repeat("x\x1b[A\r", 2<<20))),
		"keys that end":         typing(types(strings.Repeat("\x03\x1a\x1c", 1<<20))),
		"keys in small packets": typing(smallPackets),
		"what no client sends":  whole(inChannel(extended)),
		"keys without a screen": whole(inChannel(unscreened)),
		"very many channels":    whole(connected(gossh.Config{}, channels(2000))),
		"very many requests":    whole(connected(gossh.Config{}, globalRequests)),
		"requests in disorder":  whole(inChannel(disorder)),
		"new keys all the time": whole(connected(gossh.Config{RekeyThreshold: 256}, rekeys)),
	}
	h := open(t, func(c *sshserver.Config) { c.Limits.Handshakes = 50 })
	witness := h.visit(usual())
	witness.until("Press Enter to begin")
	witness.press("\r")
	witness.until("Your details")
	h.newcomer()
	wait(t, "the newcomer to be gone", h.deserted)
	before, heap := goroutines(t), allocated()
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			h.t, witness.t = t, t
			h.withstands(attack, witness)
			h.fewer(before + 1) // that of this test
			if more := allocated() - heap; more > 4<<20 {
				t.Errorf("%d KiB stay allocated", more>>10)
			}
		})
	}
	h.t, witness.t = t, t
	witness.press("ann@example.com\rAnn\r" + marker + "\r" + marker + "\r\r")
	witness.until("You are registered")
}

// withstands has somebody type, and somebody come in, while the house is attacked.
func (h *house) withstands(attack attack, witness *guest) {
	h.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(h.t.Context()))
	defer stop()
	var attacking sync.WaitGroup
	attacking.Go(func() { attack(ctx, h) })
	for range 3 {
		witness.press("zoe")
		witness.until("zoe")
		h.newcomer()
		witness.press("\x15") // ctrl+u
		witness.wait("an empty field", func(text string) bool { return !strings.Contains(text, "zoe") })
	}
	stop()
	attacking.Wait()
	wait(h.t, "everybody else to be gone", h.deserted)
}

// deserted reports whether nobody but the witness is there.
func (h *house) deserted() bool { s := h.server.Stats(); return s.Sessions <= 1 && s.Handshakes == 0 }

// fewer waits until there are no more goroutines than so many, and says which there are otherwise.
func (h *house) fewer(than int) {
	h.t.Helper()
	h.t.Cleanup(func() {
		if n := runtime.NumGoroutine(); n > than && h.t.Failed() {
			var all bytes.Buffer
			_ = pprof.Lookup("goroutine").WriteTo(&all, 1)
			h.t.Logf("%d goroutines, want %d:\n%s", n, than, &all)
		}
	})
	wait(h.t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= than })
}

// allocated is the memory that is in use, in bytes.
func allocated() int {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// newcomer is somebody at another address, who looks in.
func (h *house) newcomer() {
	h.t.Helper()
	has := usual()
	has.from = "127.0.0.2"
	g := h.visit(has)
	g.until("Press Enter to begin")
	g.press("\x03\x03")
	if status := g.exit(); status != 0 {
		h.t.Errorf("exit status %d, want 0", status)
	}
	_ = g.client.Close()
	_ = g.client.Wait()
}

// reach connects as an attacker, until ctx ends; nil when that is no longer possible.
func (h *house) reach(ctx context.Context) net.Conn {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", h.address)
	if err != nil {
		return nil
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	return conn
}

// client shakes hands as an attacker; nil when the server did not.
func (h *house) client(ctx context.Context, more gossh.Config) *gossh.Client {
	conn := h.reach(ctx)
	if conn == nil {
		return nil
	}
	joined, channels, requests, err := gossh.NewClientConn(conn, h.address, &gossh.ClientConfig{
		Config: more, User: "x", HostKeyCallback: gossh.FixedHostKey(h.hostKey),
	})
	if err != nil {
		_ = conn.Close()
		return nil
	}
	return gossh.NewClient(joined, channels, requests)
}

// halfOpen opens so many connections and says nothing.
func halfOpen(n int) attack {
	return func(ctx context.Context, h *house) {
		for range n {
			h.reach(ctx)
		}
		<-ctx.Done()
	}
}

// handshakes shakes hands so often and leaves.
func handshakes(n int) attack {
	return func(ctx context.Context, h *house) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range n / 8 {
					if c := h.client(ctx, gossh.Config{}); c != nil {
						_ = c.Close()
					}
				}
			})
		}
		all.Wait()
	}
}

// typing does something in a session until that is done or ctx ends.
func typing(do func(s *gossh.Session, keys io.Writer)) attack {
	return func(ctx context.Context, h *house) {
		if c := h.client(ctx, gossh.Config{}); c != nil {
			inSession(c, do)
			<-ctx.Done()
		}
	}
}

func inSession(c *gossh.Client, do func(s *gossh.Session, keys io.Writer)) {
	s, err := c.NewSession()
	if err != nil {
		return
	}
	s.Stdout = io.Discard
	keys, err := s.StdinPipe()
	if err != nil || s.RequestPty("xterm", 24, 80, nil) != nil || s.Shell() != nil {
		return
	}
	_, _ = io.WriteString(keys, "\r")
	do(s, keys)
}

func types(text string) func(*gossh.Session, io.Writer) {
	return func(_ *gossh.Session, keys io.Writer) { _, _ = io.WriteString(keys, text) }
}

func smallPackets(_ *gossh.Session, keys io.Writer) {
	for {
		if _, err := keys.Write([]byte("x")); err != nil {
			return
		}
	}
}

func resizes(columns, rows int) func(*gossh.Session, io.Writer) {
	return func(s *gossh.Session, _ io.Writer) {
		for i := range 20_000 {
			if s.WindowChange(rows+i%2, columns-i%2) != nil {
				return
			}
		}
	}
}

// connected is the attack of a client that has shaken hands, as how says.
func connected(how gossh.Config, do func(*house, *gossh.Client)) attack {
	return func(ctx context.Context, h *house) {
		if c := h.client(ctx, how); c != nil {
			defer func() { _ = c.Close() }()
			do(h, c)
		}
	}
}

// inChannel is the attack of a client that has a channel, and has asked for nothing in it.
func inChannel(do func(*house, gossh.Channel)) attack {
	return connected(gossh.Config{}, func(h *house, c *gossh.Client) {
		channel, requests, err := c.OpenChannel("session", nil)
		if err != nil {
			return
		}
		go gossh.DiscardRequests(requests)
		do(h, channel)
	})
}

// extended sends data of a kind that no client has.
func extended(h *house, channel gossh.Channel) {
	if _, err := channel.Stderr().Write(make([]byte, 8<<20)); err == nil {
		h.t.Error("8 MiB of extended data are taken")
	}
}

// unscreened sends 8 MiB into a channel in which there is no session.
func unscreened(h *house, channel gossh.Channel) {
	if _, err := channel.Write(make([]byte, 8<<20)); err == nil {
		h.t.Error("8 MiB are taken without a session")
	}
}

// channels opens so many at once, of a kind that there is and of others.
func channels(n int) func(h *house, c *gossh.Client) {
	return func(h *house, c *gossh.Client) {
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { _, _, _ = c.OpenChannel([]string{"session", "x11", "direct-tcpip"}[i%3], nil) })
		}
		all.Wait()
		if _, _, err := c.OpenChannel("x11", nil); !gone(err) {
			h.t.Errorf("after %d channels: %v, want the end of the connection", n, err)
		}
	}
}

// gone reports whether err is that the server has ended a connection, and not a refusal.
func gone(err error) bool {
	var refused *gossh.OpenChannelError
	return err != nil && !errors.As(err, &refused)
}

func globalRequests(_ *house, c *gossh.Client) {
	for i := range 20_000 {
		if _, _, err := c.SendRequest("x@example.com", i%100 == 0, []byte("x")); err != nil {
			return
		}
	}
}

// disorder asks for things when it is not their time.
func disorder(_ *house, channel gossh.Channel) {
	go func() { _, _ = io.Copy(io.Discard, channel) }()
	for _, name := range []string{"window-change", "signal", "exit-status", "eow@openssh.com", "pty-req", "env", "shell", "pty-req", "env", "shell", "", "window-change"} {
		for _, payload := range [][]byte{nil, {0}, []byte("\xff\xff\xff\xff"), make([]byte, 1<<10)} {
			if _, err := channel.SendRequest(name, true, payload); err != nil {
				return
			}
		}
	}
	_ = channel.CloseWrite()
	_, _ = channel.SendRequest("shell", true, nil)
	_ = channel.Close()
}

// rekeys asks for new keys after every few bytes (RFC 4253, 9).
func rekeys(_ *house, c *gossh.Client) {
	inSession(c, func(_ *gossh.Session, keys io.Writer) {
		for range 3000 {
			if _, err := io.WriteString(keys, strings.Repeat("x", 64)); err != nil {
				return
			}
		}
	})
}

func TestSessionsInARowLeaveNothing(t *testing.T) {
	h := open(t, nil)
	visits := func(n int) {
		queue := make(chan int)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range queue {
					if c := h.client(t.Context(), gossh.Config{}); c != nil {
						inSession(c, types("ann@example.com\rAnn\r\x03\x03"))
						_ = c.Close()
						_ = c.Wait()
					}
				}
			})
		}
		for i := range n {
			queue <- i
		}
		close(queue)
		all.Wait()
		wait(t, "everybody to be gone", h.deserted)
	}
	visits(100)
	before, heap, begun := goroutines(t), allocated(), h.server.Stats().Connections
	visits(300)
	h.fewer(before)
	if more := allocated() - heap; more > 2<<20 {
		t.Errorf("%d KiB stay allocated", more>>10)
	}
	if came := h.server.Stats().Connections - begun; came != 300 {
		t.Errorf("%d came, want 300", came)
	}
}
