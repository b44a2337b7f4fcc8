package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// authServerFolder has the OAuth server that is not ours; "make authserver" installs what it needs.
const authServerFolder = "testdata/authserver"

// An authServer is oidc-provider in a process of its own, the certified OAuth server that Foyer is judged against. It is safe for
// concurrent use by subtests.
type authServer struct {
	issuer string // https://127.0.0.1:PORT/acme/system
	mtls   string // origin of the endpoints for mutual TLS
	ca     *authority

	mu      sync.Mutex
	orders  io.Writer
	answers *bufio.Reader
	last    int // id of the last order
}

// startAuthServer starts the server for one test and its subtests.
//
// Where it is not installed the test is skipped; with FOYER_REQUIRE_AUTHSERVER=1 in the environment it fails instead.
func startAuthServer(t *testing.T) *authServer {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), nodeFor(t), "server.mjs") // it ends with its input
	cmd.Dir = authServerFolder
	complaints := &lockedBuffer{}
	cmd.Stderr = complaints
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ends with %v", err)
		}
		if t.Failed() {
			t.Logf("the server says:\n%s", complaints)
		}
	})
	s := &authServer{ca: newAuthority(t, "Throwaway"), orders: in, answers: bufio.NewReader(out)}
	if err := s.begin(t); err != nil {
		t.Fatalf("start the OAuth server: %v\n%s", err, complaints)
	}
	return s
}

// nodeFor returns the program node, where it and the server's package are installed: the one beside the package, if there is one.
func nodeFor(t *testing.T) string {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join(authServerFolder, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	node, err := exec.LookPath(filepath.Join(modules, "node", "bin", "node"))
	if err != nil {
		node, err = exec.LookPath("node")
	}
	if err == nil {
		_, err = os.Stat(filepath.Join(modules, "oidc-provider"))
	}
	switch {
	case err == nil:
		return node
	case os.Getenv("FOYER_REQUIRE_AUTHSERVER") == "1":
		t.Fatalf("the OAuth server that is not ours is not installed: %v", err)
	default:
		t.Skipf("the OAuth server that is not ours is not installed (make authserver does it): %v", err)
	}
	return ""
}

// begin hands the server its configuration and waits until it serves.
func (s *authServer) begin(t *testing.T) error {
	t.Helper()
	certificate := s.ca.server(t)
	setup := map[string]any{
		"host": "127.0.0.1", "path": "/acme/system",
		"cert": string(certificatePEM(certificate.Certificate[0])), "key": string(keyPEM(t, "PKCS#8", certificate.PrivateKey)),
		"ca":   string(s.ca.pem()),
		"jwks": jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: newRSAKey(t), KeyID: "server", Algorithm: "RS256", Use: "sig"}}},
	}
	if err := json.NewEncoder(s.orders).Encode(setup); err != nil {
		return err
	}
	var ready struct{ Issuer, MTLS string }
	if err := s.read(&ready); err != nil {
		return err
	}
	s.issuer, s.mtls = ready.Issuer, ready.MTLS
	return nil
}

func (s *authServer) read(into any) error {
	line, err := s.answers.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the server's line: %w", err)
	}
	return json.Unmarshal(line, into)
}

// order has the server do what members say, and reads the result into result unless it is nil.
func (s *authServer) order(t *testing.T, what string, members map[string]any, result any) {
	t.Helper()
	if err := s.obey(what, members, result); err != nil {
		t.Fatalf("order the server to do %q: %v", what, err)
	}
}

func (s *authServer) obey(what string, members map[string]any, result any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	order := map[string]any{"id": s.last, "do": what}
	for name, value := range members {
		order[name] = value
	}
	if err := json.NewEncoder(s.orders).Encode(order); err != nil {
		return err
	}
	var answer struct {
		ID     int
		Result json.RawMessage
		Error  string
	}
	if err := s.read(&answer); err != nil {
		return err
	}
	switch {
	case answer.ID != s.last:
		return fmt.Errorf("the answer is to order %d, not to %d", answer.ID, s.last)
	case answer.Error != "":
		return errors.New(answer.Error)
	case result == nil:
		return nil
	}
	return json.Unmarshal(answer.Result, result)
}

// revoke takes away what a client holds, of one kind (AccessToken, ClientCredentials, RefreshToken, Grant, ...) or of all for "",
// and returns how many entries that were.
func (s *authServer) revoke(t *testing.T, client, kind string) int {
	t.Helper()
	var revoked int
	s.order(t, "revoke", map[string]any{"client": client, "kind": kind}, &revoked)
	return revoked
}

// holds tells how many tokens of one kind a client holds that can still be used.
func (s *authServer) holds(t *testing.T, client, kind string) int {
	t.Helper()
	var held int
	s.order(t, "holds", map[string]any{"client": client, "kind": kind}, &held)
	return held
}

// A sighting is what went between a client and the server when it asked for tokens.
type sighting struct {
	Grants   []string // grant types of the tokens given, in order
	Refusals []string // error codes of those not given, and why
	Secrets  []string // secrets, assertions, codes, verifiers, proofs, tokens
}

// seen tells what went between a client and the server.
func (s *authServer) seen(t *testing.T, client string) sighting {
	t.Helper()
	var seen sighting
	s.order(t, "seen", map[string]any{"client": client}, &seen)
	return seen
}

// keepsSecret fails the test for a secret that went between client and server and is in one of the outputs, by name.
func (s *authServer) keepsSecret(t *testing.T, client string, outputs map[string]string) {
	t.Helper()
	for _, secret := range s.seen(t, client).Secrets {
		for name, text := range outputs {
			if strings.Contains(text, secret) {
				t.Errorf("%s has a secret of %d characters in it: %.8s...", name, len(secret), secret)
			}
		}
	}
}
