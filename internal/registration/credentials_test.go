package registration_test

import (
	"strings"
	"testing"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

func TestThePoolDecidesWhichCredentialsAreAsked(t *testing.T) {
	email, mobile, uid := asked(registration.Email), asked(registration.Mobile), asked(registration.UID)
	optional := []registration.IdentifierSetting{{Type: registration.UID, Required: true}, {Type: registration.Email}}
	invitation := registration.Settings{Status: registration.New, Mode: registration.ModeInvitation, Verification: registration.VerifyLink, Identifiers: email}
	of := func(ids []registration.IdentifierSetting) registration.Settings {
		return registration.Settings{Status: registration.Active, Identifiers: ids}
	}
	tests := []struct {
		name           string
		first, second  string
		settings       registration.Settings
		password, totp bool
		refused        string // a part of why nobody could sign in
	}{
		{"nothing said", "", "", of(email), true, false, ""},
		{"passwords", "password", "", of(email), true, false, ""},
		{"passwords and TOTP", "password totp", "", of(email), true, true, ""},
		{"TOTP alone", "totp", "", of(uid), false, true, ""},
		{"a code by e-mail", "email_otp", "", of(email), false, false, ""},
		{"a code to either", "otp", "", of(mobile), false, false, ""},
		{"a code by e-mail, and no e-mail address", "email_otp", "", of(mobile), false, false, "make it required in registration.identifiers"},
		{"a code by e-mail, and an address that may be missing", "email_otp", "", of(optional), false, false, "make it required"},
		{"a security key", "webauthn", "", of(email), false, false, "lets nobody sign in with what can be set up at a terminal"},
		{"a second factor that is TOTP only", "password", "totp", of(email), true, true, ""},
		{"a second factor that can be a code", "password", "totp email_otp", of(email), true, false, ""},
		{"an invitation", "password totp", "", invitation, false, false, ""},
		{"an invitation to set up a security key", "webauthn", "", invitation, false, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pool := registration.Pool{ID: "p", Mechanisms: strings.Fields(tt.first), SecondFactors: strings.Fields(tt.second)}
			form, err := registration.NewForm(pool, nil, nil, tt.settings)
			switch {
			case tt.refused != "":
				if err == nil || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("NewForm = %v, want an error with %q", err, tt.refused)
				}
			case err != nil:
				t.Errorf("NewForm = %v", err)
			case form.AsksPassword() != tt.password || form.AsksTOTP() != tt.totp:
				t.Errorf("password %t, TOTP %t, want %t, %t", form.AsksPassword(), form.AsksTOTP(), tt.password, tt.totp)
			}
		})
	}
}

func TestCredentialsThatAreNotAskedAreRefused(t *testing.T) {
	const good = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	tests := []struct {
		name, mechanisms, password, totp string
		want                             string
	}{
		{"a password nobody asks for", "email_otp", "correct horse battery", "", "password_rejected unknown"},
		{"a secret nobody asks for", "password", "correct horse battery", good, "details_rejected unknown"},
		{"no secret", "password totp", "correct horse battery", "", "details_rejected required"},
		{"a secret that is none", "password totp", "correct horse battery", "not base32!", "details_rejected totp_secret"},
		{"a secret that is soon guessed", "password totp", "correct horse battery", "JBSWY3DP", "details_rejected totp_secret"},
		{"both", "password totp", "correct horse battery", good, "sign_in active"},
		{"none, where none is asked", "email_otp", "", "", "sign_in active"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := &office{pool: registration.Pool{ID: "p", Mechanisms: strings.Fields(tt.mechanisms)}}
			v := enter(t, o, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)}, "ann@example.com")
			d := v.draft("ann@example.com")
			d.Password, d.TOTPSecret = secret.New(tt.password), secret.New(tt.totp)
			v.sub = registration.NewSubmission(d)
			v.says(v.register(), tt.want)
		})
	}
}
