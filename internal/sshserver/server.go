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
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/invite"
	"foyer/ui"
)

// A Config says what is served, and to whom.
type Config struct {
	HostKeys []gossh.Signer // the first of a type serves, and clients are told of the further ones (see serving); at least one
	// Allow decides about a key whose owner has proven it. It is called by many goroutines. Nil lets in everybody, with any key
	// or none.
	Allow func(gossh.PublicKey) bool
	// RecordKeys records the fingerprint of the key that a person has proven as their external identifier, by which they are
	// recognised when they come again. Who has no key is let in as before.
	RecordKeys bool

	Invitations *invite.Store // which of them everybody needs one of, beside what Allow says; nil: nobody does

	Options    ui.Options // of every session; Terminal, Language and Remote are set for each, and Service and Doorkeeper with Invitations
	Language   string     // of the screens (BCP 47); "" for the client's
	Background string     // of the theme: auto, dark or light
	Accessible bool       // every session is one of plain lines

	Limits Limits
	// ProxyFrom are the balancers whose connections begin with a header of the PROXY protocol, which says whose they are. From
	// anybody else it is not taken.
	ProxyFrom []netip.Prefix
	Shared    Shared        // where several servers count together; nil: this one counts by itself
	Grace     time.Duration // how long those inside may go on when the server is told to end; never negative
	Logger    *slog.Logger

	Release func() // called once no connection keeps to a configuration that was replaced (see Reload); nil for nothing
}

// A Server serves the screens over SSH. Make one with New; it serves once.
type Server struct {
	gate    *gate
	guesses *guesses // at codes of invitations
	logger  *slog.Logger
	keeper  *keeper         // nil when this one counts by itself
	life    context.Context // of the sessions; it outlasts that of Serve by the grace time
	end     context.CancelCauseFunc

	mu      sync.Mutex // guards what follows
	current *edition   // that new connections keep to

	listening   atomic.Bool
	parting     atomic.Int32 // how many are turned away at the moment
	connections sync.WaitGroup
	headers     lull // in which nobody is told of wrong ones
	keyless     lull // likewise, of clients that prove no key
}

// New returns a server that is ready to serve. Its sessions have the values of ctx, but end by Serve's.
func New(ctx context.Context, c Config) *Server {
	s := &Server{gate: newGate(c.Limits, time.Now), guesses: newGuesses(time.Now), logger: c.Logger}
	s.life, s.end = context.WithCancelCause(context.WithoutCancel(ctx))
	s.current = s.edit(c)
	if c.Shared != nil {
		s.keeper = newKeeper(c.Shared, s.gate, s.log)
	}
	return s
}

// Serve serves l until ctx ends. Then it takes in nobody any more, tells those inside, waits for them for the grace time, ends
// whoever is left and returns nil. It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	s.listening.Store(true)
	if s.keeper != nil {
		defer s.keeper.start(context.WithoutCancel(ctx))()
	}
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
func (s *Server) Stats() Stats {
	stats := s.gate.stats()
	stats.HostKeys, stats.Listening = len(s.inForce().serving()), s.listening.Load() && !stats.Draining
	if s.keeper != nil {
		stats.SharedLimits, stats.SharedLost = s.keeper.state()
	}
	return stats
}

// serve serves one connection until it ends.
func (s *Server) serve(conn net.Conn) {
	e := s.keep()
	defer s.quit(e)
	v := newVisit(conn)
	v.config = &e.config
	v.unnamed = e.config.trusts(conn.RemoteAddr())
	defer func() { _ = v.Close() }()
	if refusal := s.gate.arrive(v); refusal != "" {
		s.log(slog.LevelDebug, "connection refused", "session", v.id, "remote", v.remote(), "reason", string(refusal))
		s.turnAway(v, refusal)
		return
	}
	defer s.gate.leave(v)
	if v.unnamed && !s.introduce(v) {
		return
	}
	if t := e.config.Limits.HandshakeTimeout; t > 0 {
		v.hurry(t - time.Since(v.begun))
	}
	if !s.connects(v) {
		s.gate.miss(v, RefusedRate)
		s.turnAway(v, RefusedRate)
		return
	}
	e.ssh.HandleConn(v)
	v.finish()
	if v.claimed {
		s.gate.count(RefusedProxy)
		s.missed(v, "a PROXY header from an address that it is not taken from", errGreeting)
	}
}

// connects reports whether v may connect as far as it is not the gate's to say. A balancer's own connections are its concern.
func (s *Server) connects(v *visit) bool {
	return s.keeper == nil || v.own || s.keeper.connect(s.life, v.address)
}

// over counts a session that has ended.
func (s *Server) over(v *visit, r result, lasted time.Duration) {
	names := s.gate.over(v, r.outcome, r.registered)
	if !r.admitted {
		return
	}
	if r.denial.Why != RefusedNoTerminal { // else nothing was ever asked in it
		s.gate.lasted(lasted)
	}
	if s.keeper != nil {
		s.keeper.left(v.guest(), names...)
	}
}

// admit gives v a session, or says why not.
func (s *Server) admit(v *visit) Denial {
	denial := s.gate.enter(v)
	if denial.Why != "" || s.keeper == nil {
		return denial
	}
	if denial = s.keeper.enter(s.life, v.guest()); denial.Why != "" {
		s.gate.expel(v, denial.Why)
		s.keeper.left(v.guest())
	}
	return denial
}

// lastMoment is how long sessions and connections have to end once they were ended.
const lastMoment = 3 * time.Second

// drain lets those inside finish.
func (s *Server) drain() {
	inside, empty := s.gate.close()
	patient := s.inForce().Grace
	s.log(slog.LevelInfo, "closing", "sessions", len(inside), "grace", patient.String())
	grace := time.NewTimer(patient)
	defer grace.Stop()
	for _, v := range inside {
		v.notify(patient)
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
	s.logger.Log(s.life, level, message, args...)
}
