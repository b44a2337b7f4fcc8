package sshserver_test

import (
	"net"
	"slices"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

// A deaf connection stops to read when it is told. What it writes waits in a queue, since both ends begin by writing.
type deaf struct {
	net.Conn
	queue chan []byte
	stop  chan struct{}
	over  <-chan struct{}
}

func newDeaf(t *testing.T, conn net.Conn) deaf {
	t.Helper()
	d := deaf{conn, make(chan []byte, 1024), make(chan struct{}), t.Context().Done()}
	go func() {
		for {
			select {
			case p := <-d.queue:
				_, _ = conn.Write(p)
			case <-d.over:
				return
			}
		}
	}()
	return d
}

func (d deaf) Write(p []byte) (int, error) {
	d.queue <- slices.Clone(p)
	return len(p), nil
}

func (d deaf) Read(p []byte) (int, error) {
	select {
	case <-d.stop:
		<-d.over
	default:
	}
	return d.Conn.Read(p)
}

func TestAClientThatDoesNotReadIsEnded(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.WriteTimeout = 300 * time.Millisecond })
	d := newDeaf(t, h.pipe())
	joined, channels, requests, err := gossh.NewClientConn(d, h.address, &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.FixedHostKey(h.hostKey)})
	if err != nil {
		t.Fatal(err)
	}
	session, err := gossh.NewClient(joined, channels, requests).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("xterm-256color", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the session", func() bool { return h.server.Stats().Sessions == 1 })
	other := h.visit(usual())
	other.until("Press Enter to begin")
	close(d.stop)
	for range 2 { // one is read still
		if err := session.WindowChange(24, 79); err != nil {
			t.Fatal(err)
		}
	}
	wait(t, "the end of the deaf session", func() bool { return h.server.Stats().Ended[sshserver.Stalled] == 1 })
	wait(t, "its place", func() bool { return h.server.Stats().Sessions == 1 })
	other.press("\r")
	other.until("Your details")
}
