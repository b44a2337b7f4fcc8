package identitypools_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/sandbox"
	"foyer/internal/secret"
	"foyer/internal/spectest"
	"foyer/internal/token"
)

// A box is a sandbox behind TLS and HTTP/2 with a client for one of its pools. Every exchange is held against the official
// descriptions while checked.
type box struct {
	*sandbox.Tenant

	client    *identitypools.Client
	directory *identitypools.Directory
	replayed  int // answers that the tenant says it replayed
}

// open makes a box. Faults that break answers break the description too, so those tests go unchecked.
func open(t *testing.T, pool registration.PoolID, checked bool) *box {
	t.Helper()
	tenant, err := sandbox.New(sandbox.Options{TenantID: "default", Clients: []sandbox.Client{
		{ID: "kiosk", Secret: "s3cret", Scopes: []string{sandbox.ScopeIdentity, sandbox.ScopeSelfRegistration, sandbox.ScopeTransientOTP}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(tenant)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	b := &box{Tenant: tenant}
	client := server.Client()
	client.Timeout = 20 * time.Second
	if checked {
		client.Transport = spectest.Load(t, "identitysystem.yaml").Transport(t,
			spectest.Load(t, "public.yaml").Transport(t, spectest.Load(t, "oauth2.yaml").Transport(t, client.Transport)))
	}
	base := client.Transport
	client.Transport = tripper(func(r *http.Request) (*http.Response, error) {
		response, err := base.RoundTrip(r)
		if err == nil && response.Header.Get("X-Idempotent-Replayed") != "" {
			b.replayed++
		}
		return response, err
	})
	proof, err := clientauth.New(clientauth.Credentials{Method: clientauth.ClientSecretBasic, ClientID: "kiosk", Secret: secret.New("s3cret")})
	if err != nil {
		t.Fatal(err)
	}
	tokens := token.NewSource(token.Config{
		IssuerURL: u.JoinPath("default", "system"), ClientID: "kiosk", Grant: token.ClientCredentials,
		Identify: func() (token.Identity, error) { return token.Identity{Authenticate: proof.Transport}, nil },
		Scopes:   []string{"identity", "identity_self_registration", "transient_otp"}, HTTPClient: client, Logger: slog.New(slog.DiscardHandler),
	})
	b.client = identitypools.New(identitypools.Config{
		TenantURL: u, TenantID: "default", TenantInPath: true, Workspace: "default", Pool: pool, HTTPClient: client, Tokens: tokens,
	})
	b.directory = identitypools.NewDirectory(b.client)
	return b
}

// guest is a user that the pool "customers" takes.
func guest(email string) registration.NewUser {
	return registration.NewUser{
		Status:      registration.Active,
		Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: email}},
		Password:    secret.New("correct horse battery staple"),
		Payload:     map[string]any{"given_name": "Ann", "family_name": "Lee"},
		Metadata:    map[string]any{"source": "kiosk"},
	}
}

func TestContractOfAUser(t *testing.T) {
	b := open(t, "customers", true)
	ctx := t.Context()
	if _, err := b.directory.FindUser(ctx, guest("ann@example.com").Identifiers[0], registration.Keys{}); !errors.Is(err, registration.ErrNoUser) {
		t.Errorf("FindUser before = %v, want ErrNoUser", err)
	}
	created, err := b.directory.CreateUser(ctx, guest("ann@example.com"), registration.Keys{Idempotency: key, Correlation: "foyer-1"})
	if err != nil {
		t.Fatalf("CreateUser = %v", err)
	}
	found, err := b.directory.FindUser(ctx, guest("ANN@example.com").Identifiers[0], registration.Keys{})
	if diff := cmp.Diff(created, found); err != nil || diff != "" {
		t.Errorf("FindUser = %v (-created +found):\n%s", err, diff)
	}
	read, err := b.client.GetUser(ctx, created.ID)
	if err != nil || read.ID != created.ID || read.ETag == "" || len(read.VerifiableAddresses) != 1 || read.VerifiableAddresses[0].Verified {
		t.Errorf("GetUser = %+v, %v, want the user with an ETag and an address that is not verified", read, err)
	}
	if listed, err := b.client.ListUsers(ctx, 10); err != nil || len(listed) != 1 || listed[0].ID != created.ID {
		t.Errorf("ListUsers = %+v, %v, want the user", listed, err)
	}
	var known *identitypools.Error
	if err := b.client.DeleteUser(ctx, created.ID, `"stale"`, registration.Keys{}); !errors.As(err, &known) || known.Status != http.StatusPreconditionFailed {
		t.Errorf("DeleteUser with a stale ETag = %v, want status 412", err)
	}
	if err := b.client.DeleteUser(ctx, created.ID, read.ETag, registration.Keys{}); err != nil {
		t.Errorf("DeleteUser = %v", err)
	}
	if _, err := b.client.GetUser(ctx, created.ID); !errors.As(err, &known) || known.Status != http.StatusNotFound {
		t.Errorf("GetUser after = %v, want status 404", err)
	}
}

func TestContractOfThePools(t *testing.T) {
	for _, id := range []registration.PoolID{"customers", "employees", "strict"} {
		t.Run(string(id), func(t *testing.T) {
			b := open(t, id, true)
			pool, err := b.directory.Pool(t.Context())
			if err != nil || pool.PasswordPolicy.MinLength == 0 {
				t.Fatalf("Pool() = %+v, %v, want a pool with a policy", pool, err)
			}
			payload, err := b.directory.Schema(t.Context(), pool.PayloadSchemaID)
			if err != nil {
				t.Fatalf("Schema() = %v", err)
			}
			settings := registration.Settings{Status: registration.Active, Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}}}
			if _, err := registration.NewForm(pool, payload, nil, settings); err != nil {
				t.Errorf("NewForm() = %v, want a form", err)
			}
		})
	}
	if _, err := open(t, "nobody", true).directory.Pool(t.Context()); registration.AsProblem(err, "").Kind != registration.Misconfigured {
		t.Errorf("Pool() of no pool = %v, want misconfigured", err)
	}
}

func TestContractOfRefusals(t *testing.T) {
	spoil := func(change func(*registration.NewUser)) registration.NewUser {
		u := guest("bob@example.com")
		change(&u)
		return u
	}
	tests := []struct {
		name  string
		give  registration.NewUser
		kind  registration.ProblemKind
		field string
	}{
		{"an identifier that is taken", guest("Ann@Example.com"), registration.Conflict, "/identifiers/0"},
		{"a weak password", spoil(func(u *registration.NewUser) { u.Password = secret.New("password") }), registration.PasswordRejected, "/password"},
		{"an answer that is missing", spoil(func(u *registration.NewUser) { u.Payload = map[string]any{"given_name": "Bob"} }), registration.DetailsRejected, "/payload/family_name"},
		{"an identifier that is none", spoil(func(u *registration.NewUser) { u.Identifiers[0].Identifier = "bob" }), registration.DetailsRejected, "/identifiers/0"},
		{"metadata that do not fit", spoil(func(u *registration.NewUser) { u.Metadata = map[string]any{"colour": "red"} }), registration.Misconfigured, ""},
	}
	b := open(t, "customers", true)
	if _, err := b.directory.CreateUser(t.Context(), guest("ann@example.com"), registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := b.directory.CreateUser(t.Context(), tt.give, registration.Keys{})
			p := registration.AsProblem(err, "")
			if p == nil || p.Kind != tt.kind || p.Field != tt.field || p.Unclear {
				t.Errorf("CreateUser() = %v, %+v, want kind %s at %q", err, p, tt.kind, tt.field)
			}
		})
	}
}

func TestContractOfErrorShapes(t *testing.T) {
	for _, shape := range []sandbox.ErrorShape{
		sandbox.ShapeOfficial, sandbox.ShapeNoDetails, sandbox.ShapeStringCode, sandbox.ShapeNumericCode, sandbox.ShapeHTML, sandbox.ShapeEmpty,
	} {
		t.Run(string(shape), func(t *testing.T) {
			b := open(t, "customers", false)
			if _, err := b.directory.CreateUser(t.Context(), guest("ann@example.com"), registration.Keys{}); err != nil {
				t.Fatal(err)
			}
			b.Misbehave(sandbox.Fault{ErrorShape: shape})
			_, err := b.directory.CreateUser(t.Context(), guest("ann@example.com"), registration.Keys{})
			if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.Conflict {
				t.Errorf("CreateUser() = %v, %+v, want a conflict whatever its body", err, p)
			}
		})
	}
}

func TestContractOfFaults(t *testing.T) {
	tests := []struct {
		name    string
		fault   sandbox.Fault
		unclear bool
		done    bool // the user was created all the same
	}{
		{"dropped before the work", sandbox.Fault{Drop: sandbox.DropBefore}, true, false},
		{"dropped after the work", sandbox.Fault{Drop: sandbox.DropAfter}, true, true},
		{"half an answer", sandbox.Fault{Malformed: true}, true, true},
		{"an endless answer", sandbox.Fault{Oversized: true}, true, true},
		{"in trouble", sandbox.Fault{Status: 503}, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, "customers", false)
			tt.fault.Match = "POST /users$"
			b.Misbehave(tt.fault)
			keys := registration.Keys{Idempotency: key}
			_, err := b.directory.CreateUser(t.Context(), guest("ann@example.com"), keys)
			p := registration.AsProblem(err, "")
			if p == nil || p.Kind != registration.Unavailable || p.Unclear != tt.unclear {
				t.Fatalf("CreateUser() = %v, %+v, want unavailable and unclear %t", err, p, tt.unclear)
			}
			_, err = b.directory.FindUser(t.Context(), guest("ann@example.com").Identifiers[0], keys)
			if created := err == nil; created != tt.done {
				t.Errorf("FindUser() = %v, want created %t", err, tt.done)
			}
			b.Misbehave()
			if _, err := b.directory.CreateUser(t.Context(), guest("ann@example.com"), keys); err != nil {
				t.Errorf("CreateUser() again with the same key = %v, want the user", err)
			}
			if replayed := b.replayed > 0; replayed != tt.done {
				t.Errorf("replayed = %t, want %t", replayed, tt.done)
			}
		})
	}
}

func TestContractOfAFreshToken(t *testing.T) {
	b := open(t, "customers", true)
	if _, err := b.client.GetPool(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Misbehave(sandbox.Fault{Status: http.StatusUnauthorized, Match: "/pools/", Times: 1})
	if _, err := b.client.GetPool(t.Context()); err != nil {
		t.Errorf("GetPool() after one 401 = %v, want the pool", err)
	}
}
