package lines

import (
	"slices"
	"strings"
	"time"

	"foyer/internal/clean"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// A prompt is what is said before a person types something.
type prompt struct {
	says   func()        // says it, in the language of the moment
	help   string        // the key of what explains it more
	also   []command     // works beside what works everywhere
	hidden bool          // what is typed is not shown
	limit  time.Duration // how long an answer may take; 0 for as long as somebody is there
}

// ask says p, and again until there is an answer that is none of the commands that work everywhere; those it does. It returns
// the answer, or which of p.also was typed.
func (t *talk) ask(p prompt) (answer string, c command, err error) {
	p.says()
	for {
		t.edit.reset(p.hidden)
		key, err := t.next(p.limit)
		if err != nil {
			return "", cmdNone, err
		}
		if c, answer = cmdLeave, ""; key == entered {
			c, answer = t.read(string(t.edit.text), p.also, p.hidden)
		}
		spoilt := t.edit.spoilt && p.hidden
		t.edit.reset(p.hidden)
		t.enter()
		switch {
		case c == cmdBack:
			return "", cmdNone, errBack
		case c == cmdLeave, c == cmdLanguage, c == cmdHelp, c == cmdUnknown, spoilt:
			if err := t.obey(c, p, answer); err != nil {
				return "", cmdNone, err
			}
			p.says()
			continue
		}
		return answer, c, nil
	}
}

// enter ends the line that was typed, where it is not the terminal that does.
func (t *talk) enter() {
	if t.line.Terminal {
		t.out.feed()
	}
}

// obey does what works everywhere.
func (t *talk) obey(c command, p prompt, typed string) error {
	switch c { //nolint:exhaustive // the others are for whoever asks
	case cmdLeave:
		return t.leave()
	case cmdLanguage:
		t.speak()
	case cmdHelp:
		t.help(p)
	case cmdUnknown:
		t.say("lines.unknown", clean.Line(typed, wording.LongestLabel))
	default:
		t.say("refused.control")
	}
	return nil
}

// help explains p, and says what can be typed.
func (t *talk) help(p prompt) {
	t.out.line("")
	t.say("help.title")
	if p.help != "" {
		t.say(p.help)
	}
	t.commands(p.also)
	if p.hidden {
		t.say("lines.verbatim.password")
	} else {
		t.say("lines.verbatim")
	}
	t.say("help.privacy")
}

// commands says what can be typed instead of an answer.
func (t *talk) commands(also []command) {
	for _, c := range slices.Concat([]command{cmdHelp, cmdBack, cmdLeave}, also) {
		t.say("lines.command", t.typed(c), t.words.Text("lines.does."+string(c)))
	}
	other := t.options.Catalogue.Next(t.words.Words)
	t.out.line(other.Text("lines.command", signCommand+wordFor(other, cmdLanguage), other.Text("lines.does.language")))
}

// leave asks whether to leave, or who wants to for the passcode of staff; errLeft is a yes.
func (t *talk) leave() error {
	if t.options.Lock != nil {
		return t.askPasscode()
	}
	about, warning := "leave", t.unfinished()
	switch {
	case t.through:
		about, warning = "leave_done", wording.Say{}
	case t.vacant != nil && t.untouched():
		about = "leave_closed"
	}
	yes, err := t.sure(wording.Say{Key: about + ".title"}, wording.Say{Key: about + ".what"}, warning)
	if yes {
		return errLeft
	}
	return err
}

// sure says something that is answered by yes or no, and returns the answer: no unless the person types yes, or wants to leave
// once more, which in a locked kiosk is no answer.
func (t *talk) sure(says ...wording.Say) (bool, error) {
	t.out.line("")
	t.tell(says...)
	for {
		t.say("lines.sure")
		t.edit.reset(false)
		key, err := t.next(0)
		if err != nil {
			return false, err
		}
		c, answer := cmdLeave, ""
		if key == entered {
			c, answer = t.read(string(t.edit.text), nil, false)
		}
		t.edit.reset(false)
		t.enter()
		switch {
		case c == cmdLeave && t.options.Lock != nil:
			if err := t.askPasscode(); err != nil {
				return false, err
			}
			t.tell(says...)
		case c == cmdLeave:
			return true, nil
		case c == cmdBack, c == cmdNone && answer == "":
			return false, nil
		case c == cmdLanguage:
			t.speak()
			t.tell(says...)
		case c == cmdNone:
			if yes, ok := t.meansYes(answer); ok {
				return yes, nil
			}
		}
	}
}

// meansYes reports whether answer is a yes, in any language; ok is false when it is no no either.
func (t *talk) meansYes(answer string) (yes, ok bool) {
	can, first := options("switch.yes", "switch.no"), t.words.Words
	for words := first; ; {
		if found := field.Find(can, strings.TrimSpace(answer), words, true); len(found) == 1 {
			return found[0] == 0, true
		}
		if words = t.options.Catalogue.Next(words); words == first {
			return false, false
		}
	}
}
