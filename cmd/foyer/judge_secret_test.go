package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

func TestWhatHoldsSecretsPrintsNone(t *testing.T) {
	if raced {
		t.Skip("fmt follows pointers into connections that are in use")
	}
	s := startAuthServer(t)
	api := startAPI(t, s)
	for _, w := range ways() {
		for _, dpop := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, DPoP %t", w, dpop), func(t *testing.T) {
				c := s.newClient(t, w, dpop, nil)
				k := api.kiosk(t, c, c.formats()[0])
				connected := k.connect(t)
				if _, err := connected.service.Form(t.Context()); err != nil {
					t.Fatal(err)
				}
				k.said["what is printed"] = printed(t, connected)
				k.keepsSecrets(t)
				k.keepsKey(t)
			})
		}
	}
	for _, d := range duties() {
		t.Run(d.String(), func(t *testing.T) {
			k := api.atDuty(t, d, nil)
			connected := k.connect(t)
			begun, err := connected.desk().SignIn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			k.said["what is printed of a sign-in"] = everyForm(t, begun)
			answers := map[string]string{"login": "ann", "user_code": begun.Prompt().UserCode}
			s.newBrowser(t).visit(t, begun.Prompt().URL, answers)
			if _, err := begun.Poll(t.Context()); err != nil {
				t.Fatal(err)
			}
			k.said["what is printed"] = printed(t, connected) + everyForm(t, begun)
			k.keepsSecrets(t)
		})
	}
}

// printed is what a careless line prints of all that holds secrets in a connected tenant.
func printed(t *testing.T, connected *tenant) string {
	t.Helper()
	l := connected.linked.Load()
	id, err := connected.proofs.identify(connected.config.Auth.IssuerURL.String())
	if err != nil {
		t.Fatal(err)
	}
	values := []any{
		connected, connected.config, connected.config.Auth, connected.proofs, connected.proofs.given, connected.proofs.current,
		connected.proofs.cert, connected.prover, connected.http, l, l.tokens, l.client, l.directory, id, connected.service,
	}
	var all strings.Builder
	for _, value := range values {
		all.WriteString(everyForm(t, value))
	}
	return all.String()
}

// everyForm is a value, and what it points to, printed by every verb and every encoder that a careless line could use.
func everyForm(t *testing.T, value any) string {
	t.Helper()
	var all bytes.Buffer
	values := []any{value, []any{value}, struct{ V any }{value}}
	if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && !v.IsNil() {
		values = append(values, v.Elem().Interface())
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			_, _ = fmt.Fprintf(&all, verb+"\n", v)
		}
		if encoded, err := json.Marshal(v); err == nil {
			all.Write(encoded)
		}
		slog.New(slog.NewJSONHandler(&all, nil)).Info("careless", "value", v)
		slog.New(slog.NewTextHandler(&all, nil)).Info("careless", "value", v)
	}
	return all.String()
}

// keepsKey expects that nothing has a private key of the client's in it.
func (k *kioskOf) keepsKey(t *testing.T) {
	t.Helper()
	for name, text := range k.said {
		for _, key := range []any{k.client.key, k.client.certificate.PrivateKey} {
			for _, form := range keyForms(key) {
				if strings.Contains(text, form) {
					t.Errorf("%s has the client's private key in it", name)
				}
			}
		}
	}
	for name, text := range k.said {
		if secret := k.client.secret; secret != "" && (strings.Contains(text, hex.EncodeToString([]byte(secret))) || strings.Contains(text, listed([]byte(secret)))) {
			t.Errorf("%s has the client's secret in it", name)
		}
	}
}

// keyForms are the ways in which fmt prints the secret number of a private key.
func keyForms(key any) []string {
	var d *big.Int
	switch key := key.(type) {
	case *rsa.PrivateKey:
		d = key.D
	case *ecdsa.PrivateKey:
		raw, err := key.Bytes()
		if err != nil {
			return nil
		}
		d = new(big.Int).SetBytes(raw)
	case ed25519.PrivateKey:
		return []string{hex.EncodeToString(key.Seed()), listed(key.Seed())}
	default:
		return nil
	}
	return []string{d.String(), d.Text(16), listed(d.Bytes())}
}

// listed is bytes as fmt prints them by %v or %d, without the brackets.
func listed(b []byte) string { return strings.Trim(fmt.Sprintf("%d", b), "[]") }

// A signal that the Go runtime answers with the stacks of all goroutines shows what a panic would, at any level of GOTRACEBACK.
func TestAPanicShowsNoSecret(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	tests := map[string]func(*testing.T) *kioskOf{
		"of a client with a secret": func(t *testing.T) *kioskOf {
			t.Helper()
			return api.kiosk(t, s.newClient(t, way{"client_secret_post", ""}, true, nil), "")
		},
		"while staff are signed in": func(t *testing.T) *kioskOf {
			t.Helper()
			return api.atDuty(t, duty{"authorization_code", "client_secret_basic", true}, nil)
		},
	}
	for name, kiosk := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kiosk(t)
			k.env = append(k.env, "GOTRACEBACK=system")
			terminal := k.open(t)
			if k.setting("FOYER_AUTH_GRANT") == "authorization_code" {
				terminal.until("This kiosk is closed")
				k.opens(t, terminal)
			}
			k.registersAt(t, terminal)
			terminal.until("Press Enter to begin")
			if err := terminal.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
				t.Fatal(err)
			}
			terminal.exit()
			if trace := terminal.recorded(); !strings.Contains(trace, "SIGQUIT") || !strings.Contains(trace, "goroutine ") {
				t.Errorf("there is no trace:\n%.2000s", trace)
			}
			k.keepsSecrets(t)
			k.keepsKey(t)
		})
	}
}

func TestTheConfigurationIsPrintedWithoutItsSecrets(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	secretFile := writeFile(t, "secret", []byte("of the file, "+awkward))
	for _, secret := range []string{"FOYER_AUTH_CLIENT_SECRET=" + awkward, "FOYER_AUTH_CLIENT_SECRET_FILE=" + secretFile} {
		name, _, _ := strings.Cut(secret, "=")
		t.Run(name, func(t *testing.T) {
			c := s.newClient(t, way{"private_key_jwt", "ES256"}, true, nil)
			c.certificate, c.audience, c.secret = selfSigned(t), s.issuer, ""
			k := api.kiosk(t, c, "PKCS#8")
			k.env = append([]string{secret, "FOYER_AUTH_METHOD=client_secret_jwt", "FOYER_AUTH_SIGNING_ALG=HS256", "FOYER_AUTH_GRANT=client_credentials", "FOYER_AUTH_REDIRECT_URL=http://127.0.0.1/callback", "FOYER_AUTH_KEEP=memory"}, k.env...)
			k.client.secret = awkward
			code, out, complaints := k.run("", "config")
			if code != 0 || !strings.Contains(out, "[redacted]") && name == "FOYER_AUTH_CLIENT_SECRET" {
				t.Errorf("foyer config exits with %d\n%s%s", code, out, complaints)
			}
			for _, path := range []string{k.setting("FOYER_AUTH_SIGNING_KEY_FILE"), k.setting("FOYER_AUTH_KEY_FILE")} {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(out, path) || strings.Contains(out, strings.Split(string(data), "\n")[1]) {
					t.Errorf("foyer config is to print the name of %s and not what it holds:\n%s", path, out)
				}
			}
			k.keepsSecrets(t)
			k.keepsKey(t)
		})
	}
}
