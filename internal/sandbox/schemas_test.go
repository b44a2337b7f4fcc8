package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
)

// put sends a definition to the sandbox's own path.
func (h *harness) put(t *testing.T, path, body string) answer {
	t.Helper()
	return h.send(t, http.MethodPut, path, body, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
}

func TestASchemaIsReplaced(t *testing.T) {
	h := start(t)
	before := h.api(t, http.MethodGet, "/schemas/customers_payload", "")
	document := `{"id":"customers_payload","name":"Other","schema":{"type":"object","properties":{"colour":{"type":"string"}},"required":["colour"],"additionalProperties":false}}`
	if got := h.put(t, "/sandbox/schemas/customers_payload", document); got.status != http.StatusOK {
		t.Fatalf("put: %d %s", got.status, got.body)
	}
	after := h.api(t, http.MethodGet, "/schemas/customers_payload", "")
	if !strings.Contains(after.body, "colour") || after.header.Get("ETag") == before.header.Get("ETag") {
		t.Errorf("the schema is still %s", after.body)
	}
	if got := h.api(t, http.MethodPost, "/pools/customers/users", user("ann@example.com", "")); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a payload of the schema before is answered %d", got.status)
	}
}

func TestASchemaThatIsNoneIsRefused(t *testing.T) {
	h := start(t)
	for name, tt := range map[string]struct {
		path, body string
		want       int
	}{
		"no JSON":                {"/sandbox/schemas/a", `{`, http.StatusUnprocessableEntity},
		"no id":                  {"/sandbox/schemas/a", `{"schema":{}}`, http.StatusUnprocessableEntity},
		"another id":             {"/sandbox/schemas/a", `{"id":"b","schema":{}}`, http.StatusUnprocessableEntity},
		"a pattern that is none": {"/sandbox/schemas/a", `{"id":"a","schema":{"pattern":"("}}`, http.StatusUnprocessableEntity},
		"a new one":              {"/sandbox/schemas/a", `{"id":"a","schema":{}}`, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			if got := h.put(t, tt.path, tt.body); got.status != tt.want {
				t.Errorf("put is answered %d %s, want %d", got.status, got.body, tt.want)
			}
		})
	}
	if got := h.send(t, http.MethodGet, "/sandbox/schemas/a", "", func(*http.Request) {}); got.status != http.StatusMethodNotAllowed {
		t.Errorf("get is answered %d", got.status)
	}
}
