package sandbox

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The window of a proof's iat around now (RFC 9449, 11.1).
const (
	proofAge   = time.Minute
	proofAhead = 10 * time.Second
)

// The error codes of RFC 9449, 5 and 8.
const (
	codeInvalidProof = "invalid_dpop_proof"
	codeUseNonce     = "use_dpop_nonce"
)

// A proofError says why a proof is refused, and with what nonce to try again.
type proofError struct {
	code, message string
	nonce         string // "" where none is asked for
}

func (e *proofError) Error() string { return e.code + ": " + e.message }

func badProof(message string) *proofError {
	return &proofError{code: codeInvalidProof, message: message}
}

// proofClaims are the claims of a DPoP proof (RFC 9449, 4.2).
type proofClaims struct {
	ID     string   `json:"jti"`
	Method string   `json:"htm"`
	URI    string   `json:"htu"`
	Issued *float64 `json:"iat"`
	Token  string   `json:"ath"`
	Nonce  string   `json:"nonce"`
}

// checkProof checks the DPoP proof of a request wholly (RFC 9449, 4.3) and returns the thumbprint of its key. Token is
// the access token that the proof has to be for; "" at the token endpoint. Errors are of type *proofError.
func (t *Tenant) checkProof(r *http.Request, token string) (key string, err error) {
	proofs := r.Header.Values("DPoP")
	if len(proofs) != 1 {
		return "", badProof("There has to be just one DPoP header")
	}
	claims, key, err := openProof(proofs[0])
	if err != nil {
		return "", err
	}
	if err := claims.check(r, token, t.now()); err != nil {
		return "", err
	}
	if t.nonces != nil {
		if fresh, ok := t.nonces.accept(claims.Nonce); !ok {
			return "", &proofError{codeUseNonce, "The proof has to hold the nonce that is given", fresh}
		}
	}
	if !t.proofs.first(key+" "+claims.ID, t.now()) {
		return "", badProof("The proof was used before")
	}
	return key, nil
}

// openProof returns the claims of a proof, whose signature is by the key in it, and the thumbprint of that key.
func openProof(proof string) (proofClaims, string, error) {
	signed, err := jose.ParseSignedCompact(proof, asymmetric())
	if err != nil {
		return proofClaims{}, "", badProof("The proof is no JWT with a signature of a supported algorithm")
	}
	header := signed.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != "dpop+jwt" {
		return proofClaims{}, "", badProof("The proof's typ is not dpop+jwt")
	}
	if header.JSONWebKey == nil || !header.JSONWebKey.Valid() || !header.JSONWebKey.IsPublic() {
		return proofClaims{}, "", badProof("The proof has no public key in its header")
	}
	payload, err := signed.Verify(header.JSONWebKey)
	if err != nil {
		return proofClaims{}, "", badProof("The proof is not signed by the key in its header")
	}
	var claims proofClaims
	if err := json.Unmarshal(payload, &claims); err != nil {
		return proofClaims{}, "", badProof("The proof has claims of a wrong type")
	}
	sum, err := header.JSONWebKey.Thumbprint(crypto.SHA256)
	if err != nil {
		return proofClaims{}, "", badProof("The proof's key has no thumbprint")
	}
	return claims, base64.RawURLEncoding.EncodeToString(sum), nil
}

// check holds the claims against the request that they are to be of.
func (c proofClaims) check(r *http.Request, token string, now time.Time) error {
	if c.ID == "" || c.Issued == nil {
		return badProof("The proof has no jti or no iat")
	}
	age := now.Sub(time.Unix(int64(*c.Issued), 0))
	switch {
	case c.Method != r.Method:
		return badProof("The proof is for another method")
	case !sameResource(c.URI, origin(r)+r.URL.EscapedPath()):
		return badProof("The proof is for another URL")
	case age > proofAge, age < -proofAhead:
		return badProof("The proof is too old or from the future")
	case token != "" && c.Token != tokenHash(token):
		return badProof("The proof is not for this access token")
	}
	return nil
}

// tokenHash is ath of an access token (RFC 9449, 4.2).
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// sameResource compares htu with a request's URL: scheme and host in any case, a default port or none, and no query nor
// fragment in htu.
func sameResource(htu, requested string) bool {
	a, err := url.Parse(htu)
	if err != nil || strings.ContainsAny(htu, "?#") {
		return false
	}
	b, err := url.Parse(requested)
	return err == nil && strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(hostport(a), hostport(b)) && a.EscapedPath() == b.EscapedPath()
}

// hostport is the host of u with its port, given or not.
func hostport(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case strings.EqualFold(u.Scheme, "https"):
		port = "443"
	default:
		port = "80"
	}
	return u.Hostname() + ":" + port
}

// proofChallenge is the refusal of a proof by a resource (RFC 9449, 7.1 and 9).
func proofChallenge(err error) error {
	var bad *proofError
	if !errors.As(err, &bad) {
		return err
	}
	r := challenge(http.StatusUnauthorized, schemeDPoP, bad.code, bad.message)
	bad.offer(r)
	return r
}

// proofRefusal is the refusal of a proof by the token endpoint (RFC 9449, 5 and 8).
func proofRefusal(err error) error {
	var bad *proofError
	if !errors.As(err, &bad) {
		return err
	}
	r := oauthError(bad.code, bad.message)
	bad.offer(r)
	return r
}

// offer gives the client the nonce to try again with.
func (e *proofError) offer(r *httpError) {
	if e.nonce != "" {
		r.header.Set("DPoP-Nonce", e.nonce)
	}
}

// algorithms writes algorithms as the parameter algs has them.
func algorithms(list []jose.SignatureAlgorithm) string { return strings.Join(names(list), " ") }

// names are algorithms as discovery has them.
func names(list []jose.SignatureAlgorithm) []string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, string(a))
	}
	return out
}
