package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/internal/registration"
)

// quickPool is one whose users have no password: to hash a thousand passwords takes minutes.
const quickPool = "passwordless"

// connect connects to the pool for quick registrations in this process.
func (k *kioskOf) connect(t *testing.T) *tenant {
	t.Helper()
	env := append([]string{"FOYER_TENANT_POOL=" + quickPool}, k.env...) // the first of a name counts
	p := &program{stdout: io.Discard, stderr: io.Discard, environ: func() []string { return env }}
	cfg, err := p.load()
	if err != nil {
		t.Fatal(err)
	}
	connected, err := p.connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connected.close(context.Background()) })
	return connected
}

// form reads the form of the pool for quick registrations, by a client of its own.
func (a *apiServer) form(t *testing.T) *registration.Form {
	t.Helper()
	c := a.auth.newClient(t, way{"client_secret_basic", ""}, false, map[string]any{"client_id": "form-of-" + t.Name()})
	c.id = "form-of-" + t.Name()
	form, err := a.kiosk(t, c, "").connect(t).service.Form(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// registersQuickly registers a newcomer through a connected tenant and returns their address.
func (a *apiServer) registersQuickly(t *testing.T, connected *tenant, form *registration.Form) string {
	t.Helper()
	email := a.newcomer()
	var draft registration.Draft
	if err := json.Unmarshal([]byte(`{"identifiers":[{"type":"email","identifier":"`+email+`"}],"payload":{"given_name":"Ann","family_name":"Lee"}}`), &draft); err != nil {
		t.Error(err)
	}
	if _, err := connected.service.Register(t.Context(), form, registration.NewSubmission(form.Align(draft)), nil); err != nil {
		t.Errorf("registering %s: %v (%v)", email, err, registration.AsProblem(err, ""))
	}
	return email
}

func TestAThousandRegistrationsAtOnceFetchOneToken(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	form := api.form(t)
	c := s.newClient(t, way{"client_secret_basic", ""}, false, nil)
	k := api.kiosk(t, c, "")
	connected := k.connect(t)
	atOnce := func(people int) {
		var start, all sync.WaitGroup
		emails := make([]string, people)
		start.Add(1)
		for i := range people {
			all.Go(func() {
				start.Wait()
				emails[i] = api.registersQuickly(t, connected, form)
			})
		}
		start.Done()
		all.Wait()
		for _, email := range emails {
			if !api.hasIn(t, quickPool, email) {
				t.Errorf("%s is not registered", email)
			}
		}
	}
	atOnce(1000)
	if seen := s.seen(t, c.id); !slices.Equal(seen.Grants, []string{"client_credentials"}) || len(seen.Refusals) > 0 {
		t.Errorf("the server gave %d tokens and refused %q, want one", len(seen.Grants), seen.Refusals)
	}
	s.revoke(t, c.id, "")
	atOnce(100)
	if seen := s.seen(t, c.id); len(seen.Grants) != 2 || len(seen.Refusals) > 0 {
		t.Errorf("after a revocation the server gave %d tokens and refused %q, want one more", len(seen.Grants), seen.Refusals)
	}
	k.keepsSecrets(t)
}

func TestRotatingTheCertificateUnderLoadLosesNoRegistration(t *testing.T) {
	const workers, each, rotations = 8, 40, 3
	s := startAuthServer(t)
	api := startAPI(t, s)
	form := api.form(t)
	c := s.newClient(t, way{"tls_client_auth", ""}, false, nil)
	k := api.kiosk(t, c, "")
	var bound sync.Map // certificates that tokens were bound to, by thumbprint
	api.meddle(c.id, func(said introspection) introspection {
		bound.Store(said.Confirmation.Certificate, true)
		return said
	})
	connected := k.connect(t)
	var rotating atomic.Bool
	rotating.Store(true)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for done := 0; done < each || rotating.Load(); done++ {
				if email := api.registersQuickly(t, connected, form); !api.hasIn(t, quickPool, email) {
					t.Errorf("%s is not registered", email)
				}
			}
		})
	}
	defer all.Wait()
	defer rotating.Store(false) // also when a rotation fails
	for range rotations {
		next := s.ca.client(t, time.Now().Add(24*time.Hour))
		k.rotate(t, next)
		eventually(t, "a token is bound to the certificate", func() bool { _, ok := bound.Load(thumbprint(next)); return ok })
	}
	rotating.Store(false)
	all.Wait()
	certificates := 0
	bound.Range(func(any, any) bool { certificates++; return true })
	if certificates != rotations+1 {
		t.Errorf("tokens were bound to %d certificates, want %d", certificates, rotations+1)
	}
	if seen := s.seen(t, c.id); len(seen.Grants) != rotations+1 || len(seen.Refusals) > 0 {
		t.Errorf("the server gave %d tokens and refused %q, want %d", len(seen.Grants), seen.Refusals, rotations+1)
	}
	k.keepsSecrets(t)
}

// rotate replaces the client's certificate and then its key, each of which does not fit until the kiosk has seen that.
func (k *kioskOf) rotate(t *testing.T, pair tls.Certificate) {
	t.Helper()
	certificate, key := certificatePEM(pair.Certificate[0]), keyPEM(t, "PKCS#8", pair.PrivateKey)
	for _, step := range []struct {
		name string
		data []byte
	}{
		{"FOYER_AUTH_CERTIFICATE_FILE", certificate},
		{"FOYER_AUTH_KEY_FILE", key[:len(key)/2]},
		{"FOYER_AUTH_KEY_FILE", key},
	} {
		looks := k.looks(t)
		if err := os.WriteFile(k.setting(step.name), step.data, 0o600); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the kiosk has looked at "+step.name, func() bool { return k.looks(t) > looks })
	}
}

// looks is how often the kiosk has told that the files of its certificate changed.
func (k *kioskOf) looks(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(k.log)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(log), "renew client certificate: the one before stays in use") + strings.Count(string(log), "renewed client certificate")
}
