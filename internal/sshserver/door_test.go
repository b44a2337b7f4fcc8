package sshserver_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foyer/internal/invite"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/sshserver"
	"foyer/ui"
)

// A porch is a house where everybody needs an invitation.
type porch struct {
	*house
	store *invite.Store
	codes []string // that were made
}

// openPorch serves with what change makes of the configuration, nil for nothing.
func openPorch(t *testing.T, change func(*sshserver.Config)) *porch {
	t.Helper()
	p := &porch{store: invite.New(filepath.Join(t.TempDir(), "invitations.json"), nil)}
	p.house = open(t, func(c *sshserver.Config) {
		c.Invitations = p.store
		if change != nil {
			change(c)
		}
	})
	t.Cleanup(func() { // before the server ends
		file, err := os.ReadFile(p.store.Name())
		if err != nil {
			t.Error(err)
		}
		for where, text := range map[string]string{"the log": p.log.String(), "the file": string(file)} {
			for _, code := range p.codes {
				if text = strings.ToUpper(text); strings.Contains(text, code) || strings.Contains(text, strings.ReplaceAll(code, "-", "")) {
					t.Errorf("a code is in %s", where)
				}
			}
		}
	})
	return p
}

// invite makes an invitation and returns its code.
func (p *porch) invite() string {
	p.t.Helper()
	made, err := p.store.Make(p.t.Context(), invite.Terms{Uses: 1, Lasts: time.Hour, Label: "desk"}, 1)
	if err != nil {
		p.t.Fatal(err)
	}
	code := made[0].Code.Reveal()
	p.codes = append(p.codes, code)
	return code
}

// first is the invitation that was made first.
func (p *porch) first() invite.Invitation {
	p.t.Helper()
	all, err := p.store.List(p.t.Context())
	if err != nil || len(all) == 0 {
		p.t.Fatalf("List() = %v, %v", all, err)
	}
	return all[0]
}

// wrong is a code that is whole, and of no invitation.
func wrong(t *testing.T) string {
	t.Helper()
	made, err := invite.New(filepath.Join(t.TempDir(), "other"), nil).Make(t.Context(), invite.Terms{Uses: 1, Lasts: time.Hour}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return made[0].Code.Reveal()
}

// come opens a session at the door.
func (p *porch) come() *guest {
	p.t.Helper()
	g := p.visit(usual())
	g.until("Registration by invitation")
	return g
}

// guess tries a wrong code, and waits for the answer.
func (p *porch) guess(g *guest) {
	p.t.Helper()
	code := wrong(p.t)
	g.press("\x15" + code + "\r")
	wait(p.t, "the answer", func() bool {
		text := g.text()
		return strings.Contains(text, "After several tries") || strings.Contains(text, code) && strings.Contains(text, "This code cannot be used now")
	})
}

func TestWhoHasAnInvitationRegistersOnce(t *testing.T) {
	p := openPorch(t, nil)
	code := p.invite()
	g := p.come()
	g.press(strings.ToLower(code[:22]) + "\r")
	g.until("has a slip in it")
	g.press("\x15" + strings.ToLower(strings.ReplaceAll(code, "-", " ")) + "\r")
	g.until("Press Enter to begin")
	if i := p.first(); i.Held != 1 || i.Left != 1 {
		t.Errorf("while the person is inside: %+v, want one use, held", i)
	}
	other := p.come()
	other.press(code + "\r")
	other.until("This code cannot be used now")

	g.press(answers("ann@example.com") + "\r")
	g.until("You are registered")
	wait(t, "the use to be spent", func() bool { i := p.first(); return i.Left == 0 && i.Held == 0 })
	g.until("enter finish")
	g.press("\r")
	if status := g.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	other.press("\r")
	wait(t, "the log", func() bool { return strings.Contains(p.log.String(), "reason=used_up") })
	wait(t, "the log", func() bool { return strings.Contains(p.log.String(), "outcome=finished") })
	log := p.log.String()
	for _, want := range []string{"invitation=" + p.first().ID, "reason=mistyped", "reason=held", `msg="invitation taken"`, `msg="invitation used"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	if got := p.server.Stats().Refused[sshserver.RefusedCode]; got != 3 {
		t.Errorf("%d codes were refused, want 3", got)
	}
}

func TestAllOfASessionWithAnInvitationInOneWrite(t *testing.T) {
	p := openPorch(t, nil)
	g := p.come()
	g.press(p.invite() + "\r" + answers("ann@example.com") + "\r")
	g.until("You are registered")
}

func TestWhoLosesTheConnectionComesBackWithTheSameCode(t *testing.T) {
	ends := map[string]func(*guest, *brokenDesk){
		"the connection breaks": func(g *guest, _ *brokenDesk) { _ = g.conn.Close() },
		"the client hangs up":   func(g *guest, _ *brokenDesk) { _ = g.client.Close() },
		"the person leaves":     func(g *guest, _ *brokenDesk) { g.press("\x03\x03") },
		"the session panics": func(g *guest, b *brokenDesk) {
			b.armed.Store(true)
			g.press("\x1b[20~") // f9
			g.exit()
			b.armed.Store(false)
		},
		"the registration is refused": func(g *guest, _ *brokenDesk) { g.press(answers("no@example.com") + "\r\x03\x03") },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			broken := &brokenDesk{}
			p := openPorch(t, func(c *sshserver.Config) { c.Options.Desk = broken })
			p.registry.refuse = func(_ context.Context, email string) error {
				if email == "no@example.com" {
					return &registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0", Reference: "x"}
				}
				return nil
			}
			code := p.invite()
			g := p.come()
			g.press(code + "\r")
			g.until("Press Enter to begin")
			end(g, broken)
			wait(t, "the use to be given back", func() bool { return p.first().Held == 0 })
			again := p.come()
			again.press(code + "\r" + answers("ann@example.com") + "\r")
			again.until("You are registered")
		})
	}
}

func TestARegistrationThatIsCutOffCountsAsMade(t *testing.T) {
	p := openPorch(t, nil)
	begun := make(chan struct{})
	p.registry.refuse = func(ctx context.Context, _ string) error {
		close(begun)
		<-ctx.Done()
		return &registration.Problem{Kind: registration.Unavailable, Unclear: true, Reference: "x", Cause: ctx.Err()}
	}
	g := p.come()
	g.press(p.invite() + "\r" + answers("ann@example.com") + "\r")
	<-begun
	_ = g.conn.Close()
	wait(t, "the use to be spent", func() bool { i := p.first(); return i.Left == 0 && i.Held == 0 })
}

func TestARevokedInvitationRegistersNobody(t *testing.T) {
	p := openPorch(t, nil)
	code := p.invite()
	g := p.come()
	g.press(code + "\r" + answers("ann@example.com"))
	g.until("Is everything right?")
	p.invite() // so that there is a file to search
	if _, err := p.store.Revoke(t.Context(), secret.New(code)); err != nil {
		t.Fatal(err)
	}
	g.press("\r")
	g.until("Registration is closed")
	if names := p.registry.registered(); len(names) > 0 {
		t.Errorf("%v were registered", names)
	}
}

func TestTooManyCodesEndASession(t *testing.T) {
	p := openPorch(t, nil)
	code := p.invite()
	g := p.come()
	for range 4 {
		p.guess(g)
	}
	g.press("\x15" + wrong(t) + "\r")
	if status := g.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	if !strings.Contains(g.recorded(), "After several tries no code could be taken.") {
		t.Error("the person is not told why")
	}
	wait(t, "the log", func() bool { return strings.Contains(p.log.String(), "outcome=refused") })
	again := p.come()
	again.press(code + "\r")
	again.until("Press Enter to begin")
	if got := p.server.Stats().Refused[sshserver.RefusedCode]; got != 5 {
		t.Errorf("%d codes were refused, want 5", got)
	}
}

func TestAnAddressThatGuessesIsNotHeard(t *testing.T) {
	p := openPorch(t, nil)
	code := p.invite()
	for range 4 {
		g := p.come()
		g.press("A2\r") // a slip is no guess
		g.until("has a slip in it")
		for range 4 {
			p.guess(g)
		}
		g.exit()
	}
	g := p.come()
	for range 4 {
		p.guess(g)
	}
	g.press("\x15" + code + "\r")
	g.exit()
	if !strings.Contains(g.recorded(), "many wrong codes from your address") {
		t.Errorf("the person is told %q", g.recorded())
	}
	if got := p.server.Stats().Refused[sshserver.RefusedGuesses]; got != 1 {
		t.Errorf("%d guesses were not heard, want 1", got)
	}
}

func TestBrokenInvitationsLetNobodyIn(t *testing.T) {
	p := openPorch(t, nil)
	code := p.invite()
	good, err := os.ReadFile(p.store.Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.store.Name(), good[:len(good)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	g := p.come()
	g.press(code)
	for i := range 7 { // which is nobody's fault
		g.press("\r")
		wait(t, "the log", func() bool { return strings.Count(p.log.String(), "cannot be looked up") == i+1 })
		g.until("cannot be checked at the moment")
	}
	if log := p.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, p.store.Name()) {
		t.Errorf("the log does not name the file:\n%s", log)
	}
	if err := os.WriteFile(p.store.Name(), good, 0o600); err != nil {
		t.Fatal(err)
	}
	g.press("\r")
	g.until("Press Enter to begin")
}

func TestAnInvitationIsSpentOnceThereIsAnAccount(t *testing.T) {
	proof := &registration.Challenge{Purpose: registration.AddressProof}
	tests := []struct {
		name    string
		receipt registration.Receipt
		err     error
		left    int
	}{
		{"it is there", registration.Receipt{Status: "active"}, nil, 0},
		{"it waits for its code", registration.Receipt{Status: "new", Challenge: &registration.Challenge{Purpose: registration.Activation}}, nil, 0},
		{"its address is to be proven first", registration.Receipt{Challenge: proof}, nil, 1},
		{"it was there already", registration.Receipt{}, &registration.Problem{Kind: registration.AlreadyDone}, 0},
		{"somebody else has the name", registration.Receipt{}, &registration.Problem{Kind: registration.Conflict}, 1},
		{"the tenant does not answer", registration.Receipt{}, &registration.Problem{Kind: registration.Unavailable, Unclear: true}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := openPorch(t, func(c *sshserver.Config) { c.Options.Service = told{c.Options.Service, tt.receipt, tt.err} })
			g := p.come()
			g.press(p.invite() + "\r" + answers("ann@example.com"))
			g.until("Is everything right?")
			g.press("\r")
			wait(t, "the answer", func() bool {
				return !strings.Contains(g.text(), "Is everything right?") && !strings.Contains(g.text(), "being created")
			})
			_ = g.conn.Close()
			wait(t, "the use", func() bool { i := p.first(); return i.Left == tt.left && i.Held == 0 })
		})
	}
}

// told is a service that answers a registration as it is told.
type told struct {
	ui.Service
	receipt registration.Receipt
	err     error
}

func (s told) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	return s.receipt, s.err
}
