package clientauth

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"foyer/internal/clean"
	"foyer/internal/fixable"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523, 2.2
	assertionLife = time.Minute
)

// claims are those of an assertion (RFC 7523, 3). There is no nbf: it would only add a clock to disagree with.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"` // one string, since not all tenants read a list
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// assert adds an assertion of its own to each request. The form keeps its client_id: it is optional and must be the same
// client (RFC 7521, 4.2), and some servers look the client up by it before they read the assertion.
func (c Credentials) assert(_ http.Header, form url.Values) error {
	signer, err := c.signer()
	if err != nil {
		return err
	}
	now := time.Now()
	assertion, err := jwt.Signed(signer).Claims(claims{
		Issuer: c.ClientID, Subject: c.ClientID, Audience: c.Audience, ID: rand.Text(), // at least 128 bits
		IssuedAt: now.Unix(), Expires: now.Add(assertionLife).Unix(),
	}).Serialize()
	if err != nil {
		return fixable.Errorf("the assertion for client %s cannot be signed; check auth.signing_key_file and auth.signing_alg",
			clean.Line(c.ClientID, longestQuoted))
	}
	form.Set("client_assertion_type", assertionType)
	form.Set("client_assertion", assertion)
	return nil
}

// signer returns what signs c's assertions, or a *fixable.Error. It is made for each anew, so that no copy of the secret
// outlives its use.
func (c Credentials) signer() (jose.Signer, error) {
	if c.Audience == "" {
		return nil, fixable.Errorf("auth.audience is empty, which %s needs; write the tenant's issuer", c.Method)
	}
	var key jose.SigningKey
	if c.Method == ClientSecretJWT {
		if err := c.checkMAC(); err != nil {
			return nil, err
		}
		key = jose.SigningKey{Algorithm: c.macAlgorithm(), Key: []byte(c.Secret.Reveal())}
	} else {
		if c.Key == nil {
			return nil, fixable.Errorf("auth.signing_key_file is empty, which %s needs; name the file with the client's private key", c.Method)
		}
		key = c.Key.jose()
	}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fixable.Errorf("the key does not suit the algorithm of %s; check auth.signing_alg", c.Method)
	}
	return signer, nil
}

// macAlgorithm is the algorithm of client_secret_jwt.
func (c Credentials) macAlgorithm() jose.SignatureAlgorithm {
	if c.Algorithm == "" {
		return jose.HS256
	}
	return jose.SignatureAlgorithm(c.Algorithm)
}

// checkMAC refuses a secret that is shorter than the hash (RFC 7518, 3.2).
func (c Credentials) checkMAC() error {
	least := map[jose.SignatureAlgorithm]int{jose.HS256: 32, jose.HS384: 48, jose.HS512: 64}[c.macAlgorithm()]
	switch {
	case least == 0:
		return fixable.Errorf("auth.signing_alg %q does not suit client_secret_jwt; write HS256, HS384 or HS512",
			clean.Line(c.Algorithm, longestQuoted))
	case c.Secret.IsZero():
		return c.needSecret()
	case len(c.Secret.Reveal()) < least:
		return fixable.Errorf("auth.client_secret is too short for client_secret_jwt: %s needs at least %d bytes; let the tenant make a longer one",
			c.macAlgorithm(), least)
	}
	return nil
}
