package sshserver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/theme"
)

// Why the context of a session ended.
var (
	errGone    = errors.New("the client is gone")
	errTimeUp  = errors.New("the time for the session is over")
	errClosing = errors.New("the server ends")
	errStalled = errors.New("the client does not read")
)

// A channel is the one that a client has at a time (RFC 4254, 6.1). Its requests come one after the other, on one goroutine.
type channel struct {
	gossh.Channel
	server *Server
	visit  *visit
	user   string // as the client says
	client string // likewise, its version

	term    string            // of the terminal; "" without one
	size    theme.Size        // of the window, when the session begins
	sizes   chan theme.Size   // of the window, later; the newest only
	environ map[string]string // what was sent of it and is on the list
	started bool              // there is a session, or was
	door    *door             // of the session; nil where nobody needs an invitation
}

// refuseChannel refuses what is no session: forwarded ports, sockets, X11.
func (s *Server) refuseChannel(_ *ssh.Server, _ *gossh.ServerConn, offered gossh.NewChannel, ctx ssh.Context) {
	v := visitOf(ctx)
	v.refuse()
	s.gate.count(RefusedRequest)
	s.log(slog.LevelDebug, "channel refused", "session", v.id, "remote", v.remote(), "type", tidy(offered.ChannelType()))
	_ = offered.Reject(gossh.Prohibited, "nothing is forwarded here")
}

// channel serves the channel that a client opens.
func (s *Server) channel(_ *ssh.Server, conn *gossh.ServerConn, offered gossh.NewChannel, ctx ssh.Context) {
	v := visitOf(ctx)
	if !v.take() {
		v.refuse()
		_ = offered.Reject(gossh.ResourceShortage, "there is one session to a connection")
		return
	}
	defer v.give()
	v.announce(conn)
	accepted, requests, err := offered.Accept()
	if err != nil {
		return
	}
	c := &channel{
		Channel: accepted, server: s, visit: v, user: tidy(conn.User()), client: tidy(string(conn.ClientVersion())),
		sizes: make(chan theme.Size, 1), environ: make(map[string]string),
	}
	go c.deafen()
	c.serve(requests)
}

// deafen ends the connection of a client that sends extended data, which no client has any of (RFC 4254, 5.2): unread, 2 MiB of
// them would be kept as long as the session lasts.
func (c *channel) deafen() {
	var one [1]byte
	if n, _ := c.Stderr().Read(one[:]); n > 0 {
		_ = c.visit.Close()
	}
}

// serve answers requests until the channel is closed, and waits for the session.
func (c *channel) serve(requests <-chan *gossh.Request) {
	origin := registration.Origin{Remote: c.visit.remote(), Session: c.visit.id}
	ctx, cancel := context.WithCancelCause(registration.From(c.server.life, origin))
	over := make(chan struct{})
	for r := range requests {
		accepted := c.answer(r)
		_ = r.Reply(accepted, nil)
		switch {
		case accepted && r.Type == "shell":
			go func() {
				defer close(over)
				c.shell(ctx, cancel)
			}()
		case !c.started && (r.Type == "exec" || r.Type == "subsystem"):
			_ = c.Close()
		}
	}
	cancel(errGone)
	_ = c.Close()
	if c.started {
		<-over
	}
}

// politeness is how long a client has to print why its request is refused: OpenSSH ends at the refusal, and leaves unprinted what
// came in the same moment.
const politeness = 100 * time.Millisecond

// answer reports whether a request is granted (RFC 4254, 6). What is not named here is not: agents, X11, signals.
func (c *channel) answer(r *gossh.Request) bool {
	switch r.Type {
	case "pty-req":
		return c.equip(r.Payload)
	case "window-change":
		return c.resize(r.Payload)
	case "env":
		return c.setenv(r.Payload)
	case "shell":
		first := !c.started
		c.started = true
		return first
	case "exec", "subsystem":
		c.server.gate.count(RefusedRequest)
		c.server.log(slog.LevelDebug, "request refused", "session", c.visit.id, "remote", c.visit.remote(), "type", r.Type)
		if !c.started {
			c.say(c.Stderr(), c.words().Text(RefusedRequest.key()))
			wait(c.server.life, politeness)
		}
	}
	return false
}

// equip takes the terminal of a client (RFC 4254, 6.2). Its modes are not needed: the screens are drawn for one in raw mode.
func (c *channel) equip(payload []byte) bool {
	var asked struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}
	if c.started || c.term != "" || gossh.Unmarshal(payload, &asked) != nil {
		return false
	}
	c.term, c.size = terminalName(asked.Term), window(asked.Columns, asked.Rows)
	return true
}

// resize takes a new size of the window (RFC 4254, 6.7).
func (c *channel) resize(payload []byte) bool {
	var asked struct{ Columns, Rows, Width, Height uint32 }
	if c.term == "" || gossh.Unmarshal(payload, &asked) != nil {
		return false
	}
	size := window(asked.Columns, asked.Rows)
	if !c.started {
		c.size = size
		return true
	}
	for {
		select {
		case c.sizes <- size:
			return true
		default:
		}
		select {
		case <-c.sizes:
		default:
		}
	}
}

// window is a size as a client reports it, within what is laid out.
func window(columns, rows uint32) theme.Size {
	const more = 1 << 15 // than is laid out, and fits an int anywhere
	return theme.Size{Width: int(min(columns, more)), Height: int(min(rows, more))}.Clamp()
}

// setenv takes a variable of the client's environment (RFC 4254, 6.4), if it is on the list.
func (c *channel) setenv(payload []byte) bool {
	var asked struct{ Name, Value string }
	if c.started || gossh.Unmarshal(payload, &asked) != nil || !listed(asked.Name, asked.Value) {
		return false
	}
	c.environ[asked.Name] = asked.Value
	return true
}

// words are those of the client's language.
func (c *channel) words() *i18n.Words { return c.visit.config.words(c.environ) }

// say writes lines to a terminal, or to where one is not.
func (c *channel) say(to io.Writer, text string) {
	if c.term != "" {
		text = strings.ReplaceAll(text, "\n", "\r\n") + "\r"
	}
	hangUp := func() { _ = c.visit.Close() }
	out := &output{to: to, timeout: c.visit.config.Limits.WriteTimeout, stuck: hangUp, lost: hangUp}
	_, _ = io.WriteString(out, text+"\n")
}
