package sandbox

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
)

// registering returns a self-registration in the pool "customers" that is answered without a server.
func registering(t *testing.T, tenant *Tenant, identifier string) func() reply {
	t.Helper()
	body := `{"identifier":"` + identifier + `","password":"lagoon-Copper-72 tiles"}`
	return func() reply {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		e := newExchange(r)
		e.params, e.body = map[string]string{"ipID": "customers"}, []byte(body)
		return tenant.settle(t.Context(), e, tenant.register)
	}
}

// taken makes a tenant in which ann@example.com is somebody's.
func taken(t *testing.T) *Tenant {
	t.Helper()
	tenant, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := registering(t, tenant, "ann@example.com")(); got.status != http.StatusCreated {
		t.Fatalf("register = %d %s, want 201", got.status, got.body)
	}
	return tenant
}

// TestATakenIdentifierIsHashedToo measures that a password is hashed for a taken identifier as for a free one, by the
// memory that takes.
func TestATakenIdentifierIsHashedToo(t *testing.T) {
	tenant := taken(t)
	for _, identifier := range []string{"ann@example.com", "bo@example.com"} {
		var before, after runtime.MemStats
		call := registering(t, tenant, identifier)
		runtime.ReadMemStats(&before)
		call()
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used < argonMemory*1024 {
			t.Errorf("registering %s used %d bytes, want those of a hash, %d", identifier, used, argonMemory*1024)
		}
	}
}

// TestATakenIdentifierWaitsToo is about a registration while all places for passwords are in use.
func TestATakenIdentifierWaitsToo(t *testing.T) {
	for _, identifier := range []string{"ann@example.com", "bo@example.com"} {
		synctest.Test(t, func(t *testing.T) {
			tenant := taken(t)
			for range cap(tenant.hasher.slots) {
				tenant.hasher.slots <- struct{}{}
			}
			done := make(chan reply, 1)
			go func() { done <- registering(t, tenant, identifier)() }()
			synctest.Wait()
			select {
			case got := <-done:
				t.Errorf("registering %s = %d before there was a place", identifier, got.status)
				return
			default:
			}
			<-tenant.hasher.slots
			if got := <-done; got.status != http.StatusCreated {
				t.Errorf("registering %s = %d %s, want 201", identifier, got.status, got.body)
			}
		})
	}
}

// TestAFullPoolTellsNothing is about a pool at its limit, which answers alike whoever wants to join.
func TestAFullPoolTellsNothing(t *testing.T) {
	tenant := taken(t)
	tenant.pools["customers"].limit = 1
	first, second := registering(t, tenant, "ann@example.com")(), registering(t, tenant, "bo@example.com")()
	if first.status != http.StatusUnprocessableEntity || string(first.body) != string(second.body) {
		t.Errorf("a full pool answers %d %s and %d %s, want 422 twice", first.status, first.body, second.status, second.body)
	}
}
