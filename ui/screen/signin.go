package screen

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// SigningIn signs a member of staff in: with a code for their phone, or in a browser of this machine. It shows what to do and
// waits for how it ends.
type SigningIn struct {
	frame   Frame
	work    signInWork
	cancel  context.CancelFunc
	now     func() time.Time
	id      *int // tells this sign-in's messages from those of one that was given up
	signIn  SignIn
	prompt  registration.SignInPrompt
	at      time.Time     // as of the last tick
	slower  time.Duration // how often the tenant wants to be asked at most; 0 when it does not say
	picture string        // the QR code; "" where it does not fit
	beside  bool          // it stands beside the text, not above it
	page    page
	keys    signingInKeys
}

type signingInKeys struct{ Cancel key.Binding }

// A signInWork is the calls of one sign-in, in its own context.
type signInWork struct {
	begin func() (SignIn, error)
	poll  func(SignIn) (registration.SignInProgress, error)
}

// The messages of one sign-in.
type (
	promptedMsg struct {
		id     *int
		signIn SignIn
		err    error
	}
	polledMsg struct {
		id       *int
		progress registration.SignInProgress
		err      error
	}
	agedMsg struct{ id *int } // a second has passed
)

// NewSigningIn returns the screen that signs staff in at desk, in a context below ctx; now is the clock that the prompt ends
// by.
func NewSigningIn(ctx context.Context, desk Desk, now func() time.Time) SigningIn {
	ctx, cancel := context.WithCancel(ctx)
	work := signInWork{
		begin: func() (SignIn, error) { return desk.SignIn(ctx) },
		poll:  func(s SignIn) (registration.SignInProgress, error) { return s.Poll(ctx) },
	}
	return SigningIn{work: work, cancel: cancel, now: now, id: new(int), at: now()}
}

// Poster asks for all of the window, for the QR code.
func (s SigningIn) Poster() {}

// Abandon ends the sign-in, for a screen that is left without its own key.
func (s SigningIn) Abandon() { s.cancel() }

// Init begins the sign-in.
func (s SigningIn) Init() tea.Cmd {
	id, begin := s.id, s.work.begin
	return guard(func() tea.Msg {
		signIn, err := begin()
		return promptedMsg{id, signIn, err}
	})
}

// poll waits for news of the sign-in.
func (s SigningIn) poll() tea.Cmd {
	id, signIn, poll := s.id, s.signIn, s.work.poll
	return guard(func() tea.Msg {
		progress, err := poll(signIn)
		return polledMsg{id, progress, err}
	})
}

func (s SigningIn) tick() tea.Cmd {
	id := s.id
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return agedMsg{id} })
}

// Update shows the prompt when it is there, and passes on how the sign-in ends.
func (s SigningIn) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case promptedMsg:
		if msg.id == s.id {
			return s.prompted(msg)
		}
	case polledMsg:
		if msg.id == s.id {
			return s.polled(msg)
		}
	case agedMsg:
		if msg.id == s.id {
			s.at = s.now()
			return s.refit(), Intent{}, s.tick()
		}
	case panickedMsg:
		return s.failed(msg.err)
	case tea.KeyMsg:
		return s.press(msg)
	}
	return s, Intent{}, nil
}

func (s SigningIn) press(k tea.KeyMsg) (Screen, Intent, tea.Cmd) {
	if key.Matches(k, s.keys.Cancel) {
		s.cancel()
		return s, Intent{Go: Close}, nil
	}
	s.page = s.page.turn(k, s.column(), s.text())
	return s, Intent{}, nil
}

func (s SigningIn) prompted(msg promptedMsg) (Screen, Intent, tea.Cmd) {
	if msg.err != nil {
		return s.failed(msg.err)
	}
	s.signIn, s.prompt, s.at = msg.signIn, msg.signIn.Prompt(), s.now()
	return s.draw(), Intent{}, tea.Batch(s.poll(), s.tick())
}

func (s SigningIn) polled(msg polledMsg) (Screen, Intent, tea.Cmd) {
	switch {
	case msg.err != nil:
		return s.failed(msg.err)
	case msg.progress.Done:
		s.cancel()
		return s, Intent{Go: GreetStaff, Operator: msg.progress.Operator}, nil
	case msg.progress.Slower > 0:
		s.slower = msg.progress.Slower
	}
	return s.refit(), Intent{}, s.poll()
}

func (s SigningIn) failed(err error) (Screen, Intent, tea.Cmd) {
	s.cancel()
	return s, Intent{Go: MissSignIn, Problem: registration.AsProblem(err, registration.ReferenceOf(err))}, nil
}

// Fit puts the screen into f.
func (s SigningIn) Fit(f Frame) Screen {
	s.frame = f
	s.keys = signingInKeys{Cancel: binding(f.Words, "esc", "key.give_up", "esc")}
	return s.draw()
}

// draw makes the QR code, where it is of use and fits.
func (s SigningIn) draw() SigningIn {
	s.picture, s.beside = "", false
	if s.signIn != nil && !s.prompt.Opened {
		s.picture, s.beside = s.frame.picture(s.addresses()...)
	}
	return s.refit()
}

// refit fits the text beside or below the QR code.
func (s SigningIn) refit() SigningIn {
	s.page = s.page.fit(s.column(), s.text())
	return s
}

// ShortHelp returns the keys that work.
func (s SigningIn) ShortHelp() []key.Binding {
	return append([]key.Binding{s.keys.Cancel}, s.page.help()...)
}

// FullHelp returns the keys that work.
func (s SigningIn) FullHelp() [][]key.Binding { return [][]key.Binding{s.ShortHelp()} }
