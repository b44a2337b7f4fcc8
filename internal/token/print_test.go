package token_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"foyer/internal/clientauth"
	"foyer/internal/secret"
	"foyer/internal/token"
)

func TestNothingPrintsASecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var config token.Config
		h := newHouse()
		s, log := h.source(t, token.DeviceCode, func(c *token.Config) {
			c.Identify = identify(t, clientauth.Credentials{Method: clientauth.ClientSecretPost, ClientID: "desk", Secret: secret.New(markerSecret)})
			config = *c
		})
		enter(t, s)
		wantToken(t, s, "a")
		begun, err := s.SignIn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		id, err := config.Identify()
		if err != nil {
			t.Fatal(err)
		}
		h.always("/token", refuses("invalid_grant"))
		failed := renew(t, s)
		type holder struct {
			Public  *token.Source
			private *token.Source
			signIn  *token.SignIn
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			for name, value := range map[string]any{
				"a Source": s, "a copied Source": holder{s, s, begun}, "a Config": config, "a SignIn": begun, "an Identity": id, "an Error": failed,
			} {
				printed := fmt.Sprintf(verb, value)
				discloses(t, name+" as "+verb, strings.ReplaceAll(printed, fmt.Sprintf("%x", "MARKER"), "MARKER"))
			}
		}
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})).Info("x", "source", s, "holder", holder{s, s, begun}, "sign-in", begun, "error", failed)
		discloses(t, "slog", out.String())
		encoded, err := json.Marshal(holder{s, s, begun})
		if err != nil {
			t.Fatal(err)
		}
		discloses(t, "json", string(encoded))
		discloses(t, "the log", log.String())
	})
}
