package sandbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestByKey(t *testing.T) {
	h := start(t)
	id := h.create(t, "customers", user("Ann@example.com", `,"verifiable_addresses":[
		{"type":"email","address":"work@example.com","status":"active","verified":true},
		{"type":"email","address":"home@example.com","status":"active","verified":false}]`)).text(t, "id")
	tests := []struct {
		name, body string
		want       int
	}{
		{"an identifier finds", `{"identifier":"ann@EXAMPLE.com"}`, 200},
		{"a verified address finds", `{"address":"Work@example.com"}`, 200},
		{"an unverified address does not", `{"address":"home@example.com"}`, 404},
		{"an identifier is not an address", `{"address":"ann@example.com"}`, 404},
		{"an address is not an identifier", `{"identifier":"work@example.com"}`, 404},
		{"another identifier does not", `{"identifier":"bo@example.com"}`, 404},
		{"both are too many", `{"identifier":"ann@example.com","address":"work@example.com"}`, 400},
		{"none is too few", `{"identifier":null}`, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.api(t, http.MethodPost, users+"/by_key", tt.body)
			if got.status != tt.want || tt.want == http.StatusOK && got.text(t, "id") != id {
				t.Errorf("by_key(%s) = %d %s, want %d for %s", tt.body, got.status, got.body, tt.want, id)
			}
		})
	}
	h.api(t, http.MethodDelete, users+"/"+id, "")
	h.create(t, "customers", user("ann@example.com", "")) // a deleted user's identifiers are free again
}

func TestIfMatch(t *testing.T) {
	tests := []struct {
		name string
		tag  func(string) string
		want int // of GET; DELETE answers 204 for 200
	}{
		{"the entity tag", func(tag string) string { return tag }, 200},
		{"any", func(string) string { return "*" }, 200},
		{"a list with the entity tag", func(tag string) string { return `"a", ` + tag + `,"b"` }, 200},
		{"another entity tag", func(string) string { return `"a"` }, 412},
		{"a weak one", func(tag string) string { return "W/" + tag }, 412},
		{"one without quotes", func(tag string) string { return strings.Trim(tag, `"`) }, 412},
		{"nonsense", func(string) string { return `"""` }, 412},
		{"nothing", func(string) string { return "" }, 412},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			made := h.create(t, "customers", user("ann@example.com", ""))
			path, tag := users+"/"+made.text(t, "id"), tt.tag(made.header.Get("ETag"))
			if got := h.api(t, http.MethodGet, path, "", "If-Match", tag); got.status != tt.want {
				t.Errorf("GET with If-Match %s = %d, want %d", tag, got.status, tt.want)
			}
			want := tt.want
			if want == http.StatusOK {
				want = http.StatusNoContent
			}
			if got := h.api(t, http.MethodDelete, path, "", "If-Match", tag); got.status != want {
				t.Errorf("DELETE with If-Match %s = %d, want %d", tag, got.status, want)
			}
		})
	}
}

func TestListUsers(t *testing.T) {
	h := start(t)
	for i := range 25 {
		h.create(t, "customers", fmt.Sprintf(`{"id":"u%02d","status":"new","metadata":{"source":"desk %d"},
			"identifiers":[{"type":"email","identifier":"p%02d@example.com"}],
			"verifiable_addresses":[{"type":"mobile","address":"+155512345%02d","status":"active","verified":true}],
			"payload":{"given_name":"Ann","family_name":"N%02d"}}`, i, i%2, i, i, i))
	}
	span := func(first, last int) []string {
		ids := []string{}
		for i := first; i <= last; i++ {
			ids = append(ids, fmt.Sprintf("u%02d", i))
		}
		return ids
	}
	filter := func(q string) string { return "query=" + url.QueryEscape(q) }
	tests := []struct {
		name, query string
		want        []string // nil for 400
	}{
		{"twenty come unasked", "", span(0, 19)},
		{"the next page follows", "after_user_id=u19", span(20, 24)},
		{"a page has its limit", "limit=3&after_user_id=u04", span(5, 7)},
		{"the page before is the nearest", "limit=3&before_user_id=u10", span(7, 9)},
		{"a page may be between two", "after_user_id=u03&before_user_id=u06", span(4, 5)},
		{"what is crossed is empty", "after_user_id=u06&before_user_id=u03", span(1, 0)},
		{"a user that is not there is a place all the same", "limit=2&after_user_id=u03x", span(4, 5)},
		{"past the end is nothing", "after_user_id=u24", span(1, 0)},
		{"a hundred may be asked for", "limit=100", span(0, 24)},
		{"a key may be an id", filter(`{"user_key":"u07"}`), span(7, 7)},
		{"a key may begin an identifier", filter(`{"user_key":"P2"}`), span(20, 24)},
		{"a key may end an address", filter(`{"user_key":"4511"}`), span(11, 11)},
		{"a key is not in the middle", filter(`{"user_key":"@example"}`), span(1, 0)},
		{"payload chooses", filter(`{"payload":{"family_name":"N09"}}`), span(9, 9)},
		{"all filters hold at once", filter(`{"user_key":"p08","metadata":{"source":"desk 1"}}`), span(1, 0)},
		{"no limit is 0", "limit=0", nil},
		{"no limit is above 100", "limit=101", nil},
		{"a limit is a number", "limit=ten", nil},
		{"a filter is JSON", "query=ann", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.api(t, http.MethodGet, users+"?"+tt.query, "")
			if tt.want == nil {
				if got.status != http.StatusBadRequest {
					t.Errorf("list?%s = %d, want 400", tt.query, got.status)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got.ids(t, "users")); diff != "" {
				t.Errorf("list?%s (-want +got):\n%s", tt.query, diff)
			}
		})
	}
}

// ids returns the ids of a list.
func (a answer) ids(t *testing.T, member string) []string {
	t.Helper()
	ids := []string{}
	list, _ := a.object(t)[member].([]any)
	for _, item := range list {
		m, _ := item.(map[string]any)
		id, _ := m["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

func TestListFollowsChanges(t *testing.T) {
	h := start(t)
	first := h.create(t, "customers", user("ann@example.com", "")).text(t, "id")
	h.api(t, http.MethodGet, users, "")
	second := h.create(t, "customers", user("bo@example.com", "")).text(t, "id")
	if got := h.api(t, http.MethodGet, users, "").ids(t, "users"); len(got) != 2 {
		t.Errorf("list after a second create = %v, want %s and %s", got, first, second)
	}
	h.api(t, http.MethodDelete, users+"/"+first, "")
	if diff := cmp.Diff([]string{second}, h.api(t, http.MethodGet, users, "").ids(t, "users")); diff != "" {
		t.Errorf("list after a delete (-want +got):\n%s", diff)
	}
}

func TestListPools(t *testing.T) {
	h := start(t)
	for query, want := range map[string][]string{
		"":                         {"closed", "customers", "employees", "passwordless", "strict", "totp"},
		"limit=2":                  {"closed", "customers"},
		"after_pool_id=employees":  {"passwordless", "strict", "totp"},
		"before_pool_id=employees": {"closed", "customers"},
		"search_phrase=STRI":       {"strict"},
		"limit=0":                  {"closed", "customers", "employees", "passwordless", "strict", "totp"},
	} {
		if diff := cmp.Diff(want, h.api(t, http.MethodGet, "/pools?"+query, "").ids(t, "pools")); diff != "" {
			t.Errorf("pools?%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestSchemasKeepTheOrderOfTheirProperties(t *testing.T) {
	body := start(t).api(t, http.MethodGet, "/schemas/employees_payload", "").body
	last := -1
	for _, name := range []string{"given_name", "family_name", "street", "city", "state", "zip"} {
		at := strings.Index(body, `"`+name+`":{`)
		if at <= last {
			t.Fatalf("%s is at %d, want it after %d in %s", name, at, last, body)
		}
		last = at
	}
}
