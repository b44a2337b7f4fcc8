package wording

import "foyer/internal/registration"

// Ahead is what lies ahead of a person, in its order; form is nil until it was read.
func Ahead(form *registration.Form) []Say {
	steps := []Say{{Key: "welcome.details"}}
	if form == nil {
		return append(steps, Say{Key: "welcome.password"}, Say{Key: "welcome.last"})
	}
	if form.AsksPassword() {
		steps = append(steps, Say{Key: "welcome.password"})
	}
	if form.AsksTOTP() {
		steps = append(steps, Say{Key: "welcome.totp"})
	}
	switch settings := form.Settings(); {
	case form.EntersCode():
		return append(steps, Say{Key: "welcome.review"}, Say{Key: "welcome.code"})
	case settings.Mode == registration.ModeInvitation:
		return append(steps, Say{Key: "welcome.review"}, Say{Key: "welcome.invitation"})
	case settings.Verification == registration.VerifyLink:
		return append(steps, Say{Key: "welcome.review"}, Say{Key: "welcome.link"})
	}
	return append(steps, Say{Key: "welcome.last"})
}
