package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sent returns the code that was sent to an address last, and waits for it.
func (s *tenantServer) sent(t *terminal, address string) string {
	t.t.Helper()
	var code string
	t.wait("a code for "+address, func() bool {
		for _, m := range s.Outbox() {
			if m.To == address {
				code = m.Code
			}
		}
		return code != ""
	})
	return code
}

// withSelfRegistration are the variables of that way in.
func withSelfRegistration(env []string) []string {
	return append(env, "FOYER_REGISTRATION_API=self_register", "FOYER_REGISTRATION_VERIFICATION=code")
}

func TestAPersonRegistersThemselvesWithACode(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, append(withSelfRegistration(tenant.env), "FOYER_LOG_FILE=log.json", "FOYER_LOG_LEVEL=debug"))
	s.until("Press Enter to begin")
	s.press(answers("ann@example.com") + "\r")
	s.until("Type your code")
	s.until("ann@example.com")
	s.press("000000\r")
	s.until("This is not the code")
	code := tenant.sent(s, "ann@example.com")
	s.press(code[:3] + " " + code[3:] + "\r")
	s.until("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in: %s", got)
	}
	s.press("\x03\x03")
	s.exit()
	logged, err := os.ReadFile(filepath.Join(s.home, "log.json"))
	if err != nil || !strings.Contains(string(logged), `"problem":"code_rejected"`) {
		t.Errorf("the log lacks the refusal: %v\n%s", err, logged)
	}
	for where, text := range map[string]string{"the log": string(logged), "the tenant's log": tenant.log.String()} {
		if regexp.MustCompile(`\b` + code + `\b`).MatchString(text) {
			t.Errorf("the code is in %s", where)
		}
	}
}

// TestNobodyFindsOutWhoIsRegistered goes the whole way with a free and with a taken address, side by side: every screen is the
// same but for the address and the reference, after a wrong code and another message, too.
func TestNobodyFindsOutWhoIsRegistered(t *testing.T) {
	t.Parallel()
	tenant := serve(t, "customers")
	owner := open(t, 80, 24, tenant.env)
	owner.until("Press Enter to begin")
	owner.press(answers("ann@example.com") + "\r")
	owner.until("You are registered")

	free := open(t, 80, 24, withSelfRegistration(tenant.env))
	taken := open(t, 80, 24, withSelfRegistration(tenant.env))
	for address, s := range map[string]*terminal{"bob@example.com": free, "ann@example.com": taken} {
		s.until("Press Enter to begin")
		s.press(answers(address) + "\r")
		s.until("Type your code")
	}
	alike := func(after string) {
		t.Helper()
		var a, b string
		free.wait("the same screen "+after, func() bool {
			a, b = anonymous(free.text()), anonymous(taken.text())
			return a == b
		})
		if a != b {
			t.Errorf("%s the screens differ, -free +taken:\n%s", after, cmp.Diff(a, b))
		}
	}
	each := func(keys string) {
		free.press(keys)
		taken.press(keys)
	}
	alike("after registering")
	each("000000\r")
	free.until("This is not the code")
	taken.until("This is not the code")
	alike("after a wrong code")
	for _, s := range []*terminal{free, taken} {
		s.waitLong(45*time.Second, "the offer of another code", func() bool { return !strings.Contains(s.text(), "(in ") })
	}
	each("\x1b[B\r")
	free.until("Another code went to")
	taken.until("Another code went to")
	alike("after another message")
	for try := range 5 {
		each(fmt.Sprintf("%06d\r", try))
		for _, s := range []*terminal{free, taken} {
			s.until(fmt.Sprintf("│ %d │\n", try))
			s.wait("an answer", func() bool { return strings.Contains(s.text(), "✗") })
		}
		alike(fmt.Sprintf("after wrong code %d", try))
	}
	free.until("You can go on in")
	taken.until("You can go on in")
	each("\x1b")
	free.until("Leave it for now?")
	taken.until("Leave it for now?")
	alike("on leaving")
	each("\r")
	free.until("Not finished yet")
	taken.until("Not finished yet")
	alike("at the end")

	for _, m := range tenant.Outbox() {
		if m.To == "ann@example.com" && m.Kind != "already_used" {
			t.Errorf("the owner of the taken address was sent a message of kind %s", m.Kind)
		}
	}
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("the owner signs in: %s", got)
	}
}

// anonymous is a screen without what has to differ: the address, the reference, and a second that one clock is ahead.
func anonymous(screen string) string {
	screen = strings.NewReplacer("ann@", "xxx@", "bob@", "xxx@").Replace(screen)
	screen = regexp.MustCompile(`Reference: \S+`).ReplaceAllString(screen, "Reference: -")
	screen = regexp.MustCompile(`another \d+:\d\d`).ReplaceAllString(screen, "another -")
	return regexp.MustCompile(`(\(?in) \d+ seconds?`).ReplaceAllString(screen, "$1 - seconds")
}

func TestAnAddressIsProvenBeforeThereIsAnybody(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, append(tenant.env, "FOYER_REGISTRATION_VERIFICATION=before"))
	s.until("Press Enter to begin")
	s.press(answers("ann@example.com") + "\r")
	s.until("Type your code")
	if got := tenant.signIn(t, "ann@example.com"); got != "user_not_found" {
		t.Errorf("before the code is given back, signing in: %s", got)
	}
	s.press(tenant.sent(s, "ann@example.com") + "\r")
	s.until("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in: %s", got)
	}
}

func TestATypingMistakeInTheAddressIsPutRight(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, append(tenant.env, "FOYER_REGISTRATION_STATUS=new", "FOYER_REGISTRATION_VERIFICATION=code"))
	s.until("Press Enter to begin")
	s.press(answers("ann@exmaple.com") + "\r")
	s.until("Type your code")
	s.press("\x1b[B\x1b[B\r")
	s.until("Your details")
	s.press("\x15ann@example.com\r")
	s.until("Is everything right?")
	s.press("\r")
	s.until("Type your code")
	s.press(tenant.sent(s, "ann@example.com") + "\r")
	s.until("You are registered")
	if got := tenant.signIn(t, "ann@exmaple.com"); got != "user_not_found" {
		t.Errorf("with the mistyped address, signing in: %s: the stranger's address is taken", got)
	}
}

func TestAPersonIsInvited(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, append(tenant.env, "FOYER_REGISTRATION_STATUS=new", "FOYER_REGISTRATION_VERIFICATION=link", "FOYER_REGISTRATION_MODE=invitation"))
	s.until("where the link leads") // the form is there
	s.press("\rann@example.com\rAnn\rLee\r")
	s.until("Is everything right?")
	s.press("\r")
	s.until("We sent an invitation to")
	if got := tenant.signIn(t, "ann@example.com"); got != "no_password" {
		t.Errorf("signing in: %s", got)
	}
}

func TestAClosedPool(t *testing.T) {
	tenant := serve(t, "closed")
	s := open(t, 80, 24, withSelfRegistration(tenant.env))
	s.until("Press Enter to begin")
	s.press("\r")
	s.until("Registration is closed")
	s.until("public_registration_allowed")
}

func TestThePracticeTenantShowsItsMailbox(t *testing.T) {
	s := open(t, 80, 24, []string{"FOYER_REGISTRATION_API=self_register", "FOYER_REGISTRATION_VERIFICATION=code"}, "kiosk", "--practice-pool", "passwordless")
	s.until("Press Enter to begin")
	s.wait("a welcome without a password", func() bool { return !strings.Contains(s.text(), "Choose a password") })
	s.press("\rann@example.com\rAnn\rLee\r")
	s.until("Is everything right?")
	s.press("\r")
	s.until("SANDBOX MAILBOX")
	digits := regexp.MustCompile(`\b\d{6}\b`)
	s.wait("a code in the mailbox", func() bool { return digits.MatchString(s.text()) })
	s.press(digits.FindString(s.text()) + "\r")
	s.until("You are registered")
}
