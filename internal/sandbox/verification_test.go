package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// verification asks for a verification of an address of a user, or completes it when a code is given.
func (h *harness) verification(t *testing.T, id, address, code string) answer {
	t.Helper()
	path := users + "/" + id + "/address/verification/"
	if code == "" {
		return h.api(t, http.MethodPost, path+"request", object("address", address))
	}
	return h.api(t, http.MethodPost, path+"complete", object("address", address, "code", code))
}

func TestAnAddressIsVerified(t *testing.T) {
	h := start(t)
	const first, second = "a@example.com", "b@example.com"
	id := h.create(t, "customers", newcomer("ann", first, second)).text(t, "id")
	h.verification(t, id, first, "")
	h.verification(t, id, second, "")
	code, other := h.codeTo(t, first), h.codeTo(t, second)
	if got := h.verification(t, id, first, other); got.status != http.StatusUnauthorized && code != other {
		t.Errorf("another address's code = %d, want 401", got.status)
	}
	if got := h.verification(t, id, "A@example.com", code); got.status != http.StatusNoContent || got.body != "" {
		t.Errorf("the code = %d %s, want 204", got.status, got.body)
	}
	if got := h.verification(t, id, first, code); got.status != http.StatusConflict {
		t.Errorf("the code again = %d, want 409", got.status)
	}
	now := h.api(t, http.MethodGet, users+"/"+id, "")
	if diff := cmp.Diff([]string{"uid ann"}, now.parts(t, "identifiers")); diff != "" {
		t.Errorf("identifiers (-want +got):\n%s", diff)
	}
	if got := h.verification(t, id, second, other); got.status != http.StatusNoContent {
		t.Errorf("the other code = %d %s, want it good all the same", got.status, got.body)
	}
}

func TestSomebodysAddressIsNotVerified(t *testing.T) {
	h := start(t)
	const address = "a@example.com"
	id := h.create(t, "customers", newcomer("ann", address)).text(t, "id")
	h.verification(t, id, address, "")
	code := h.codeTo(t, address)
	owner := h.create(t, "customers", user(address, ""))
	n := len(h.Outbox())
	got := h.verification(t, id, address, "")
	if diff := cmp.Diff([]string{"already_used " + address}, h.sent(n)); got.status != http.StatusNoContent || diff != "" {
		t.Errorf("request = %d %s, want 204 with messages (-want +got):\n%s", got.status, got.body, diff)
	}
	if got := h.verification(t, id, address, code); got.status != http.StatusConflict {
		t.Errorf("complete = %d %s, want 409", got.status, got.body)
	}
	if now := h.api(t, http.MethodGet, users+"/"+owner.text(t, "id"), ""); now.body != owner.body {
		t.Errorf("the owner is now %s, want %s", now.body, owner.body)
	}
}

func TestIdempotentActivation(t *testing.T) {
	h := start(t)
	g := h.invite(t)
	key := []string{"X-Idempotency-Key", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"}
	activate := func() answer {
		return h.api(t, http.MethodPost, users+"/"+g.id+"/activate", object("code", g.code), key...)
	}
	first, second := activate(), activate()
	if second.body != first.body || second.header.Get("X-Idempotent-Replayed") != "true" {
		t.Errorf("the key again = %d %s, want the first answer", second.status, second.body)
	}
	send := func() answer {
		return h.api(t, http.MethodPost, pool+"/user/otp/request", object("identifier", "una", "address", guestAddress), key...)
	}
	n := len(h.Outbox())
	send()
	if again := send(); again.status != http.StatusNoContent || len(h.sent(n)) != 1 {
		t.Errorf("the key again = %d and %d messages, want 204 and one", again.status, len(h.sent(n)))
	}
}
