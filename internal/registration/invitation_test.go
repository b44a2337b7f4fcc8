package registration_test

import (
	"testing"

	"foyer/internal/registration"
)

func TestWhoWouldBeSentALinkCanBeInvitedInstead(t *testing.T) {
	email := asked(registration.Email)
	tests := []struct {
		name     string
		settings registration.Settings
		want     bool
	}{
		{"new by a link", registration.Settings{Status: registration.New, Verification: registration.VerifyLink, Identifiers: email}, true},
		{"invited anyhow", registration.Settings{Status: registration.New, Mode: registration.ModeInvitation, Verification: registration.VerifyLink, Identifiers: email}, true},
		{"new by a code", registration.Settings{Status: registration.New, Verification: registration.VerifyCode, Identifiers: email}, false},
		{"active at once", registration.Settings{Status: registration.Active, Identifiers: email}, false},
		{"active, with a link for the address", registration.Settings{Status: registration.Active, Verification: registration.VerifyLink, Identifiers: email}, false},
		{"enabled by somebody", registration.Settings{Status: registration.Inactive, Verification: registration.VerifyLink, Identifiers: email}, false},
		{"by themselves", registration.Settings{API: registration.SelfRegister, Verification: registration.VerifyLink, Identifiers: email}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := enter(t, &office{}, tt.settings, "ann@example.com")
			invitation, ok := v.form.Invitation()
			if ok != tt.want || ok && (invitation.AsksPassword() || invitation.Settings().Mode != registration.ModeInvitation) {
				t.Errorf("Invitation() = %+v, %t, want one that asks for no password: %t", invitation, ok, tt.want)
			}
		})
	}
}

func TestAnInvitationIsSentWhereALinkWouldBe(t *testing.T) {
	v := enter(t, &office{}, registration.Settings{Status: registration.New, Verification: registration.VerifyLink, Identifiers: asked(registration.Email)}, "ann@example.com")
	invitation, ok := v.form.Invitation()
	if !ok {
		t.Fatal("nobody can be invited")
	}
	asks := v.form.AsksPassword()
	v.form = invitation
	draft := v.sub.Draft
	draft.Password.Wipe()
	v.sub = registration.NewSubmission(draft)
	v.says(v.register(), "set_password new")
	v.called(`create new [{email ann@example.com}] verified="" password=false totp=false`, `send u1 ann@example.com invitation link`)
	if !asks {
		t.Error("the form that it was made of asks for no password")
	}
}
