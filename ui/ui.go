// Package ui is the kiosk's Bubble Tea program: a root model that shows one screen at a time, in the order of a list of
// steps made from the form.
package ui

import (
	"context"
	"time"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/theme"
	_ "foyer/ui/theme/noquery" // before Bubble Tea questions the terminal
)

// A Service reads forms and registers people.
type Service interface {
	screen.Registrar
	screen.Confirmer
	screen.BreachLookup
	Form(ctx context.Context) (*registration.Form, error)
	// Recognize finds who registered with an identifier that was recorded of them.
	Recognize(ctx context.Context, id registration.Identifier) (user registration.User, ok bool, err error)
}

// Options are what a session needs.
type Options struct {
	Service   Service
	Catalogue *i18n.Catalogue
	Language  string // BCP 47 or a POSIX locale; the one a new person starts with
	Terminal  theme.Terminal
	Themes    *theme.Wardrobe // that sessions share; nil for one of its own
	Title     string          // of the welcome screen; "" for the catalogue's
	Sandbox   bool            // says so on every screen
	Mailbox   screen.Mailbox  // the practice tenant's; nil for none
	Desk      screen.Desk     // where staff sign in; nil when the client acts for itself
	// Doorkeeper lets in who has an invitation; nil when everybody may come in.
	Doorkeeper registration.Doorkeeper
	// Recorded is an identifier of whoever is at the screen, and they are recognised by it; the zero one for none.
	Recorded registration.Identifier
	Remote   bool // for one person, who is elsewhere: it ends with them, and does not show what is for staff
	// Lock is asked before anybody leaves; nil where everybody may.
	Lock screen.Lock
	// Forgotten is called when a person is gone: their answers were wiped, and no screen refers to them any more. At the end of a
	// session it may be called once more than there were people. It is called on any goroutine, and sessions may share it; nil for
	// nothing to do.
	Forgotten func()

	IdleTimeout time.Duration // without a key, then a person's answers are forgotten
	IdleWarning time.Duration // how long before that they are warned
	DoneTimeout time.Duration // how long the last screen stays
	Now         func() time.Time
}

// forgotten says that a person is gone.
func (o Options) forgotten() {
	if o.Forgotten != nil {
		o.Forgotten()
	}
}
