package identitypools_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/internal/identitypools"
	"foyer/internal/registration"
)

func TestCreateUserProblems(t *testing.T) {
	const html = "<!doctype html><html>" + markerText + "</html>"
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   registration.Problem // Kind, Field, Flaw, RetryAfter, Unclear
		staff  string               // a part of it; "" when there must be none
	}{
		{
			"taken", answer(409, `{"status_code":409,"error":"`+markerText+`","error_code":"conflict"}`),
			registration.Problem{Kind: registration.Conflict},
			"",
		},
		{
			"taken, and it says what", answer(409, `{"details":{"/identifiers/1/identifier":"`+markerText+`"}}`),
			registration.Problem{Kind: registration.Conflict, Field: "/identifiers/1"},
			"",
		},
		{
			"taken, and it speaks of something else", answer(409, `{"details":{"payload":{"given_name":"x"}}}`),
			registration.Problem{Kind: registration.Conflict},
			"",
		},
		{"a weak password, by details", answer(422, `{"details":{"/credentials/0/password":"weak"}}`), passwordRejected(), ""},
		{"a weak password, by code", answer(422, `{"error_code":"password_policy_violation"}`), passwordRejected(), ""},
		{"a weak password, by a sentence in details", answer(400, `{"details":{"reason":"Password is too weak"}}`), passwordRejected(), ""},
		{"a password only in the error's sentence", answer(422, `{"error":"password is too weak"}`), rejected(""), ""},
		{"a weak password and a bad identifier", answer(422, `{"details":{"/credentials/0/password":"a","/identifiers/0":"b"}}`), rejected("/identifiers/0"), ""},
		{"a bad answer", answer(422, `{"details":{"payload/given_name":"`+markerText+`"}}`), rejected("/payload/given_name"), ""},
		{"a bad answer that it does not name", answer(400, `{"error":"bad"}`), rejected(""), ""},
		{"a bad answer on a page", answer(422, html), rejected(""), ""},
		{"a bad answer in an endless body", answer(422, strings.Repeat("x", 1<<20+1)), rejected(""), ""},
		{"bad metadata", answer(422, `{"details":{"/metadata/source":"x"}}`), registration.Problem{Kind: registration.Misconfigured}, "registration.metadata"},
		{"too large", answer(413, ""), rejected(""), ""},
		{"a token without rights", answer(403, `{"error":"forbidden"}`), registration.Problem{Kind: registration.Misconfigured}, "scope identity"},
		{"a token that is not accepted", answer(401, ""), registration.Problem{Kind: registration.Misconfigured}, "auth.issuer_url"},
		{"no such pool", answer(404, ""), registration.Problem{Kind: registration.Misconfigured}, "tenant.pool"},
		{"a stale tag", answer(412, ""), registration.Problem{Kind: registration.Unexpected}, ""},
		{"a method that is not allowed", answer(405, ""), registration.Problem{Kind: registration.Unexpected}, ""},
		{"a status that the spec lacks", answer(418, ""), registration.Problem{Kind: registration.Unexpected}, ""},
		{"too many", answer(429, "", "Retry-After", "60"), registration.Problem{Kind: registration.TooMany, RetryAfter: time.Minute}, ""},
		{"too many without a time", answer(429, ""), registration.Problem{Kind: registration.TooMany}, ""},
		{"too many for years", answer(429, "", "Retry-After", "4000000000"), registration.Problem{Kind: registration.TooMany, RetryAfter: 24 * time.Hour}, ""},
		{"in trouble", answer(503, html, "Retry-After", "5"), registration.Problem{Kind: registration.Unavailable, RetryAfter: 5 * time.Second, Unclear: true}, ""},
		{"in trouble at a gateway", answer(504, ""), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"a request that took too long", answer(408, ""), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"a page instead of a user", answer(201, html), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"half a user", answer(201, userBody[:40]), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"a user without an id", answer(201, `{"status":"active"}`), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"two users", answer(201, userBody+userBody), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"an endless user", answer(201, userBody+strings.Repeat(" ", 1<<20)), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"a body that breaks off", answer(201, userBody, "Content-Length", "1000"), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"success without content", answer(204, ""), registration.Problem{Kind: registration.Unexpected, Unclear: true}, ""},
		{"another success", answer(200, userBody), registration.Problem{Kind: registration.Unexpected, Unclear: true}, ""},
		{
			"a connection that drops", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			registration.Problem{Kind: registration.Unavailable, Unclear: true},
			"",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.answer)
			got := s.create(t)
			if got == nil {
				t.Fatal("create succeeded, want a problem")
			}
			checkProblem(t, got, tt.want, tt.staff)
		})
	}
}

// checkProblem compares all of a problem but its Cause; staff must be part of its Staff, and "" all of it.
func checkProblem(t *testing.T, got *registration.Problem, want registration.Problem, staff string) {
	t.Helper()
	if !strings.Contains(got.Staff, staff) || (staff == "") != (got.Staff == "") {
		t.Errorf("Staff = %q, want %q in it", got.Staff, staff)
	}
	bare := *got
	bare.Cause, bare.Staff = nil, ""
	if bare != want {
		t.Errorf("Problem() = %+v, want %+v", bare, want)
	}
}

func passwordRejected() registration.Problem {
	return registration.Problem{
		Kind: registration.PasswordRejected, Field: "/password", Flaw: registration.Flaw{Rule: registration.RulePasswordReject},
	}
}

func rejected(field string) registration.Problem {
	return registration.Problem{
		Kind: registration.DetailsRejected, Field: field, Flaw: registration.Flaw{Rule: registration.RuleRejected},
	}
}

func TestDetailsLeadToTheField(t *testing.T) {
	tests := []struct {
		name, details, want string
	}{
		{"a pointer", `{"/payload/given_name":"x"}`, "/payload/given_name"},
		{"a pointer without its slash", `{"payload/given_name":"x"}`, "/payload/given_name"},
		{"a pointer as a fragment", `{"#/payload/given_name":"x"}`, "/payload/given_name"},
		{"a pointer with escapes", `{"/payload/a~1b~0c.d":"x"}`, "/payload/a~1b~0c.d"},
		{"a pointer into an identifier", `{"/identifiers/2/identifier":"x"}`, "/identifiers/2"},
		{"a dotted path", `{"identifiers.1.identifier":"x"}`, "/identifiers/1"},
		{"an index in brackets", `{"identifiers[0].identifier":"x"}`, "/identifiers/0"},
		{"a JSONPath", `{"$.payload['zip']":"x"}`, "/payload/zip"},
		{"a field member", `{"field":"payload.given_name","message":"x"}`, "/payload/given_name"},
		{"a list of errors", `{"errors":[{"path":"identifiers.1.identifier","message":"x"}]}`, "/identifiers/1"},
		{"a list alone", `[{"pointer":"/payload/zip","reason":"pattern"}]`, "/payload/zip"},
		{"nested objects", `{"payload":{"given_name":["x","y"]}}`, "/payload/given_name"},
		{"an object by index", `{"identifiers":{"1":{"identifier":"x"}}}`, "/identifiers/1"},
		{"a list by index", `{"identifiers":[{"identifier":"x"}]}`, "/identifiers/0"},
		{"an address, which was made of an identifier", `{"/verifiable_addresses/1/address":"x"}`, "/identifiers/2"},
		{"the bare name of an answer", `{"given_name":"x"}`, "/payload/given_name"},
		{"the bare name of a type", `{"email":"x"}`, "/identifiers/1"},
		{"the first of several", `{"/payload/zip":"x","/payload/family_name":"x","/identifiers/1":"x"}`, "/identifiers/1"},
		{"a property that was not sent", `{"/payload/street":"is required"}`, "/payload/street"},
		{"an index that was not sent", `{"/identifiers/3/identifier":"x"}`, ""},
		{"a negative index", `{"/identifiers/-1":"x"}`, ""},
		{"an address that was not sent", `{"/verifiable_addresses/2":"x"}`, ""},
		{"no index among several", `{"identifiers":"x"}`, ""},
		{"the payload as a whole", `{"payload":"x"}`, ""},
		{"a name with a control character", `{"/payload/a\u001b[31m":"x"}`, ""},
		{"something that we did not send", `{"colour":"x"}`, ""},
		{"a sentence", `"the payload is bad"`, ""},
		{"a number", `7`, ""},
		{"null", `null`, ""},
		{"nesting without end", strings.Repeat(`{"a":`, 50) + `1` + strings.Repeat(`}`, 50), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := answering(t, 422, `{"error_code":"unprocessable_entity","details":`+tt.details+`}`)
			p := s.create(t)
			if p == nil || p.Kind != registration.DetailsRejected || p.Field != tt.want {
				t.Errorf("create with details %s = %+v, want details_rejected at %q", tt.details, p, tt.want)
			}
		})
	}
}

func TestSingleIdentifierNeedsNoIndex(t *testing.T) {
	s := answering(t, 422, `{"details":{"identifiers":"x"}}`)
	user := identitypools.NewUser{Status: "active", Identifiers: ann().Identifiers[:1]}
	_, err := s.client.CreateUser(t.Context(), user, registration.Keys{})
	if p := registration.AsProblem(err, ""); p == nil || p.Field != "/identifiers/0" {
		t.Errorf("create = %+v, want the field /identifiers/0", p)
	}
}

func TestReadProblems(t *testing.T) {
	pool := func(ctx context.Context, c *identitypools.Client) error {
		_, err := c.GetPool(ctx)
		return err
	}
	schema := func(ctx context.Context, c *identitypools.Client) error {
		_, err := c.GetSchema(ctx, "s1")
		return err
	}
	user := func(ctx context.Context, c *identitypools.Client) error {
		_, err := c.GetUser(ctx, "u1")
		return err
	}
	remove := func(ctx context.Context, c *identitypools.Client) error {
		return c.DeleteUser(ctx, "u1", `"stale"`, registration.Keys{})
	}
	tests := []struct {
		name   string
		call   func(context.Context, *identitypools.Client) error
		answer http.HandlerFunc
		want   registration.Problem
		staff  string
	}{
		{"no such pool", pool, answer(404, ""), registration.Problem{Kind: registration.Misconfigured}, "tenant.pool"},
		{"a pool that the client may not read", pool, answer(403, ""), registration.Problem{Kind: registration.Misconfigured}, "may not get pool"},
		{"a pool of a tenant in trouble", pool, answer(500, ""), registration.Problem{Kind: registration.Unavailable}, ""},
		{"a page instead of a pool", pool, answer(200, "<html>"), registration.Problem{Kind: registration.Unexpected}, "tenant.url"},
		{"an endless pool", pool, answer(200, `{"name":"x"}`+strings.Repeat(" ", 1<<20)), registration.Problem{Kind: registration.Unexpected}, "tenant.url"},
		{"a pool that breaks off", pool, answer(200, "{", "Content-Length", "9"), registration.Problem{Kind: registration.Unavailable}, ""},
		{"a pool that is accepted", pool, answer(202, "{}"), registration.Problem{Kind: registration.Unexpected}, ""},
		{"a bad request for a pool", pool, answer(400, ""), registration.Problem{Kind: registration.Unexpected}, ""},
		{"no such schema", schema, answer(404, ""), registration.Problem{Kind: registration.Misconfigured}, "schema"},
		{"a schema without its document", schema, answer(200, `{"name":"x","schema":null}`), registration.Problem{Kind: registration.Unexpected}, "tenant.url"},
		{"no such user", user, answer(404, ""), registration.Problem{Kind: registration.Unexpected}, ""},
		{"a user that has changed", remove, answer(412, ""), registration.Problem{Kind: registration.Unexpected}, ""},
		{"a deletion that nobody knows of", remove, answer(502, ""), registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.answer)
			p := registration.AsProblem(tt.call(t.Context(), s.client), "")
			if p == nil {
				t.Fatal("the call succeeded, want a problem")
			}
			checkProblem(t, p, tt.want, tt.staff)
		})
	}
}

func TestErrorTellsWhatHelpsAndNothingElse(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a code that is a string", `{"error_code":"pool_full","error":"` + markerText + `"}`, "identity pools: create user: status 422: pool_full (trace t-1)"},
		{"a code that is a number", `{"error_code":4711}`, "identity pools: create user: status 422: 4711 (trace t-1)"},
		{"a code that is a sentence", `{"error_code":"no ` + markerText + `"}`, "identity pools: create user: status 422 (trace t-1)"},
		{"a code that is an object", `{"error_code":{"a":1}}`, "identity pools: create user: status 422 (trace t-1)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := answering(t, 422, tt.body, "X-Trace-Id", "t-1")
			_, err := s.client.CreateUser(t.Context(), ann(), registration.Keys{})
			if err == nil || err.Error() != tt.want {
				t.Errorf("Error() = %v, want %s", err, tt.want)
			}
			s.discloses(t, err, nil)
		})
	}
}

func TestErrorDoesNotQuoteABrokenHeader(t *testing.T) {
	s := answering(t, 201, userBody, "X-Echo", markerText+"\x7f")
	p := s.create(t)
	if p == nil || p.Kind != registration.Unavailable || !p.Unclear {
		t.Errorf("create = %+v, want unavailable and unclear", p)
	}
}

func TestUnknownCodesAreLogged(t *testing.T) {
	tests := []struct {
		code string
		want bool
	}{
		{`"unprocessable_entity"`, false}, {`422`, false}, {`""`, false}, {`"quota_exceeded"`, true}, {`9`, true},
	}
	for _, tt := range tests {
		s := answering(t, 422, `{"error_code":`+tt.code+`}`)
		_ = s.create(t)
		if got := strings.Contains(s.log.String(), "unknown error_code"); got != tt.want {
			t.Errorf("error_code %s is logged as unknown: %t, want %t", tt.code, got, tt.want)
		}
	}
}

func TestErrorUnwraps(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := answering(t, 201, userBody)
	if _, err := s.client.CreateUser(ctx, ann(), registration.Keys{}); !errors.Is(err, context.Canceled) {
		t.Errorf("create = %v, want context.Canceled within", err)
	}
}
