package lines

import (
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui/field"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// totp sets up an authenticator app: the secret as text, and a code of the app that has to match before the person goes on.
func (t *talk) totp(e screen.Entry) error {
	if t.draft.TOTPSecret.IsZero() || !e.Flaw.OK() {
		t.draft.TOTPSecret.Wipe()
		t.draft.TOTPSecret, t.draft.TOTPProven = registration.NewTOTPSecret(), false
	}
	if !e.Flaw.OK() {
		t.say("totp.rejected")
	}
	t.slow = true
	defer func() { t.slow = false }()
	for {
		text, _, err := t.ask(prompt{help: "help.totp", says: t.introduceTOTP})
		if err != nil {
			return err
		}
		code, refusal := field.NewCode(registration.TOTPDigits).Update(field.Paste(text))
		switch {
		case !refusal.Silent():
			t.tell(refusal)
		case code.Value() == "" && t.draft.TOTPProven:
			return nil
		case !code.Complete():
			t.say("totp.incomplete", registration.TOTPDigits)
		case !registration.CheckTOTP(t.draft.TOTPSecret, code.Value(), t.options.Now()):
			t.say("totp.wrong")
		default:
			t.draft.TOTPProven = true
			t.say("lines.totp.done")
			return nil
		}
	}
}

// introduceTOTP says what to do, and the secret.
func (t *talk) introduceTOTP() {
	t.out.line("")
	_, details := places(t.form.Questions(t.draft), -1)
	t.number(details+len(t.form.Credentials())-1, details, wording.Say{Key: "totp.code"}, "field.required")
	t.say("totp.no_picture")
	t.say("totp.key_only")
	t.out.line(grouped(t.draft.TOTPSecret))
	t.say("lines.totp.code", registration.TOTPDigits)
	if t.draft.TOTPProven {
		t.say("totp.proven")
	}
}

// grouped is s in groups of four, to be typed.
func grouped(s secret.Text) string { return wording.Groups(s.Reveal()) }
