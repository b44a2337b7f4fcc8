package screen

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// A Confirmer gives codes back, and sends others.
type Confirmer interface {
	Confirm(ctx context.Context, form *registration.Form, sub *registration.Submission, code secret.Text, notify func(registration.Progress)) (registration.Receipt, error)
	Resend(ctx context.Context, form *registration.Form, sub *registration.Submission, as registration.CodeType, notify func(registration.Progress)) (registration.Receipt, error)
}

// A Mailbox returns what was sent to an address last, in lines: the practice tenant's, which sends nothing out of the house.
type Mailbox func(address string) []string

// A Visit is what the screens after a submission have in common.
type Visit struct {
	Confirmer Confirmer
	Form      *registration.Form
	Sub       *registration.Submission
	Now       func() time.Time
	Mailbox   Mailbox // nil for none
}

// Verify asks for the code that a person was sent, and leads them through what can happen to it: a wrong one keeps the place,
// another one is sent when they ask, and the address can be changed.
type Verify struct {
	frame   Frame
	ctx     context.Context // of the session; tasks run below it
	visit   Visit
	receipt registration.Receipt
	id      *int // tells this screen's ticks from those of another

	code      field.Code
	at        int // an action; the boxes have the cursor too while it is the first
	task      task
	sending   registration.CodeType // what the task sends; "" while it gives a code back
	complaint field.Say
	good      field.Say // what went well last
	now       time.Time // as of the last tick
	sent      time.Time // when the last message was sent
	closed    time.Time // until when no code is taken, after too many wrong ones
	mail      []string
	keys      verifyKeys
}

type verifyKeys struct{ Choose, Forward, Backward, Back, Cancel key.Binding }

// NewVerify returns the screen for the code that receipt waits for; its tasks run below ctx.
func NewVerify(ctx context.Context, visit Visit, receipt registration.Receipt) Verify {
	now := visit.Now()
	return Verify{
		ctx: ctx, visit: visit, receipt: receipt, id: new(int), code: field.NewCode(receipt.Challenge.Length), now: now, sent: now,
	}
}

// The messages of one verify screen.
type (
	secondMsg struct{ id *int } // a second has passed
	mailedMsg struct {          // what lies in the mailbox
		id   *int
		mail []string
	}
)

// Init starts the clock of the screen.
func (v Verify) Init() tea.Cmd { return tea.Batch(v.look(), v.tick()) }

// look looks into the mailbox at once.
func (v Verify) look() tea.Cmd {
	id, mailbox, address := v.id, v.visit.Mailbox, v.receipt.Challenge.Address
	if mailbox == nil {
		return nil
	}
	return guard(func() tea.Msg { return mailedMsg{id, mailbox(address)} })
}

func (v Verify) tick() tea.Cmd {
	id := v.id
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return secondMsg{id} })
}

// Update takes keys while nothing is under way, and what comes of what is.
func (v Verify) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case secondMsg:
		if msg.id != v.id {
			return v, Intent{}, nil
		}
		v.now = v.visit.Now()
		return v.refit(), Intent{}, tea.Batch(v.tick(), v.look())
	case mailedMsg:
		if msg.id == v.id {
			v.mail = msg.mail
		}
		return v, Intent{}, nil
	case tea.KeyMsg:
		return v.press(msg)
	}
	next, ended, over, cmd := v.task.update(msg)
	v.task = next
	if over {
		return v.settle(ended)
	}
	return v, Intent{}, cmd
}

func (v Verify) press(k tea.KeyMsg) (Screen, Intent, tea.Cmd) {
	switch {
	case key.Matches(k, v.keys.Cancel):
		v.task.cancel()
		return v, Intent{}, nil
	case v.task.running():
	case key.Matches(k, v.keys.Choose):
		return v.choose()
	case key.Matches(k, v.keys.Forward):
		return v.move(1), Intent{}, nil
	case key.Matches(k, v.keys.Backward):
		return v.move(-1), Intent{}, nil
	case key.Matches(k, v.keys.Back):
		return v, v.leave(), nil
	case k.Type == tea.KeyEnter: // on what cannot be chosen yet
	default:
		v.at = 0
		v.code, v.complaint = v.code.Update(k)
		v.good = field.Say{}
		return v.refit(), Intent{}, nil
	}
	return v, Intent{}, nil
}

// move puts the cursor on another action.
func (v Verify) move(by int) Verify {
	n := len(v.actions())
	v.at = (v.at + by + n) % n
	return v.refit()
}

// leave goes back to the review while there is no user, and else asks first: one is half-made.
func (v Verify) leave() Intent {
	if v.receipt.Challenge.Purpose == registration.AddressProof {
		return Intent{Go: Back}
	}
	return Intent{Go: Postpone, Receipt: v.receipt}
}

// confirm gives the code back.
func (v Verify) confirm() (Screen, Intent, tea.Cmd) {
	switch {
	case v.now.Before(v.closed):
		return v, Intent{}, nil
	case !v.code.Complete():
		v.complaint = wording.Incomplete(v.receipt.Challenge.Length)
		return v, Intent{}, nil
	}
	code, visit := secret.New(v.code.Value()), v.visit
	return v.begin("", registration.StageConfirming, func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error) {
		defer code.Wipe()
		return visit.Confirmer.Confirm(ctx, visit.Form, visit.Sub, code, notify)
	})
}

// resend sends another message.
func (v Verify) resend(as registration.CodeType) (Screen, Intent, tea.Cmd) {
	visit := v.visit
	return v.begin(as, registration.StageSending, func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error) {
		return visit.Confirmer.Resend(ctx, visit.Form, visit.Sub, as, notify)
	})
}

// begin starts a task; until it ends, only giving up works.
func (v Verify) begin(sending registration.CodeType, stage registration.Stage, work taskWork) (Screen, Intent, tea.Cmd) {
	v.complaint, v.good, v.sending = field.Say{}, field.Say{}, sending
	v.task = newTask(v.ctx, stage, work)
	return v.refit(), Intent{}, v.task.start()
}

// Abandon ends what is under way, for a screen that is left without its own keys.
func (v Verify) Abandon() {
	if v.task.running() {
		v.task.cancel()
	}
}

// settle takes what came of a task.
func (v Verify) settle(ended endedMsg) (Screen, Intent, tea.Cmd) {
	v.task, v.now = task{}, v.visit.Now()
	if ended.err != nil {
		return v.trouble(registration.AsProblem(ended.err, v.receipt.Reference))
	}
	if ended.receipt.Challenge == nil {
		return v, Intent{Go: Succeed, Receipt: ended.receipt}, nil
	}
	v.receipt, v.sent, v.at = ended.receipt, v.now, 0
	v.code = field.NewCode(v.receipt.Challenge.Length)
	if !v.receipt.Challenge.Unsure { // then the text above says so
		v.good = field.Say{Key: "verify.sent_again", Args: []any{v.address()}}
	}
	return v.refit(), Intent{}, v.look()
}

// trouble keeps the place where the person can do something about it here, and leaves it to the problem screen otherwise.
func (v Verify) trouble(p *registration.Problem) (Screen, Intent, tea.Cmd) {
	said, here := wording.AtCode(p, v.sending != "")
	switch {
	case p.Kind == registration.StaffSignIn: // the kiosk closes over this screen, and opens with it
		v.good = field.Say{Key: "verify.opened"}
		return v, Intent{Go: Fail, Problem: p}, nil
	case !here:
		return v, Intent{Go: Fail, Problem: p}, nil
	case p.Kind == registration.TooMany && p.Flaw.Rule == registration.RuleCodeTries:
		v.code, v.closed = v.code.Refused(), v.now.Add(registration.CodePause(p))
		return v.refit(), Intent{}, nil
	case p.Kind == registration.CodeRejected:
		v.code, v.at = v.code.Refused(), 0
	case p.Kind == registration.TooMany && v.sending != "":
		v.sent = v.now.Add(p.RetryAfter - registration.ResendPause)
	}
	v.complaint = said
	return v.refit(), Intent{}, nil
}

// Fit puts the screen into f.
func (v Verify) Fit(f Frame) Screen {
	v.frame = f
	return v.refit()
}

// refit makes the keys that work now.
func (v Verify) refit() Verify {
	v.keys = newVerifyKeys(v.frame.Words, v.receipt.Challenge.Purpose)
	busy := v.task.running()
	for _, b := range []*key.Binding{&v.keys.Choose, &v.keys.Forward, &v.keys.Backward, &v.keys.Back} {
		b.SetEnabled(!busy)
	}
	v.keys.Cancel.SetEnabled(busy)
	v.at = min(v.at, len(v.actions())-1)
	v.keys.Choose.SetEnabled(!busy && v.actions()[v.at].enabled)
	return v
}

func newVerifyKeys(words *i18n.Words, purpose registration.Purpose) verifyKeys {
	back := "key.later"
	if purpose == registration.AddressProof {
		back = "key.back"
	}
	return verifyKeys{
		Choose:   binding(words, "enter", "key.choose", "enter"),
		Forward:  binding(words, "tab", "key.move", "tab", "down"),
		Backward: binding(words, "shift+tab", "key.move_back", "shift+tab", "up"),
		Back:     binding(words, "esc", back, "esc"),
		Cancel:   binding(words, "esc", "key.cancel", "esc"),
	}
}

// ShortHelp returns the keys that work.
func (v Verify) ShortHelp() []key.Binding {
	return []key.Binding{v.keys.Choose, v.keys.Forward, v.keys.Back, v.keys.Cancel}
}

// FullHelp returns the keys that work.
func (v Verify) FullHelp() [][]key.Binding {
	return [][]key.Binding{{v.keys.Choose, v.keys.Forward, v.keys.Backward, v.keys.Back, v.keys.Cancel}}
}
