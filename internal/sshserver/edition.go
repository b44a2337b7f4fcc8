package sshserver

import (
	"errors"
	"log/slog"
	"net"

	"charm.land/ssh"

	"foyer/ui/theme"
)

// An edition is a configuration and what is made of it. A connection keeps to the one that was in force when it came.
type edition struct {
	config Config
	ssh    *ssh.Server

	connections int  // that keep to it; guarded by the server's mu
	replaced    bool // there is a newer one; likewise
}

// errNoHostKey says that a server could not prove itself.
var errNoHostKey = errors.New("there is no host key")

// edit makes an edition of c.
func (s *Server) edit(c Config) *edition {
	if c.Options.Themes == nil {
		c.Options.Themes = new(theme.Wardrobe)
	}
	e := &edition{config: c}
	e.ssh = &ssh.Server{
		Version:              softwareVersion,
		ConnCallback:         meet,
		ServerConfigCallback: s.authentication,
		ChannelHandlers:      map[string]ssh.ChannelHandler{"session": s.channel, "default": s.refuseChannel},
		RequestHandlers:      map[string]ssh.RequestHandler{proveRequest: s.proveHostKeys}, // forwarding is asked for here, too, and refused
		SubsystemHandlers:    map[string]ssh.SubsystemHandler{},

		ConnectionFailedCallback: s.unshaken,
	}
	for _, key := range c.serving() {
		e.ssh.AddHostKey(key)
	}
	return e
}

// unshaken notes a handshake that failed.
func (s *Server) unshaken(conn net.Conn, err error) {
	s.gate.fail()
	args := []any{"remote", conn.RemoteAddr().String(), "error", tidy(err.Error())}
	if o, ok := conn.RemoteAddr().(origin); ok {
		args = append(args, "session", o.visit.id)
		s.locksOut(o.visit)
	}
	s.log(slog.LevelDebug, "handshake", args...)
}

// Reload puts c in force for connections that come from now on. Those that are there go on with what they began with; the
// limits hold for all. The logger stays the one of New. It may be called while the server serves, and by many goroutines; an
// error says what c lacks, and then nothing has changed.
func (s *Server) Reload(c Config) error {
	if len(c.HostKeys) == 0 {
		return errNoHostKey
	}
	next := s.edit(c)
	s.mu.Lock()
	last := s.current
	s.current, last.replaced = next, true
	unused := last.connections == 0
	s.gate.adopt(c.Limits) // while nobody else reloads, or these limits could hold with another configuration
	s.mu.Unlock()
	if unused {
		last.config.release()
	}
	return nil
}

// keep returns the edition in force, which lasts until it is left.
func (s *Server) keep() *edition {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.connections++
	return s.current
}

// quit ends what keep began. The last to leave an edition that was replaced gives back what it has.
func (s *Server) quit(e *edition) {
	s.mu.Lock()
	e.connections--
	unused := e.replaced && e.connections == 0
	s.mu.Unlock()
	if unused {
		e.config.release()
	}
}

// inForce is the newest configuration.
func (s *Server) inForce() *Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &s.current.config
}

// release gives back what the configuration has.
func (c *Config) release() {
	if c.Release != nil {
		c.Release()
	}
}
