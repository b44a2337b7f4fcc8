package ui_test

import (
	"maps"
	"strings"
	"time"

	"foyer/internal/registration"
)

// staffScenes lead to the screens for staff that a picture is kept of.
func staffScenes() map[string]func(d *driver, desk *desk) {
	return map[string]func(d *driver, desk *desk){
		"staff-closed": func(d *driver, _ *desk) { d.until("press Enter to sign in") },
		"staff-phone":  func(d *driver, desk *desk) { d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B - M J H T") },
		"staff-browser": func(d *driver, desk *desk) {
			d.beginSignIn(desk.front, browserPrompt(d.clock, false), "in a browser on this computer")
		},
		"staff-expired": func(d *driver, desk *desk) {
			d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B - M J H T")
			desk.front.willSay(registration.SignInProgress{}, registration.ErrSignInExpired)
			d.until("took too long")
		},
		"staff-lapsed":  lapse,
		"staff-on-duty": func(d *driver, desk *desk) { toDuty(d, desk); d.press("<f9>"); d.until("Sign out?") },
	}
}

// staffDetails are more of them, which are drawn in every window and not kept.
func staffDetails() map[string]func(d *driver, desk *desk) {
	ended := func(p registration.SignInProgress, err error, says string) func(d *driver, desk *desk) {
		return func(d *driver, desk *desk) {
			d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B - M J H T")
			desk.front.willSay(p, err)
			d.until(says)
		}
	}
	long := registration.Operator{Subject: "s", Name: strings.Repeat("Wilhelmina 字", 12)}
	return map[string]func(d *driver, desk *desk){
		"staff-opening": func(d *driver, _ *desk) { d.until("press Enter to sign in"); d.press("<enter>") },
		"staff-opened": func(d *driver, desk *desk) {
			d.beginSignIn(desk.front, browserPrompt(d.clock, true), "A browser was opened")
		},
		"staff-long-code": func(d *driver, desk *desk) {
			p := phonePrompt(d.clock)
			p.UserCode, p.URL = strings.Repeat("WDJB-", 12), longURL
			d.beginSignIn(desk.front, p, "WDJB-WDJB")
		},
		"staff-slower": ended(registration.SignInProgress{Slower: 10 * time.Second}, nil, "The sign-in service asks for a"),
		"staff-denied": ended(registration.SignInProgress{}, registration.ErrSignInDenied, "was refused"),
		"staff-trouble": ended(registration.SignInProgress{}, &registration.Problem{
			Kind: registration.Misconfigured, Staff: "Check auth.client_id: the tenant does not know the client.",
		}, "needs attention"),
		"staff-greeting": ended(registration.SignInProgress{Done: true, Operator: long}, nil, "Signed in as"),
		"staff-untold": func(d *driver, desk *desk) {
			toDuty(d, desk)
			desk.front.untold = errTest
			d.press("<f9><enter>")
			d.until("could not be told")
		},
		"staff-signing-out": func(d *driver, desk *desk) {
			toDuty(d, desk)
			desk.front.leaving = make(chan struct{})
			d.press("<f9><enter>")
			d.until("Signing you out")
		},
		"staff-leaving": func(d *driver, _ *desk) { d.press("<leave>"); d.until("Leave the kiosk?") },
		"staff-welcome": func(d *driver, desk *desk) {
			d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B - M J H T")
			desk.front.willAdmit(long)
			d.until("Signed in as")
			d.press("<enter>")
			d.until("Opened by")
		},
	}
}

// staffed reports whether a scene is one of staff.
func staffed(scene string) bool { return strings.HasPrefix(scene, "staff-") }

// beginSignIn starts to sign in on the closed screen, which shows prompt.
func (d *driver) beginSignIn(f *front, prompt registration.SignInPrompt, says string) {
	d.t.Helper()
	f.prompt = prompt
	d.until("press Enter to sign in")
	d.press("<enter>")
	d.until(says)
}

// signIn signs Ann in on the closed screen.
func (d *driver) signIn(f *front) {
	d.t.Helper()
	d.beginSignIn(f, phonePrompt(d.clock), "W D J B - M J H T")
	f.willAdmit(ann())
	d.until("Signed in as Ann Lee")
	d.press("<enter>")
}

// toDuty opens the kiosk.
func toDuty(d *driver, desk *desk) {
	d.t.Helper()
	d.signIn(desk.front)
	d.until("Opened by Ann Lee")
}

// lapse leads to where a submission finds that the sign-in of staff has ended.
func lapse(d *driver, desk *desk) {
	d.t.Helper()
	toDuty(d, desk)
	d.press(good + "<enter>")
	d.until("being created")
	desk.lapse()
	d.until("staff sign-in needed")
}

// lapse ends the sign-in of staff, so that the submission that is under way fails.
func (d *desk) lapse() {
	d.front.seat(registration.Operator{})
	d.willFail(staffProblem())
}

func staffProblem() registration.Problem {
	return registration.Problem{Kind: registration.StaffSignIn, Staff: "The sign-in of Ann Lee has ended."}
}

// allScenes are those of every screen, also without a picture.
func allScenes() map[string]func(d *driver, desk *desk) {
	all := scenes()
	maps.Copy(all, staffScenes())
	maps.Copy(all, staffDetails())
	maps.Copy(all, changing())
	return all
}
