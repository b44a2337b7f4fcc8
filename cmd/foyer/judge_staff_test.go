package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// newStaffClient registers a client with which staff sign in: by method "none" or with a secret. Its tokens are bound by DPoP if
// dpop says so.
func (s *authServer) newStaffClient(t *testing.T, method string, dpop bool, knobs map[string]any) judged {
	t.Helper()
	c := judged{id: "kiosk-" + strings.ReplaceAll(t.Name(), " ", "_"), method: method, dpop: dpop}
	c.metadata = map[string]any{
		"client_id": c.id, "token_endpoint_auth_method": method, "scope": "openid profile offline_access " + allScopes,
		"application_type": "native", "redirect_uris": []string{"http://127.0.0.1/callback"},
		"grant_types":    []string{"authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"},
		"response_types": []string{"code"}, "dpop_bound_access_tokens": dpop,
	}
	if method != "none" {
		c.secret = awkward
		c.metadata["client_secret"] = awkward
	}
	s.order(t, "client", map[string]any{"metadata": c.metadata, "knobs": knobs}, nil)
	return c
}

// staffConfig is what a client that is not Foyer signs staff in with.
func (s *authServer) staffConfig(c judged, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: c.id, ClientSecret: c.secret, RedirectURL: redirect, Scopes: []string{"openid", "profile", "identity"},
		Endpoint: oauth2.Endpoint{
			AuthURL: s.issuer + "/oauth2/authorize", TokenURL: s.issuer + "/oauth2/token",
			DeviceAuthURL: s.issuer + "/device/authorization", AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// nameOf is who the server says a token is of.
func (s *authServer) nameOf(ctx context.Context, t *testing.T, config *oauth2.Config, token *oauth2.Token) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.issuer+"/userinfo", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := config.Client(ctx, token).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var said struct{ Name string }
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	return said.Name
}

func TestTheJudgeSignsStaffIn(t *testing.T) {
	s := startAuthServer(t)
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, s.client(tls.Certificate{}))
	for _, method := range []string{"none", "client_secret_post"} {
		t.Run("by code and "+method, func(t *testing.T) {
			address, codes := s.redirected(t)
			config := s.staffConfig(s.newStaffClient(t, method, false, nil), address)
			verifier := oauth2.GenerateVerifier()
			s.newBrowser(t).visit(t, config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)), map[string]string{"login": "ann"})
			token, err := config.Exchange(ctx, <-codes, oauth2.VerifierOption(verifier))
			s.isAnn(ctx, t, config, token, err)
		})
		t.Run("by device and "+method, func(t *testing.T) {
			c := s.newStaffClient(t, method, false, nil)
			config := s.staffConfig(c, "")
			device := s.startDevice(ctx, t, config)
			if _, err := askForDevice(ctx, config, device); refusal(err) != "authorization_pending" {
				t.Errorf("asking too early: %v, want authorization_pending", err)
			}
			s.newBrowser(t).visit(t, device.VerificationURIComplete, map[string]string{"login": "ann"})
			token, err := askForDevice(ctx, config, device)
			s.isAnn(ctx, t, config, token, err)
		})
	}
}

func TestTheJudgeLetsStaffDeny(t *testing.T) {
	s := startAuthServer(t)
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, s.client(tls.Certificate{}))
	config := s.staffConfig(s.newStaffClient(t, "none", false, nil), "")
	device := s.startDevice(ctx, t, config)
	s.newBrowser(t).visit(t, device.VerificationURIComplete, map[string]string{"login": "ann", "abort": "yes"})
	if _, err := askForDevice(ctx, config, device); refusal(err) != "access_denied" {
		t.Errorf("asking after staff denied: %v, want access_denied", err)
	}
	short := s.staffConfig(s.newStaffClient(t, "client_secret_post", false, map[string]any{"ttl": map[string]int{"DeviceCode": 1}}), "")
	if got := s.startDevice(ctx, t, short); time.Until(got.Expiry) > time.Minute {
		t.Errorf("a device code that ends soon ends at %v", got.Expiry)
	}
}

// redirected serves a redirect address, and hands on the codes that come to it.
func (s *authServer) redirected(t *testing.T) (address string, codes <-chan string) {
	t.Helper()
	came := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got := r.FormValue("iss"); got != s.issuer {
			t.Errorf("the answer is of the issuer %q", got)
		}
		came <- r.FormValue("code")
	}))
	t.Cleanup(server.Close)
	return server.URL + "/callback", came
}

// startDevice starts the device grant (RFC 8628, 3.1), for which x/oauth2 does not authenticate.
func (s *authServer) startDevice(ctx context.Context, t *testing.T, config *oauth2.Config) *oauth2.DeviceAuthResponse {
	t.Helper()
	var options []oauth2.AuthCodeOption
	if config.ClientSecret != "" {
		options = append(options, oauth2.SetAuthURLParam("client_secret", config.ClientSecret))
	}
	device, err := config.DeviceAuth(ctx, options...)
	if err != nil {
		t.Fatal(err)
	}
	return device
}

// askForDevice asks once for the token of a device (RFC 8628, 3.4).
func askForDevice(ctx context.Context, config *oauth2.Config, device *oauth2.DeviceAuthResponse) (*oauth2.Token, error) {
	return config.Exchange(ctx, "", oauth2.SetAuthURLParam("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
		oauth2.SetAuthURLParam("device_code", device.DeviceCode))
}

// isAnn expects that a token is Ann's, and that its refresh token is rotated and good for one use.
func (s *authServer) isAnn(ctx context.Context, t *testing.T, config *oauth2.Config, token *oauth2.Token, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("asking for a token: %v", err)
	}
	if got := s.nameOf(ctx, t, config, token); got != "Ann Lee" {
		t.Errorf("the token is of %q", got)
	}
	spent := &oauth2.Token{RefreshToken: token.RefreshToken}
	next, err := config.TokenSource(ctx, spent).Token()
	if err != nil || next.RefreshToken == token.RefreshToken {
		t.Fatalf("refreshing: %v, or the refresh token is the same", err)
	}
	if _, err := config.TokenSource(ctx, spent).Token(); refusal(err) != "invalid_grant" {
		t.Errorf("refreshing with a spent token: %v, want invalid_grant", err)
	}
}
