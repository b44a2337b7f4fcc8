package lines

import (
	"errors"
	"slices"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// A walk is a person's way through the questions of the form.
type walk struct {
	questions []registration.Question
	at        int
	once      bool                 // only one answer is to be changed
	rejected  registration.Finding // what the tenant refused, as long as the answer is the same
}

// details asks for the identifiers and the payload. What is asked follows from what was answered.
func (t *talk) details(e screen.Entry) error {
	w := walk{questions: t.form.Questions(t.draft), once: e.Once}
	if i, ok := registration.Locate(w.questions, e.At); ok {
		w.at = i
		w.rejected = registration.Finding{Pointer: w.questions[i].Pointer, Flaw: e.Flaw}
	}
	t.section = ""
	if heading := clean.Line(t.form.Heading, wording.LongestLabel); heading != "" && !w.once {
		t.out.line("")
		t.out.line(heading)
	}
	complaint := wording.OfFlaw(w.rejected.Flaw)
	for {
		answer, err := t.question(w, complaint)
		complaint = wording.Say{}
		done := false
		switch {
		case errors.Is(err, errKept):
			w, complaint, done = t.onward(w)
		case errors.Is(err, errBack) && !w.once && w.at > 0:
			w.at = t.before(w)
		case err != nil:
			return err
		default:
			w, complaint, done = t.answered(w, answer)
		}
		if done {
			return nil
		}
	}
}

// before is the question before the one that w is at, without those that there is nothing to answer at.
func (t *talk) before(w walk) int {
	for i := w.at - 1; i > 0; i-- {
		if !idle(w.questions[i], registration.Flaw{}) {
			return i
		}
	}
	return 0
}

// idle reports whether there is nothing to decide at q: no entry can be added to its list, or nothing be done with its entry.
func idle(q registration.Question, flaw registration.Flaw) bool {
	acts := q.Kind == registration.More || q.Kind == registration.Entry
	return acts && len(wording.OptionsOf(q)) == 1 && flaw.OK()
}

// answered takes answer to the question that w is at, and says where to go on, and with which complaint; done is true when
// there is nothing left to ask.
func (t *talk) answered(w walk, answer string) (next walk, complaint wording.Say, done bool) {
	q := w.questions[w.at]
	if draft, ok := t.form.Act(t.draft, q, answer); ok {
		before := w.questions
		t.draft, w.questions = draft, t.form.Questions(draft)
		w.at = registration.After(before, w.questions, w.at)
		return w, wording.Say{}, false
	}
	if !q.Acts() {
		before := t.draft.Answer(q)
		t.draft = t.form.Answer(t.draft, q, answer) // also the same: it may have been one of another kind
		w.questions = t.form.Questions(t.draft)
		if w.rejected.Pointer == q.Pointer && t.draft.Answer(q) != before {
			w.rejected = registration.Finding{} // it is another answer now
		}
		w.at = max(slices.IndexFunc(w.questions, q.Is), 0)
	}
	return t.onward(w)
}

// onward goes on after an answer: a bad one is asked for again, and after the last the first that is bad.
func (t *talk) onward(w walk) (next walk, complaint wording.Say, done bool) {
	flaws := t.form.Flaws(t.draft, w.questions, w.rejected)
	if !flaws[w.at].OK() {
		return w, wording.OfFlaw(flaws[w.at]), false
	}
	for !w.once && w.at < len(w.questions)-1 {
		if w.at++; !idle(w.questions[w.at], flaws[w.at]) {
			return w, wording.Say{}, false
		}
	}
	if i := slices.IndexFunc(flaws, func(f registration.Flaw) bool { return !f.OK() }); i >= 0 {
		w.at = i
		return w, wording.OfFlaw(flaws[i]), false
	}
	return w, wording.Say{}, true
}

// question asks the question that w is at, once complaint was said, until there is an answer that can be one, and returns it, or
// errKept when it stays as it is. What is wrong with it the form finds.
func (t *talk) question(w walk, complaint wording.Say) (string, error) {
	t.tell(complaint)
	q, again := w.questions[w.at], !complaint.Silent()
	if len(wording.OptionsOf(q)) > 0 {
		return t.choose(w, again)
	}
	several := q.Widget == registration.WidgetMultiline && q.Kind == registration.Text
	says := func() {
		t.introduce(w, again)
		if several {
			t.say("lines.text", lastLine)
		}
		again = false
	}
	for {
		text, c, err := t.ask(prompt{help: "help.details", also: t.emptiable(q), says: says})
		switch {
		case err != nil:
			return "", err
		case c == cmdEmpty:
			return "", nil
		case text == "", several && text == lastLine:
			return "", errKept
		case several:
			if text, err = t.rest(text); err != nil {
				return "", err
			}
		}
		answer, refusal := screen.Typed(q, text, t.words)
		if refusal.Silent() {
			return answer, nil
		}
		again = true
		t.tell(refusal)
	}
}

// emptiable is the command that takes the answer to q away, where there is one.
func (t *talk) emptiable(q registration.Question) []command {
	if q.Acts() || t.draft.Answer(q) == "" || q.Required {
		return nil
	}
	return []command{cmdEmpty}
}

// introduce says which question w is at, what explains it, and what was answered so far. Again says that the person has just heard
// what explains it, and what is wrong with their answer.
func (t *talk) introduce(w walk, again bool) {
	q := w.questions[w.at]
	t.out.line("")
	if heading := wording.HeadingOf(q).In(t.words); q.Section != t.section && heading != "" {
		t.out.line(heading)
	}
	t.section = q.Section
	place, details := places(w.questions, w.at)
	t.number(place, details, wording.LabelOf(q), mark(q))
	if !again {
		t.tell(hintOf(q), wording.PlaceholderOf(q))
	}
	answer := t.shown(q)
	switch {
	case q.Acts() || answer == "":
	case again || !t.kept(w):
		t.say("lines.typed", answer)
	case q.Required:
		t.say("lines.so_far", answer)
	default:
		t.say("lines.so_far.optional", answer, t.typed(cmdEmpty))
	}
}

// kept reports whether enter alone keeps the answer to the question that w is at: there is nothing wrong with it.
func (t *talk) kept(w walk) bool { return t.form.Flaws(t.draft, w.questions, w.rejected)[w.at].OK() }

// hintOf explains q. How one chooses is said after what there is to choose from.
func hintOf(q registration.Question) wording.Say {
	if hint := wording.HintOf(q); hint.Key != choiceHint || len(hint.Texts) > 0 {
		return hint
	}
	return wording.Say{}
}

// choiceHint is the key of how one chooses.
const choiceHint = "choice.hint"

// places are which of those that are asked the question at at is, from 0, and how many are asked.
func places(questions []registration.Question, at int) (place, all int) {
	for i, q := range questions {
		if i != at && idle(q, registration.Flaw{}) {
			continue
		}
		if i < at {
			place++
		}
		all++
	}
	return place, all
}

// number says that this is the question at i of so many of the details, and what it is called. Mark is the key of what it is
// besides; "" for nothing.
func (t *talk) number(i, details int, label wording.Say, mark string) {
	all := details + len(t.form.Credentials())
	if mark == "" {
		t.say("lines.question", i+1, all, label.In(t.words))
		return
	}
	t.say("lines.question.marked", i+1, all, t.words.Text(mark), label.In(t.words))
}

// mark is the key of whether q has to be answered; "" for what does something instead.
func mark(q registration.Question) string {
	switch {
	case q.Acts():
		return ""
	case q.Required:
		return "field.required"
	}
	return "field.optional"
}

// longestShown bounds an answer that is said again, in code points.
const longestShown = 512

// shown is the answer to q as it is said; "" for none.
func (t *talk) shown(q registration.Question) string {
	value := t.draft.Answer(q)
	for _, o := range wording.OptionsOf(q) {
		if o.Value == value && !q.Acts() {
			return o.Say.In(t.words)
		}
	}
	return clean.Line(value, longestShown)
}
