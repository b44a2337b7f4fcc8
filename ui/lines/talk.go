package lines

import (
	"context"
	"errors"
	"time"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/paint"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// How a question, or all of them, end without an answer.
var (
	errBack    = errors.New("the person goes back")
	errKept    = errors.New("the answer stays as it is")
	errStopped = errors.New("the person does not wait any longer")
	errElapsed = errors.New("the time for an answer is over")
	errRetry   = errors.New("the person tries again")
	errRestart = errors.New("the person starts over")
	errLeft    = errors.New("somebody chose to leave")
	errIdle    = errors.New("nobody types")
	errClosing = errors.New("the session is about to end, and nobody is in the middle of anything")
	errDrained = errors.New("nothing more comes from the person")
	errBarred  = errors.New("the person has no invitation, too often")
	errCut     = errors.New("the session has ended")
)

// A talk is what is said with one person, or with one after the other. All of it happens on one goroutine, but for what is read
// and the calls of the service.
type talk struct {
	ctx     context.Context // of the session
	options ui.Options
	line    Line
	words   words
	ending  ui.Ending

	pieces  <-chan []byte // what comes from the person
	pending []byte        // of that, what waits for its question
	drained bool          // nothing more comes
	answers *bucket       // how many are taken: each is answered with several lines
	edit    editor
	out     *printer
	size    theme.Size

	admitted bool               // by the doorkeeper
	form     *registration.Form // nil until it was read
	invited  bool               // instead of being asked for a password
	draft    registration.Draft
	sub      *registration.Submission // of the draft, once it was sent
	waiting  *registration.Receipt    // for a code; nil when none does
	through  bool                     // the person is registered
	slow     bool                     // the person may be away for a message, or for their telephone
	vacant   func() error             // done instead of a warning when nobody types; nil where somebody is in the middle of something
	section  string                   // whose heading was said last
	touched  time.Time                // when something was typed last
	tries    int                      // how often the submission was tried again by itself, one after the other
}

// newTalk returns a talk in ctx at the end of l.
func newTalk(ctx context.Context, o ui.Options, l Line) *talk {
	p := &printer{to: l.Out, end: "\n", ascii: o.Terminal.Charset == theme.ASCII}
	if l.Terminal {
		p.end = "\r\n"
	}
	t := &talk{
		ctx: ctx, options: o, line: l, words: words{o.Catalogue.Words(o.Language)}, out: p,
		pieces: feed(ctx, l, o.Now), edit: editor{terminal: l.Terminal, out: p}, answers: answersOfAPerson(), touched: o.Now(),
	}
	t.resize(l.Size)
	return t
}

// words are those of the catalogue, but for what the screens say of keys and pictures: here something else is said.
type words struct{ *i18n.Words }

// Text is the text under a key, with args put in.
func (w words) Text(key string, args ...any) string {
	if plain := "plain." + key; w.Has(plain) {
		key = plain
	}
	return w.Words.Text(key, args...)
}

// say says what stands under key, as a line.
func (t *talk) say(key string, args ...any) { t.out.line(t.words.Text(key, args...)) }

// tell says each of says, as a line.
func (t *talk) tell(says ...wording.Say) {
	for _, say := range says {
		if text := say.In(t.words); text != "" {
			t.out.line(text)
		}
	}
}

// resize takes the size of the window.
func (t *talk) resize(size theme.Size) {
	if size.Width == 0 || size.Height == 0 {
		return // nobody knows, and what is known stays
	}
	t.size = size.Clamp()
	if t.line.Terminal {
		t.out.width = t.size.Width
	}
}

// resized takes another size of the window; ok is false when there are no more.
func (t *talk) resized(size theme.Size, ok bool) {
	if !ok {
		t.line.Resize = nil
		return
	}
	t.resize(size)
}

// speak changes the language to the next.
func (t *talk) speak() { t.words = words{t.options.Catalogue.Next(t.words.Words)} }

// halfMade is the receipt of an account about which something is outstanding; nil when there is none.
func (t *talk) halfMade() *registration.Receipt {
	if t.waiting != nil {
		return t.waiting
	}
	if r, ok := t.sub.HalfMade(); ok {
		return &r
	}
	return nil
}

// unfinished says what becomes of the account of somebody who leaves now; silent when there is none.
func (t *talk) unfinished() wording.Say {
	if r := t.halfMade(); r != nil {
		return wording.HalfMade(*r)
	}
	if t.taken() {
		return wording.Say{Key: "invitation.unclear"}
	}
	return wording.Say{}
}

// untouched reports whether the person has said nothing yet.
func (t *talk) untouched() bool { return t.sub == nil && (t.form == nil || t.form.Untouched(t.draft)) }

// forget wipes what the person said.
func (t *talk) forget() {
	t.draft.Wipe()
	t.sub.Wipe()
	t.edit.reset(false)
	t.draft, t.sub, t.waiting = t.form.Draft(), nil, nil
	t.through, t.slow, t.section, t.tries = false, false, "", 0
}

// close ends the talk. Where others come after the person, what was said is cleared.
func (t *talk) close() {
	t.forget()
	clear(t.pending)
	t.out.close()
	t.clear()
	t.out.flush()
	t.gone()
}

// gone says that a person is gone.
func (t *talk) gone() {
	if t.options.Forgotten != nil {
		t.options.Forgotten()
	}
}

// clear clears what was said where it is others' as well, or pushes it out of sight on a terminal that knows no sequences.
func (t *talk) clear() {
	const unknown = 60 // lines, when nobody knows
	if !t.line.Public {
		return
	}
	if wipe := paint.Wipe(t.options.Terminal); wipe != "" && t.line.Terminal {
		t.out.wipe(wipe)
		return
	}
	lines := t.size.Height
	if lines == 0 {
		lines = unknown
	}
	t.out.blank(lines)
}
