package token_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"foyer/internal/clientauth"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
)

// A house is a RoundTripper that answers like an authorization server where members of staff sign in: by what is set for a
// path, or as all goes well.
type house struct {
	mu      sync.Mutex
	answers map[string]func(url.Values) step
	forms   map[string][]url.Values // what was sent to each path
	refresh int                     // how many refresh tokens there were
}

func newHouse() *house {
	return &house{answers: map[string]func(url.Values) step{}, forms: map[string][]url.Values{}}
}

// answer sets what the house answers at path; the zero step takes that back.
func (h *house) answer(path string, with func(url.Values) step) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answers[path] = with
}

// always sets one answer.
func (h *house) always(path string, s step) { h.answer(path, func(url.Values) step { return s }) }

// sent are the forms that came to path.
func (h *house) sent(path string) []url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.forms[path])
}

func (h *house) RoundTrip(r *http.Request) (*http.Response, error) {
	var form url.Values
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if form, err = url.ParseQuery(string(body)); err != nil {
			return nil, err
		}
	}
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	path := strings.TrimPrefix(r.URL.Path, "/acme/system")
	h.mu.Lock()
	h.forms[path] = append(h.forms[path], form)
	with := h.answers[path]
	h.mu.Unlock()
	if with == nil {
		with = h.usual(path)
	}
	return respond(r, with(form))
}

// usual is what is answered at path when all goes well.
func (h *house) usual(path string) func(url.Values) step {
	ok := func(body string) func(url.Values) step {
		return func(url.Values) step { return step{status: http.StatusOK, body: body} }
	}
	switch path {
	case "/.well-known/openid-configuration":
		return ok(houseDocument(`"authorization_response_iss_parameter_supported":true`))
	case "/device":
		return ok(`{"device_code":"MARKER-device","user_code":"WDJB-MJHT","verification_uri":"https://acme.test/go","expires_in":600,"interval":5,` +
			`"verification_uri_complete":"https://acme.test/go?c=WDJB-MJHT"}`)
	case "/token":
		return h.rotate
	case "/userinfo":
		return ok(`{"sub":"s-1","name":"Ann"}`)
	case "/revoke":
		return ok("")
	}
	return func(url.Values) step { return step{status: http.StatusNotFound} }
}

// houseDocument is the house's discovery document, with more members.
func houseDocument(more string) string {
	const at = "https://acme.test/acme/system"
	return fmt.Sprintf(`{"issuer":%q,"token_endpoint":%q,"authorization_endpoint":%q,"device_authorization_endpoint":%q,
		"userinfo_endpoint":%q,"revocation_endpoint":%q,"jwks_uri":%q,%s}`,
		at, at+"/token", at+"/authorize", at+"/device", at+"/userinfo", at+"/revoke", at+"/jwks", more)
}

// rotate grants the next access token and the next refresh token: a and 1, b and 2.
func (h *house) rotate(url.Values) step {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refresh++
	return signedIn(string(rune('a'+(h.refresh-1)%26)), fmt.Sprintf("MARKER-refresh-%d", h.refresh))
}

// signedIn grants the access token of that name for an hour, with a refresh token, "" for none.
func signedIn(name, refresh string) step {
	body, _ := json.Marshal(map[string]any{
		"access_token": markerToken + "-" + name, "token_type": "bearer", "expires_in": 3600, "refresh_token": refresh,
	})
	return step{status: http.StatusOK, body: string(body)}
}

// source returns a source of the house for staff, and its log; change may change the configuration.
func (h *house) source(t *testing.T, grant token.Grant, change ...func(*token.Config)) (*token.Source, *bytes.Buffer) {
	t.Helper()
	u, err := url.Parse("https://acme.test/acme/system")
	if err != nil {
		t.Fatal(err)
	}
	log := new(bytes.Buffer)
	c := token.Config{
		IssuerURL: u, ClientID: "desk", Grant: grant, Scopes: []string{"openid", "identity"},
		Identify:   identify(t, clientauth.Credentials{Method: clientauth.None, ClientID: "desk"}),
		HTTPClient: &http.Client{Transport: h}, Logger: slog.New(slog.NewTextHandler(log, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	return token.NewSource(c), log
}

// enter signs a member of staff in by the device flow.
func enter(t *testing.T, s *token.Source) registration.Operator {
	t.Helper()
	begun, err := s.SignIn(t.Context())
	if err != nil {
		t.Fatalf("SignIn() = %v", err)
	}
	progress, err := begun.Poll(t.Context())
	if err != nil || !progress.Done {
		t.Fatalf("Poll() = %+v, %v, want it done", progress, err)
	}
	return progress.Operator
}

// wantKind fails the test unless err is an *Error of that kind, and returns the sentence for staff.
func wantKind(t *testing.T, what string, err error, want registration.ProblemKind) string {
	t.Helper()
	known, ok := err.(*token.Error) //nolint:errorlint // which it is without being wrapped
	if !ok {
		t.Fatalf("%s = %v (%T), want an *Error", what, err, err)
	}
	p := known.Problem()
	if p.Kind != want {
		t.Errorf("%s = %v of kind %s, want %s", what, err, p.Kind, want)
	}
	discloses(t, what, err.Error()+p.Staff)
	return p.Staff
}

// wantNobody fails the test when somebody is signed in, or a token is handed out.
func wantNobody(t *testing.T, s *token.Source) {
	t.Helper()
	if who, ok := s.Operator(); ok {
		t.Errorf("Operator() = %+v, want nobody", who)
	}
	got, err := s.Token(t.Context())
	if got != nil {
		t.Fatalf("Token() = %s, want none", got.AccessToken)
	}
	wantKind(t, "Token()", err, registration.StaffSignIn)
}

// wantSomebody fails the test when nobody is signed in.
func wantSomebody(t *testing.T, s *token.Source) {
	t.Helper()
	if who, ok := s.Operator(); !ok || who.Name != "Ann" {
		t.Errorf("Operator() = %+v, %t, want Ann", who, ok)
	}
}

// A drawer is a Keeper in memory, which notes what is done to it.
type drawer struct {
	mu   sync.Mutex
	text secret.Text
	err  error
	done []string
}

func (d *drawer) note(what string) error {
	d.done = append(d.done, what)
	return d.err
}

func (d *drawer) Load() (secret.Text, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text, d.err
}

func (d *drawer) Save(text secret.Text) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var k struct {
		Refresh string `json:"refresh_token"`
	}
	_ = json.Unmarshal([]byte(text.Reveal()), &k)
	d.text = text
	return d.note("save " + k.Refresh)
}

func (d *drawer) Delete() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = secret.Text{}
	return d.note("delete")
}

// keptIn makes d the Keeper.
func keptIn(d token.Keeper) func(*token.Config) {
	return func(c *token.Config) { c.Staff.Keeper = d }
}

// blocked is a Keeper whose keyring asks somebody to unlock it, until release is closed.
type blocked struct {
	*drawer
	release chan struct{}
}

func (b blocked) Save(text secret.Text) error {
	<-b.release
	return b.drawer.Save(text)
}

func (b blocked) Delete() error {
	<-b.release
	return b.drawer.Delete()
}

// within is a context that ends after seconds.
func within(t *testing.T, seconds int) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), secondsOf(seconds))
	t.Cleanup(cancel)
	return ctx
}
