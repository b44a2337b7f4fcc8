package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// f9 is that key.
const f9 = "\x1b[20~"

// A duty is how staff sign in.
type duty struct {
	grant, method string
	dpop          bool
}

func (d duty) String() string {
	if d.dpop {
		return d.grant + ", " + d.method + ", DPoP"
	}
	return d.grant + ", " + d.method
}

// duties are the ways in which staff sign in.
func duties() []duty {
	return []duty{
		{"device_code", "none", false},
		{"device_code", "none", true},
		{"device_code", "client_secret_basic", false},
		{"authorization_code", "none", false},
		{"authorization_code", "none", true},
		{"authorization_code", "client_secret_post", false},
	}
}

// atDuty configures Foyer for a client with which staff sign in by d. The knobs are the server's for it.
func (a *apiServer) atDuty(t *testing.T, d duty, knobs map[string]any) *kioskOf {
	t.Helper()
	k := a.kiosk(t, a.auth.newStaffClient(t, d.method, d.dpop, knobs), "")
	k.env = append(k.env, "FOYER_AUTH_GRANT="+d.grant)
	return k
}

// signsIn has a member of staff sign in as the closed kiosk's screen says, in a browser of their own, with answers to the server's
// forms.
func (k *kioskOf) signsIn(t *testing.T, s *terminal, answers map[string]string) {
	t.Helper()
	s.press("\r")
	s.until("Time left: ")
	page, code := readPrompt(s.text())
	if code != "" {
		answers["user_code"] = code
	}
	k.api.auth.newBrowser(t).visit(t, page, answers)
}

// opens has Ann sign in, and goes on from the greeting.
func (k *kioskOf) opens(t *testing.T, s *terminal) {
	t.Helper()
	k.signsIn(t, s, map[string]string{"login": "ann"})
	s.until("Signed in as Ann Lee")
	s.press("\r")
}

// shownCode matches a code as a screen spaces it.
var shownCode = regexp.MustCompile(`(\w ){4}- (\w ){4}`)

// readPrompt reads the address and the code off the screen, as a person does: the address may go on in the next lines. The code is
// "" where there is none.
func readPrompt(screen string) (page, code string) {
	within := false
	for line := range strings.Lines(screen) {
		words := append([]string{""}, strings.Fields(line)...)
		last := words[len(words)-1]
		picture := strings.ContainsAny(last, "█▀▄") // a row of the QR code without gaps is one word
		within = strings.Contains(last, "://") || within && len(words) == 2 && !picture
		if within {
			page += last
		}
		if found := shownCode.FindString(line); found != "" {
			code = strings.ReplaceAll(found, " ", "")
		}
	}
	return page, code
}

// registersAt has a person register at the kiosk.
func (k *kioskOf) registersAt(t *testing.T, s *terminal) {
	t.Helper()
	email := k.api.newcomer()
	s.until("Press Enter to begin")
	s.press(answers(email))
	s.until("Is everything right?")
	s.press("\r")
	s.until("You are registered")
	k.api.signsIn(t, email)
	s.until("enter finish")
	s.press("\r")
}

func TestStaffOpenTheKioskAtACertifiedServer(t *testing.T) {
	server := startAuthServer(t)
	api := startAPI(t, server)
	for _, d := range duties() {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			k := api.atDuty(t, d, map[string]any{"ttl": map[string]int{"AccessToken": 3}})
			s := k.open(t)
			s.until("This kiosk is closed")
			k.opens(t, s)
			s.until("Opened by Ann Lee")
			for range 2 {
				k.registersAt(t, s)
				s.wait("the end of the access token", func() bool { return server.holds(t, k.client.id, "AccessToken") == 0 })
			}
			k.registersAt(t, s)
			k.refreshed(t, 2)
			s.until("Opened by Ann Lee")
			s.press(f9)
			s.until("Sign out?")
			s.press("\r")
			s.until("This kiosk is closed")
			s.wait("the revocation", func() bool { return server.holds(t, k.client.id, "RefreshToken") == 0 })
			k.keepsSecrets(t)
		})
	}
}

// refreshed expects that the server gave at least so many tokens for refresh tokens, and never was shown a spent one: it rotates
// them.
func (k *kioskOf) refreshed(t *testing.T, least int) {
	t.Helper()
	seen := k.api.auth.seen(t, k.client.id)
	refreshes := len(seen.Grants) - 1
	if refreshes < least || slices.ContainsFunc(seen.Grants[1:], func(grant string) bool { return grant != "refresh_token" }) {
		t.Errorf("the server gave tokens for %q, want a sign-in and %d refresh tokens or more", seen.Grants, least)
	}
	for _, refused := range seen.Refusals {
		if strings.HasPrefix(refused, "invalid_grant") {
			t.Errorf("the server refused %q", refused)
		}
	}
}

func TestStaffDenyAtACertifiedServer(t *testing.T) {
	server := startAuthServer(t)
	api := startAPI(t, server)
	for _, d := range []duty{{"device_code", "none", false}, {"authorization_code", "none", false}} {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			k := api.atDuty(t, d, nil)
			s := k.open(t)
			s.until("This kiosk is closed")
			k.signsIn(t, s, map[string]string{"login": "ann", "abort": "yes"})
			s.until("was refused")
			k.opens(t, s)
			s.until("Opened by Ann Lee")
			k.registersAt(t, s)
			k.keepsSecrets(t)
		})
	}
}

func TestAVisitorGoesOnAfterTheSignInOfStaffHasEnded(t *testing.T) {
	server := startAuthServer(t)
	api := startAPI(t, server)
	tests := []struct {
		name string
		duty duty
		ttl  map[string]int // in seconds
		end  string         // the kind of token that is taken away; "" for all
	}{
		{"since the refresh token ended", duty{"device_code", "none", false}, map[string]int{"AccessToken": 3}, "RefreshToken"},
		{"since the refresh token ended, with DPoP", duty{"authorization_code", "none", true}, map[string]int{"AccessToken": 3}, "RefreshToken"},
		{"since all was revoked", duty{"authorization_code", "client_secret_basic", false}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := api.atDuty(t, tt.duty, map[string]any{"ttl": tt.ttl})
			s := k.open(t)
			s.until("This kiosk is closed")
			k.opens(t, s)
			s.until("Opened by Ann Lee")
			email := api.newcomer()
			s.press(answers(email))
			s.until("Is everything right?")
			if server.revoke(t, k.client.id, tt.end) == 0 {
				t.Fatal("the client held nothing")
			}
			s.wait("the end of the access token", func() bool { return server.holds(t, k.client.id, "AccessToken") == 0 })
			s.press("\r")
			s.until("Closed: staff sign-in needed")
			s.until("Nothing you typed is lost.")
			if strings.Contains(s.text(), email) || api.has(t, email) {
				t.Errorf("the pool has the user: %t; the screen shows:\n%s", api.has(t, email), s.text())
			}
			k.opens(t, s)
			s.until("You are registered")
			api.signsIn(t, email)
			s.press("\x03\x03")
			if code, n := s.exit(), server.holds(t, k.client.id, "RefreshToken"); code != 0 || n != 0 {
				t.Errorf("leaving exits with %d, and leaves %d sign-ins behind", code, n)
			}
			k.keepsSecrets(t)
		})
	}
}

func TestAWrongSecretIsSaidToStaff(t *testing.T) {
	server := startAuthServer(t)
	api := startAPI(t, server)
	for _, d := range []duty{{"device_code", "client_secret_basic", false}, {"authorization_code", "client_secret_post", true}} {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			k := api.atDuty(t, d, nil)
			k.client.secret = "wrong secret"
			k.env = append([]string{"FOYER_AUTH_CLIENT_SECRET=" + k.client.secret}, k.without("FOYER_AUTH_CLIENT_SECRET")...)
			s := k.open(t)
			s.until("This kiosk is closed")
			if d.grant == "device_code" {
				s.press("\r")
			} else {
				k.signsIn(t, s, map[string]string{"login": "ann"})
			}
			s.until("needs attention")
			if !hasAll(s.said(), []string{"For staff: ", "auth.client_secret"}) {
				t.Errorf("the screen does not name auth.client_secret:\n%s", s.text())
			}
			k.keepsSecrets(t)
		})
	}
}
