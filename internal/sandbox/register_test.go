package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/sandbox"
)

// register makes a self-registration in the pool "customers".
func (h *harness) register(t *testing.T, query, body string) answer {
	t.Helper()
	return h.api(t, http.MethodPost, pool+"/user/register"+query, body)
}

// sent returns what the messages after the first n are about, as "kind to" with the form of the code.
func (h *harness) sent(n int) []string {
	list := []string{}
	for _, m := range h.Outbox()[n:] {
		form := ""
		switch {
		case m.Code != "":
			form = " code"
		case m.Link != "":
			form = " link"
		}
		list = append(list, m.Kind+" "+m.To+form)
	}
	return list
}

func TestRegisterMakesANewUser(t *testing.T) {
	tests := []struct {
		name, query, body string
		identifiers       []string // with their types
		addresses         []string // likewise
		credentials       []string
		messages          []string
	}{
		{
			"an e-mail address", "", object("identifier", "ann@example.com"),
			[]string{"email ann@example.com"},
			[]string{"email ann@example.com"},
			[]string{},
			[]string{"activation ann@example.com link"},
		},
		{
			"a number", "?code_type_in_message=code", object("identifier", "+15551234567"),
			[]string{"mobile +15551234567"},
			[]string{"mobile +15551234567"},
			[]string{},
			[]string{"activation +15551234567 code"},
		},
		{
			"a user name has no address", "", object("identifier", "ann", "password", good),
			[]string{"uid ann"},
			[]string{},
			[]string{"password"},
			[]string{},
		},
		{
			"a plus alone makes no number", "", object("identifier", "+ann"),
			[]string{"uid +ann"},
			[]string{},
			[]string{},
			[]string{},
		},
		{
			"an address for the code goes before the identifier", "",
			object("identifier", "ann@example.com", "otp_address", "+15551234567", "totp_secret", secret),
			[]string{"email ann@example.com"},
			[]string{"email ann@example.com", "mobile +15551234567"},
			[]string{"totp"},
			[]string{"activation +15551234567 link"},
		},
		{
			"a user name with an address for the code", "?send_activation_message=true&code_type_in_message=link",
			object("identifier", "ann", "otp_address", "ann@example.com"),
			[]string{"uid ann"},
			[]string{"email ann@example.com"},
			[]string{},
			[]string{"activation ann@example.com link"},
		},
		{
			"no message is sent unasked", "?send_activation_message=false", object("identifier", "ann@example.com"),
			[]string{"email ann@example.com"},
			[]string{"email ann@example.com"},
			[]string{},
			[]string{},
		},
		{
			"null counts as absent", "", `{"identifier":"ann","otp_address":null,"password":null,"payload":null,"webauthn_credentials":null}`,
			[]string{"uid ann"},
			[]string{},
			[]string{},
			[]string{},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			got := h.register(t, tt.query, tt.body)
			if got.status != http.StatusCreated {
				t.Fatalf("register(%s) = %d %s, want 201", tt.body, got.status, got.body)
			}
			made := h.api(t, http.MethodGet, users+"/"+got.text(t, "id"), "")
			if status := made.text(t, "status"); status != "new" {
				t.Errorf("status = %q, want new", status)
			}
			for array, want := range map[string][]string{
				"identifiers": tt.identifiers, "verifiable_addresses": tt.addresses, "credentials": tt.credentials,
			} {
				if diff := cmp.Diff(want, made.parts(t, array)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", array, diff)
				}
			}
			if strings.Contains(made.body, secret) || strings.Contains(made.body, `"verified":true`) {
				t.Errorf("the user has a secret or a verified address: %s", made.body)
			}
			if diff := cmp.Diff(tt.messages, h.sent(0)); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

// parts returns the type and the value of each member of an array of a user.
func (a answer) parts(t *testing.T, array string) []string {
	t.Helper()
	parts := []string{}
	list, _ := a.object(t)[array].([]any)
	for _, item := range list {
		m, _ := item.(map[string]any)
		text, _ := m["type"].(string)
		for _, name := range []string{"identifier", "address"} {
			if value, ok := m[name].(string); ok {
				text += " " + value
			}
		}
		parts = append(parts, text)
	}
	return parts
}

func TestRegisterRefuses(t *testing.T) {
	tests := []struct {
		name, body string
		want       map[string]string
	}{
		{"no identifier", `{}`, map[string]string{"/identifier": "is required"}},
		{"half an address", object("identifier", "ann@"), map[string]string{"/identifier": "is not well-formed for its type"}},
		{"half a number", object("identifier", "+15"), map[string]string{"/identifier": "is not well-formed for its type"}},
		{"a name with a space", object("identifier", "ann lee"), map[string]string{"/identifier": "is not well-formed for its type"}},
		{"a code to a user name", object("identifier", "ann", "otp_address", "bo"), map[string]string{"/otp_address": "is neither an e-mail address nor a mobile number"}},
		{"a code to another e-mail address", object("identifier", "ann@example.com", "otp_address", "bo@example.com"), map[string]string{"/otp_address": "is of the same type as the identifier"}},
		{"a code to another number", object("identifier", "+15551234567", "otp_address", "+15551234568"), map[string]string{"/otp_address": "is of the same type as the identifier"}},
		{"a secret that is not base32", object("identifier", "ann", "totp_secret", "1"), map[string]string{"/totp_secret": "is not a base32 secret"}},
		{"more keys than reason", `{"identifier":"ann","webauthn_credentials":[{}` + strings.Repeat(",{}", 100) + `]}`, map[string]string{"/webauthn_credentials": "must have at most 100 members"}},
		{"a payload without its members", `{"identifier":"ann","payload":{"given_name":"Ann"}}`, map[string]string{"/payload/family_name": "is required"}},
		{"a payload that is no object", `{"identifier":"ann","payload":[]}`, map[string]string{"/payload": "is not an object"}},
		{"a weak password", object("identifier", "ann", "password", "password1"), map[string]string{"/password": "does not meet the password policy: strength"}},
		{"a password that is the identifier", object("identifier", "quixotic.zephyr@example.com", "password", "quixotic.zephyr@example.com"), map[string]string{"/password": "does not meet the password policy: strength"}},
	}
	h := start(t)
	h.create(t, "customers", user("taken@example.com", ""))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.register(t, "", tt.body)
			if diff := cmp.Diff(tt.want, got.details(t)); got.status != http.StatusUnprocessableEntity || diff != "" {
				t.Errorf("register(%s) = %d, want 422 with details (-want +got):\n%s", tt.body, got.status, diff)
			}
			// The same is said of an identifier that is taken.
			if taken := strings.Replace(tt.body, `"ann"`, `"taken@example.com"`, 1); taken != tt.body && tt.want["/otp_address"] == "" {
				again := h.register(t, "", taken)
				if again.status != got.status || again.body != got.body {
					t.Errorf("register(%s) = %d %s, want %d %s", taken, again.status, again.body, got.status, got.body)
				}
			}
		})
	}
	if sent := h.sent(0); len(sent) != 0 {
		t.Errorf("refused registrations sent %q", sent)
	}
}

func TestRegisterIsClosed(t *testing.T) {
	h := start(t)
	for _, body := range []string{object("identifier", "ann@example.com"), `{}`} {
		got := h.api(t, http.MethodPost, "/pools/closed/user/register", body)
		if got.status != http.StatusUnprocessableEntity || got.text(t, "error_code") != "unprocessable_entity" ||
			got.text(t, "error") != "Self-registration is not allowed in this pool" {
			t.Errorf("register in a closed pool = %d %s, want 422", got.status, got.body)
		}
	}
}

// TestRegisterTellsNothing compares the answers for what is taken with the one for what is free.
func TestRegisterTellsNothing(t *testing.T) {
	const verified = `,"verifiable_addresses":[{"address":"+15550000001","type":"mobile","status":"active","verified":true},
		{"address":"+15550000002","type":"mobile","status":"active","verified":false}],"credentials":[{"type":"password","password":"` + good + `"}]`
	tests := []struct {
		name, body string
		owner      bool     // the answer is the owner's id
		messages   []string // apart from those to who registers
	}{
		{"a free identifier", object("identifier", "bo@example.com", "password", good), false, []string{}},
		{"somebody's identifier", object("identifier", "ann@example.com", "password", good), true, []string{"already_used Ann@example.com"}},
		{"somebody's identifier in capitals", object("identifier", "ANN@EXAMPLE.COM"), true, []string{"already_used Ann@example.com"}},
		{"somebody's verified address", object("identifier", "+15550000001"), true, []string{"already_used +15550000001"}},
		{"somebody's unverified address", object("identifier", "+15550000002"), false, []string{}},
		{"somebody's identifier for the code", object("identifier", "bo", "otp_address", "ann@example.com"), true, []string{"already_used Ann@example.com"}},
		{"somebody's verified address for the code", object("identifier", "bo", "otp_address", "+15550000001"), true, []string{"already_used +15550000001"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			made := h.create(t, "customers", user("Ann@example.com", verified))
			id := made.text(t, "id")
			free := h.register(t, "", object("identifier", "free@example.com", "password", good))
			n := len(h.Outbox())
			got := h.register(t, "", tt.body)
			if got.status != http.StatusCreated || (got.text(t, "id") == id) != tt.owner {
				t.Fatalf("register(%s) = %d %s, want 201, of the owner %s: %v", tt.body, got.status, got.body, id, tt.owner)
			}
			if diff := cmp.Diff(names(free.header), names(got.header)); diff != "" {
				t.Errorf("headers (-free +got):\n%s", diff)
			}
			if len(got.object(t)) != 1 || len(got.body) != len(free.body) {
				t.Errorf("body = %s, want one like %s", got.body, free.body)
			}
			if now := h.api(t, http.MethodGet, users+"/"+id, ""); now.body != made.body {
				t.Errorf("the owner is now %s, want %s", now.body, made.body)
			}
			warnings := slices.DeleteFunc(h.sent(n), func(s string) bool { return strings.HasPrefix(s, sandbox.MessageActivation) })
			if diff := cmp.Diff(tt.messages, warnings); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

// names returns the names of headers in order.
func names(header http.Header) []string {
	list := []string{}
	for name := range header {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestAUserNameIsWarnedAtAVerifiedAddress(t *testing.T) {
	h := start(t)
	h.create(t, "customers", newcomer("ann", "ann@example.com"))
	h.register(t, "", object("identifier", "ann"))
	if sent := h.sent(0); len(sent) != 0 {
		t.Errorf("messages = %q, want none to an unverified address", sent)
	}
	h.create(t, "customers", strings.Replace(newcomer("bo", "bo@example.com"), "false", "true", 1))
	h.register(t, "", object("identifier", "bo"))
	if diff := cmp.Diff([]string{"already_used bo@example.com"}, h.sent(0)); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}
