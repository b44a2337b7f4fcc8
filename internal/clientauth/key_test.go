package clientauth_test

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/clientauth"
)

func TestParseSigningKey(t *testing.T) {
	rsa, p256, p384, p521, ed := rsaKey(t, 2048), ecKey(t, elliptic.P256()), ecKey(t, elliptic.P384()), ecKey(t, elliptic.P521()), edKey(t)
	params := block("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}) // as openssl ecparam -genkey writes them
	tests := []struct {
		name             string
		data             []byte
		keyID, algorithm string
		wantID, want     string
		public           any
	}{
		{"PKCS#1", pkcs1(rsa), "", "", "", "RS256", rsa.Public()},
		{"PKCS#8 of RSA", pkcs8(t, rsa), "a", "", "a", "RS256", rsa.Public()},
		{"PKCS#8 of RSA, with PS256", pkcs8(t, rsa), "a", "PS256", "a", "PS256", rsa.Public()},
		{"SEC1", sec1(t, p256), "", "", "", "ES256", p256.Public()},
		{"SEC1 behind its parameters", append(params, sec1(t, p256)...), "", "", "", "ES256", p256.Public()},
		{"P-384", pkcs8(t, p384), "", "", "", "ES384", p384.Public()},
		{"P-521", pkcs8(t, p521), "", "", "", "ES512", p521.Public()},
		{"Ed25519", pkcs8(t, ed), "", "", "", "EdDSA", ed.Public()},
		{"a key beside its public half", append(public(t, p256.Public()), pkcs8(t, p256)...), "", "", "", "ES256", p256.Public()},
		{"PEM after a byte order mark", append([]byte("\ufeff"), pkcs8(t, p256)...), "", "", "", "ES256", p256.Public()},
		{"PEM with line ends of DOS", bytes.ReplaceAll(pkcs8(t, p256), []byte("\n"), []byte("\r\n")), "", "", "", "ES256", p256.Public()},
		{"a JWK", jwk(t, jose.JSONWebKey{Key: p256, KeyID: "own"}), "", "", "own", "ES256", p256.Public()},
		{"a JWK of RSA", jwk(t, jose.JSONWebKey{Key: rsa, Use: "sig"}), "", "", "", "RS256", rsa.Public()},
		{"a JWK of Ed25519", jwk(t, jose.JSONWebKey{Key: ed}), "", "", "", "EdDSA", ed.Public()},
		{"a JWK of Ed25519 by RFC 9864", jwk(t, jose.JSONWebKey{Key: ed, Algorithm: "Ed25519"}), "", "", "", "EdDSA", ed.Public()},
		{"a JWK with its alg", jwk(t, jose.JSONWebKey{Key: rsa, Algorithm: "PS384"}), "", "", "", "PS384", rsa.Public()},
		{"a JWK with another alg", jwk(t, jose.JSONWebKey{Key: rsa, Algorithm: "PS384"}), "", "RS512", "", "RS512", rsa.Public()},
		{"a JWK with another id", jwk(t, jose.JSONWebKey{Key: p256, KeyID: "own"}), "given", "", "given", "ES256", p256.Public()},
		{
			"the one private key of a set", jwk(t, jose.JSONWebKey{Key: ed.Public(), KeyID: "x"}, jose.JSONWebKey{Key: p256, KeyID: "y"},
				jose.JSONWebKey{Key: rsa, KeyID: "z", Use: "enc"}, jose.JSONWebKey{Key: []byte("symmetric"), KeyID: "s"}),
			"", "", "y", "ES256", p256.Public(),
		},
		{"the key of a set by its id", jwk(t, jose.JSONWebKey{Key: p256, KeyID: "x"}, jose.JSONWebKey{Key: ed, KeyID: "y"}), "y", "", "y", "EdDSA", ed.Public()},
		{"the key of a set without an id", jwk(t, jose.JSONWebKey{Key: p256, KeyID: "x"}, jose.JSONWebKey{Key: ed}), "y", "", "y", "EdDSA", ed.Public()},
		{
			"a set with a key of an unknown kind", []byte(`{"keys":[{"kty":"XX","d":"AA"},` + string(jwk(t, jose.JSONWebKey{Key: ed})) + `]}`),
			"", "", "", "EdDSA", ed.Public(),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := parse(t, tt.data, tt.keyID, tt.algorithm)
			if got.ID() != tt.wantID || got.Algorithm() != tt.want {
				t.Errorf("ParseSigningKey() = %v, want alg %s, kid %q", got, tt.want, tt.wantID)
			}
			if !got.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(tt.public) {
				t.Error("ParseSigningKey() read another key")
			}
		})
	}
}

func TestParseSigningKeySaysWhatIsWrong(t *testing.T) {
	p256, ed, small := ecKey(t, elliptic.P256()), edKey(t), rsaKey(t, 1024)
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p224 := ecKey(t, elliptic.P224())
	der, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Split(string(pkcs8(t, p256)), "\n")[1:4], ""))
	damaged := bytes.Replace(pkcs8(t, p256), []byte("\nM"), []byte("\nN"), 1)
	legacy := strings.Replace(string(sec1(t, p256)), "-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n", 1)
	two := jwk(t, jose.JSONWebKey{Key: p256, KeyID: "x"}, jose.JSONWebKey{Key: ed, KeyID: "y"})
	twins := jwk(t, jose.JSONWebKey{Key: p256, KeyID: "x"}, jose.JSONWebKey{Key: ed, KeyID: "x"})
	tests := []struct {
		name             string
		data             []byte
		keyID, algorithm string
		want             string
	}{
		{"nothing", nil, "", "", "is empty"},
		{"white space", []byte(" \n"), "", "", "is empty"},
		{"some text", []byte("hunter2"), "", "", "holds no private key in PEM"},
		{"a file that is too long", make([]byte, 64<<10+1), "", "", "64 KiB"},
		{"DER", der, "", "", "binary form"},
		{"an encrypted key", block("ENCRYPTED PRIVATE KEY", []byte("hunter2")), "", "", "openssl pkey"},
		{"an encrypted key of old", []byte(legacy), "", "", "openssl pkey"},
		{"a key of OpenSSH", block("OPENSSH PRIVATE KEY", []byte("hunter2")), "", "", "ssh-keygen -p -m PKCS8"},
		{"a public key", public(t, p256.Public()), "", "", "public key only"},
		{"a certificate", block("CERTIFICATE", []byte("hunter2")), "", "", "a certificate and no private key"},
		{"two keys", append(pkcs8(t, p256), sec1(t, p256)...), "", "", "more than one private key"},
		{"a damaged key", damaged, "", "", "cannot be read"},
		{"a key for key agreement", pkcs8(t, x25519), "", "", "key agreement"},
		{"a curve that no algorithm has", pkcs8(t, p224), "", "", "signs no assertions"},
		{"a small RSA key", pkcs1(small), "", "", "has 1024 bits; make one of at least 2048"},
		{"a small RSA key as JWK", jwk(t, jose.JSONWebKey{Key: small}), "", "", "has 1024 bits; make one of at least 2048"},
		{"an algorithm of another kind", pkcs8(t, p256), "", "RS256", `auth.signing_alg "RS256" does not suit the key in auth.signing_key_file; write ES256`},
		{"an algorithm of another curve", pkcs8(t, p256), "", "ES384", "write ES256"},
		{"an algorithm of secrets", pkcs8(t, p256), "", "HS256", "write ES256"},
		{"an algorithm in small letters", pkcs8(t, p256), "", "es256", "write ES256"},
		{"a JWK whose alg is of another kind", jwk(t, jose.JSONWebKey{Key: p256, Algorithm: "hunter2"}), "", "", "the alg of the JWK"},
		{"half a JWK", []byte(`{"kty":"EC","d":"hunter2`), "", "", "cannot be read as one"},
		{"a JWK without members", []byte(`{"kty":"EC","crv":"P-256","d":"hunter2"}`), "", "", "cannot be read"},
		{"an object that is no JWK", []byte(`{"password":"hunter2"}`), "", "", "cannot be read"},
		{"a symmetric JWK", jwk(t, jose.JSONWebKey{Key: []byte("hunter2")}), "", "", "client_secret_jwt"},
		{"a public JWK", jwk(t, jose.JSONWebKey{Key: p256.Public()}), "", "", "public key"},
		{"a JWK for encryption", jwk(t, jose.JSONWebKey{Key: p256, Use: "enc"}), "", "", "not for signatures"},
		{"a set without keys", []byte(`{"keys":[]}`), "", "", "holds no private key"},
		{"a set of public keys", []byte(`{"keys":[` + string(jwk(t, jose.JSONWebKey{Key: p256.Public()})) + `]}`), "", "", "holds no private key"},
		{"a set with a damaged key", []byte(`{"keys":[{"kty":"EC","crv":"P-256","d":"hunter2"}]}`), "", "", "cannot be read"},
		{"a set of two", two, "", "", "auth.signing_key_id"},
		{"a set without the id", two, "z", "", `no private key with the kid "z"`},
		{"a set with the id twice", twins, "x", "", "several private keys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := clientauth.ParseSigningKey(tt.data, tt.keyID, tt.algorithm)
			wantFixable(t, err, tt.want, "auth.signing_key_file")
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error quotes the file: %v", err)
			}
		})
	}
}

func TestSecretsAndKeysAreNeverPrinted(t *testing.T) {
	ed := edKey(t)
	c := credentials(t, clientauth.ClientSecretPost)
	c.Key = parse(t, pkcs8(t, ed), "kid-1", "")
	a := authenticator(t, c)
	type holder struct {
		Public  clientauth.Credentials
		private clientauth.Credentials
		key     *clientauth.SigningKey
	}
	h := holder{c, c, c.Key}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "c", c, "k", c.Key, "a", a, "h", h)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "c", c, "k", c.Key, "a", a, "h", h)
	encoded, err := json.Marshal([]any{c, c.Key, a, h})
	if err != nil {
		t.Fatal(err)
	}
	printed := log.String() + string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{c, &c, c.Key, *c.Key, a, *a, h, &h, []any{c.Key}} {
			printed += fmt.Sprintf(verb, value)
		}
	}
	for name, leak := range map[string]string{
		"secret": awkward[:12], "secret in hex": fmt.Sprintf("%x", awkward[:12]),
		"seed": strings.Trim(fmt.Sprintf("%d", ed.Seed()), "[]"), "seed in hex": fmt.Sprintf("%x", ed.Seed()),
		"seed in base64": base64.RawStdEncoding.EncodeToString(ed.Seed()),
	} {
		if strings.Contains(printed, leak) {
			t.Errorf("the %s is printed: %s", name, printed)
		}
	}
	if !strings.Contains(printed, `signing key (alg EdDSA, kid \"kid-1\")`) {
		t.Errorf("the key's name is not printed: %s", printed)
	}
}
