package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/sandbox"
)

// A guest is a new user of the pool "customers" and what they were sent.
type guest struct {
	id, code string
}

const guestAddress = "una@example.com"

// invite makes a new user and sends a code.
func (h *harness) invite(t *testing.T) guest {
	t.Helper()
	id := h.create(t, "customers", newcomer("una", guestAddress)).text(t, "id")
	return guest{id, h.sendCode(t, id, "")}
}

// sendCode sends an activation code to an address, or to the user's only one.
func (h *harness) sendCode(t *testing.T, id, address string) string {
	t.Helper()
	body := `{}`
	if address != "" {
		body = object("address", address)
	}
	got := h.api(t, http.MethodPost, users+"/"+id+"/activation/send?code_type_in_message=code", body)
	if got.status != http.StatusNoContent {
		t.Fatalf("activation/send = %d %s, want 204", got.status, got.body)
	}
	sent := h.Outbox()
	return sent[len(sent)-1].Code
}

// activate activates a user, with more members than the code as pairs.
func (h *harness) activate(t *testing.T, id, code string, more ...string) answer {
	t.Helper()
	return h.api(t, http.MethodPost, users+"/"+id+"/activate", object(append([]string{"code", code}, more...)...))
}

// TestActivationTellsNothing is about codes that are no good: all get one answer.
func TestActivationTellsNothing(t *testing.T) {
	tests := []struct {
		name string
		try  func(*testing.T, *harness, guest) answer
	}{
		{"a wrong code", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			return h.activate(t, g.id, wrong(g.code))
		}},
		{"no user", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			return h.activate(t, "nobody", g.code)
		}},
		{"a user who was sent none", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			return h.activate(t, h.idOf(t, "active@example.com"), g.code)
		}},
		{"an expired code", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			h.clock.Advance(10 * time.Minute)
			return h.activate(t, g.id, g.code)
		}},
		{"a code that a newer one voids", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			h.sendCode(t, g.id, "")
			return h.activate(t, g.id, g.code)
		}},
		{"a code that a generated one voids", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			h.api(t, http.MethodPost, users+"/"+g.id+"/activation/generate", `{}`)
			return h.activate(t, g.id, g.code)
		}},
		{"a used code", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			h.activate(t, g.id, g.code)
			return h.activate(t, g.id, g.code)
		}},
		{"another address", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			return h.activate(t, g.id, g.code, "otp_address", "ann@example.com")
		}},
		{"an address that became somebody's", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			h.create(t, "customers", user(guestAddress, ""))
			return h.activate(t, g.id, g.code)
		}},
		{"a user who is not new", func(t *testing.T, h *harness, _ guest) answer {
			t.Helper()
			id := h.create(t, "customers", strings.Replace(newcomer("ann", "ann@example.com"), "new", "inactive", 1)).text(t, "id")
			made := h.api(t, http.MethodPost, users+"/"+id+"/code/generate", `{"type":"activation"}`)
			return h.activate(t, id, made.text(t, "code"), "password", good)
		}},
		{"a user who was deleted and made again", func(t *testing.T, h *harness, _ guest) answer {
			t.Helper()
			body := strings.Replace(newcomer("ann", "ann@example.com"), "{", `{"id":"ann",`, 1)
			h.create(t, "customers", body)
			code := h.sendCode(t, "ann", "")
			h.api(t, http.MethodDelete, users+"/ann", "")
			h.create(t, "customers", body)
			return h.activate(t, "ann", code)
		}},
		{"a code for something else", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			made := h.api(t, http.MethodPost, users+"/"+g.id+"/code/generate", `{"type":"challenge"}`)
			return h.activate(t, g.id, made.text(t, "code"))
		}},
		{"an extended code for something else", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			made := h.api(t, http.MethodPost, users+"/"+g.id+"/code/generate", `{"type":"challenge"}`)
			return h.api(t, http.MethodPost, pool+"/user/activate", object("code", made.text(t, "extended_code")))
		}},
		{"a short code where an extended one is asked for", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			return h.api(t, http.MethodPost, pool+"/user/activate", object("code", g.code))
		}},
		{"another version asked for with a wrong code", func(t *testing.T, h *harness, g guest) answer {
			t.Helper()
			return h.api(t, http.MethodPost, users+"/"+g.id+"/activate", object("code", wrong(g.code)), "If-Match", `"x"`)
		}},
	}
	const want = `{"error":"The code is wrong or no longer good","error_code":"unauthorized","status_code":401}`
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			got := tt.try(t, h, h.invite(t))
			if got.status != http.StatusUnauthorized || got.body != want {
				t.Errorf("activate = %d %s, want 401 %s", got.status, got.body, want)
			}
			if challenge := got.header.Get("WWW-Authenticate"); challenge != "" {
				t.Errorf("WWW-Authenticate = %q, want none", challenge)
			}
		})
	}
}

func TestActivationMakesAnActiveUser(t *testing.T) {
	const other = "+15551234567"
	tests := []struct {
		name, to    string
		more        []string
		identifiers []string
		addresses   []string
	}{
		{
			"by an address of theirs", "",
			[]string{"otp_address", "UNA@example.com"},
			[]string{"uid una", "email " + guestAddress},
			[]string{"email " + guestAddress},
		},
		{
			"by an address that is new", other, nil,
			[]string{"uid una", "mobile " + other},
			[]string{"email " + guestAddress, "mobile " + other},
		},
		{
			"with credentials", "",
			[]string{"password", good, "totp_secret", secret},
			[]string{"uid una", "email " + guestAddress},
			[]string{"email " + guestAddress},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			g := h.invite(t)
			code := h.sendCode(t, g.id, tt.to)
			h.clock.Advance(time.Minute)
			got := h.activate(t, g.id, code, tt.more...)
			if got.status != http.StatusCreated || got.text(t, "status") != "active" {
				t.Fatalf("activate = %d %s, want 201 and an active user", got.status, got.body)
			}
			const now = "2026-03-01T09:01:00Z"
			if got.text(t, "status_updated_at") != now || got.text(t, "updated_at") != now || got.text(t, "created_at") == now {
				t.Errorf("times of %s, want the change at %s", got.body, now)
			}
			if diff := cmp.Diff(tt.identifiers, got.parts(t, "identifiers")); diff != "" {
				t.Errorf("identifiers (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.addresses, got.parts(t, "verifiable_addresses")); diff != "" {
				t.Errorf("addresses (-want +got):\n%s", diff)
			}
			if n := strings.Count(got.body, `"verified":true,"verified_at":"`+now); n != 1 {
				t.Errorf("%d addresses are verified now in %s, want one", n, got.body)
			}
			if seen := h.api(t, http.MethodGet, users+"/"+g.id, ""); seen.body != got.body || seen.header.Get("ETag") != got.header.Get("ETag") {
				t.Errorf("GET = %s, want the answer of the activation", seen.body)
			}
		})
	}
}

func TestActivationRefusesCredentials(t *testing.T) {
	h := start(t)
	register := object("identifier", guestAddress, "password", good, "totp_secret", secret)
	id := h.register(t, "?code_type_in_message=code", register).text(t, "id")
	code := h.codeTo(t, guestAddress)
	for _, tt := range []struct {
		name string
		more []string
		want map[string]string
	}{
		{"a second password", []string{"password", good}, map[string]string{"/password": "is set already"}},
		{"a second secret", []string{"totp_secret", secret}, map[string]string{"/totp_secret": "is set already"}},
		{"a secret that is none", []string{"totp_secret", "1"}, map[string]string{"/totp_secret": "is not a base32 secret"}},
	} {
		got := h.activate(t, id, code, tt.more...)
		if diff := cmp.Diff(tt.want, got.details(t)); got.status != http.StatusUnprocessableEntity || diff != "" {
			t.Errorf("%s = %d, want 422 with details (-want +got):\n%s", tt.name, got.status, diff)
		}
	}
	if got := h.activate(t, id, code); got.status != http.StatusCreated {
		t.Errorf("the code after refused credentials = %d %s, want 201", got.status, got.body)
	}
	g := h.invite2(t)
	got := h.activate(t, g.id, g.code, "password", "bob@example.com")
	if want := map[string]string{"/password": "does not meet the password policy: strength"}; !cmp.Equal(want, got.details(t)) {
		t.Errorf("a weak password = %d %s, want 422", got.status, got.body)
	}
	if got := h.activate(t, g.id, g.code, "password", good); got.status != http.StatusCreated {
		t.Errorf("the code after a weak password = %d %s, want 201", got.status, got.body)
	}
}

// invite2 is invite for a second user.
func (h *harness) invite2(t *testing.T) guest {
	t.Helper()
	id := h.create(t, "customers", newcomer("bob@example.com", "bob@example.com")).text(t, "id")
	return guest{id, h.sendCode(t, id, "")}
}

// TestWrongCodesClose is about guessing, at somebody's code and at nobody's: the two look the same.
func TestWrongCodesClose(t *testing.T) {
	h := start(t)
	g := h.invite(t)
	for _, id := range []string{g.id, "nobody"} {
		for i := range 5 {
			if got := h.activate(t, id, wrong(g.code)); got.status != http.StatusUnauthorized {
				t.Fatalf("wrong code %d of %s = %d, want 401", i+1, id, got.status)
			}
		}
		got := h.activate(t, id, g.code)
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
			t.Errorf("the right code of closed %s = %d, Retry-After %q, want 429 and 60", id, got.status, got.header.Get("Retry-After"))
		}
	}
	h.clock.Advance(time.Minute)
	if got := h.activate(t, g.id, g.code); got.status != http.StatusCreated {
		t.Errorf("the right code a minute later = %d, want 201", got.status)
	}
}

func TestSendActivation(t *testing.T) {
	tests := []struct {
		name, path, query, body string
		want                    []string
	}{
		{"to the only address", "one", "", `{}`, []string{"activation one@example.com link"}},
		{"to the only address, without a body", "one", "?code_type_in_message=code", ``, []string{"activation one@example.com code"}},
		{"to an address that is named", "two", "", object("address", "b@example.com"), []string{"activation b@example.com link"}},
		{"to an address by its older name", "two", "", object("address", "x@example.com", "identifier", "b@example.com"), []string{"activation b@example.com link"}},
		{"to an address that is not theirs yet", "none", "", object("address", "+15551234567"), []string{"activation +15551234567 link"}},
		{"as an invitation", "one", "?mode=invitation", `{}`, []string{"invitation one@example.com link"}},
		{"to somebody else's identifier", "one", "", object("address", "ANN@example.com"), []string{"already_used ann@example.com"}},
		{"to none of two addresses", "two", "", `{}`, []string{}},
		{"to no address", "none", "", `{}`, []string{}},
		{"to what is no address", "one", "", object("address", "one"), []string{}},
		{"to nobody", "nobody", "", object("address", "one@example.com"), []string{}},
		{"to a user who is not new", "ann", "", object("address", "ann@example.com"), []string{}},
	}
	named := func(id, body string) string { return strings.Replace(body, "{", `{"id":"`+id+`",`, 1) }
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.create(t, "customers", named("ann", user("ann@example.com", "")))
			h.create(t, "customers", named("one", newcomer("one", "one@example.com")))
			h.create(t, "customers", named("two", newcomer("two", "a@example.com", "b@example.com")))
			h.create(t, "customers", named("none", newcomer("none")))
			got := h.api(t, http.MethodPost, users+"/"+tt.path+"/activation/send"+tt.query, tt.body)
			if got.status != http.StatusNoContent || got.body != "" {
				t.Errorf("activation/send = %d %s, want 204", got.status, got.body)
			}
			if diff := cmp.Diff(tt.want, h.sent(0)); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestANotSentMessageVoidsNothing(t *testing.T) {
	h := start(t)
	g := h.invite(t)
	h.create(t, "customers", user("ann@example.com", ""))
	h.sendCode(t, g.id, "ann@example.com")
	if last := h.Outbox(); last[len(last)-1].Kind != sandbox.MessageAlreadyUsed {
		t.Fatalf("the last message = %v, want a warning", last[len(last)-1])
	}
	if got := h.activate(t, g.id, g.code); got.status != http.StatusCreated {
		t.Errorf("the code before = %d %s, want 201", got.status, got.body)
	}
}

func TestOnlyOneActivationWins(t *testing.T) {
	h := start(t)
	g := h.invite(t)
	results := make(chan int, 4)
	for range cap(results) {
		go func() {
			got, err := h.try(t, http.MethodPost, "/api/identity/default/system"+users+"/"+g.id+"/activate",
				object("code", g.code, "password", good), func(r *http.Request) {
					r.Header.Set("Authorization", "Bearer "+h.token)
					r.Header.Set("Content-Type", "application/json")
				})
			if err != nil {
				t.Errorf("activate: %v", err)
			}
			results <- got.status
		}()
	}
	count := map[int]int{}
	for range cap(results) {
		count[<-results]++
	}
	if want := map[int]int{http.StatusCreated: 1, http.StatusUnauthorized: 3}; !cmp.Equal(want, count) {
		t.Errorf("statuses = %v, want %v", count, want)
	}
}
