package identitypools_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"foyer/internal/identitypools"
)

func TestEachRequestIsObserved(t *testing.T) {
	statuses := []int{http.StatusUnauthorized, http.StatusOK, http.StatusTooManyRequests}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(statuses[0], `{"id": "customers"}`)(w, r)
		statuses = statuses[1:]
	}))
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	client := identitypools.New(identitypools.Config{
		TenantURL: u, TenantID: "acme", Pool: "customers", HTTPClient: server.Client(), Tokens: new(tokens),
		Observe: func(operation string, status int, elapsed time.Duration) {
			if elapsed < 0 || !slices.Contains(identitypools.Operations(), operation) {
				t.Errorf("%s took %s", operation, elapsed)
			}
			seen = append(seen, operation+" "+strconv.Itoa(status))
		},
	})
	for range 2 {
		_, _ = client.GetPool(t.Context()) // what is seen tells how it went
	}
	server.Close()
	_, _ = client.GetPool(t.Context())
	if want := []string{"get pool 401", "get pool 200", "get pool 429", "get pool 0"}; !slices.Equal(seen, want) {
		t.Errorf("it sees %q, want %q", seen, want)
	}
}
