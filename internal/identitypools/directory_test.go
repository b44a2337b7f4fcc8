package identitypools_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/identitypools"
	"foyer/internal/password"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// The ports of the domain.
var (
	_ registration.PoolReader   = (*identitypools.Directory)(nil)
	_ registration.UserStore    = (*identitypools.Directory)(nil)
	_ registration.Problematic  = (*identitypools.Error)(nil)
	_ identitypools.TokenSource = (*tokens)(nil)
)

func TestDirectoryPool(t *testing.T) {
	tests := []struct {
		name, give string
		want       registration.Pool
	}{
		{
			"everything", `{"id":"customers","tenant_id":"acme","name":"Customers","authentication_mechanisms":["password","totp"],
			"identifier_case_insensitive":true,"payload_schema_id":"p","metadata_schema_id":"m","badge_color":"#fff",
			"password_policy":{"min_length":8,"capital_letters":1,"lowercase_letters":2,"digits":3,"special_characters":4,"not_used_since":5,"strength":"very_strong"},"password_settings":{"expires_after":"2160h0m0s"},"otp_settings":{"challenge":{"length":8,"ttl":"5m0s"}}}`,
			registration.Pool{
				ID: "customers", Name: "Customers", Mechanisms: []string{"password", "totp"},
				PasswordHistory: 5, PasswordExpiry: 90 * 24 * time.Hour, ChallengeCode: registration.CodeSetting{Length: 8, TTL: 5 * time.Minute},
				PayloadSchemaID: "p", MetadataSchemaID: "m", IdentifierCaseInsensitive: true,
				PasswordPolicy: password.Policy{MinLength: 8, CapitalLetters: 1, LowercaseLetters: 2, Digits: 3, SpecialCharacters: 4, Strength: password.VeryStrong},
			},
		},
		{
			"nothing but what is required", `{"tenant_id":"acme","name":"Bare","authentication_mechanisms":null,"password_policy":null}`,
			registration.Pool{ID: "customers", Name: "Bare"},
		},
		{
			"a count beyond reason", `{"name":"x","password_policy":{"min_length":18446744073709551615,"strength":"any"}}`,
			registration.Pool{ID: "customers", Name: "x", PasswordPolicy: password.Policy{MinLength: 1<<31 - 1}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := identitypools.NewDirectory(answering(t, 200, tt.give).client).Pool(t.Context())
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("Pool() = %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestDirectoryRefusesADeletedPool(t *testing.T) {
	s := answering(t, 200, `{"tenant_id":"acme","name":"Gone","deleted":true}`)
	_, err := identitypools.NewDirectory(s.client).Pool(t.Context())
	if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.Misconfigured || !strings.Contains(p.Staff, "tenant.pool") {
		t.Errorf("Pool() of a deleted pool = %v, want a misconfiguration", err)
	}
}

func TestDirectoryRefusesAStrengthThatItDoesNotKnow(t *testing.T) {
	s := answering(t, 200, `{"name":"x","password_policy":{"strength":"herculean\u001b[2J"}}`)
	_, err := identitypools.NewDirectory(s.client).Pool(t.Context())
	p := registration.AsProblem(err, "")
	if p == nil || p.Kind != registration.Misconfigured || !strings.HasSuffix(p.Staff, " herculean") {
		t.Errorf("Pool() = %v, %+v, want misconfigured with the clean word", err, p)
	}
}

func TestDirectorySchemaKeepsTheOrderOfItsMembers(t *testing.T) {
	const want = `{"type":"object","properties":{"z":{},"a":{}}}`
	s := answering(t, 200, `{"id":"s1","name":"x","tenant_id":"acme","schema":`+want+`}`)
	got, err := identitypools.NewDirectory(s.client).Schema(t.Context(), "s1")
	if err != nil || string(got) != want {
		t.Errorf("Schema() = %s, %v, want %s", got, err, want)
	}
}

func TestDirectoryCreateUser(t *testing.T) {
	s := answering(t, 201, `{"id":"u1","status":"active","created_at":"2026-03-01T09:00:00.123Z","payload":{"given_name":"Ann"},
		"identifiers":[{"type":"email","identifier":"ann@example.com","identifier_lc":"ann@example.com"}],"credentials":[{"payload":{"hashed_password":"###"}}]}`)
	got, err := identitypools.NewDirectory(s.client).CreateUser(t.Context(), registration.NewUser{
		Status: registration.Active,
		Identifiers: []registration.Identifier{
			{Type: registration.Email, Identifier: "ann@example.com"},
			{Type: registration.UID, Identifier: "ann"},
			{Type: registration.Mobile, Identifier: "+12025550123"},
			{Type: registration.External, Identifier: "x1"},
		},
		Password: secret.New("pw"), Payload: map[string]any{"given_name": "Ann"}, Metadata: map[string]any{"source": "kiosk"},
	}, registration.Keys{Idempotency: key, Correlation: "foyer-1"})
	want := registration.User{
		ID: "u1", Status: "active", Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: "ann@example.com"}},
		Payload: json.RawMessage(`{"given_name":"Ann"}`), CreatedAt: time.Date(2026, 3, 1, 9, 0, 0, 123e6, time.UTC),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("CreateUser() = %v (-want +got):\n%s", err, diff)
	}
	const body = `{"status":"active","identifiers":[{"type":"email","identifier":"ann@example.com"},{"type":"uid","identifier":"ann"},` +
		`{"type":"mobile","identifier":"+12025550123"},{"type":"external","identifier":"x1"}],"verifiable_addresses":[` +
		`{"address":"ann@example.com","type":"email","status":"active","verified":false},` +
		`{"address":"+12025550123","type":"mobile","status":"active","verified":false}],"payload":{"given_name":"Ann"},` +
		`"metadata":{"source":"kiosk"},"credentials":[{"type":"password","password":"pw"}]}`
	request := s.requests()[0]
	if diff := cmp.Diff(body, request.body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if k, c := request.header.Get("X-Idempotency-Key"), request.header.Get("X-Correlation-Id"); k != key || c != "foyer-1" {
		t.Errorf("keys = %s, %s, want those of the submission", k, c)
	}
}

func TestDirectoryCreatesNoCredentialWithoutAPassword(t *testing.T) {
	s := answering(t, 201, userBody)
	if _, err := identitypools.NewDirectory(s.client).CreateUser(t.Context(), registration.NewUser{Status: registration.Inactive}, registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	if got := s.requests()[0].body; got != `{"status":"inactive"}` {
		t.Errorf("body = %s, want the status alone", got)
	}
}

func TestDirectoryFindUser(t *testing.T) {
	id := registration.Identifier{Type: registration.Email, Identifier: "ann@example.com"}
	keys := registration.Keys{Idempotency: key, Correlation: "foyer-1"}

	s := answering(t, 200, `{"id":"u1","status":"new","payload":null,"identifiers":null}`)
	directory := identitypools.NewDirectory(s.client)
	for range 2 {
		got, err := directory.FindUser(t.Context(), id, keys)
		if diff := cmp.Diff(registration.User{ID: "u1", Status: "new"}, got); err != nil || diff != "" {
			t.Errorf("FindUser() = %v (-want +got):\n%s", err, diff)
		}
	}
	first, second := s.requests()[0], s.requests()[1]
	if first.body != `{"identifier":"ann@example.com"}` || first.header.Get("X-Correlation-Id") != "foyer-1" {
		t.Errorf("FindUser sent %s as %s, want the identifier as foyer-1", first.body, first.header.Get("X-Correlation-Id"))
	}
	a, b := first.header.Get("X-Idempotency-Key"), second.header.Get("X-Idempotency-Key")
	if a == key || a == b || len(a) < 32 {
		t.Errorf("X-Idempotency-Key = %s, then %s, want one of its own each time", a, b)
	}

	s = answering(t, 404, `{"error":"not found"}`)
	if _, err := identitypools.NewDirectory(s.client).FindUser(t.Context(), id, keys); !errors.Is(err, registration.ErrNoUser) {
		t.Errorf("FindUser() = %v, want ErrNoUser", err)
	}
	s = answering(t, 503, "")
	_, err := identitypools.NewDirectory(s.client).FindUser(t.Context(), id, keys)
	if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.Unavailable || p.Unclear {
		t.Errorf("FindUser() = %v, %+v, want unavailable, and nothing unclear about a look-up", err, p)
	}
}
