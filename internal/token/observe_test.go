package token_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"foyer/internal/clientauth"
	"foyer/internal/secret"
	"foyer/internal/token"
)

func TestEachRequestIsObserved(t *testing.T) {
	u, err := url.Parse("https://acme.test/acme/system")
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	by := &issuer{steps: []step{{}, {status: http.StatusServiceUnavailable}, granted("1", 3600)}}
	s := token.NewSource(token.Config{
		IssuerURL: u, ClientID: "kiosk", Grant: token.ClientCredentials, Scopes: []string{"identity"}, HTTPClient: &http.Client{Transport: by},
		Identify: identify(t, clientauth.Credentials{Method: clientauth.ClientSecretBasic, ClientID: "kiosk", Secret: secret.New(markerSecret)}),
		Observe: func(operation string, status int, elapsed time.Duration) {
			if elapsed < 0 || !slices.Contains(token.Operations(), operation) {
				t.Errorf("%s took %s", operation, elapsed)
			}
			seen = append(seen, operation+" "+strconv.Itoa(status))
		},
	})
	for range 3 {
		_, _ = s.Token(t.Context()) // what is seen tells how it went
	}
	if want := []string{"discover 200", "fetch token 0", "discover 200", "fetch token 503", "discover 200", "fetch token 200"}; !slices.Equal(seen, want) {
		t.Errorf("it sees %q, want %q", seen, want)
	}
}
