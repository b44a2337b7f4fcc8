package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/cli/browser"
	"github.com/zalando/go-keyring"

	"foyer/internal/clean"
	"foyer/internal/config"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
	"foyer/ui/screen"
)

// staff is what the grants of staff need.
func (t *tenant) staff(issuer string) token.Staff {
	a := t.config.Auth
	s := token.Staff{RedirectURL: a.RedirectURL, Open: t.open}
	if t.config.Kiosk.Locked { // in a browser on this machine, visitors would be out of the kiosk
		s.Open = func(string) bool { return false }
	}
	if a.ByStaff() && a.Keep == config.KeepKeyring {
		s.Keeper = osKeyring{account: a.ClientID + " at " + issuer}
	}
	return s
}

// browser shows pages in a browser of this machine, and reports whether there is one. A session over SSH, and one without a
// display, has none that the person could see.
func (p *program) browser() func(page string) bool {
	return func(page string) bool {
		if p.variable("SSH_CONNECTION") != "" || runtime.GOOS == "linux" && p.variable("DISPLAY") == "" && p.variable("WAYLAND_DISPLAY") == "" {
			return false
		}
		return browser.OpenURL(page) == nil
	}
}

// keyringService is the name under which the keyring of the operating system has what Foyer keeps.
const keyringService = "foyer"

// An osKeyring keeps a text in the keyring of the operating system, which encrypts it.
type osKeyring struct{ account string }

// Load returns what is kept; empty when nothing is.
func (k osKeyring) Load() (secret.Text, error) {
	text, err := keyring.Get(keyringService, k.account)
	if errors.Is(err, keyring.ErrNotFound) {
		return secret.Text{}, nil
	}
	return secret.New(text), k.explain(err)
}

// Save keeps text instead of what was kept.
func (k osKeyring) Save(text secret.Text) error {
	return k.explain(keyring.Set(keyringService, k.account, text.Reveal()))
}

// Delete has nothing kept.
func (k osKeyring) Delete() error {
	if err := keyring.Delete(keyringService, k.account); !errors.Is(err, keyring.ErrNotFound) {
		return k.explain(err)
	}
	return nil
}

// explain says what there is to do about an error.
func (k osKeyring) explain(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the keyring of the operating system: %w; unlock it, or set auth.keep to memory", err)
}

// A desk signs members of staff in at the tenant.
type desk struct{ tenant *tenant }

// desk is the one for the screens; nil when the client acts for itself.
func (t *tenant) desk() screen.Desk {
	if !t.config.Auth.ByStaff() {
		return nil
	}
	return desk{t}
}

// Operator is who is signed in.
func (d desk) Operator() (registration.Operator, bool) {
	l := d.tenant.linked.Load()
	if l == nil {
		return registration.Operator{}, false
	}
	return l.tokens.Operator()
}

// SignIn begins a sign-in. One that was kept, and could not be taken up at the start since the tenant was away, is taken up
// instead.
func (d desk) SignIn(ctx context.Context) (screen.SignIn, error) {
	if err := d.tenant.restore(ctx); err == nil {
		if who, ok := d.Operator(); ok {
			return resumed{who}, nil
		}
	}
	l, err := d.tenant.link(ctx)
	if err != nil {
		return nil, err
	}
	return l.tokens.SignIn(ctx)
}

// A resumed sign-in was made in an earlier run.
type resumed struct{ who registration.Operator }

// Prompt is empty: there is nothing to do.
func (resumed) Prompt() registration.SignInPrompt { return registration.SignInPrompt{} }

// Poll says who is signed in.
func (r resumed) Poll(context.Context) (registration.SignInProgress, error) {
	return registration.SignInProgress{Done: true, Operator: r.who}, nil
}

// SignOut forgets who is signed in.
func (d desk) SignOut(ctx context.Context) error {
	l, err := d.tenant.link(ctx)
	if err != nil {
		return err
	}
	return l.tokens.SignOut(ctx)
}

// restoreTimeout bounds how long the start waits for the tenant to say whether a kept sign-in is still good.
const restoreTimeout = 10 * time.Second

// restore takes up the sign-in that the keyring kept, if there is one that the tenant still honours, once in a run.
func (t *tenant) restore(ctx context.Context) error {
	if t.config.Auth.Keep != config.KeepKeyring || !t.config.Auth.ByStaff() || t.restored.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, restoreTimeout)
	defer cancel()
	l, err := t.link(ctx)
	if err != nil {
		return err
	}
	if err := l.tokens.Restore(ctx); err != nil {
		return &registration.Problem{Kind: registration.Misconfigured, Reference: registration.NewReference(), Staff: clean.Line(err.Error(), longestFinding), Cause: err}
	}
	if _, err = l.tokens.Token(ctx); ctx.Err() == nil {
		t.restored.Store(true)
	}
	return err
}

// signOutTimeout bounds how long the end of a command waits for the tenant to revoke a sign-in.
const signOutTimeout = 3 * time.Second

// signOff ends a sign-in that nothing keeps, so that no token of it outlives the process, and waits for one that is kept to be.
func (t *tenant) signOff(ctx context.Context) {
	l := t.linked.Load()
	if l == nil || !t.config.Auth.ByStaff() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, signOutTimeout)
	defer cancel()
	var err error
	if _, ok := l.tokens.Operator(); ok && !l.tokens.Kept() {
		err = l.tokens.SignOut(ctx)
	}
	if err = errors.Join(err, l.tokens.Settle(ctx)); err != nil {
		t.logger.Warn("sign staff out at the end", "error", err)
	}
}

// signIn has a member of staff sign in by what it prints on stderr, where the client acts for one and nobody is signed in. Where
// nobody would read that, it is a problem of kind StaffSignIn.
func (p *program) signIn(ctx context.Context, t *tenant) error {
	if !t.config.Auth.ByStaff() {
		return nil
	}
	err := t.restore(ctx)
	problem := registration.AsProblem(err, registration.ReferenceOf(err))
	if problem != nil && problem.Kind != registration.StaffSignIn {
		return problem
	}
	if _, ok := t.desk().Operator(); ok {
		return nil
	}
	if f, ok := p.stderr.(*os.File); !ok || !term.IsTerminal(f.Fd()) {
		return &registration.Problem{
			Kind: registration.StaffSignIn, Reference: registration.NewReference(),
			Staff: "a member of staff has to sign in; run this command in a terminal, where it says how (with auth.keep keyring, once is enough)",
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begun, err := t.desk().SignIn(ctx)
	if err != nil {
		return err
	}
	return p.await(ctx, begun)
}

// await prints what the member of staff has to do, and waits until it is done.
func (p *program) await(ctx context.Context, begun screen.SignIn) error {
	prompt := begun.Prompt()
	until := prompt.Expires.Local().Format(time.TimeOnly)
	if prompt.UserCode == "" {
		p.say("a member of staff has to sign in: open %s in a browser on this machine (until %s)", prompt.URL, until)
	} else {
		p.say("a member of staff has to sign in: open %s\nfoyer: and enter the code %s (until %s)", prompt.URL, prompt.UserCode, until)
	}
	for {
		progress, err := begun.Poll(ctx)
		switch {
		case errors.Is(err, registration.ErrSignInExpired), errors.Is(err, registration.ErrSignInDenied):
			return &registration.Problem{
				Kind: registration.StaffSignIn, Reference: registration.NewReference(), Cause: err,
				Staff: err.Error() + "; try again",
			}
		case err != nil:
			return err
		case progress.Done:
			p.say("signed in as %s", progress.Operator.Name)
			return nil
		}
	}
}
