package config_test

import (
	"slices"
	"strings"
	"testing"
)

func TestWaysInThatMakeSense(t *testing.T) {
	for _, give := range []string{
		"{api: self_register}",
		"{status: new}",
		"{status: new, mode: invitation}",
		"{api: self_register, verification: code}",
		"{api: self_register, verification: link, identifiers: 'uid, email'}",
		"{api: self_register, verification: code, identifiers: 'email, mobile?'}",
		"{verification: code}",
		"{status: inactive, verification: link}",
		"{status: new, verification: code}",
		"{status: new, verification: link, identifiers: 'uid, mobile'}",
		"{status: new, verification: link, mode: invitation}",
		"{verification: before}",
		"{status: inactive, verification: before}",
	} {
		load(t, complete+"registration: "+give+"\n", env())
	}
}

func TestWaysInThatMakeNone(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"a code with nowhere to send it", "{verification: code, identifiers: uid}", "registration.verification (foyer.yaml:6): is code, but there may be no address to send to"},
		{"a code to an address that may be missing", "{status: new, verification: code, identifiers: 'uid, email?'}", "may be no address"},
		{"an invitation of who registers themselves", "{api: self_register, mode: invitation}", "registration.mode (foyer.yaml:6): is invitation, but people who register themselves"},
		{"an invitation of an active user", "{mode: invitation}", "set registration.status to new"},
		{"a new user who is sent nothing", "{status: new, verification: none}", "registration.verification (foyer.yaml:6): is none, but nobody would be sent"},
		{"a self-registration that is sent nothing", "{api: self_register, verification: none}", "write code or link"},
		{"an invitation without a link", "{mode: invitation, status: new, verification: code}", "set registration.verification to link"},
		{"a proof before self-registration", "{api: self_register, verification: before}", "registration.verification (foyer.yaml:6): is before, but the tenant proves"},
		{"a proof before another code", "{status: new, verification: before}", "is before, but a user who is new is sent another code"},
		{"self-registration with three names", "{api: self_register, identifiers: 'uid, email, mobile'}", "registration.identifiers (foyer.yaml:6): has more than the two"},
		{"self-registration with an optional name", "{api: self_register, identifiers: 'email?, mobile'}", "make the first required"},
		{"an otp_address that is none", "{api: self_register, identifiers: 'email, uid'}", "the second is the otp_address"},
		{"an otp_address of the identifier's own type", "{api: self_register, identifiers: 'email, email'}", "asks for email more than once"},
		{"an otp_address that may be missing", "{api: self_register, verification: code, identifiers: 'uid, email?'}", "may leave nothing to send to"},
		{"self-registration with a name that looks like another", "{api: self_register, identifiers: 'external, email'}", "asks for external"},
		{"metadata that cannot be set", "{api: self_register, metadata: {desk: north}}", "registration.metadata (foyer.yaml:6): cannot be set on people who register themselves"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"foyer.yaml": complete + "registration: " + tt.give + "\n"}
			if got := mistakes(t, source(files, env())); !strings.Contains(got, tt.want) {
				t.Errorf("Load with %s =\n%s\nwant %q in it", tt.give, got, tt.want)
			}
		})
	}
}

func TestTheScopeOfAProof(t *testing.T) {
	before := complete + "registration: {verification: before}\n"
	if c := load(t, before, env()); !slices.Contains(c.Auth.Scopes, "transient_otp") {
		t.Errorf("the scopes are %v, want transient_otp among them", c.Auth.Scopes)
	}
	if c := load(t, complete, env()); slices.Contains(c.Auth.Scopes, "transient_otp") {
		t.Errorf("the scopes are %v: transient_otp is asked for in vain", c.Auth.Scopes)
	}
	files := map[string]string{"foyer.yaml": before}
	got := mistakes(t, source(files, env("FOYER_AUTH_SCOPES=identity")))
	if !strings.Contains(got, "auth.scopes (FOYER_AUTH_SCOPES): lacks the scope transient_otp") {
		t.Errorf("Load with scopes that lack it =\n%s", got)
	}
}
