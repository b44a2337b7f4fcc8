package lines

import (
	"slices"
	"strconv"
	"strings"

	"foyer/internal/registration"
	"foyer/ui/field"
	"foyer/ui/intake"
	"foyer/ui/wording"
)

// mostRead is how many options are read out unasked.
const mostRead = 12

// A menu is options of which some were read out last, with numbers.
type menu struct {
	options  []wording.Option
	numbered bool  // a number means an option by its place in what was read out; not where options are called by numbers
	read     []int // what was read out last
	brief    bool  // only the beginning of a name is typed
}

func newMenu(options []wording.Option, words wording.Words) menu {
	m := menu{options: options, numbered: true, read: make([]int, len(options))}
	for i, o := range options {
		m.read[i] = i
		if _, err := strconv.Atoi(strings.TrimSpace(o.Say.In(words))); err == nil {
			m.numbered = false
		}
	}
	return m
}

// choose asks for one of the options of the question that w is at; again is as introduce has it.
func (t *talk) choose(w walk, again bool) (string, error) {
	q := w.questions[w.at]
	m := newMenu(wording.OptionsOf(q), t.words)
	also := t.emptiable(q)
	if len(m.options) > mostRead {
		also = append(also, cmdList)
	}
	heard := false // the options that m has read out were heard a moment ago
	p := prompt{help: "help.details", also: also, says: func() {
		if !heard {
			m = newMenu(m.options, t.words)
			m.brief = few(q)
			t.introduce(w, again)
			t.offer(q, m)
		}
		heard, again = false, false
	}}
	for {
		text, c, err := t.ask(p)
		switch {
		case err != nil:
			return "", err
		case c == cmdEmpty:
			return "", nil
		case c == cmdList:
			m, heard = newMenu(m.options, t.words), true
			t.readOut(m)
			continue
		case text == "":
			return "", errKept
		}
		before := len(m.read)
		if i, ok := t.pick(&m, text); ok {
			if !few(q) {
				t.say("lines.chosen", m.options[i].Say.In(t.words))
			}
			return m.options[i].Value, nil
		}
		heard, again = len(m.read) != before, true
	}
}

// few reports whether q is answered by yes or no.
func few(q registration.Question) bool {
	return q.Kind == registration.Switch || q.Kind == registration.More
}

// offer says what there is to choose from.
func (t *talk) offer(q registration.Question, m menu) {
	switch {
	case q.Kind == registration.Switch:
		t.say("lines.yes_or_no")
	case q.Kind == registration.More: // which has its own hint
	case len(m.options) > mostRead:
		t.say("lines.choice.many", len(m.options), t.typed(cmdList))
	default:
		t.readOut(m)
		t.say(choiceHint)
	}
}

// readOut reads out what m has last, a line each.
func (t *talk) readOut(m menu) {
	for place, i := range m.read {
		name := m.options[i].Say.In(t.words)
		if m.numbered {
			name = t.words.Text("lines.option", place+1, name)
		}
		t.out.line(name)
	}
}

// pick is the option that text means: by its number or by its name, or a part of it. Where that is not one of them it says why,
// and ok is false.
func (t *talk) pick(m *menu, text string) (i int, ok bool) {
	text = strings.TrimSpace(text)
	if place, err := strconv.Atoi(text); err == nil && m.numbered {
		if place >= 1 && place <= len(m.read) {
			return m.read[place-1], true
		}
		t.say("lines.choice.number", len(m.read))
		return 0, false
	}
	found := field.Find(m.options, text, t.words, m.brief)
	switch {
	case strings.ContainsRune(text, intake.Unreadable):
		t.say("refused.encoding")
	case len(found) == 1:
		return found[0], true
	case len(found) == 0:
		t.say("refused.choice")
	case len(found) > mostRead:
		t.say("lines.choice.more", len(found))
	default:
		m.read = slices.Clone(found)
		t.say("lines.choice.several", len(found))
		t.readOut(*m)
	}
	return 0, false
}
