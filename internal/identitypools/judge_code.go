package identitypools

import (
	"net/http"
	"slices"
	"strings"

	"foyer/internal/registration"
)

// takesInput reports whether what e refuses is what a person answered.
func (e *Error) takesInput() bool {
	return slices.Contains([]string{opCreateUser, opSelfRegister, opInitiateTransient}, e.Operation)
}

// givesCode reports whether the operation gives a code back.
func (e *Error) givesCode() bool {
	return slices.Contains([]string{opActivate, opCompleteAddress, opVerifyTransient}, e.Operation)
}

// unclear reports whether a call that should change something may have done so.
func (e *Error) unclear() bool { return e.Sent && e.changes() }

// changes reports whether a call should change something.
func (e *Error) changes() bool {
	reads := []string{opGetPool, opGetSchema, opGetUser, opGetUserByKey, opListUsers, opGetTransient}
	return !slices.Contains(reads, e.Operation)
}

// judgeCode judges the refusal of a code. The tenant answers alike whatever the reason, so that nobody finds out who is
// registered; a reason that it names all the same is believed.
func (e *Error) judgeCode() *registration.Problem {
	rejected := &registration.Problem{
		Kind: registration.CodeRejected, Field: registration.PointerCode, Flaw: registration.Flaw{Rule: e.codeRule()},
	}
	switch e.Status {
	case http.StatusTooManyRequests:
		return &registration.Problem{
			Kind: registration.TooMany, Field: registration.PointerCode, RetryAfter: e.RetryAfter,
			Flaw: registration.Flaw{Rule: registration.RuleCodeTries},
		}
	case http.StatusConflict:
		return &registration.Problem{Kind: registration.Conflict}
	case http.StatusForbidden:
		if e.Operation != opVerifyTransient {
			return e.judgeForbidden()
		}
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		if e.password {
			return e.judgeInput()
		}
	case http.StatusUnauthorized, http.StatusNotFound, http.StatusGone, http.StatusPreconditionFailed:
	default:
		return e.judgeRefusal()
	}
	return rejected
}

// codeRule is why a code was refused, as far as the error_code tells.
func (e *Error) codeRule() registration.Rule {
	words := strings.FieldsFunc(strings.ToLower(e.Code), func(r rune) bool { return strings.ContainsRune("_.:-", r) })
	switch {
	case slices.Contains(words, "expired"):
		return registration.RuleCodeExpired
	case slices.Contains(words, "used"):
		return registration.RuleCodeUsed
	}
	return registration.RuleCodeWrong
}
