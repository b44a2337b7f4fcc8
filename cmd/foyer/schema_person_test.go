package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"foyer/internal/registration"
)

// A person fills in a form. It knows from the form itself what is to be asked next, and looks whether the screen asks it.
type person struct {
	t     *testing.T
	s     *terminal
	c     formCase
	email string
	form  *registration.Form
	used  map[string]bool

	draft     registration.Draft
	questions []registration.Question
	at        int
	last      bool // the last question was answered
}

func newPerson(t *testing.T, email string, c formCase) *person {
	t.Helper()
	settings := registration.Settings{
		Status: registration.Active, Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}},
	}
	form, err := registration.NewForm(registration.Pool{ID: "customers", Mechanisms: []string{"password"}}, c.Schema, nil, settings)
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, c: c, email: email, form: form, used: make(map[string]bool)}
	p.questions = form.Questions(p.draft)
	return p
}

// fill answers until the screen goes on.
func (p *person) fill() {
	p.t.Helper()
	for range 500 {
		if p.last {
			return
		}
		p.answer(p.questions[p.at])
	}
	p.t.Fatalf("there are always more questions; the screen shows:\n%s", p.s.text())
}

// answer answers q, on which the cursor has to be.
func (p *person) answer(q registration.Question) {
	p.t.Helper()
	p.sees(q)
	if p.mistakes(q) {
		return
	}
	switch q.Kind {
	case registration.More:
		if q.CanAdd && p.has(q.Pointer+"/"+strconv.Itoa(q.Count)) {
			p.s.press("y\r")
			p.act(q, p.form.Add(p.draft, q))
			return
		}
	case registration.Extra:
		if name := p.member(q); name != "" {
			p.s.press(name + "\r")
			p.act(q, p.form.AddExtra(p.draft, q, name))
			return
		}
	case registration.Entry:
		if p.handles(q) {
			return
		}
	case registration.Choice, registration.Shape, registration.Switch, registration.Text, registration.Number, registration.Integer:
		p.gives(q)
		if p.returns(q) {
			return
		}
	}
	p.next()
}

// returns goes up to what heads q, when there is something to be done with that entry of a list.
func (p *person) returns(q registration.Question) bool {
	name := "entry:" + strings.TrimPrefix(q.Pointer, "/payload")
	if _, ok := p.c.Answers[name]; !ok || p.used[name] {
		return false
	}
	p.s.press("\x1b[A")
	p.at--
	return true
}

// gives types the answer to q, if there is one.
func (p *person) gives(q registration.Question) {
	p.t.Helper()
	answer, ok := p.take(q)
	if q.Identifier != "" {
		answer, ok = p.email, true
	}
	if !ok {
		return
	}
	p.s.press(p.keys(q, answer))
	p.edit(valueOf(q, answer))
	p.sees(p.questions[p.at])
	if _, _, after, _ := p.s.cursor(); strings.HasPrefix(strings.TrimSpace(after), "✗") {
		p.t.Errorf("the answer %q to %s is complained about:\n%s", answer, q.Pointer, p.s.text())
	}
}

// mistakes types the wrong answer to q, if there is one, sees that it is stopped there, and takes it back.
func (p *person) mistakes(q registration.Question) bool {
	p.t.Helper()
	i := slices.IndexFunc(names(q), func(name string) bool { _, ok := p.c.Wrong[name]; return ok && !p.used["wrong "+name] })
	if i < 0 {
		return false
	}
	name := names(q)[i]
	w := p.c.Wrong[name]
	p.used["wrong "+name] = true
	if w.Type != "" {
		p.s.press(p.keys(q, string(w.Type)))
	}
	p.s.press("\r")
	p.s.wait(fmt.Sprintf("%q at %s", w.Says, q.Pointer), func() bool {
		label, _, after, ok := p.s.cursor()
		return ok && sameLabel(label, labelOf(q)) && strings.Contains(after, "✗") && strings.Contains(words(after), w.Says)
	})
	if w.Type == "" {
		return false
	}
	p.edit(string(w.Type))
	if picks(q) {
		p.s.press("\x7f")
	} else {
		p.s.press("\x15")
	}
	p.edit("")
	return true
}

// handles does with an entry of a list what the case says.
func (p *person) handles(q registration.Question) bool {
	p.t.Helper()
	if p.has(q.Pointer) { // it is not there yet
		return false
	}
	what, ok := p.take(q)
	if !ok {
		return false
	}
	offered := []string{"leave it as it is"}
	if q.CanRemove {
		offered = append(offered, "remove it")
	}
	if q.Index > 0 {
		offered = append(offered, "move it up")
	}
	offered = append(offered, "move it down")
	p.s.press(strings.Repeat("\x1b[C", slices.Index(offered, what)))
	p.s.wait(what, func() bool { _, value, _, _ := p.s.cursor(); return value == what })
	p.s.press("\r")
	switch what {
	case "remove it":
		p.act(q, p.draft.Remove(q))
	case "move it up":
		p.act(q, p.draft.Move(q, -1))
	case "move it down":
		p.act(q, p.draft.Move(q, 1))
	default:
		p.t.Fatalf("nobody can %q", what)
	}
	return true
}

// edit makes value the answer to the question with the cursor.
func (p *person) edit(value string) {
	q := p.questions[p.at]
	p.draft = p.draft.With(q, value)
	p.questions = p.form.Questions(p.draft)
	if i := find(p.questions, q); i >= 0 {
		p.at = i
	}
	p.at = min(p.at, len(p.questions)-1)
}

// act changes the entries of a list, or the members of an object.
func (p *person) act(q registration.Question, draft registration.Draft) {
	before := p.questions
	p.draft = draft
	p.questions = p.form.Questions(draft)
	p.at = min(p.at, len(p.questions)-1)
	if q.Kind == registration.Entry {
		return
	}
	i := slices.IndexFunc(p.questions, func(q registration.Question) bool {
		return !slices.Contains([]registration.Kind{registration.Entry, registration.More, registration.Extra}, q.Kind) && find(before, q) < 0
	})
	if i >= 0 {
		p.at = i
	}
}

// next leaves the question with the cursor.
func (p *person) next() {
	p.t.Helper()
	q := p.questions[p.at]
	if i := slices.IndexFunc(p.form.Check(p.draft), func(f registration.Finding) bool { return f.Pointer == q.Pointer }); i >= 0 && p.stopsAt(q) {
		p.t.Fatalf("the case has no good answer to %s %q: %v; the draft is %v", q.Kind, q.Pointer, p.form.Check(p.draft)[i].Flaw, p.draft.Payload)
	}
	p.s.press("\r")
	if p.at < len(p.questions)-1 {
		p.at++
		return
	}
	if p.at = p.firstFlaw(); p.at < 0 {
		p.last = true
	}
}

// firstFlaw is the first question that is not answered well, to which the last one leads back; -1 for none.
func (p *person) firstFlaw() int {
	flaws := p.form.Check(p.draft)
	return slices.IndexFunc(p.questions, func(q registration.Question) bool {
		return slices.ContainsFunc(flaws, func(f registration.Finding) bool { return f.Pointer == q.Pointer }) && p.stopsAt(q)
	})
}

// stopsAt reports whether a flaw at the pointer of q is said at q: what heads an answer does not say it.
func (p *person) stopsAt(q registration.Question) bool {
	return !slices.ContainsFunc(p.questions[find(p.questions, q)+1:], func(other registration.Question) bool { return other.Pointer == q.Pointer })
}

// submit gives the password, reads the review, and registers.
func (p *person) submit() {
	p.t.Helper()
	p.s.until("Your password")
	p.s.press(marker + "\r" + marker + "\r")
	p.s.until("Is everything right?")
	p.s.press("\r")
	p.s.until("You are registered")
	for name := range p.c.Answers {
		if !p.used[name] {
			p.t.Errorf("nobody asked for %s", name)
		}
	}
	for name := range p.c.Wrong {
		if !p.used["wrong "+name] {
			p.t.Errorf("nobody asked for the wrong %s", name)
		}
	}
}

// arrived compares what the tenant has with what the case says, and has another validator judge it.
func (p *person) arrived(tenant *tenantServer, pool string) {
	p.t.Helper()
	got := tenant.payload(p.t, pool, p.email)
	if diff := cmp.Diff(p.c.Payload, got); diff != "" {
		p.t.Errorf("what arrived, -want +got:\n%s", diff)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(p.c.Schema, &schema); err != nil {
		p.t.Fatal(err)
	}
	judge, err := schema.Resolve(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := judge.Validate(got); err != nil {
		p.t.Errorf("another validator refuses %v: %v", got, err)
	}
}

// sees waits until the cursor is on q and its field shows what was answered so far.
func (p *person) sees(q registration.Question) {
	p.t.Helper()
	want, mark := p.shown(q), "optional"
	switch {
	case slices.Contains([]registration.Kind{registration.Entry, registration.More, registration.Extra}, q.Kind):
		mark = ""
	case q.Required:
		mark = "required"
	}
	p.s.wait(fmt.Sprintf("%s %q %s (%s) with %q", q.Kind, q.Pointer, labelOf(q), mark, want), func() bool {
		label, value, _, ok := p.s.cursor()
		if !ok || !sameLabel(label, labelOf(q)) || !strings.HasSuffix(label, mark) {
			return false
		}
		return value == want || len(want) > 20 && len(value) > 10 && (strings.HasSuffix(want, value) || sameLabel(value, want))
	})
	if p.c.Window[1] >= 24 && q.Heading != "" && !strings.Contains(p.s.text(), q.Heading) {
		p.t.Errorf("%s is asked without its heading %q:\n%s", q.Pointer, q.Heading, p.s.text())
	}
}

// shown is what the field of q shows.
func (p *person) shown(q registration.Question) string {
	answer := p.draft.Answer(q)
	switch q.Kind {
	case registration.Entry:
		return "leave it as it is"
	case registration.More:
		return "No"
	case registration.Switch:
		return map[string]string{"true": "Yes", "false": "No", "": "not chosen yet"}[answer]
	case registration.Choice, registration.Shape:
		for _, o := range q.Options {
			if o.Value == answer && answer != "" {
				return o.Label
			}
		}
		return "not chosen yet"
	case registration.Text, registration.Number, registration.Integer, registration.Extra:
	}
	if q.Kind == registration.Extra {
		return ""
	}
	return answer
}

// keys are what a person types for answer: into a line the text, for an option how it is called, and the arrow where another one
// begins like it.
func (p *person) keys(q registration.Question, answer string) string {
	if q.Kind == registration.Switch || !picks(q) {
		return answer
	}
	if len(q.Options) == 2 && strings.Contains(answer, " ") { // the space bar goes through two
		return map[bool]string{true: "\x1b[D\x1b[C", false: "\x1b[D"}[q.Options[0].Label == answer]
	}
	first := slices.IndexFunc(q.Options, func(o registration.Option) bool {
		return strings.HasPrefix(strings.ToLower(o.Label), strings.ToLower(answer))
	})
	wanted := slices.IndexFunc(q.Options, func(o registration.Option) bool { return o.Label == answer })
	return answer + strings.Repeat("\x1b[C", max(wanted-first, 0))
}

// take is the answer to q that was not given yet.
func (p *person) take(q registration.Question) (string, bool) {
	for _, name := range names(q) {
		if answer, ok := p.c.Answers[name]; ok && !p.used[name] {
			p.used[name] = true
			return string(answer), true
		}
	}
	return "", false
}

// has reports whether there is something to answer at or below pointer.
func (p *person) has(pointer string) bool {
	return slices.ContainsFunc(p.open(), func(name string) bool {
		_, at, kind := strings.Cut(name, ":")
		if !kind {
			at = name
		}
		if strings.HasPrefix(name, "entry:") {
			return false
		}
		at = "/payload" + at
		return at == pointer || strings.HasPrefix(at, pointer+"/")
	})
}

// member is the name of a member of the object of q that nobody asks for and there is an answer to; "" for none.
func (p *person) member(q registration.Question) string {
	for _, name := range p.open() {
		rest, ok := strings.CutPrefix("/payload"+name, q.Pointer+"/")
		if !ok || !q.CanAdd {
			continue
		}
		first, _, _ := strings.Cut(rest, "/")
		at := q.Pointer + "/" + first
		if !slices.ContainsFunc(p.questions, func(q registration.Question) bool { return q.Pointer == at || strings.HasPrefix(q.Pointer, at+"/") }) {
			return strings.NewReplacer("~1", "/", "~0", "~").Replace(first)
		}
	}
	return ""
}

// open are the names of what is still to be typed, in order.
func (p *person) open() []string {
	var open []string
	for name := range p.c.Answers {
		if !p.used[name] {
			open = append(open, name)
		}
	}
	for name := range p.c.Wrong {
		if !p.used["wrong "+name] {
			open = append(open, name)
		}
	}
	slices.Sort(open)
	return slices.Compact(open)
}
