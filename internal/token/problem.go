package token

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"foyer/internal/exchange"
	"foyer/internal/fixable"
	"foyer/internal/registration"
)

// Error codes of RFC 6749, 4.1.2.1 and 5.2, that mean something to us.
const (
	codeInvalidClient        = "invalid_client"
	codeInvalidScope         = "invalid_scope"
	codeUnauthorizedClient   = "unauthorized_client"
	codeUnsupportedGrantType = "unsupported_grant_type"
	codeServerError          = "server_error"
	codeInvalidRequest       = "invalid_request"
	codeInvalidGrant         = "invalid_grant"
	codeAccessDenied         = "access_denied"
	codeInvalidDPoPProof     = "invalid_dpop_proof" // RFC 9449, 5
	codeUseDPoPNonce         = "use_dpop_nonce"     // RFC 9449, 8

	// RFC 8628, 3.5.
	codeAuthorizationPending = "authorization_pending"
	codeSlowDown             = "slow_down"
	codeExpiredToken         = "expired_token"
	codeUnavailable          = "temporarily_unavailable"
)

// Problem is what e means to a person. Nothing of the submission was sent when there is no token, so nothing is unclear.
func (e *Error) Problem() *registration.Problem {
	kind, staff := e.judge()
	p := &registration.Problem{Kind: kind, Staff: staff, Cause: e}
	if kind == registration.TooMany || kind == registration.Unavailable {
		p.RetryAfter = e.RetryAfter
	}
	return p
}

// judge says what sort of trouble e is, and what staff should do; "" when there is nothing to do but wait.
func (e *Error) judge() (registration.ProblemKind, string) {
	var mend *fixable.Error
	switch {
	case errors.As(e.Err, &mend):
		return registration.Misconfigured, mend.Staff
	case e.endsSession() && len(e.Missing) > 0:
		return registration.StaffSignIn, fmt.Sprintf("the sign-in does not have the scope %s, as when auth.scopes was changed since; a member of staff has to sign out and in again",
			strings.Join(e.Missing, " "))
	case e.endsSession():
		return registration.StaffSignIn, "a member of staff has to sign in"
	case e.Operation == opSignIn && e.Code == codeInvalidGrant:
		return registration.StaffSignIn, "the tenant does not honour the sign-in any more; a member of staff has to sign in again"
	case len(e.Missing) > 0:
		return registration.Misconfigured, fmt.Sprintf("the tenant does not grant client %s the scope %s; assign it to the client, or take it out of auth.scopes",
			e.ClientID, strings.Join(e.Missing, " "))
	case e.Status == http.StatusTooManyRequests:
		return registration.TooMany, ""
	}
	if staff := e.fix(); staff != "" {
		return registration.Misconfigured, staff
	}
	return e.judgeStatus()
}

// fix is the sentence for what the tenant refuses by code; "" for other codes.
func (e *Error) fix() string {
	switch {
	case e.refusesProof() && e.Unproven:
		return fmt.Sprintf("the tenant asks client %s for a proof of its key; set auth.dpop to true", e.ClientID)
	case e.refusesProof():
		return fmt.Sprintf("the tenant refuses the DPoP proof of client %s; check this machine's clock, and whether auth.dpop suits the client", e.ClientID)
	case e.Code == codeUnauthorizedClient, e.Code == codeUnsupportedGrantType:
		return fmt.Sprintf("the tenant does not let client %s use the grant %s; enable it for the client, and start Foyer again", e.ClientID, e.Grant)
	case e.Code == codeInvalidScope:
		return fmt.Sprintf("the tenant does not let client %s ask for one of the scopes %s; assign them to the client, or take out of auth.scopes which the tenant does not have", e.ClientID, strings.Join(e.Scopes, " "))
	case e.refusesClient():
		return fmt.Sprintf("the tenant does not accept client %s; check %s. It is tried again when that changes, or when Foyer is started again",
			e.ClientID, enumerate(append([]string{"auth.client_id", "auth.method"}, e.Proof...)))
	case e.Code == codeInvalidRequest, e.Code == codeInvalidGrant && e.Grant == ClientCredentials: // what a server says that misses a proof
		return fmt.Sprintf("the tenant refuses the token request of client %s; check that the tenant lets it use the grant %s, and whether auth.method and auth.dpop suit the client", e.ClientID, e.Grant)
	}
	return ""
}

// enumerate lists things as a sentence does: "a, b and c".
func enumerate(things []string) string {
	last := len(things) - 1
	return strings.Join(things[:last], ", ") + " and " + things[last]
}

// judgeStatus judges by the status, and by what went wrong on the way.
func (e *Error) judgeStatus() (registration.ProblemKind, string) {
	switch {
	case e.Status >= http.StatusInternalServerError, e.Status == http.StatusRequestTimeout,
		e.Code == codeUnavailable, e.Code == codeServerError:
		return registration.Unavailable, ""
	case errors.Is(e.Err, errTooLong), errors.Is(e.Err, errNoToken), errors.Is(e.Err, errNoCode):
		return registration.Unexpected, ""
	case errors.Is(e.Err, errNoMetadata):
		return registration.Unexpected, "what answers at auth.issuer_url is no authorization server; check it, tenant.url and tenant.id"
	case e.Status == http.StatusNotFound:
		return registration.Misconfigured, "there is no OAuth endpoint of the tenant there (status 404); check auth.issuer_url, tenant.url, tenant.id and tenant.path"
	case e.Status >= http.StatusBadRequest: // whatever it says, the request is of our configuration
		return registration.Misconfigured, fmt.Sprintf("the tenant's OAuth endpoints answer with status %d; check the client in auth.client_id, auth.issuer_url, tenant.url and tenant.id", e.Status)
	case e.Status >= http.StatusMultipleChoices && e.Status < http.StatusBadRequest:
		return registration.Unexpected, "the tenant sends us to another address, where no secret is sent; write that one in auth.issuer_url and tenant.url"
	case e.Err != nil:
		return e.judgeTransport()
	}
	return registration.Unexpected, ""
}

// judgeTransport judges what went wrong on the way.
func (e *Error) judgeTransport() (registration.ProblemKind, string) {
	switch {
	case ended(e.Err):
		return registration.Unavailable, ""
	case errors.Is(e.Err, errOtherIssuer):
		return registration.Unexpected, "the sign-in was answered by another issuer than auth.issuer_url; somebody may have tried to take it over"
	case exchange.RefusesCertificate(e.Err):
		return registration.Misconfigured, "the tenant refuses the client certificate, or misses one (" + exchange.Reason(e.Err) + "); check auth.certificate_file and auth.key_file, and that the tenant trusts the certificate's authority"
	case exchange.Distrusts(e.Err):
		return registration.Misconfigured, "the tenant's certificate is not trusted; check tenant.url and the clock, or name its authority in tenant.ca_file"
	case exchange.Nowhere(e.Err):
		return registration.Unavailable, "no such host; check auth.issuer_url, tenant.url and the network"
	}
	return registration.Unavailable, ""
}
