package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"foyer/internal/sandbox"
)

const (
	good   = "lagoon-Copper-72 tiles" // a password that every policy but the strict one takes
	secret = "BLEXAM6OPBBZTCFUOPVHDQ2HVG7PTMK3"
	pool   = "/pools/customers"
)

// post is a POST under the pool "customers".
func post(path, body string, want int, headers ...string) step {
	return step{http.MethodPost, pool + path, body, want, headers}
}

// object writes a JSON object of strings, given as pairs.
func object(pairs ...string) string {
	var members []string
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, `"`+pairs[i]+`":"`+pairs[i+1]+`"`)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// newcomer is the body of a create call for a user that is new, with unverified addresses.
func newcomer(name string, addresses ...string) string {
	list := ""
	for _, a := range addresses {
		kind := "email"
		if strings.HasPrefix(a, "+") {
			kind = "mobile"
		}
		list += `,{"type":"` + kind + `","address":"` + a + `","status":"active","verified":false}`
	}
	return `{"status":"new","identifiers":[{"type":"uid","identifier":"` + name + `"}],` +
		`"payload":{"given_name":"Ann","family_name":"Lee"},"verifiable_addresses":[` + strings.TrimPrefix(list, ",") + `]}`
}

// messageTo returns the latest message to an address.
func (h *harness) messageTo(t *testing.T, address string) sandbox.Message {
	t.Helper()
	sent := h.Outbox()
	for i := len(sent) - 1; i >= 0; i-- {
		if sent[i].To == address {
			return sent[i]
		}
	}
	t.Fatalf("no message to %s", address)
	return sandbox.Message{}
}

// totp returns the code of a secret so many steps from now.
func (h *harness) totp(t *testing.T, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// codeTo returns the code in the latest message to an address.
func (h *harness) codeTo(t *testing.T, address string) string {
	t.Helper()
	code := h.messageTo(t, address).Code
	if code == "" {
		t.Fatalf("the latest message to %s has no code", address)
	}
	return code
}

// linkTo returns the extended code in the latest message to an address.
func (h *harness) linkTo(t *testing.T, address string) string {
	t.Helper()
	_, code, ok := strings.Cut(h.messageTo(t, address).Link, "/sandbox/links/customers/")
	if !ok {
		t.Fatalf("the latest message to %s has no link", address)
	}
	return code
}

// wrong is another code than the right one.
func wrong(code string) string {
	if strings.HasPrefix(code, "0") {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

func driveRegistration(t *testing.T, h *harness) {
	t.Helper()
	const register = "/user/register"
	walk(t, h,
		post(register, object("identifier", "rae@example.com"), 201, "X-Idempotency-Key", strings.Repeat("r", 32)),
		post(register, object("identifier", "rae@example.com"), 201, "X-Idempotency-Key", strings.Repeat("r", 32)),
		post(register, object("identifier", "RAE@example.com"), 201),
		post(register+"?code_type_in_message=code&send_activation_message=false&server_id=x", `{"identifier":"sam",
			"otp_address":"sam@example.com","password":"`+good+`","totp_secret":"`+secret+`",
			"payload":{"given_name":"Sam","family_name":"Lee"},"webauthn_credentials":[{"attestationType":"none"}]}`, 201),
		post(register, object("identifier", "tim@example.com", "otp_address", "tom@example.com"), 422),
		post(register, object("identifier", "tim@example.com", "password", "password1"), 422),
		post(register, `{"identifier":"tim@example.com","payload":{}}`, 422),
		post(register, `{}`, 422), post(register, `{"identifier":1}`, 400), post(register, `{`, 400),
		post(register+"?code_type_in_message=fax", object("identifier", "tim@example.com"), 400),
		post(register+"?send_activation_message=maybe", object("identifier", "tim@example.com"), 400),
		step{http.MethodPost, "/pools/closed/user/register", object("identifier", "tim@example.com"), 422, nil},
		step{http.MethodPost, "/pools/nowhere/user/register", object("identifier", "tim@example.com"), 404, nil},
	)
	defer h.as("stale")()
	walk(t, h, post(register, object("identifier", "tim@example.com"), 401))
}

// as makes the next calls with another access token, until it is undone.
func (h *harness) as(token string) (undo func()) {
	before := h.token
	h.token = token
	return func() { h.token = before }
}

func driveActivation(t *testing.T, h *harness) {
	t.Helper()
	const address = "una@example.com"
	one := "/users/" + h.create(t, "customers", newcomer("una", address)).text(t, "id")
	walk(t, h,
		post(one+"/activation/send?mode=invitation&server_id=x&post_activation_url=y", `{}`, 204),
		post(one+"/activation/send?code_type_in_message=code", object("address", "una.lee@example.com"), 204),
		post(one+"/activation/send?mode=party", `{}`, 400), post(one+"/activation/send", `{"address":1}`, 400),
		post("/users/nobody/activation/send", object("address", address), 204),
		step{http.MethodPost, "/pools/nowhere/users/x/activation/send", `{}`, 404, nil},
		post(one+"/activation/generate", object("address", "nobody@example.com"), 422),
		post("/users/nobody/activation/generate", `{}`, 404),
	)
	code := h.codeTo(t, "una.lee@example.com")
	walk(t, h,
		post(one+"/activate", object("code", wrong(code)), 401), post(one+"/activate", object("code", code, "password", "x"), 422),
		post(one+"/activate", `{"code":1}`, 400), post(one+"/activate", `{}`, 422),
		post(one+"/activate", object("code", code), 412, "If-Match", `"old"`),
		post("/users/nobody/activate", object("code", code), 401),
		step{http.MethodPost, "/pools/nowhere/users/x/activate", object("code", code), 404, nil},
		post(one+"/activate", object("code", code, "otp_address", "una.lee@example.com", "password", good, "totp_secret", secret), 201),
		post(one+"/activate", object("code", code), 401),
	)
	tries := step{http.MethodPost, pool + one + "/activate", object("code", "0"), 401, nil}
	walk(t, h, tries, tries, tries, tries, post(one+"/activate", object("code", "0"), 429))
	other := "/users/" + h.create(t, "customers", newcomer("vic", "vic@example.com")).text(t, "id")
	walk(t, h, post(other+"/activation/send", ``, 204))
	walk(t, h,
		post("/user/activate", object("code", "none"), 401), post("/user/activate", `{`, 400), post("/user/activate", `{}`, 422),
		post("/user/activate", `{"webauthn":[{"attestationType":"none"}],"code":"`+h.linkTo(t, "vic@example.com")+`"}`, 201),
		post(other+"/activation/generate", object("identifier", "vic@example.com"), 201),
	)
	defer h.as("stale")()
	walk(t, h, post(one+"/activate", object("code", code), 401), post(one+"/activation/send", `{}`, 401))
}

func driveAddresses(t *testing.T, h *harness) {
	t.Helper()
	const mine, other = "wes@example.com", "wes.lee@example.com"
	one := "/users/" + h.create(t, "customers", newcomer("wes", mine, other)).text(t, "id")
	h.create(t, "customers", user("xen@example.com", ""))
	zoe := "/users/" + h.create(t, "customers", newcomer("zoe", "xen@example.com")).text(t, "id")
	const request, complete = "/address/verification/request", "/address/verification/complete"
	walk(t, h,
		post(one+request, object("address", mine), 204), post(zoe+request, object("address", "xen@example.com"), 204),
		post(one+request, object("address", "nobody@example.com"), 422), post(one+request, `{`, 400),
		post(one+request+"?code_type_in_message=fax", object("address", mine), 400),
		post("/users/nobody"+request, object("address", mine), 404),
	)
	code := h.codeTo(t, mine)
	body := object("address", mine, "code", code)
	walk(t, h,
		post(one+complete, object("address", mine, "code", wrong(code)), 401), post(one+complete, object("address", mine), 422),
		post(one+complete, body, 412, "If-Match", `"old"`), post("/users/nobody"+complete, body, 404),
		post(one+complete, `{`, 400), post(one+complete, body, 204),
		post(one+complete, body, 409), post(one+request, object("address", mine), 409),
		post(one+request+"?code_type_in_message=link", object("address", other), 204),
	)
	walk(t, h, post(one+complete, object("address", other, "code", h.linkTo(t, other)), 204))
	for _, want := range []int{401, 401, 401, 401, 401, 429} {
		walk(t, h, post(zoe+complete, object("address", "xen@example.com", "code", "0"), want))
	}
}

func driveGeneration(t *testing.T, h *harness) {
	t.Helper()
	id := h.create(t, "customers", newcomer("yan", "yan@example.com")).text(t, "id")
	for _, kind := range []string{
		"activation", "reset_password", "reset_totp", "enroll_webauthn", "challenge", "verify_address", "authentication",
	} {
		walk(t, h,
			post("/users/"+id+"/code/generate", object("type", kind, "address", "yan@example.com"), 201),
			post("/user/code/generate", object("type", kind, "address", "yan@example.com", "userID", id), 201),
		)
	}
	walk(t, h,
		post("/users/"+id+"/code/generate", `{"type":"challenge","metadata":{"origin":"desk"}}`, 201),
		post("/users/"+id+"/code/generate", `{"type":"fax"}`, 422), post("/users/"+id+"/code/generate", `{`, 400),
		post("/users/nobody/code/generate", object("type", "challenge"), 404),
		post("/user/code/generate", object("type", "challenge", "identifier", "yan"), 201),
		post("/user/code/generate", object("type", "challenge"), 422), post("/user/code/generate", `{`, 400),
		post("/user/code/generate", object("type", "challenge", "userID", "nobody"), 404),
	)
}

func driveChallenges(t *testing.T, h *harness) {
	t.Helper()
	const address = "abe@example.com"
	id := h.create(t, "customers", newcomer("abe", address)).text(t, "id")
	ask := object("identifier", "abe", "address", address)
	walk(t, h,
		post("/user/otp/request", ask, 204), post("/user/otp/request?server_id=x", object("address", "nobody@example.com"), 204),
		post("/user/otp/request", `{}`, 422),
	)
	code := h.codeTo(t, address)
	walk(t, h,
		post("/user/otp/verify", object("identifier", "abe", "code", wrong(code)), 401), post("/user/otp/verify", object("userID", id), 422),
		post("/user/otp/verify", object("id", id, "code", code), 200), post("/user/otp/verify", object("id", id, "code", code), 401),
	)
	made := h.api(t, http.MethodPost, pool+"/user/code/generate", object("type", "authentication", "userID", id))
	code, extended := made.text(t, "code"), made.text(t, "extended_code")
	walk(t, h,
		post("/user/otp/inspect", object("code", extended), 200), post("/user/otp/inspect", object("code", code), 401),
		post("/user/otp/inspect", `{}`, 422),
		post("/user/authentication-code/verify", object("userID", id, "code", wrong(code)), 401),
		post("/user/authentication-code/verify", object("userID", id), 422),
		post("/user/authentication-code/verify", object("code", extended), 200),
		post("/user/otp/inspect", object("code", extended), 401),
	)
	for _, want := range []int{401, 401, 401, 401, 429} {
		walk(t, h, post("/user/authentication-code/verify", object("userID", id, "code", "0"), want))
	}
	for _, want := range []int{401, 401, 401, 401, 401, 429} {
		walk(t, h, post("/user/otp/verify", object("identifier", "nobody", "code", "0"), want))
	}
}

func driveTOTP(t *testing.T, h *harness) {
	t.Helper()
	const address, other = "bea@example.com", "JBSWY3DPEHPK3PXP"
	one := "/users/" + h.create(t, "customers", newcomer("bea", address)).text(t, "id")
	ask := object("identifier", "bea", "address", address)
	walk(t, h,
		post(one+"/totp/change", object("totp", "123456", "new_totp_secret", secret), 422),
		post("/user/totp/reset/request?code_type_in_message=code&server_id=x", ask, 204),
		post("/user/totp/reset/request", object("address", "nobody@example.com"), 204),
		post("/user/totp/reset/request", `{}`, 422), post("/user/totp/reset/request", `{`, 400),
		post("/user/totp/reset/request?code_type_in_message=fax", ask, 400),
	)
	code := h.codeTo(t, address)
	complete := func(code string) string { return object("identifier", "bea", "code", code, "new_totp_secret", secret) }
	walk(t, h,
		post("/user/totp/reset/complete", complete(wrong(code)), 401), post("/user/totp/reset/complete", object("code", code), 422),
		post("/user/totp/reset/complete", complete(code), 412, "If-Match", `"old"`),
	)
	walk(t, h, post("/user/totp/reset/request?code_type_in_message=code", ask, 204))
	code = h.codeTo(t, address)
	walk(t, h, post("/user/totp/reset/complete", complete(code), 204), post("/user/totp/reset/complete", complete(code), 401))
	change := object("totp", h.totp(t, secret, 0), "new_totp_secret", other)
	walk(t, h,
		post(one+"/totp/change", object("totp", "0", "new_totp_secret", other), 401), post(one+"/totp/change", `{}`, 422),
		post(one+"/totp/change", `{`, 400), post("/users/nobody/totp/change", change, 404),
		post(one+"/totp/change", change, 204),
	)
	for _, want := range []int{401, 401, 401, 401, 401, 429} {
		walk(t, h, post(one+"/totp/change", object("totp", "0", "new_totp_secret", other), want))
	}
}

func driveTransient(t *testing.T, h *harness) {
	t.Helper()
	const path = "/default/default/authn/otp/transient"
	call := func(method, path, body string, want int) answer {
		t.Helper()
		got := h.send(t, method, path, body, func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+h.token)
			if body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
		})
		if got.status != want {
			t.Errorf("%s %s %s = %d %s, want %d", method, path, body, got.status, got.body, want)
		}
		return got
	}
	const address = "cat@example.com"
	ask := func(otp string) string {
		return object("mechanism", "email", "address", address, "state", "s", "otp", otp)
	}
	one := path + "/" + call(http.MethodPost, path, ask(""), 200).text(t, "id")
	code := h.codeTo(t, address)
	call(http.MethodPost, path, object("mechanism", "fax", "address", address), 422)
	call(http.MethodPost, path, `{`, 400)
	call(http.MethodGet, one+"?state=s", "", 200)
	call(http.MethodGet, one, "", 404)
	call(http.MethodPost, one, ask(wrong(code)), 401)
	call(http.MethodPost, one, object("otp", code), 422)
	call(http.MethodPost, path+"/none", ask(code), 404)
	call(http.MethodPost, one, ask(code), 204)
	call(http.MethodPost, one, ask(code), 401)
	if got := call(http.MethodGet, one+"?state=s", "", 200); got.object(t)["verified"] != true {
		t.Errorf("a verified code = %s, want verified", got.body)
	}
	defer h.as("stale")()
	call(http.MethodPost, path, ask(""), 401)
	call(http.MethodGet, one, "", 401)
	call(http.MethodPost, one, ask(code), 401)
}
