package sshserver

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// authentication is how one connection authenticates.
//
// Where everybody is let in, no key is asked for, since a key tells who somebody is elsewhere, unless keys are recorded; who sends
// one all the same is let in by it. Where keys decide, the decision is made once the client has proven a key (RFC 4252, 7): an offer alone says
// nothing.
func (s *Server) authentication(ctx ssh.Context) *gossh.ServerConfig {
	v := visitOf(ctx)
	told := false // a client tries one key after the other, and is told once; callbacks come one at a time
	c := &gossh.ServerConfig{
		PublicKeyCallback: func(gossh.ConnMetadata, gossh.PublicKey) (*gossh.Permissions, error) {
			return &gossh.Permissions{}, nil
		},
		VerifiedPublicKeyCallback: func(_ gossh.ConnMetadata, key gossh.PublicKey, p *gossh.Permissions, _ string) (*gossh.Permissions, error) {
			err := s.decide(v, key, told)
			told = true
			return p, err
		},
		AuthLogCallback: func(_ gossh.ConnMetadata, method string, _ error) {
			v.asked, v.signed = true, v.signed || method == "publickey"
		},
	}
	if v.config.Allow == nil {
		c.NoClientAuth = !v.config.RecordKeys // a client that is let in without a key offers none
		c.KeyboardInteractiveCallback = func(gossh.ConnMetadata, gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
			return &gossh.Permissions{}, nil
		}
	}
	return c
}

// errKey says that a key is not among those that are let in.
var errKey = errors.New("the key is not authorized")

// decide lets in who has proven key, or not.
func (s *Server) decide(v *visit, key gossh.PublicKey, told bool) error {
	if v.config.Allow == nil || v.config.Allow(key) {
		v.prove(key)
		return nil
	}
	s.gate.count(RefusedKey)
	s.log(slog.LevelInfo, "key refused", "session", v.id, "remote", v.remote(), "key", gossh.FingerprintSHA256(key))
	if told {
		return errKey
	}
	return &gossh.BannerError{Err: errKey, Message: v.config.words(nil).Text(RefusedKey.key()) + "\r\n"}
}

// locksOut notes that v has ended without a key where one is needed. It cannot be told so: a client that has none, or whose person does not unlock it, hangs up at the
// list of methods (RFC 4252, 5.1), and what is said before that, everybody would be told. The log has it once a minute, and else
// for who looks.
func (s *Server) locksOut(v *visit) {
	if v.config.Allow == nil || !v.asked || v.signed {
		return
	}
	s.gate.count(RefusedKey)
	level := slog.LevelDebug
	if s.keyless.over() {
		level = slog.LevelInfo
	}
	s.log(level, "no key proven", "session", v.id, "remote", v.remote())
}

// AuthorizedKeys are the keys of an authorized_keys file. They do not change.
type AuthorizedKeys map[string]struct{}

// Has reports whether key is one of them.
func (a AuthorizedKeys) Has(key gossh.PublicKey) bool {
	_, ok := a[string(key.Marshal())]
	return ok
}

// ParseAuthorizedKeys reads a file in the form of OpenSSH's authorized_keys (sshd(8)). Options that restrict what nobody can do
// here are passed over; any other is an error, since passing over it would let in more than was meant. Errors name the line
// and quote nothing of it.
func ParseAuthorizedKeys(file []byte) (AuthorizedKeys, error) {
	keys := make(AuthorizedKeys)
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		key, _, options, _, err := gossh.ParseAuthorizedKey(line)
		if err != nil {
			return nil, fmt.Errorf("line %d is no public key; write one, or take the line out", n)
		}
		if slices.ContainsFunc(options, func(o string) bool { return !harmless(o) }) {
			return nil, fmt.Errorf("line %d has an option that Foyer does not keep to; take it out", n)
		}
		keys[string(key.Marshal())] = struct{}{}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("a line is longer than %d bytes", bufio.MaxScanTokenSize)
	}
	return keys, nil
}

// harmless reports whether an option restricts only what this server never does.
func harmless(option string) bool {
	switch strings.ToLower(option) {
	case "restrict", "pty", "no-agent-forwarding", "no-port-forwarding", "no-x11-forwarding", "no-user-rc":
		return true
	}
	return false
}
