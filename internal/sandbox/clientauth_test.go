package sandbox_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/sandbox"
)

func TestAClientUsesItsOwnMethod(t *testing.T) {
	basic := map[string]string{"Authorization": "Basic ZGVzazpzM2NyZXQ="} // desk:s3cret
	post := clientCredentials("client_id", "desk", "client_secret", "s3cret")
	bare := clientCredentials("client_id", "desk")
	tests := []struct {
		name   string
		method sandbox.Method
		header map[string]string
		form   url.Values
		status int
	}{
		{"basic by basic", sandbox.MethodClientSecretBasic, basic, clientCredentials(), 200},
		{"basic by basic with its id in the form", sandbox.MethodClientSecretBasic, basic, bare, 200},
		{"basic by post", sandbox.MethodClientSecretBasic, nil, post, 401},
		{"basic by nothing", sandbox.MethodClientSecretBasic, nil, bare, 401},
		{"post by post", sandbox.MethodClientSecretPost, nil, post, 200},
		{"post by basic", sandbox.MethodClientSecretPost, basic, clientCredentials(), 401},
		{"either by basic", sandbox.MethodBasicOrPost, basic, clientCredentials(), 200},
		{"either by post", sandbox.MethodBasicOrPost, nil, post, 200},
		{"a wrong secret by post", sandbox.MethodClientSecretPost, nil, clientCredentials("client_id", "desk", "client_secret", "x"), 401},
		{"two ways at once", sandbox.MethodBasicOrPost, basic, post, 400},
		{"none by basic", sandbox.MethodNone, basic, clientCredentials(), 401},
		{"none with a grant that is not its own", sandbox.MethodNone, nil, bare, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := sandbox.Client{ID: "desk", Secret: "s3cret", Method: tt.method, Scopes: []string{"identity"}}
			if tt.method == sandbox.MethodNone {
				c.Grants = []sandbox.GrantType{sandbox.GrantDeviceCode}
			}
			l := newLab(t, sandbox.Options{}, c)
			got := call{l.browser(t), l.server.URL + base + "/oauth2/token", tt.form, tt.header}.do(t)
			wantAnswer(t, "token", got, tt.status, map[int]string{401: "invalid_client"}[tt.status])
		})
	}
}

func TestClientCertificates(t *testing.T) {
	stranger, err := sandbox.NewAuthority(newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	const subject = "CN=desk,O=Foyer sandbox"
	noon := newClock().Now()
	old := sandbox.CertificateRequest{CommonName: "desk", NotBefore: noon.Add(-48 * time.Hour), NotAfter: noon.Add(-time.Hour)}
	issued := func(r sandbox.CertificateRequest) func(*lab) (tls.Certificate, error) {
		return func(l *lab) (tls.Certificate, error) { return l.authority.Client(r) }
	}
	tests := []struct {
		name   string
		show   func(*lab) (tls.Certificate, error) // nil for none
		status int
	}{
		{"the client's own is taken", issued(sandbox.CertificateRequest{CommonName: "desk"}), 200},
		{"another subject's is refused", issued(sandbox.CertificateRequest{CommonName: "front"}), 401},
		{"an expired one is refused", issued(old), 401},
		{"one for servers is refused", issued(sandbox.CertificateRequest{CommonName: "desk", Usage: x509.ExtKeyUsageServerAuth}), 401},
		{"another authority's is refused", func(*lab) (tls.Certificate, error) {
			return stranger.Client(sandbox.CertificateRequest{CommonName: "desk"})
		}, 401},
		{"a self-signed one is refused", func(l *lab) (tls.Certificate, error) {
			return sandbox.SelfSigned(l.clock.Now, sandbox.CertificateRequest{CommonName: "desk"})
		}, 401},
		{"none is refused", nil, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, sandbox.Options{}, sandbox.Client{ID: "desk", Method: sandbox.MethodTLSClientAuth, SubjectDN: subject, Scopes: []string{"identity"}})
			var shown []tls.Certificate
			if tt.show != nil {
				c, err := tt.show(l)
				if err != nil {
					t.Fatal(err)
				}
				shown = append(shown, c)
			}
			form := clientCredentials("client_id", "desk")
			got := call{l.browser(t, shown...), l.server.MutualURL + base + "/oauth2/token", form, nil}.do(t)
			wantAnswer(t, "token", got, tt.status, map[int]string{401: "invalid_client"}[tt.status])
			plain := call{l.browser(t, shown...), l.server.URL + base + "/oauth2/token", form, nil}.do(t)
			wantAnswer(t, "token over the other listener", plain, 401, "invalid_client")
		})
	}
}

func TestSelfSignedCertificates(t *testing.T) {
	clock := newClock()
	selfSigned := func(r sandbox.CertificateRequest) tls.Certificate {
		c, err := sandbox.SelfSigned(clock.Now, r)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	good, next := selfSigned(sandbox.CertificateRequest{CommonName: "desk"}), selfSigned(sandbox.CertificateRequest{CommonName: "desk"})
	expired := selfSigned(sandbox.CertificateRequest{CommonName: "desk", NotBefore: clock.Now().Add(-time.Hour), NotAfter: clock.Now().Add(-time.Minute)})
	l := newLab(t, sandbox.Options{}, sandbox.Client{
		ID: "desk", Method: sandbox.MethodSelfSignedTLSClientAuth, Scopes: []string{"identity"},
		Certificates: []*x509.Certificate{good.Leaf, next.Leaf, expired.Leaf},
	})
	tests := []struct {
		name   string
		show   []tls.Certificate
		status int
	}{
		{"a registered one is taken", []tls.Certificate{good}, 200},
		{"so is another registered one", []tls.Certificate{next}, 200},
		{"an expired one is refused", []tls.Certificate{expired}, 401},
		{"one that is not registered is refused", []tls.Certificate{selfSigned(sandbox.CertificateRequest{CommonName: "desk"})}, 401},
		{"one of the authority is refused", []tls.Certificate{l.certificate(t, sandbox.CertificateRequest{CommonName: "desk"})}, 401},
		{"none is refused", nil, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call{l.browser(t, tt.show...), l.server.MutualURL + base + "/oauth2/token", clientCredentials("client_id", "desk"), nil}.do(t)
			wantAnswer(t, "token", got, tt.status, map[int]string{401: "invalid_client"}[tt.status])
		})
	}
}

func TestCertificateBoundTokens(t *testing.T) {
	l := newLab(t, sandbox.Options{}, sandbox.Client{
		ID: "desk", Method: sandbox.MethodTLSClientAuth, SubjectDN: "CN=desk,O=Foyer sandbox", Scopes: []string{"identity"}, BoundTokens: true,
	})
	own := l.certificate(t, sandbox.CertificateRequest{CommonName: "desk"})
	got := call{l.browser(t, own), l.server.MutualURL + base + "/oauth2/token", clientCredentials("client_id", "desk"), nil}.do(t)
	wantAnswer(t, "token", got, 200, "")
	token := got.text(t, "access_token")
	if cnf := claimsOf(t, token)["cnf"].(map[string]any); cnf["x5t#S256"] != hash(string(own.Leaf.Raw)) {
		t.Errorf("cnf = %v, want the certificate's thumbprint", cnf)
	}
	renewed := l.certificate(t, sandbox.CertificateRequest{CommonName: "desk"})
	tests := []struct {
		name   string
		client *http.Client
		url    string
		status int
	}{
		{"the same certificate is let in", l.browser(t, own), l.server.MutualURL, 200},
		{"another of the same client is not", l.browser(t, renewed), l.server.MutualURL, 401},
		{"none is not", l.browser(t), l.server.MutualURL, 401},
		{"the listener that asks for none is not", l.browser(t, own), l.server.URL, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call{tt.client, tt.url + poolsPath, nil, map[string]string{"Authorization": "Bearer " + token}}.do(t)
			want := `Bearer realm="sandbox", error="invalid_token"`
			if got.status != tt.status || tt.status == 401 && got.header.Get("WWW-Authenticate") != want {
				t.Errorf("GET pools = %d %q, want %d %q", got.status, got.header.Get("WWW-Authenticate"), tt.status, want)
			}
		})
	}
}

// claimsOf reads the claims of a JWT.
func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatalf("the token is no JWT: %v", err)
	}
	return answer{body: string(signed.UnsafePayloadWithoutVerification())}.object(t)
}

func TestClientsThatCannotBe(t *testing.T) {
	tests := []struct {
		name   string
		client sandbox.Client
	}{
		{"an unknown method", sandbox.Client{ID: "x", Method: "password"}},
		{"an unknown grant", sandbox.Client{ID: "x", Grants: []sandbox.GrantType{"implicit"}}},
		{"private_key_jwt without keys", sandbox.Client{ID: "x", Method: sandbox.MethodPrivateKeyJWT}},
		{"private_key_jwt with a private key", sandbox.Client{
			ID: "x", Method: sandbox.MethodPrivateKeyJWT,
			Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{jwk(keyFor(t, jose.ES256), "a")}},
		}},
		{"client_secret_jwt with a short secret", sandbox.Client{ID: "x", Method: sandbox.MethodClientSecretJWT, Secret: "short"}},
		{"tls_client_auth without a subject", sandbox.Client{ID: "x", Method: sandbox.MethodTLSClientAuth}},
		{"self_signed_tls_client_auth without certificates", sandbox.Client{ID: "x", Method: sandbox.MethodSelfSignedTLSClientAuth}},
		{"none with client_credentials", sandbox.Client{ID: "x", Method: sandbox.MethodNone}},
		{"authorization_code without a redirect URI", sandbox.Client{ID: "x", Grants: []sandbox.GrantType{sandbox.GrantAuthorizationCode}}},
		{"a relative redirect URI", sandbox.Client{ID: "x", RedirectURIs: []string{"/back"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := sandbox.New(sandbox.Options{Clients: []sandbox.Client{tt.client}}); err == nil {
				t.Error("New = nil, want an error")
			}
		})
	}
}
