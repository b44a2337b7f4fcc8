package identitypools

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"foyer/internal/registration"
)

func FuzzRefused(f *testing.F) {
	for _, seed := range []string{
		`{"status_code":422,"error":"x","error_code":"unprocessable_entity","details":{"/payload/given_name":"is required"}}`,
		`{"error_code":404,"details":[{"path":"identifiers[0].identifier"}]}`,
		`{"details":{"errors":[{"field":"credentials.0.password","name":"x"}]}}`,
		`{"details":{"payload":{"a":[1,[2,{"b":null}]]}}}`,
		`{"details":"#/$.."}`, `[]`, `null`, ``, "<html>",
	} {
		f.Add(http.StatusUnprocessableEntity, []byte(seed), "5")
	}
	user := NewUser{
		Identifiers: []NewUserIdentifier{{"email", "a@b.test"}, {"uid", "ann"}},
		Payload:     map[string]any{"given_name": "Ann"},
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, wait string) {
		e := refused(opCreateUser, answer{status, http.Header{"Retry-After": {wait}, "X-Trace-Id": {wait}}, body, false}, time.Unix(0, 0))
		e.Fields = draftFields(e.paths, user)
		p := e.Problem()
		if p == nil || p.Kind == "" || p.RetryAfter < 0 || p.RetryAfter > maxRetryAfter {
			t.Errorf("refused(%d, %q, %q).Problem() = %+v, want a kind and a bounded wait", status, body, wait, p)
		}
		for _, field := range e.Fields {
			if !strings.HasPrefix(field, "/") || strings.ContainsFunc(field, unicode.IsControl) {
				t.Errorf("draftFields(%q) has %q, want a clean pointer", body, field)
			}
		}
		if p.Kind == registration.PasswordRejected && p.Field != registration.PointerPassword {
			t.Errorf("refused(%d, %q).Problem() = %+v, want it at the password", status, body, p)
		}
		if strings.ContainsFunc(e.Error(), unicode.IsControl) {
			t.Errorf("refused(%d, %q).Error() = %q, want a clean line", status, body, e)
		}
	})
}
