package config

import "slices"

// scopeTransientOTP is the scope of the Public API by which an address is proven before there is a user.
const scopeTransientOTP = "transient_otp"

// checkFlow rejects settings that are good each for itself and make no sense together: people could not finish, or would be
// asked for nothing.
func (l *loader) checkFlow() {
	if !l.good("registration.api", "registration.status", "registration.mode", "registration.verification", "registration.identifiers") {
		return
	}
	l.deriveVerification()
	l.checkInvitation()
	l.checkVerification()
	if l.config.Registration.API == APISelfRegister {
		l.checkSelfRegistration()
	}
}

// deriveVerification sends people who are new what makes them active, unless it is said how: a code for the screen, or the link
// of an invitation.
func (l *loader) deriveVerification() {
	r := &l.config.Registration
	if l.config.Origin("registration.verification") != defaultOrigin {
		return
	}
	switch {
	case r.Mode == ModeInvitation:
		r.Verification = VerificationLink
	case r.API == APISelfRegister || r.Status == StatusNew:
		r.Verification = VerificationCode
	}
}

// checkInvitation rejects invitations that nobody would get or could follow.
func (l *loader) checkInvitation() {
	r := l.config.Registration
	if r.Mode != ModeInvitation {
		return
	}
	const path = "registration.mode"
	switch {
	case r.API != APICreate:
		l.reject(path, "is invitation, but people who register themselves are not invited", "set registration.api to create")
	case r.Status != StatusNew:
		l.reject(path, "is invitation, but only a user who is new can be invited", "set registration.status to new")
	case r.Verification != VerificationLink:
		l.reject(path, "is invitation, but no link is sent that leads to a password", "set registration.verification to link")
	}
}

// checkVerification rejects the proof of an address that nobody gives, and one that comes too late.
func (l *loader) checkVerification() {
	r := l.config.Registration
	const path = "registration.verification"
	if r.Verification == VerificationNone {
		if r.API == APISelfRegister || r.Status == StatusNew {
			l.reject(path, "is none, but nobody would be sent what makes a new user active", "write code or link")
		}
		return
	}
	if !slices.ContainsFunc(r.Identifiers, func(i Identifier) bool { return i.Required && i.address() }) {
		l.reject(path, "is "+string(r.Verification)+", but there may be no address to send to",
			"make an email or a mobile required in registration.identifiers")
	}
	if r.Verification != VerificationBefore {
		return
	}
	switch {
	case r.API != APICreate:
		l.reject(path, "is before, but the tenant proves the address of people who register themselves afterwards",
			"write code or link, or set registration.api to create")
	case r.Status == StatusNew:
		l.reject(path, "is before, but a user who is new is sent another code", "set registration.status to active or inactive")
	}
	l.checkTransientScope()
}

// checkTransientScope asks for the scope by which an address is proven before there is a user. It is among the scopes that go
// without saying; scopes that are given have to name it.
func (l *loader) checkTransientScope() {
	const path = "auth.scopes"
	a := &l.config.Auth
	switch {
	case !l.good(path) || slices.Contains(a.Scopes, scopeTransientOTP):
	case l.config.Origin(path) == defaultOrigin:
		a.Scopes = append(slices.Clone(a.Scopes), scopeTransientOTP)
	default:
		l.reject(path, "lacks the scope "+scopeTransientOTP+", which registration.verification before needs",
			"add "+scopeTransientOTP+", and assign it to the client in the tenant")
	}
}

// checkSelfRegistration rejects what Self Register User cannot be sent: it takes one identifier, and besides it an address of
// another type, its otp_address.
func (l *loader) checkSelfRegistration() {
	r := l.config.Registration
	const path = "registration.identifiers"
	switch {
	case len(r.Identifiers) == 0:
		return
	case len(r.Identifiers) > 2:
		l.reject(path, "has more than the two that people can register themselves with", "keep the identifier, and an email or mobile to send to")
	case !r.Identifiers[0].Required:
		l.reject(path, "begins with an optional one, but that is the identifier that people register with", "make the first required")
	case len(r.Identifiers) == 2 && !r.Identifiers[1].address():
		l.reject(path, "ends with "+string(r.Identifiers[1].Type)+", but the second is the otp_address, which messages go to",
			"make the second email or mobile")
	case len(r.Identifiers) == 2 && !r.Identifiers[0].address() && !r.Identifiers[1].Required && r.Verification != VerificationNone:
		l.reject(path, "may leave nothing to send to", "make the second required")
	}
	if slices.ContainsFunc(r.Identifiers, func(i Identifier) bool { return i.Type == IdentifierExternal }) {
		l.reject(path, "asks for external, which the tenant cannot tell from uid when people register themselves", "write uid")
	}
	if len(r.Metadata) > 0 {
		l.reject("registration.metadata", "cannot be set on people who register themselves", "take it out, or set registration.api to create")
	}
}

// address reports whether messages can be sent to an identifier.
func (i Identifier) address() bool { return i.Type == IdentifierEmail || i.Type == IdentifierMobile }
