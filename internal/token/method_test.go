package token_test

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/internal/clientauth"
	"foyer/internal/registration"
	"foyer/internal/sandbox"
	"foyer/internal/token"
)

// A method is one way for a client to prove itself, with a proof that is good and others that are not.
type method struct {
	name   string
	method clientauth.Method
	client sandbox.Client // what the tenant knows
	good   proof
	wrong  map[string]proof
}

// methods are all ways.
func methods(t *testing.T, authority *sandbox.Authority) []method {
	t.Helper()
	list := append(secretMethods(), keyMethods(t)...)
	return append(list, certificateMethods(t, authority)...)
}

// secretMethods are those by a secret.
func secretMethods() []method {
	return []method{
		{
			name: "client_secret_basic", method: clientauth.ClientSecretBasic,
			client: sandbox.Client{Secret: strong}, good: secretly(strong), wrong: map[string]proof{"another secret": secretly("x")},
		},
		{
			name: "client_secret_post", method: clientauth.ClientSecretPost,
			client: sandbox.Client{Secret: strong}, good: secretly(strong), wrong: map[string]proof{"another secret": secretly("x")},
		},
		{
			name: "client_secret_jwt", method: clientauth.ClientSecretJWT,
			client: sandbox.Client{Secret: strong}, good: secretly(strong), wrong: map[string]proof{"another secret": secretly(strong + "x")},
		},
	}
}

// keyMethods are private_key_jwt by its algorithms.
func keyMethods(t *testing.T) []method {
	t.Helper()
	var list []method
	own, strange := newRSAKey(t), newRSAKey(t)
	for _, k := range []struct {
		algorithm    string
		own, strange crypto.Signer
	}{{"RS256", own, strange}, {"PS256", own, strange}, {"ES256", newECKey(t), newECKey(t)}, {"EdDSA", newEdKey(t), newEdKey(t)}} {
		good, known := signing(t, k.own, k.algorithm)
		bad, _ := signing(t, k.strange, k.algorithm)
		elsewhere := good
		elsewhere.credentials.Audience = "https://elsewhere.test"
		list = append(list, method{
			name: "private_key_jwt by " + k.algorithm, method: clientauth.PrivateKeyJWT,
			client: sandbox.Client{Keys: known}, good: good, wrong: map[string]proof{"another key": bad, "another audience": elsewhere},
		})
	}
	return list
}

// certificateMethods are those by certificates, whose tokens are bound to them.
func certificateMethods(t *testing.T, authority *sandbox.Authority) []method {
	t.Helper()
	issued := func(name string) proof {
		c, err := authority.Client(sandbox.CertificateRequest{CommonName: name})
		return shown(t, c, err)
	}
	self := func() proof {
		c, err := sandbox.SelfSigned(nil, sandbox.CertificateRequest{CommonName: "kiosk"})
		return shown(t, c, err)
	}
	kiosk, own := issued("kiosk"), self()
	return []method{
		{
			name: "tls_client_auth", method: clientauth.TLSClientAuth, good: kiosk,
			client: sandbox.Client{SubjectDN: kiosk.certificate.Leaf.Subject.String(), BoundTokens: true},
			wrong:  map[string]proof{"another subject": issued("other"), "a self-signed certificate": self(), "no certificate": {}},
		},
		{
			name: "self_signed_tls_client_auth", method: clientauth.SelfSignedTLSClientAuth, good: own,
			client: sandbox.Client{Certificates: []*x509.Certificate{own.certificate.Leaf}, BoundTokens: true},
			wrong:  map[string]proof{"another certificate": self(), "one of the authority": kiosk, "no certificate": {}},
		},
	}
}

func shown(t *testing.T, c tls.Certificate, err error) proof {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return proof{certificate: &c}
}

// registered is the client as the tenant has it.
func (m method) registered() sandbox.Client {
	c := m.client
	c.ID, c.Method, c.Scopes = "kiosk", sandbox.Method(m.method), []string{"identity"}
	return c
}

func TestEveryMethodGetsATokenThatLetsIn(t *testing.T) {
	authority := newAuthority(t)
	for _, m := range methods(t, authority) {
		for _, bound := range []bool{false, true} {
			t.Run(m.name+map[bool]string{true: " with DPoP"}[bound], func(t *testing.T) {
				c := m.registered()
				c.DPoP = bound
				l := newLab(t, authority, c)
				id := l.identity(t, m.method, m.good)
				s := l.source(t, token.ClientCredentials, id, bound)
				for range 3 { // more than a nonce is good for
					l.wantLetIn(t, s, id)
					s.Invalidate(mustToken(t, s))
				}
			})
		}
	}
}

func TestEveryMethodIsRefusedByAWrongProof(t *testing.T) {
	authority := newAuthority(t)
	for _, m := range methods(t, authority) {
		for name, wrong := range m.wrong {
			t.Run(m.name+" by "+name, func(t *testing.T) {
				l := newLab(t, authority, m.registered())
				s := l.source(t, token.ClientCredentials, l.identity(t, m.method, wrong), false)
				_, err := s.Token(t.Context())
				staff := wantKind(t, "Token()", err, registration.Misconfigured)
				if !strings.Contains(staff, "what proves it") {
					t.Errorf("Staff = %q, want what to look at", staff)
				}
				if _, again := s.Token(t.Context()); again != err { //nolint:errorlint // the very same: it is not asked for again
					t.Errorf("Token() again = %v, want the error of the first", again)
				}
			})
		}
	}
}

func TestTokensThatAreBoundOtherwiseThanConfigured(t *testing.T) {
	tests := []struct {
		name         string
		tenant, ours bool // whether the client's tokens take DPoP
		kind         registration.ProblemKind
		staff        string
	}{
		{"the tenant asks for a proof", true, false, registration.Misconfigured, "auth.dpop"},
		{"the tenant takes a proof that it does not ask for", false, true, "", ""},
	}
	authority := newAuthority(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, authority, sandbox.Client{ID: "kiosk", Secret: strong, Scopes: []string{"identity"}, DPoP: tt.tenant})
			id := l.identity(t, clientauth.ClientSecretBasic, secretly(strong))
			s := l.source(t, token.ClientCredentials, id, tt.ours)
			if tt.kind == "" {
				l.wantLetIn(t, s, id)
				return
			}
			_, err := s.Token(t.Context())
			if staff := wantKind(t, "Token()", err, tt.kind); !strings.Contains(staff, tt.staff) {
				t.Errorf("Staff = %q, want %q in it", staff, tt.staff)
			}
		})
	}
}

// staffed is m's client, through which staff sign in.
func (m method) staffed() sandbox.Client {
	c := m.registered()
	c.Grants = []sandbox.GrantType{sandbox.GrantAuthorizationCode, sandbox.GrantDeviceCode}
	c.RedirectURIs = []string{"http://127.0.0.1/callback"}
	return c
}

// staffMethods are a public client, and confidential ones by a secret and by a certificate.
func staffMethods(t *testing.T, authority *sandbox.Authority) []method {
	t.Helper()
	public := method{name: "none", method: clientauth.None}
	return []method{public, secretMethods()[0], certificateMethods(t, authority)[0]}
}

// wantStaff fails the test unless Ann is signed in until she signs out.
func (l *lab) wantStaff(t *testing.T, s *token.Source, id token.Identity, got polled) {
	t.Helper()
	if got.err != nil || got.Operator != (registration.Operator{Subject: "staff-ann", Name: "Ann Staff"}) {
		t.Fatalf("Poll() = %+v, want Ann", got)
	}
	l.wantLetIn(t, s, id)
	s.Invalidate(mustToken(t, s))
	l.wantLetIn(t, s, id) // by a refresh
	if err := s.SignOut(t.Context()); err != nil {
		t.Errorf("SignOut() = %v", err)
	}
	wantNobody(t, s)
}

func TestStaffSignInByABrowserAtTheSandbox(t *testing.T) {
	authority := newAuthority(t)
	for _, m := range staffMethods(t, authority) {
		for _, bound := range []bool{false, true} {
			t.Run(m.name+map[bool]string{true: " with DPoP"}[bound], func(t *testing.T) {
				l := newLab(t, authority, m.staffed())
				id := l.identity(t, m.method, m.good)
				s := l.source(t, token.AuthorizationCode, id, bound, "openid", "profile")
				b := browse(t.Context(), t, s)
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.request, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := l.transport(t).RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				_ = resp.Body.Close()
				page, err := resp.Location()
				if err != nil {
					t.Fatalf("the authorization request is answered with %d: %v", resp.StatusCode, err)
				}
				_, back := l.decide(t, page.String(), url.Values{"staff": {"ann"}})
				var pairs []string
				for name, values := range back.Query() {
					pairs = append(pairs, name, values[0])
				}
				b.bring(t, http.MethodGet, "", pairs...)
				l.wantStaff(t, s, id, <-b.polled)
			})
		}
	}
}

func TestStaffSignInByADeviceAtTheSandbox(t *testing.T) {
	authority := newAuthority(t)
	for _, m := range staffMethods(t, authority) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel() // each waits a second
			l := newLab(t, authority, m.staffed())
			id := l.identity(t, m.method, m.good)
			s := l.source(t, token.DeviceCode, id, true, "openid", "profile")
			begun, err := s.SignIn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			prompt := begun.Prompt()
			if status, _ := l.decide(t, prompt.URL, url.Values{"user_code": {prompt.UserCode}, "staff": {"ann"}}); status != http.StatusOK {
				t.Fatalf("the page answers %d, want 200", status)
			}
			progress, err := begun.Poll(t.Context())
			l.wantStaff(t, s, id, polled{progress, err})
		})
	}
}
