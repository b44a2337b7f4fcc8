package clientauth_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
)

func TestTransportAddsTheProofOfEachMethod(t *testing.T) {
	const sent = "grant_type=client_credentials&scope=a+b"
	id := "client_id=" + url.QueryEscape(clientID) + "&"
	basic := base64.StdEncoding.EncodeToString([]byte("kiosk+1%3Aa:" + url.QueryEscape(awkward)))
	tests := []struct {
		method clientauth.Method
		header string
		form   string
	}{
		{clientauth.ClientSecretBasic, "Basic " + basic, sent},
		{clientauth.ClientSecretPost, "", id + "client_secret=" + url.QueryEscape(awkward) + "&" + sent},
		{clientauth.TLSClientAuth, "", id + sent},
		{clientauth.SelfSignedTLSClientAuth, "", id + sent},
		{clientauth.None, "", id + sent},
	}
	for _, tt := range tests {
		t.Run(string(tt.method), func(t *testing.T) {
			got := newTenant(t).ask(t, authenticator(t, credentials(t, tt.method)))
			if got.header.Get("Authorization") != tt.header || got.form.Encode() != tt.form {
				t.Errorf("header %q, form %q, want %q, %q", got.header.Get("Authorization"), got.form.Encode(), tt.header, tt.form)
			}
			if got.length != int64(len(tt.form)) {
				t.Errorf("Content-Length = %d, want %d", got.length, len(tt.form))
			}
		})
	}
}

func TestBasicFormEncodesASpaceAsPlus(t *testing.T) {
	got := newTenant(t).ask(t, authenticator(t, credentials(t, clientauth.ClientSecretBasic)))
	r := http.Request{Header: got.header}
	id, password, _ := r.BasicAuth()
	if want := "MARKER%3A%25%2B%26+%C3%BC%3D%3F%2F"; id != "kiosk+1%3Aa" || !strings.HasPrefix(password, want) {
		t.Errorf("BasicAuth() = %s, %s, want kiosk+1%%3Aa, %s...", id, password, want)
	}
	if back, err := url.QueryUnescape(password); err != nil || back != awkward {
		t.Errorf("the password decodes to %q, %v, want %q", back, err, awkward)
	}
}

// keeper answers without a server and keeps what it is given.
type keeper struct{ requests []*http.Request }

func (k *keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	k.requests = append(k.requests, r)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// closing tells whether a body was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func post(t *testing.T, body io.Reader) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://acme.test/token", body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func TestTransportLeavesTheCallersRequestAsItIs(t *testing.T) {
	k := &keeper{}
	body := &closing{Reader: strings.NewReader("grant_type=x&client_secret=stale&client_assertion=stale")}
	r := post(t, nil)
	r.Body, r.ContentLength = body, 55
	header := r.Header.Clone()
	resp, err := authenticator(t, credentials(t, clientauth.ClientSecretBasic)).Transport(k).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if diff := cmp.Diff(header, r.Header); diff != "" || r.Body != io.ReadCloser(body) || r.ContentLength != 55 {
		t.Errorf("the request was changed: %s", diff)
	}
	if !body.closed {
		t.Error("the request's body was not closed")
	}
	sent := k.requests[0]
	for i := range 2 {
		again, err := sent.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(again)
		if string(data) != "grant_type=x" || sent.ContentLength != int64(len(data)) {
			t.Errorf("body %d = %q of length %d, want grant_type=x of 12", i, data, sent.ContentLength)
		}
	}
}

func TestTransportPassesOtherRequests(t *testing.T) {
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	tests := []struct {
		name, method string
		header       map[string]string
	}{
		{"a GET", http.MethodGet, nil},
		{"a GET with a form's type", http.MethodGet, form},
		{"a POST of JSON", http.MethodPost, map[string]string{"Content-Type": "application/json"}},
		{"a POST of no type", http.MethodPost, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := &keeper{}
			r := httptest.NewRequestWithContext(t.Context(), tt.method, "https://acme.test/token", strings.NewReader("{}"))
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}
			resp, err := authenticator(t, credentials(t, clientauth.ClientSecretBasic)).Transport(k).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if k.requests[0] != r || r.Header.Get("Authorization") != "" {
				t.Error("the request was changed, want it passed as it is")
			}
		})
	}
}

func TestTransportRefusesWhatItCannotProve(t *testing.T) {
	broken := errors.New("broken pipe")
	redirected := post(t, strings.NewReader("a=b"))
	redirected.Response = &http.Response{StatusCode: http.StatusTemporaryRedirect}
	tests := []struct {
		name string
		give *http.Request
		want string
	}{
		{"a form that is too long", post(t, bytes.NewReader(make([]byte, 64<<10+1))), "64 KiB"},
		{"a form that does not parse", post(t, strings.NewReader("code=MARKER%zz")), "cannot be parsed"},
		{"a body that breaks off", post(t, io.MultiReader(strings.NewReader("a"), failing{broken})), "broken pipe"},
		{"a redirect", redirected, "redirect"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := &keeper{}
			resp, err := authenticator(t, credentials(t, clientauth.ClientSecretPost)).Transport(k).RoundTrip(tt.give)
			if err == nil {
				_ = resp.Body.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "MARKER") {
				t.Errorf("RoundTrip() = %v, want an error with %q and without the form", err, tt.want)
			}
			if len(k.requests) != 0 {
				t.Error("the request was sent")
			}
		})
	}
}

func TestALongestFormIsSent(t *testing.T) {
	k := &keeper{}
	resp, err := authenticator(t, credentials(t, clientauth.None)).Transport(k).RoundTrip(post(t, strings.NewReader("a="+strings.Repeat("b", 64<<10-2))))
	if err != nil {
		t.Fatalf("RoundTrip() = %v", err)
	}
	_ = resp.Body.Close()
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
