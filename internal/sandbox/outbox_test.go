package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/sandbox"
)

func TestMessages(t *testing.T) {
	h := start(t)
	id := h.create(t, "customers", newcomer("una", guestAddress, "+15551234567")).text(t, "id")
	const send = "/activation/send?mode="
	now := h.clock.Now()
	tests := []struct {
		path, body string
		want       sandbox.Message // without code and link, which are random; text has CODE and LINK for them
	}{
		{"/users/" + id + send + "registration", object("address", guestAddress), sandbox.Message{
			To: guestAddress, Medium: "email", Kind: "activation", Pool: "customers", ExpiresAt: now.Add(10 * time.Minute),
			Text: "To activate your account at Customers, open this link within 10 minutes: LINK",
		}},
		{"/users/" + id + send + "invitation&code_type_in_message=code", object("address", "+15551234567"), sandbox.Message{
			To: "+15551234567", Medium: "sms", Kind: "invitation", Pool: "customers", ExpiresAt: now.Add(10 * time.Minute),
			Text: "Your code to accept your invitation to Customers is CODE. It is good for 10 minutes.",
		}},
		{"/users/" + id + "/address/verification/request", object("address", guestAddress), sandbox.Message{
			To: guestAddress, Medium: "email", Kind: "verify_address", Pool: "customers", ExpiresAt: now.Add(10 * time.Minute),
			Text: "Your code to confirm your address at Customers is CODE. It is good for 10 minutes.",
		}},
		{"/user/otp/request", object("userID", id, "address", guestAddress), sandbox.Message{
			To: guestAddress, Medium: "email", Kind: "challenge", Pool: "customers", ExpiresAt: now.Add(10 * time.Minute),
			Text: "Your code to show Customers that it is you is CODE. It is good for 10 minutes.",
		}},
		{"/user/totp/reset/request", object("userID", id, "address", guestAddress), sandbox.Message{
			To: guestAddress, Medium: "email", Kind: "reset_totp", Pool: "customers", ExpiresAt: now.Add(10 * time.Minute),
			Text: "To set up a new authenticator at Customers, open this link within 10 minutes: LINK",
		}},
		{"/user/register", object("identifier", "una"), sandbox.Message{}}, // una has no verified address to be warned at
	}
	for _, tt := range tests {
		before := len(h.Outbox())
		if got := h.api(t, http.MethodPost, pool+tt.path, tt.body); got.status/100 != 2 {
			t.Fatalf("POST %s = %d %s", tt.path, got.status, got.body)
		}
		sent := h.Outbox()[before:]
		if tt.want.Kind == "" {
			if len(sent) != 0 {
				t.Errorf("POST %s sent %d messages, want none", tt.path, len(sent))
			}
			continue
		}
		got := sent[0]
		if link := h.server.URL + "/sandbox/links/customers/"; got.Link != "" && !strings.HasPrefix(got.Link, link) {
			t.Errorf("link = %q, want it under %s", got.Link, link)
		}
		tt.want.Text = strings.NewReplacer("CODE", got.Code, "LINK", got.Link).Replace(tt.want.Text)
		tt.want.SentAt, tt.want.Code, tt.want.Link = now, got.Code, got.Link
		if diff := cmp.Diff(tt.want, got, cmp.Transformer("members", members)); diff != "" {
			t.Errorf("POST %s sent (-want +got):\n%s", tt.path, diff)
		}
	}
}

// members makes a message comparable, and readable: it prints as its kind only.
func members(m sandbox.Message) map[string]string {
	return map[string]string{
		"to": m.To, "medium": m.Medium, "kind": m.Kind, "pool": m.Pool, "code": m.Code, "link": m.Link, "text": m.Text,
		"expires": m.ExpiresAt.String(), "sent": m.SentAt.String(),
	}
}

func TestOutboxKeepsTheLatest(t *testing.T) {
	var mu sync.Mutex
	var delivered []string
	h := &harness{clock: newClock()}
	var err error
	h.Tenant, err = sandbox.New(sandbox.Options{TenantID: "default", Now: h.clock.Now, Deliver: func(m sandbox.Message) {
		sent := h.Outbox()
		mu.Lock()
		defer mu.Unlock()
		if last := sent[len(sent)-1]; last.Code != m.Code {
			t.Errorf("%v was delivered before it was in the outbox", m)
		}
		delivered = append(delivered, m.To)
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(h)
	defer h.server.Close()
	h.client, h.secret = h.server.Client(), setting(h.Settings("", ""), "FOYER_AUTH_CLIENT_SECRET")
	h.token = h.fetchToken(t)
	const extra = 3
	for i := range 1000 + extra {
		got := h.public(t, http.MethodPost, "", object("mechanism", "email", "address", fmt.Sprintf("u%d@example.com", i)))
		if got.status != http.StatusOK {
			t.Fatalf("message %d = %d %s", i, got.status, got.body)
		}
	}
	sent := h.Outbox()
	if len(sent) != 1000 || sent[0].To != "u3@example.com" || sent[999].To != "u1002@example.com" {
		t.Errorf("the outbox has %d messages, from %s to %s, want the latest 1000", len(sent), sent[0].To, sent[len(sent)-1].To)
	}
	if len(delivered) != 1000+extra || delivered[0] != "u0@example.com" {
		t.Errorf("%d messages were delivered, want %d", len(delivered), 1000+extra)
	}
}

func TestControlOutbox(t *testing.T) {
	h := start(t)
	if got := h.send(t, http.MethodGet, "/outbox", "", func(*http.Request) {}); got.body != `{"messages":[]}` {
		t.Errorf("an empty outbox = %d %s", got.status, got.body)
	}
	h.register(t, "?code_type_in_message=code", object("identifier", "Ann@example.com"))
	h.register(t, "", object("identifier", "ann@example.com"))
	h.register(t, "", object("identifier", "bo@example.com"))
	for path, want := range map[string]string{
		"/outbox": "Ann@example.com Ann@example.com bo@example.com", "/sandbox/outbox?to=": "Ann@example.com Ann@example.com bo@example.com",
		"/sandbox/outbox?to=ann@example.com": "Ann@example.com Ann@example.com", "/outbox?to=eve@example.com": "",
	} {
		got := h.send(t, http.MethodGet, path, "", func(*http.Request) {})
		var body struct{ Messages []sandbox.Message }
		if err := json.Unmarshal([]byte(got.body), &body); err != nil {
			t.Fatal(err)
		}
		var to []string
		for _, m := range body.Messages {
			to = append(to, m.To)
		}
		if strings.Join(to, " ") != want {
			t.Errorf("GET %s = %s, want messages to %q", path, got.body, want)
		}
	}
	got := h.send(t, http.MethodGet, "/outbox?to=Ann@example.com", "", func(*http.Request) {})
	sent := h.Outbox()
	want := `{"messages":[{"to":"Ann@example.com","medium":"email","kind":"activation","pool":"customers","code":"` + sent[0].Code +
		`","expires_at":"2026-03-01T09:10:00Z","sent_at":"2026-03-01T09:00:00Z","text":"` + sent[0].Text + `"},` +
		`{"to":"Ann@example.com","medium":"email","kind":"already_used","pool":"customers","sent_at":"2026-03-01T09:00:00Z","text":"` +
		sent[1].Text + `"}]}`
	if got.body != want {
		t.Errorf("GET outbox = %s, want %s", got.body, want)
	}
	if got := h.send(t, http.MethodPost, "/outbox", "", func(*http.Request) {}); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST outbox = %d, want 405", got.status)
	}
}

func TestMessagesPrintNoCode(t *testing.T) {
	m := sandbox.Message{To: "ann@example.com", Kind: "activation", Medium: "email", Code: "123456", Link: "http://x/123456", Text: "123456"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, m); got != "activation message by email" {
			t.Errorf("Sprintf(%s) = %q", verb, got)
		}
	}
	if got := m.LogValue().String(); got != "activation message by email" {
		t.Errorf("LogValue = %q", got)
	}
}
