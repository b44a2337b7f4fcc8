package identitypools_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// markerCode must be in no error and in no log, like the other markers.
const markerCode = "MARKER42"

// A directoryCall is one call of the domain's ports.
type directoryCall func(context.Context, *identitypools.Directory) error

func selfRegister(who registration.SelfRegistration) directoryCall {
	return func(ctx context.Context, d *identitypools.Directory) error {
		_, err := d.SelfRegister(ctx, who, registration.Keys{Idempotency: key})
		return err
	}
}

func activate(a registration.Activated) directoryCall {
	return func(ctx context.Context, d *identitypools.Directory) error {
		_, err := d.Activate(ctx, a, registration.Keys{Idempotency: key})
		return err
	}
}

func complete(ctx context.Context, d *identitypools.Directory) error {
	return d.CompleteVerification(ctx, "u1", "ann@example.com", secret.New(markerCode), registration.Keys{Idempotency: key})
}

func sendProof(ctx context.Context, d *identitypools.Directory) error {
	_, err := d.SendProof(ctx, registration.Identifier{Type: registration.Mobile, Identifier: "+447400123456"}, "s1")
	return err
}

func checkProof(ctx context.Context, d *identitypools.Directory) error {
	proof := registration.Proof{TransientOTP: registration.TransientOTP{ID: "o1", State: "s1"}, Code: secret.New(markerCode)}
	return d.CheckProof(ctx, registration.Identifier{Type: registration.Email, Identifier: "ann@example.com"}, proof)
}

func TestRequestsAboutCodes(t *testing.T) {
	const pool = "POST /api/identity/acme/system/pools/customers"
	tests := []struct {
		name   string
		status int
		answer string
		call   directoryCall
		want   string
		body   string
	}{
		{
			"self-registration with all there is", 201, `{"id":"u1"}`,
			selfRegister(registration.SelfRegistration{
				Identifier: "ann", OTPAddress: "ann@example.com", Password: secret.New("p"), TOTPSecret: secret.New("S"),
				Payload: map[string]any{"given_name": "Ann"}, Message: registration.AsCode,
			}),
			pool + "/user/register?code_type_in_message=code&send_activation_message=true",
			`{"identifier":"ann","otp_address":"ann@example.com","password":"p","totp_secret":"S","payload":{"given_name":"Ann"}}`,
		},
		{
			"self-registration without a message", 201, `{"id":"u1"}`, selfRegister(registration.SelfRegistration{Identifier: "ann"}),
			pool + "/user/register?send_activation_message=false", `{"identifier":"ann"}`,
		},
		{
			"an invitation", 204, "", func(ctx context.Context, d *identitypools.Directory) error {
				m := registration.ActivationMessage{Address: "ann@example.com", Mode: registration.ModeInvitation, As: registration.AsLink}
				return d.SendActivation(ctx, "u1", m, registration.Keys{Idempotency: key})
			},
			pool + "/users/u1/activation/send?code_type_in_message=link&mode=invitation", `{"address":"ann@example.com"}`,
		},
		{
			"an activation", 201, userBody, activate(registration.Activated{UserID: "u1", Code: secret.New("123456")}),
			pool + "/users/u1/activate", `{"code":"123456"}`,
		},
		{
			"an activation that sets a password", 201, userBody,
			activate(registration.Activated{UserID: "u1", Code: secret.New("123456"), OTPAddress: "ann@example.com", Password: secret.New("p")}),
			pool + "/users/u1/activate", `{"code":"123456","otp_address":"ann@example.com","password":"p"}`,
		},
		{
			"a code for an address", 204, "", func(ctx context.Context, d *identitypools.Directory) error {
				return d.RequestVerification(ctx, "u1", "ann@example.com", registration.AsCode, registration.Keys{Idempotency: key})
			},
			pool + "/users/u1/address/verification/request?code_type_in_message=code", `{"address":"ann@example.com"}`,
		},
		{"a verified address", 204, "", complete, pool + "/users/u1/address/verification/complete", `{"address":"ann@example.com","code":"MARKER42"}`},
		{"a transient OTP", 200, `{"id":"o1","expires_in":"5m0s"}`, sendProof, "POST /acme/desk/authn/otp/transient", `{"mechanism":"sms","address":"+447400123456","state":"s1"}`},
		{"a transient OTP given back", 204, "", checkProof, "POST /acme/desk/authn/otp/transient/o1", `{"mechanism":"email","address":"ann@example.com","state":"s1","otp":"MARKER42"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := answering(t, tt.status, tt.answer)
			if err := tt.call(t.Context(), identitypools.NewDirectory(s.client)); err != nil {
				t.Fatalf("%v", err)
			}
			got := s.requests()[0]
			if line := got.method + " " + got.path; line != tt.want {
				t.Errorf("sent %s, want %s", line, tt.want)
			}
			if diff := cmp.Diff(object(t, tt.body), object(t, got.body)); diff != "" {
				t.Errorf("body, -want +got:\n%s", diff)
			}
			public := strings.Contains(tt.want, "/authn/")
			if sent := got.header.Get("X-Idempotency-Key"); (sent == key) == public {
				t.Errorf("X-Idempotency-Key is %q", sent)
			}
			s.discloses(t, nil, nil)
		})
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestProblemsAboutCodes(t *testing.T) {
	code := activate(registration.Activated{UserID: "u1", Code: secret.New(markerCode)})
	register := selfRegister(registration.SelfRegistration{Identifier: "ann", OTPAddress: "ann@example.com", Password: secret.New(markerPassword), Message: registration.AsCode})
	send := func(ctx context.Context, d *identitypools.Directory) error {
		return d.SendActivation(ctx, "u1", registration.ActivationMessage{Address: "ann@example.com"}, registration.Keys{})
	}
	wrong := func(rule registration.Rule) registration.Problem {
		return registration.Problem{Kind: registration.CodeRejected, Field: "/code", Flaw: registration.Flaw{Rule: rule}}
	}
	tests := []struct {
		name   string
		call   directoryCall
		status int
		body   string
		want   registration.Problem // Kind, Field, Flaw, RetryAfter, Unclear
		staff  string
	}{
		{"a wrong code", code, 401, `{"error":"` + markerText + `"}`, wrong(registration.RuleCodeWrong), ""},
		{"a wrong code, another status", code, 422, `{}`, wrong(registration.RuleCodeWrong), ""},
		{"a wrong code, yet another", code, 400, "", wrong(registration.RuleCodeWrong), ""},
		{"nobody to activate", code, 404, "", wrong(registration.RuleCodeWrong), ""},
		{"an old code, as it says", code, 401, `{"error_code":"otp_expired"}`, wrong(registration.RuleCodeExpired), ""},
		{"a used code, as it says", code, 401, `{"error_code":"code_already_used"}`, wrong(registration.RuleCodeUsed), ""},
		{"a code that is refused, as it says", code, 401, `{"error_code":"code_refused"}`, wrong(registration.RuleCodeWrong), ""},
		{"too many codes", code, 429, "", registration.Problem{Kind: registration.TooMany, Field: "/code", RetryAfter: time.Minute, Flaw: registration.Flaw{Rule: registration.RuleCodeTries}}, ""},
		{"a code and a refused password", code, 422, `{"details":{"/password":"weak"}}`, passwordRejected(), ""},
		{"a code while in trouble", code, 503, "", registration.Problem{Kind: registration.Unavailable, Unclear: true, RetryAfter: time.Minute}, ""},
		{"a code without rights", code, 403, "", registration.Problem{Kind: registration.Misconfigured}, "may not activate user"},
		{"a wrong code for an address", complete, 401, "", wrong(registration.RuleCodeWrong), ""},
		{"an address that is another's", complete, 409, "", registration.Problem{Kind: registration.Conflict}, ""},
		{"a wrong transient OTP", checkProof, 401, "", wrong(registration.RuleCodeWrong), ""},
		{"a wrong transient OTP, another status", checkProof, 403, "", wrong(registration.RuleCodeWrong), ""},
		{"a transient OTP that is gone", checkProof, 404, "", wrong(registration.RuleCodeWrong), ""},
		{"no scope for a transient OTP", sendProof, 403, "", registration.Problem{Kind: registration.Misconfigured}, "transient_otp"},
		{"no such workspace", sendProof, 404, "", registration.Problem{Kind: registration.Misconfigured}, "tenant.workspace"},
		{"an address that is refused", sendProof, 422, "", rejected(""), ""},
		{"a transient OTP without an id", sendProof, 200, "{}", registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"a refused otp_address", register, 422, `{"details":{"/otp_address":"x"}}`, rejected("/identifiers/1"), ""},
		{"a refused identifier", register, 422, `{"details":{"/identifier":"x"}}`, rejected("/identifiers/0"), ""},
		{"a weak password", register, 422, `{"details":{"/password":"x"}}`, passwordRejected(), ""},
		{"a refused secret", register, 422, `{"details":{"/totp_secret":"x"}}`, rejected("/totp_secret"), ""},
		{"a registration without an id", register, 201, `{}`, registration.Problem{Kind: registration.Unavailable, Unclear: true}, ""},
		{"a message in trouble", send, 500, "", registration.Problem{Kind: registration.Unavailable, Unclear: true, RetryAfter: time.Minute}, ""},
		{"a message to nobody", send, 404, "", registration.Problem{Kind: registration.Unexpected}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet { // the token is good
					answer(200, `{"id":"customers","name":"Customers"}`)(w, r)
					return
				}
				answer(tt.status, tt.body, "Retry-After", "60")(w, r)
			})
			err := tt.call(t.Context(), identitypools.NewDirectory(s.client))
			got := registration.AsProblem(err, "")
			if got == nil {
				t.Fatal("there is no error")
			}
			s.discloses(t, err, got)
			if !strings.Contains(got.Staff, tt.staff) {
				t.Errorf("it tells staff %q, want %q in it", got.Staff, tt.staff)
			}
			got.Staff, got.Cause = "", nil
			if *got != tt.want {
				t.Errorf("problem %+v, want %+v", *got, tt.want)
			}
		})
	}
}

// TestA401IsToldApart: one about a code uses the code up, so it is not repeated; one about the token earns a fresh one.
func TestA401IsToldApart(t *testing.T) {
	give := activate(registration.Activated{UserID: "u1", Code: secret.New(markerCode)})
	t.Run("about the code", func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				answer(200, `{}`)(w, r)
				return
			}
			answer(401, `{}`)(w, r)
		})
		if err := give(t.Context(), identitypools.NewDirectory(s.client)); registration.AsProblem(err, "").Kind != registration.CodeRejected {
			t.Errorf("Activate = %v, want a rejected code", err)
		}
		posts := slices.DeleteFunc(slices.Clone(s.requests()), func(r received) bool { return r.method != http.MethodPost })
		if len(posts) != 1 || len(s.tokens.refused) != 0 {
			t.Errorf("the code was sent %d times, and %d tokens were given up", len(posts), len(s.tokens.refused))
		}
	})
	t.Run("about the token", func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "Bearer token-0" {
				answer(401, `{}`)(w, r)
				return
			}
			answer(201, userBody)(w, r)
		})
		if err := give(t.Context(), identitypools.NewDirectory(s.client)); err != nil {
			t.Errorf("Activate with a fresh token = %v", err)
		}
		if len(s.tokens.refused) != 1 {
			t.Errorf("%d tokens were given up, want one", len(s.tokens.refused))
		}
	})
}

func TestAProofWithoutAnAnswerIsLookedUp(t *testing.T) {
	drop := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	tests := []struct {
		name   string
		post   http.HandlerFunc
		status string
		want   registration.ProblemKind
	}{
		{"no answer, and it had worked", drop, `{"address":"ann@example.com","verified":true}`, ""},
		{"no answer, and it had not", drop, `{"address":"ann@example.com","verified":false}`, registration.Unavailable},
		{"a refusal, since it had worked before", answer(401, ""), `{"address":"ann@example.com","verified":true}`, ""},
		{"a refusal", answer(401, ""), `{"address":"ann@example.com","verified":false}`, registration.CodeRejected},
		{"a refusal, and the code of another address", answer(401, ""), `{"address":"eve@example.com","verified":true}`, registration.CodeRejected},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					answer(200, tt.status)(w, r)
					return
				}
				tt.post(w, r)
			})
			err := checkProof(t.Context(), identitypools.NewDirectory(s.client))
			if got := kindOf(err); got != tt.want {
				t.Errorf("CheckProof = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestWithdrawTakesBackOnlyWhoIsNobodysYet(t *testing.T) {
	const inUse = "in use"
	tests := []struct {
		name    string
		status  int
		user    string
		etag    string
		deleted bool
		want    registration.ProblemKind
	}{
		{"half-made", 200, `{"id":"u1","status":"new","verifiable_addresses":[{"verified":false}]}`, `"v1"`, true, ""},
		{"with a verified address", 200, `{"id":"u1","status":"new","verifiable_addresses":[{"verified":true}]}`, `"v1"`, false, inUse},
		{"active meanwhile", 200, `{"id":"u1","status":"active"}`, `"v1"`, false, inUse},
		{"of which there are no versions", 200, `{"id":"u1","status":"new"}`, "", false, registration.Unexpected},
		{"gone", 404, `{}`, "", false, ""},
		{"not to be seen", 503, `{}`, "", false, registration.Unavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					answer(tt.status, tt.user, "ETag", tt.etag)(w, r)
					return
				}
				w.WriteHeader(http.StatusNoContent)
			})
			err := identitypools.NewDirectory(s.client).WithdrawUser(t.Context(), registration.Receipt{UserID: "u1", Status: "new"}, registration.Keys{})
			got := kindOf(err)
			if errors.Is(err, registration.ErrInUse) {
				got = inUse
			}
			requests := s.requests()
			last := requests[len(requests)-1]
			if got != tt.want || (last.method == http.MethodDelete) != tt.deleted {
				t.Errorf("WithdrawUser = %v, the last request is %s, want kind %q and deleted %t", err, last.method, tt.want, tt.deleted)
			}
			if tt.deleted && last.header.Get("If-Match") != `"v1"` {
				t.Errorf("If-Match is %q: a user who changed meanwhile would be deleted", last.header.Get("If-Match"))
			}
		})
	}
}

func TestPoolSettings(t *testing.T) {
	tests := []struct {
		name, otp string
		want      registration.CodeSetting
	}{
		{"as the description has them", `{"length":8,"ttl":"10m0s"}`, registration.CodeSetting{Length: 8, TTL: 10 * time.Minute}},
		{"nothing said", `{}`, registration.CodeSetting{}},
		{"nonsense", `{"length":4000000000,"ttl":"P10M"}`, registration.CodeSetting{}},
		{"a number instead", `{"length":6,"ttl":600}`, registration.CodeSetting{Length: 6}},
		{"less than nothing", `{"length":-6,"ttl":"-1m"}`, registration.CodeSetting{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := answering(t, 200, `{"id":"customers","name":"C","otp_settings":{"activation":`+tt.otp+`},"totp_settings":{"issuer":"Acme"}}`)
			pool, err := identitypools.NewDirectory(s.client).Pool(t.Context())
			if err != nil || pool.ActivationCode != tt.want || pool.TOTPIssuer != "Acme" {
				t.Errorf("Pool = %+v, %v, want %+v", pool.ActivationCode, err, tt.want)
			}
		})
	}
}
