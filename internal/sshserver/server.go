// Package sshserver serves the screens over SSH: each session is a program of its own, with a theme of its own, that ends
// with its client and touches no other. It serves nothing but the screens: no commands, files, forwarding or agents.
//
// charm.land/ssh shakes hands; whom the server lets in, the one channel a client may have, and what is shown in it are here.
package sshserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"foyer/ui"
)

// A Config says what is served, and to whom.
type Config struct {
	HostKeys []gossh.Signer // at most one of each type; at least one
	// Allow decides about a key whose owner has proven it. It is called by many goroutines. Nil lets in everybody, with any key
	// or none.
	Allow func(gossh.PublicKey) bool
	// RecordKeys records the fingerprint of the key that a person has proven as their external identifier, by which they are
	// recognised when they come again. Who has no key is let in as before.
	RecordKeys bool

	Options    ui.Options // of every session; Terminal, Language and Remote are set for each
	Language   string     // of the screens (BCP 47); "" for the client's
	Background string     // of the theme: auto, dark or light

	Limits Limits
	Grace  time.Duration // how long those inside may go on when the server is told to end; never negative
	Logger *slog.Logger
}

// A Server serves the screens over SSH. Make one with New; it serves once.
type Server struct {
	config Config
	ssh    *ssh.Server
	gate   *gate
	life   context.Context // of the sessions; it outlasts that of Serve by the grace time
	end    context.CancelCauseFunc

	connections sync.WaitGroup
}

// New returns a server that is ready to serve. Its sessions have the values of ctx, but end by Serve's.
func New(ctx context.Context, c Config) *Server {
	s := &Server{config: c, gate: newGate(c.Limits, time.Now)}
	s.life, s.end = context.WithCancelCause(context.WithoutCancel(ctx))
	s.ssh = &ssh.Server{
		Version:              "Foyer",
		ConnCallback:         meet,
		ServerConfigCallback: s.authentication,
		ChannelHandlers:      map[string]ssh.ChannelHandler{"session": s.channel, "default": s.refuseChannel},
		RequestHandlers:      map[string]ssh.RequestHandler{}, // forwarding is asked for here, and refused
		SubsystemHandlers:    map[string]ssh.SubsystemHandler{},

		ConnectionFailedCallback: func(conn net.Conn, err error) {
			s.log(slog.LevelDebug, "handshake", "remote", conn.RemoteAddr().String(), "error", tidy(err.Error()))
		},
	}
	for _, key := range c.HostKeys {
		s.ssh.AddHostKey(key)
	}
	return s
}

// Serve serves l until ctx ends. Then it takes in nobody any more, tells those inside, waits for them for the grace time, ends
// whoever is left and returns nil. It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	var rest time.Duration
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			rest = 0
			s.connections.Go(func() { s.serve(conn) })
			continue
		case ctx.Err() != nil:
			s.drain()
			return nil
		case errors.Is(err, net.ErrClosed):
			s.drain()
			return fmt.Errorf("accept a connection: %w", err)
		}
		rest = min(max(2*rest, shortestRest), longestRest)
		s.log(slog.LevelError, "accept a connection", "error", err, "again_in", rest.String())
		wait(ctx, rest)
	}
}

// Between two connections that could not be accepted, as when there are no descriptors left.
const (
	shortestRest = 5 * time.Millisecond
	longestRest  = time.Second
)

// wait waits for d, or for the end of ctx.
func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// End ends the sessions at once, without the grace time. Serve goes on until its context ends.
func (s *Server) End() { s.end(errClosing) }

// Stats are the counters of the server up to now.
func (s *Server) Stats() Stats { return s.gate.stats() }

// serve serves one connection until it ends.
func (s *Server) serve(conn net.Conn) {
	v := newVisit(conn)
	defer func() { _ = v.Close() }()
	if refusal := s.gate.arrive(v); refusal != "" {
		s.log(slog.LevelDebug, "connection refused", "remote", v.remote(), "reason", string(refusal))
		s.turnAway(v, refusal)
		return
	}
	defer s.gate.leave(v)
	if t := s.config.Limits.HandshakeTimeout; t > 0 {
		v.hurry(t)
	}
	s.ssh.HandleConn(v)
	v.finish()
}

// turnAway says why in the one place that the protocol has before the handshake: a line before the identification (RFC 4253,
// 4.2).
func (s *Server) turnAway(v *visit, why Refusal) {
	_ = v.SetDeadline(time.Now().Add(time.Second))
	_, _ = fmt.Fprintf(v, "%s\r\n", s.words(nil).Text(why.key()))
}

// lastMoment is how long sessions and connections have to end once they were ended.
const lastMoment = 3 * time.Second

// drain lets those inside finish.
func (s *Server) drain() {
	inside, empty := s.gate.close()
	s.log(slog.LevelInfo, "closing", "sessions", len(inside), "grace", s.config.Grace.String())
	grace := time.NewTimer(s.config.Grace)
	defer grace.Stop()
	for _, v := range inside {
		v.notify(s.config.Grace)
	}
	select {
	case <-empty:
	case <-grace.C:
	}
	s.end(errClosing)
	patience := time.AfterFunc(lastMoment, s.gate.hangUp)
	defer patience.Stop()
	<-empty
	s.gate.hangUp()
	s.connections.Wait()
}

func (s *Server) log(level slog.Level, message string, args ...any) {
	s.config.Logger.Log(s.life, level, message, args...)
}
