package identitypools

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"foyer/internal/exchange"
	"foyer/internal/registration"
)

// Problem is what e means to a person. It decides by the status; code and details are hints to which answer is at fault,
// and the tenant's sentence is not read at all.
func (e *Error) Problem() *registration.Problem {
	var source registration.Problematic
	if e.Status == 0 && errors.As(e.Err, &source) { // there was no token, so nothing was sent
		p := source.Problem()
		p.Cause, p.Unclear = e, e.Lost && e.changes()
		return p
	}
	p := e.judge()
	p.Cause = e
	switch p.Kind {
	case registration.TooMany, registration.Unavailable, registration.Misconfigured, registration.Unexpected: // the repetition was not looked at, unlike the request before
		p.Unclear = p.Unclear || e.Lost && e.changes()
	case registration.Conflict, registration.AlreadyDone, registration.PasswordRejected, registration.DetailsRejected, registration.CodeRejected,
		registration.RegistrationClosed, registration.StaffSignIn:
	}
	return p
}

func (e *Error) judge() *registration.Problem {
	switch {
	case e.Status == 0:
		return e.judgeTransport()
	case e.Status < http.StatusMultipleChoices:
		return e.judgeSuccess()
	case e.Status >= http.StatusInternalServerError, e.Status == http.StatusRequestTimeout:
		return &registration.Problem{Kind: registration.Unavailable, RetryAfter: e.RetryAfter, Unclear: e.unclear()}
	}
	if e.givesCode() {
		return e.judgeCode()
	}
	return e.judgeRefusal()
}

// judgeRefusal judges a 3xx or 4xx: the tenant did nothing.
func (e *Error) judgeRefusal() *registration.Problem {
	switch e.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		if e.takesInput() {
			return e.judgeInput()
		}
	case http.StatusConflict:
		if e.Operation == opCreateUser || e.Operation == opRequestAddress {
			return &registration.Problem{Kind: registration.Conflict, Field: e.identifier()}
		}
	case http.StatusTooManyRequests:
		return &registration.Problem{Kind: registration.TooMany, RetryAfter: e.RetryAfter}
	case http.StatusUnauthorized:
		return misconfigured("the tenant refuses a fresh access token; check that tenant.url, tenant.id and auth.issuer_url are of one tenant, and, where tokens are bound to a certificate or a key, that tenant.mtls_url leads to the API and nothing on the way replaces the certificate")
	case http.StatusForbidden:
		return e.judgeForbidden()
	case http.StatusNotFound:
		return e.judgeAbsence()
	}
	p := &registration.Problem{Kind: registration.Unexpected}
	if e.Status < http.StatusBadRequest {
		p.Staff = "the tenant sends us to another address; write that one in tenant.url"
	}
	return p
}

// judgeForbidden judges a 403: the client lacks a scope.
func (e *Error) judgeForbidden() *registration.Problem {
	if e.Operation == opInitiateTransient {
		return misconfigured("the client in auth.client_id may not send one-time passwords; grant it the scope transient_otp")
	}
	return misconfigured(fmt.Sprintf("the client in auth.client_id may not %s; grant it the scope identity and access to the pool in tenant.pool", e.Operation))
}

// judgeInput judges a refusal of what was sent.
func (e *Error) judgeInput() *registration.Problem {
	field := ""
	if len(e.Fields) > 0 {
		field = e.Fields[0]
	}
	switch {
	case field == registration.PointerPassword, field == "" && e.password:
		return &registration.Problem{
			Kind: registration.PasswordRejected, Field: registration.PointerPassword,
			Flaw: registration.Flaw{Rule: registration.RulePasswordReject},
		}
	case field == pointerMetadata:
		return misconfigured("the tenant refuses what registration.metadata and registration.mark put into metadata; make it fit the pool's metadata schema")
	}
	return &registration.Problem{
		Kind: registration.DetailsRejected, Field: field, Flaw: registration.Flaw{Rule: registration.RuleRejected},
	}
}

// identifier is the field of an identifier at fault; "" when the details name none.
func (e *Error) identifier() string {
	i := slices.IndexFunc(e.Fields, func(f string) bool { return strings.HasPrefix(f, "/"+memberIdentifiers+"/") })
	if i < 0 {
		return ""
	}
	return e.Fields[i]
}

// judgeAbsence judges a 404. One user's absence is nobody's mistake.
func (e *Error) judgeAbsence() *registration.Problem {
	switch e.Operation {
	case opGetUser, opGetUserByKey, opDeleteUser, opSendActivation, opRequestAddress, opGetTransient:
		return &registration.Problem{Kind: registration.Unexpected}
	case opInitiateTransient:
		return misconfigured("the tenant has no such workspace; check tenant.workspace")
	case opGetSchema:
		return misconfigured("the tenant lacks a schema that the pool in tenant.pool names; choose another one for the pool")
	}
	return misconfigured("the tenant has no such pool; check tenant.pool, tenant.id, tenant.url and tenant.path")
}

// judgeSuccess judges an answer of success that cannot be used. One that cannot be read may come from something between
// us and the tenant; what it answers, the user may have been created.
func (e *Error) judgeSuccess() *registration.Problem {
	p := &registration.Problem{Kind: registration.Unavailable, Unclear: e.unclear()}
	switch {
	case errors.Is(e.Err, errUnforeseen):
		p.Kind = registration.Unexpected
	case p.Unclear:
	case errors.Is(e.Err, errMalformed), errors.Is(e.Err, errTooLong):
		p.Kind = registration.Unexpected
		p.Staff = "what answers at tenant.url is not the Identity System API; check it, tenant.id and tenant.path"
	}
	return p
}

// judgeTransport judges a call without an answer.
func (e *Error) judgeTransport() *registration.Problem {
	switch {
	case errors.Is(e.Err, errID):
		return misconfigured("an id cannot stand in an address; check tenant.id and tenant.pool")
	case errors.Is(e.Err, errTooLarge), errors.Is(e.Err, errUnencodable):
		return &registration.Problem{Kind: registration.DetailsRejected, Flaw: registration.Flaw{Rule: registration.RuleRejected}}
	case exchange.RefusesCertificate(e.Err):
		return misconfigured("the tenant's API refuses the client certificate, or misses one (" + exchange.Reason(e.Err) + "); check auth.certificate_file and auth.key_file, and that the tenant trusts the certificate's authority")
	case exchange.Distrusts(e.Err):
		return misconfigured("the tenant's certificate is not trusted; check tenant.url and the clock, or name its authority in tenant.ca_file")
	}
	p := &registration.Problem{Kind: registration.Unavailable, RetryAfter: e.RetryAfter, Unclear: e.unclear()}
	if exchange.Nowhere(e.Err) {
		p.Staff = "no such host; check tenant.url and the network"
	}
	return p
}

// misconfigured is a problem that staff can mend by doing what the sentence says.
func misconfigured(staff string) *registration.Problem {
	return &registration.Problem{Kind: registration.Misconfigured, Staff: staff}
}
