package sshserver

import (
	"bytes"
	"crypto/rand"
	"errors"
	"log/slog"
	"regexp"
	"slices"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// The global requests by which OpenSSH's clients learn the keys of a server (its PROTOCOL, 2.5).
const (
	announceRequest = "hostkeys-00@openssh.com"
	proveRequest    = "hostkeys-prove-00@openssh.com"
)

// serving are the keys that serve, the first of each type. The others are to serve one day: clients are told of them.
func (c *Config) serving() []gossh.Signer {
	var first []gossh.Signer
	for _, key := range c.HostKeys {
		if !slices.ContainsFunc(first, func(k gossh.Signer) bool { return k.PublicKey().Type() == key.PublicKey().Type() }) {
			first = append(first, key)
		}
	}
	return first
}

// confusedPattern matches clients that a request they do not know confuses (compat.c of OpenSSH: SSH_BUG_HOSTKEYS).
var confusedPattern = regexp.MustCompile(`^SSH-2\.0-(Cisco-1\.|TeraTerm SSH|TTSSH/1\.5\.|TTSSH/2\.[1-6]|TTSSH/2\.7[0-2])`)

// announce tells a client, once, all keys that the server has: so it learns the next before that serves, and forgets the last.
func (v *visit) announce(conn gossh.Conn) {
	v.mu.Lock()
	told := v.told
	v.told = true
	v.mu.Unlock()
	if told || confusedPattern.Match(conn.ClientVersion()) {
		return
	}
	var keys []byte
	for _, key := range v.config.HostKeys {
		keys = append(keys, field(key.PublicKey().Marshal())...)
	}
	_, _, _ = conn.SendRequest(announceRequest, false, keys) // who is gone needs no keys
}

// field is data as a string of the protocol (RFC 4251, 5).
func field(data []byte) []byte { return gossh.Marshal(struct{ Data []byte }{data}) }

// errProof says that a request for proofs is not to be met.
var errProof = errors.New("not asked for a proof of our keys")

// proveHostKeys answers a client that asks for a proof of the keys that it was told and does not know. That costs work, so a
// connection has it once, and for the server's own keys only, each once.
func (s *Server) proveHostKeys(ctx ssh.Context, _ *ssh.Server, r *gossh.Request) (ok bool, proofs []byte) {
	v := visitOf(ctx)
	conn, known := ctx.Value(ssh.ContextKeyConn).(*gossh.ServerConn)
	if !known || !v.first() {
		return false, nil
	}
	proofs, err := prove(v.config.HostKeys, r.Payload, conn)
	if err != nil {
		s.log(slog.LevelDebug, "host keys not proven", "session", v.id, "remote", v.remote(), "error", err.Error())
		return false, nil
	}
	return true, proofs
}

// first reports whether the visit has had no proofs, and notes that it has.
func (v *visit) first() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	had := v.proven
	v.proven = true
	return !had
}

// prove signs for each of the keys that asked names, in its order.
func prove(keys []gossh.Signer, asked []byte, conn *gossh.ServerConn) ([]byte, error) {
	var proofs []byte
	for left := slices.Clone(keys); len(asked) > 0; {
		var next struct {
			Key  []byte
			Rest []byte `ssh:"rest"`
		}
		if gossh.Unmarshal(asked, &next) != nil {
			return nil, errProof
		}
		i := slices.IndexFunc(left, func(k gossh.Signer) bool { return bytes.Equal(k.PublicKey().Marshal(), next.Key) })
		if i < 0 {
			return nil, errProof
		}
		signature, err := sign(left[i], slices.Concat(field([]byte(proveRequest)), field(conn.SessionID()), field(next.Key)), conn)
		if err != nil {
			return nil, err
		}
		proofs = append(proofs, field(gossh.Marshal(signature))...)
		left, asked = slices.Delete(left, i, i+1), next.Rest
	}
	if proofs == nil {
		return nil, errProof
	}
	return proofs, nil
}

// sign signs data by key. A signature of RSA is by the algorithm that the key exchange was signed by, if that was one of RSA:
// no other is accepted then.
func sign(key gossh.Signer, data []byte, conn *gossh.ServerConn) (*gossh.Signature, error) {
	if key.PublicKey().Type() != gossh.KeyAlgoRSA {
		return key.Sign(rand.Reader, data)
	}
	algorithm := gossh.KeyAlgoRSASHA512
	if a, ok := conn.Conn.(gossh.AlgorithmsConnMetadata); ok && a.Algorithms().HostKey == gossh.KeyAlgoRSASHA256 {
		algorithm = gossh.KeyAlgoRSASHA256
	}
	by, ok := key.(gossh.AlgorithmSigner)
	if !ok {
		return nil, errProof
	}
	return by.SignWithAlgorithm(rand.Reader, data, algorithm)
}
