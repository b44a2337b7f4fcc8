package clientauth_test

import (
	"crypto/elliptic"
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/clientauth"
	"foyer/internal/fixable"
	"foyer/internal/secret"
)

func FuzzParseSigningKey(f *testing.F) {
	p256, ed, rsa := ecKey(f, elliptic.P256()), edKey(f), rsaKey(f, 2048)
	for _, data := range [][]byte{
		pkcs8(f, p256), pkcs8(f, ed), pkcs1(rsa), sec1(f, p256), public(f, p256.Public()),
		jwk(f, jose.JSONWebKey{Key: rsa}), jwk(f, jose.JSONWebKey{Key: ed, KeyID: "a"}, jose.JSONWebKey{Key: p256}),
		[]byte(`{"kty":"EC"}`), []byte(`{"keys":[{}]}`), []byte("-----BEGIN PRIVATE KEY-----"),
	} {
		f.Add(data, "", "")
		f.Add(data, "a", "PS256")
	}
	f.Fuzz(func(t *testing.T, data []byte, keyID, algorithm string) {
		key, err := clientauth.ParseSigningKey(data, keyID, algorithm)
		var mend *fixable.Error
		switch {
		case err != nil && (!errors.As(err, &mend) || key != nil):
			t.Fatalf("ParseSigningKey() = %v, %v, want a *fixable.Error", key, err)
		case err != nil:
			return
		}
		_, err = clientauth.New(clientauth.Credentials{
			Method: clientauth.PrivateKeyJWT, ClientID: "a", Audience: "b", Key: key, Secret: secret.Text{},
		})
		if err != nil {
			t.Fatalf("a key that was accepted cannot be used: %v", err)
		}
	})
}
