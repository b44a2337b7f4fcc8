package identitypools_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"foyer/internal/registration"
)

// A lateTransport gives up on a request, and keeps its body.
type lateTransport struct {
	body  io.ReadCloser
	again func() (io.ReadCloser, error)
	read  string // before it gave up
}

var errGivenUp = errors.New("the transport gave up")

func (l *lateTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	l.body, l.again = r.Body, r.GetBody
	whole, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(whole)
	l.read = string(text)
	if r.ContentLength != int64(len(text)) {
		err = errors.Join(err, io.ErrUnexpectedEOF)
	}
	return nil, errors.Join(errGivenUp, err)
}

func TestABodyIsGoneAfterTheCall(t *testing.T) {
	transport := new(lateTransport)
	s := new(setup)
	s.connect(t, "http://tenant.example", &http.Client{Transport: transport})
	if _, err := s.client.CreateUser(t.Context(), ann(), registration.Keys{}); !errors.Is(err, errGivenUp) {
		t.Fatalf("CreateUser: %v", err)
	}
	if !strings.Contains(transport.read, `"password":"MARKER-pass`) {
		t.Fatalf("the transport reads %q, which lacks the password", transport.read)
	}
	again, err := transport.again()
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]io.Reader{"the body": transport.body, "the body for another attempt": again} {
		if text, err := io.ReadAll(body); err == nil || len(text) > 0 {
			t.Errorf("after the call %s reads as %q, %v, want an error", name, text, err)
		}
	}
}
