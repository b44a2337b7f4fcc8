package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/pquerna/otp/totp"

	"foyer/internal/registration"
)

// toTOTP leads to the authenticator app's screen.
func toTOTP(t *testing.T) (*driver, *desk) {
	t.Helper()
	desk := newDesk(t)
	desk.form = formOf(t, registration.Settings{Status: registration.Active}, "password", "totp")
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good)
	d.until("Set up your authenticator app")
	return d, desk
}

// secret reads the key off the screen, as somebody who cannot scan it: what stands there in groups of four.
func (d *driver) secret() string {
	d.t.Helper()
	var secret string
	for word := range strings.FieldsSeq(d.view()) {
		if len(word) == 4 && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == "" {
			secret += word
		}
	}
	if len(secret) != 32 {
		d.t.Fatalf("the key on the screen is %q:\n%s", secret, d.view())
	}
	return secret
}

func (d *driver) appCode(secret string, late time.Duration) string {
	d.t.Helper()
	code, err := totp.GenerateCode(secret, d.clock.Now().Add(late))
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

func TestAnAuthenticatorAppIsSetUp(t *testing.T) {
	d, desk := toTOTP(t)
	d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	secret := d.secret()
	d.press("<enter>")
	d.until("Type all 6 digits")
	d.press("000000<enter>")
	d.until("This is not the code of the app")
	d.press(d.appCode(secret, 5*time.Minute) + "<enter>")
	d.until("This is not the code of the app")
	d.press(d.appCode(secret, -30*time.Second) + "<enter>") // a telephone that is slow
	d.until("Is everything right?")
	d.until("Authenticator app")
	d.press("<enter>")
	d.wait("the submission", func() bool { return len(desk.submissions()) == 1 })
	if got := desk.submissions()[0].Draft.TOTPSecret.Reveal(); got != secret {
		t.Error("another secret was sent than the one on the screen")
	}
	desk.willCreate()
	d.until("You are registered")
	if strings.Contains(d.view(), secret[:4]) {
		t.Error("the secret is still on the screen")
	}
}

func TestTheSecretStaysTheSameOnTheWayBackAndForth(t *testing.T) {
	d, _ := toTOTP(t)
	d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	secret := d.secret()
	d.press("<back>")
	d.until("Your password")
	d.press("<enter><enter>")
	d.until("authenticator app")
	if d.secret() != secret {
		t.Error("the app on the person's phone has another secret now")
	}
	d.press(d.appCode(secret, 0) + "<enter>")
	d.until("Is everything right?")
	d.press("<up><enter>")
	d.until("The app is set up")
	d.press("<enter>") // it need not be proven twice
	d.until("Is everything right?")
}

func TestASecretThatIsRefusedIsReplaced(t *testing.T) {
	d, desk := toTOTP(t)
	d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	first := d.secret()
	d.press(d.appCode(first, 0) + "<enter>")
	d.until("Is everything right?")
	d.press("<enter>")
	desk.willFail(registration.Problem{Kind: registration.DetailsRejected, Field: "/totp_secret", Flaw: registration.Flaw{Rule: registration.RuleRejected}})
	d.until("One answer was not accepted")
	d.press("<enter>")
	d.until("Here is a new one")
	if d.secret() == first {
		t.Error("the same secret is offered again")
	}
}

func TestWhereTheWindowIsTooSmallThereIsTheKeyAlone(t *testing.T) {
	d, _ := toTOTP(t)
	for _, size := range []tea.WindowSizeMsg{{Width: 40, Height: 12}, {Width: 40, Height: 15}, {Width: 60, Height: 20}} {
		d.send(size)
		if v := d.view(); strings.Contains(v, "▀") || !strings.Contains(v, "The code that the app shows") {
			t.Errorf("at %dx%d the screen is:\n%s", size.Width, size.Height, v)
		}
		if size.Height > 12 {
			d.secret()
		}
	}
	for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 60, Height: 50}, {Width: 200, Height: 50}} {
		d.send(size)
		if !strings.Contains(d.view(), "▀") {
			t.Errorf("at %dx%d there is no picture:\n%s", size.Width, size.Height, d.view())
		}
		d.secret()
	}
}

func TestAPoolWithoutPasswordsAsksNone(t *testing.T) {
	desk := newDesk(t)
	desk.form = formOf(t, registration.Settings{Status: registration.Active}, "email_otp")
	d := start(t, options(t, desk))
	d.wait("a welcome that announces no password", func() bool {
		return strings.Contains(d.view(), "Press Enter") && !strings.Contains(d.view(), "Choose a password")
	})
	d.press("<enter>ann@example.com<enter><enter>Ann<enter><enter><enter><enter><enter>")
	d.until("Is everything right?")
	d.until("Step 2 of 2")
	if strings.Contains(d.view(), "Password") {
		t.Errorf("a password is reviewed:\n%s", d.view())
	}
	d.press("<enter>")
	desk.willCreate()
	d.until("You are registered")
}
