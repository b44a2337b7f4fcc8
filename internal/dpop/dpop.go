// Package dpop proves possession of a key with each request (RFC 9449), so that a token which is stolen is of no use
// without the key.
package dpop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Bounds on what is remembered of servers.
const (
	mostOrigins  = 16
	longestNonce = 1 << 10 // bytes
)

// A Prover makes proofs with an ES256 key of its own, which lives in memory only, and remembers the newest nonce of each
// origin. It is safe for concurrent use, and one is meant to serve all requests of a client.
type Prover struct {
	key        *ecdsa.PrivateKey
	thumbprint string

	mu     sync.Mutex
	nonces map[string]string // by origin
}

// New returns a Prover with a new key.
func New() (*Prover, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("dpop: generate key: %w", err)
	}
	public := jose.JSONWebKey{Key: key.Public()}
	sum, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("dpop: thumbprint: %w", err)
	}
	return &Prover{key: key, thumbprint: base64.RawURLEncoding.EncodeToString(sum), nonces: map[string]string{}}, nil
}

// Thumbprint is the key's JWK thumbprint (RFC 7638, SHA-256, base64url), which a token that is bound to the key has in
// cnf.jkt (RFC 9449, 6.1).
func (p *Prover) Thumbprint() string { return p.thumbprint }

// String tells the thumbprint.
func (p *Prover) String() string { return "DPoP key " + p.thumbprint }

// Format prints what String returns, whatever the verb.
func (p *Prover) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// LogValue is what log/slog records.
func (p *Prover) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText returns what String does, so that no encoder writes the key.
func (p *Prover) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// claims are those of a proof (RFC 9449, 4.2).
type claims struct {
	ID        string `json:"jti"`
	Method    string `json:"htm"`
	URI       string `json:"htu"`
	IssuedAt  int64  `json:"iat"`
	TokenHash string `json:"ath,omitempty"`
	Nonce     string `json:"nonce,omitempty"`
}

// proof returns a proof for r, with the nonce of its origin where there is one.
func (p *Prover) proof(r *http.Request) (string, error) {
	options := (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key}, options)
	if err != nil {
		return "", fmt.Errorf("dpop: %w", err)
	}
	origin := originOf(r.URL)
	proof, err := jwt.Signed(signer).Claims(claims{
		ID: rand.Text(), Method: method(r), URI: origin + pathOf(r.URL), IssuedAt: time.Now().Unix(),
		TokenHash: tokenHash(r.Header), Nonce: p.nonce(origin),
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("dpop: sign: %w", err)
	}
	return proof, nil
}

// method is r's method, which "" stands for GET in.
func method(r *http.Request) string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// tokenHash is ath for a request that presents a token of the type DPoP; "" for others.
func tokenHash(h http.Header) string {
	scheme, token, ok := strings.Cut(h.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "DPoP") {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.TrimLeft(token, " ")))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// nonce is the newest nonce of origin; "" when it gave none.
func (p *Prover) nonce(origin string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nonces[origin]
}

// remember keeps the nonce that h has for origin and reports whether it has one. One that the standard does not allow
// (RFC 9449, 8.1) counts as none.
func (p *Prover) remember(origin string, h http.Header) bool {
	nonce := h.Get("DPoP-Nonce")
	if nonce == "" || len(nonce) > longestNonce || strings.ContainsFunc(nonce, notNonce) {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.nonces[origin]; !known && len(p.nonces) >= mostOrigins {
		clear(p.nonces) // each forgotten nonce costs one challenge
	}
	p.nonces[origin] = nonce
	return true
}

// notNonce reports whether r is none of NQCHAR (RFC 6749, A).
func notNonce(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }
