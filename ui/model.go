package ui

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// Model is the root: it owns the form, the draft and the step, and gives each message to the screen it is for.
type Model struct {
	ctx     context.Context // of the session; commands run below it
	sleep   sleeper         // has the session looked at after a while
	options Options
	theme   theme.Theme
	words   *i18n.Words
	size    theme.Size
	keys    globalKeys

	form    *registration.Form // nil until it was read
	fresh   *registration.Form // read while a person was busy; for the next one
	out     outage             // the form cannot be read
	draft   registration.Draft
	sub     *registration.Submission // of the draft, once it was sent
	pending *registration.Receipt    // waits for a code; nil when none does

	steps     []step
	at        int
	active    screen.Screen
	name      string        // of the active screen, for its help
	over      screen.Screen // shown instead of the active one, which goes on below; nil for none
	top       screen.Screen // asks for the passcode above all others, which go on below; nil while nobody wants to leave a locked kiosk
	returning bool          // the step was left the review for
	refused   bool          // the tenant refused an answer that the form takes: the form is read anew
	early     []tea.KeyMsg  // typed before there was a screen for it
	admitted  bool          // by the doorkeeper
	touched   time.Time     // when the last key came
	tries     int           // how often the submission was tried again by itself, one after the other

	lapse *registration.Problem // why the kiosk is closed; nil when it began like this
	held  screen.Screen         // what a person was at when it closed; nil when nobody was
	since time.Time             // when it closed
	shift int                   // counts the sign-ins of staff

	left       time.Duration // of the session, when it was told last; 0 when it lasts until somebody leaves
	reason     Reason        // why the session ends; "" until it does
	registered int           // how many people
}

type globalKeys struct{ Help, Language, Leave key.Binding }

// New returns the root model of a session that lives in ctx.
func New(ctx context.Context, o Options) Model {
	m := Model{
		ctx: ctx, sleep: asleep, options: o, theme: o.Themes.For(o.Terminal), words: o.Catalogue.Words(o.Language),
		size: theme.Size{Width: 80, Height: 24}, touched: o.Now(), steps: steps(nil),
	}
	m.keys = newGlobalKeys(m.words, o)
	if m.deserted() {
		return m.shut(nil, nil)
	}
	return m.begin()
}

// Init reads the form, unless somebody has to sign in or to be let in first, and starts to watch for idleness.
func (m Model) Init() tea.Cmd {
	var read tea.Cmd
	if m.name != nameClosed && m.name != nameInvitation {
		read = m.enquire()
	}
	return tea.Batch(read, m.watch(m.options.IdleTimeout-m.options.IdleWarning), m.active.Init())
}

// Update gives msg to whom it is for.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.resize(msg), nil
	case formReadMsg:
		return m.opened(msg)
	case reopenMsg:
		return m.reopening(msg)
	case recognizedMsg:
		return m.recognized(msg)
	case watchedMsg:
		return m.watched()
	case noticedMsg:
		return m.noticed(msg)
	case tea.KeyMsg:
		m.touched = m.options.Now()
		return m.press(entered(msg))
	}
	reminded, kept := m.remind(msg)
	next, cmd := reminded.tell(msg)
	return next, tea.Batch(kept, cmd)
}

// press acts on the keys that work everywhere; the others go to the screen on top.
func (m Model) press(k tea.KeyMsg) (tea.Model, tea.Cmd) {
	_, idle := m.over.(screen.Idle)
	_, leaving := m.over.(screen.Leaving)
	switch {
	case m.top != nil && !key.Matches(k, m.keys.Language):
		return m.pressTop(k)
	case idle && m.top == nil: // any key will do
		return m.pressOver(k)
	case key.Matches(k, m.keys.Language):
		return m.speak(m.options.Catalogue.Next(m.words)), nil
	case key.Matches(k, m.keys.Leave) && m.options.Lock != nil:
		return m.askPasscode()
	case key.Matches(k, m.keys.Leave) && !leaving:
		return m.leave()
	case m.over != nil:
		return m.pressOver(k)
	case m.awaiting():
		return m.keep(k), nil
	case key.Matches(k, m.keys.Help):
		return m.cover(screen.NewHelp(m.name, m.active, m.keys.all()))
	}
	return m.toActive(k)
}

// leave asks whether to leave; a person whose account is half-made is told so.
func (m Model) leave() (tea.Model, tea.Cmd) {
	switch {
	case m.name == nameDone:
		return m.cover(screen.NewLeavingDone())
	case m.unattended():
		return m.cover(screen.NewLeavingClosed())
	}
	return m.cover(screen.NewLeaving(m.unfinished()))
}

// halfMade is the receipt of an account about which something is outstanding; nil when there is none.
func (m Model) halfMade() *registration.Receipt {
	if m.pending != nil {
		return m.pending
	}
	if r, ok := m.sub.HalfMade(); ok && m.name != nameDone {
		return &r
	}
	return nil
}

// unfinished says what becomes of the account of somebody who leaves now; silent when there is none.
func (m Model) unfinished() wording.Say {
	if r := m.halfMade(); r != nil {
		return wording.HalfMade(*r)
	}
	if m.taken() {
		return wording.Say{Key: "invitation.unclear"}
	}
	return wording.Say{}
}

// taken reports whether the invitation of the session, which is for one account, is used, or may be.
func (m Model) taken() bool {
	k := m.options.Doorkeeper
	return k != nil && (k.Taken() || m.halfMade() != nil)
}

// resize fits the screens into another window. Serial lines and some containers report a window of no cells, which means
// that nobody knows: then what is known stays.
func (m Model) resize(msg tea.WindowSizeMsg) Model {
	if msg.Width == 0 || msg.Height == 0 {
		return m
	}
	m.size = theme.Size{Width: msg.Width, Height: msg.Height}.Clamp()
	return m.refit()
}

// entered is k, where a line feed counts as enter: that is what a terminal makes of the key before it is in raw mode, which
// is when somebody types before the first frame. Characters that came together are marked as pasted: otherwise a text such as
// "up" would be taken for the key of that name.
func entered(k tea.KeyMsg) tea.KeyMsg {
	if k.Type == tea.KeyRunes && len(k.Runes) > 1 {
		k.Paste = true
	}
	if k.Type == tea.KeyCtrlJ {
		return tea.KeyMsg{Type: tea.KeyEnter}
	}
	return k
}

// tell gives a message that is no key to every screen there is: those below go on.
func (m Model) tell(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.top == nil {
		return m.tellBelow(msg)
	}
	next, cmd := m.pressTop(msg)
	if root, ok := next.(Model); ok && root.reason == "" {
		below, more := root.tellBelow(msg)
		return below, tea.Batch(cmd, more)
	}
	return next, cmd
}

// tellBelow is tell for all screens but the one above them.
func (m Model) tellBelow(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.over == nil {
		return m.toActive(msg)
	}
	next, cmd := m.pressOver(msg)
	if root, ok := next.(Model); ok && root.over != nil {
		below, more := root.toActive(msg)
		return below, tea.Batch(cmd, more)
	}
	return next, cmd
}

// toActive updates the active screen and does what it asks.
func (m Model) toActive(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, intent, cmd := m.active.Update(msg)
	m.active = next
	moved, more := m.act(intent)
	return moved, tea.Batch(cmd, more)
}

// pressOver updates the screen on top; its Back uncovers the one below.
func (m Model) pressOver(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, intent, cmd := m.over.Update(msg)
	m.over = next
	if intent.Go == screen.Stay {
		return m, cmd
	}
	m.over = nil
	if intent.Go == screen.Back {
		return m, cmd
	}
	moved, more := m.act(intent)
	return moved, tea.Batch(cmd, more)
}

// cover shows s over the active screen.
func (m Model) cover(s screen.Screen) (tea.Model, tea.Cmd) {
	m.over = s.Fit(m.frame(s))
	return m, m.over.Init()
}

// speak changes the language of everything on the screen.
func (m Model) speak(words *i18n.Words) Model {
	m.words, m.keys = words, newGlobalKeys(words, m.options)
	return m.refit()
}

// refit tells the screens their frame.
func (m Model) refit() Model {
	m.active = m.active.Fit(m.frame(m.active))
	if m.over != nil {
		m.over = m.over.Fit(m.frame(m.over))
	}
	if m.top != nil {
		m.top = m.top.Fit(m.frame(m.top))
	}
	return m
}

// mostEarly bounds the keys that are kept until there is a screen for them.
const mostEarly = 4096

// keep remembers a key for the screen that is yet to come.
func (m Model) keep(k tea.KeyMsg) Model {
	if len(m.early) < mostEarly {
		m.early = append(m.early, k)
	}
	return m
}

// replay gives the kept keys to the screens, in their order; questions that are open above them are not theirs to answer.
func (m Model) replay() (tea.Model, tea.Cmd) {
	early := m.early
	m.early = nil
	over, top := m.over, m.top
	m.over, m.top = nil, nil
	var next tea.Model = m
	var cmds []tea.Cmd
	for _, k := range early {
		var cmd tea.Cmd
		next, cmd = next.Update(k)
		cmds = append(cmds, cmd)
	}
	if root, ok := next.(Model); ok && (over != nil || top != nil) {
		if root.top = top; over != nil {
			root.over = over
		}
		next = root.refit()
	}
	return next, tea.Batch(cmds...)
}

func newGlobalKeys(words *i18n.Words, o Options) globalKeys {
	leave := "key.leave"
	if o.Lock != nil {
		leave = "key.staff_leave"
	}
	return globalKeys{
		Help:     key.NewBinding(key.WithKeys("f1"), key.WithHelp("f1", words.Text("key.help"))),
		Language: key.NewBinding(key.WithKeys("f2"), key.WithHelp("f2", words.Text("key.language", o.Catalogue.Next(words).Name))),
		Leave:    key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", words.Text(leave))),
	}
}

func (k globalKeys) all() []key.Binding { return []key.Binding{k.Help, k.Language, k.Leave} }
