package sshserver_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"net"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

// The requests of OpenSSH's PROTOCOL, 2.5.
const (
	announcing = "hostkeys-00@openssh.com"
	proving    = "hostkeys-prove-00@openssh.com"
)

// announced connects as c says, opens a channel and returns what keys the server has told of by then.
func (h *house) announced(c *gossh.ClientConfig) (conn gossh.Conn, keys [][]byte) {
	h.t.Helper()
	raw, err := new(net.Dialer).DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = raw.Close() })
	c.User = "signup"
	conn, _, requests, err := gossh.NewClientConn(raw, h.address, c)
	if err != nil {
		h.t.Fatal(err)
	}
	channel, _, err := conn.OpenChannel("session", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	_ = channel.Close()
	if ok, _, err := conn.SendRequest("unknown@example.com", true, nil); ok || err != nil {
		h.t.Fatalf("a request that nobody knows is met: %t, %v", ok, err)
	}
	select { // what came before that answer waits here
	case r := <-requests:
		if r.Type == announcing && !r.WantReply {
			keys = fields(h.t, r.Payload)
		}
	default:
	}
	go gossh.DiscardRequests(requests)
	return conn, keys
}

// fields are the strings (RFC 4251, 5) that data is made of.
func fields(t *testing.T, data []byte) [][]byte {
	t.Helper()
	var all [][]byte
	for len(data) > 0 {
		var next struct {
			Field []byte
			Rest  []byte `ssh:"rest"`
		}
		if err := gossh.Unmarshal(data, &next); err != nil {
			t.Error(err)
			return nil
		}
		all, data = append(all, next.Field), next.Rest
	}
	return all
}

// joined is the opposite of fields.
func joined(fields ...[]byte) []byte {
	var data []byte
	for _, f := range fields {
		data = append(data, gossh.Marshal(struct{ Field []byte }{f})...)
	}
	return data
}

// mustReadKey is readKey of a key that has to be one.
func mustReadKey(t *testing.T, key any) gossh.Signer {
	t.Helper()
	read, err := readKey(t, key)
	if err != nil {
		t.Fatal(err)
	}
	return read.Signer
}

// keyRing is a key of each type, and a second one of the first.
func keyRing(t *testing.T) []gossh.Signer {
	t.Helper()
	long, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return []gossh.Signer{newSigner(t), mustReadKey(t, long), mustReadKey(t, curve), newSigner(t)}
}

func TestClientsLearnEachHostKeyWithAProof(t *testing.T) {
	keys := keyRing(t)
	h := open(t, func(c *sshserver.Config) { c.HostKeys = keys })
	for _, tt := range []struct {
		name, algorithm string
		by              gossh.Signer // signs the key exchange
		rsa             string       // the algorithm that an RSA key signs by
	}{
		{"after an exchange signed by ed25519", gossh.KeyAlgoED25519, keys[0], gossh.KeyAlgoRSASHA512},
		{"after one signed by RSA and SHA-256", gossh.KeyAlgoRSASHA256, keys[1], gossh.KeyAlgoRSASHA256},
		{"after one signed by RSA and SHA-512", gossh.KeyAlgoRSASHA512, keys[1], gossh.KeyAlgoRSASHA512},
		{"after one signed by ECDSA", gossh.KeyAlgoECDSA256, keys[2], gossh.KeyAlgoRSASHA512},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, told := h.announced(&gossh.ClientConfig{
				HostKeyCallback: gossh.FixedHostKey(tt.by.PublicKey()), HostKeyAlgorithms: []string{tt.algorithm},
			})
			if len(told) != len(keys) {
				t.Fatalf("the server tells of %d keys, want %d", len(told), len(keys))
			}
			ok, reply, err := conn.SendRequest(proving, true, joined(told...))
			if err != nil || !ok {
				t.Fatalf("the proof is %t, %v", ok, err)
			}
			for i, proof := range fields(t, reply) {
				var signature gossh.Signature
				if err := gossh.Unmarshal(proof, &signature); err != nil {
					t.Fatal(err)
				}
				data := joined([]byte(proving), conn.SessionID(), told[i])
				if err := keys[i].PublicKey().Verify(data, &signature); err != nil {
					t.Errorf("key %d: %v", i, err)
				}
				if keys[i].PublicKey().Type() == gossh.KeyAlgoRSA && signature.Format != tt.rsa {
					t.Errorf("the proof of the RSA key is by %s, want %s", signature.Format, tt.rsa)
				}
			}
			if again, _, _ := conn.SendRequest(proving, true, joined(told...)); again {
				t.Error("a second proof is given")
			}
		})
	}
}

func TestNothingIsSignedBySHA1(t *testing.T) {
	keys := keyRing(t)
	h := open(t, func(c *sshserver.Config) { c.HostKeys = keys[1:2] })
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	c := &gossh.ClientConfig{HostKeyCallback: gossh.FixedHostKey(keys[1].PublicKey()), HostKeyAlgorithms: []string{gossh.KeyAlgoRSA}}
	if _, _, _, err := gossh.NewClientConn(conn, h.address, c); err == nil {
		t.Error("a client that knows nothing but ssh-rsa is met")
	}
}

func TestNothingButOwnHostKeysIsProven(t *testing.T) {
	h := open(t, nil)
	own := h.hostKey.Marshal()
	for _, tt := range []struct {
		name  string
		asked []byte
	}{
		{"another's key", joined(newSigner(t).PublicKey().Marshal())},
		{"the same key twice", joined(own, own)},
		{"no key", nil},
		{"half a string", []byte{0, 0, 1}},
		{"what is no key", joined([]byte("\x1b[31m"))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, _ := h.announced(&gossh.ClientConfig{HostKeyCallback: gossh.FixedHostKey(h.hostKey)})
			if ok, reply, err := conn.SendRequest(proving, true, tt.asked); ok || err != nil || len(reply) > 0 {
				t.Errorf("the answer is %t, %q, %v", ok, reply, err)
			}
		})
	}
}

func TestClientsThatARequestConfusesAreNotTold(t *testing.T) {
	h := open(t, nil)
	for version, want := range map[string]int{
		"SSH-2.0-TTSSH/2.72 Win32": 0, "SSH-2.0-Cisco-1.25": 0, "SSH-2.0-TTSSH/3.1 Win32": 1, "SSH-2.0-PuTTY_Release_0.83": 1,
	} {
		c := &gossh.ClientConfig{ClientVersion: version, HostKeyCallback: gossh.FixedHostKey(h.hostKey)}
		if _, told := h.announced(c); len(told) != want {
			t.Errorf("%s is told %d keys, want %d", version, len(told), want)
		}
	}
}
