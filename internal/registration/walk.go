package registration

import (
	"slices"
	"strings"
	"time"
)

// What can be done with an entry of a list, at its end, and where another property may be named: the answers to questions that
// act instead of holding an answer.
const (
	EntryKeep   = "keep"
	EntryRemove = "remove"
	EntryUp     = "up"
	EntryDown   = "down"
	MoreNo      = "no"
	MoreYes     = "yes"
)

// Acts reports whether an answer to q does something instead of standing in the draft.
func (q Question) Acts() bool { return q.Kind == Entry || q.Kind == More || q.Kind == Extra }

// Is reports whether q asks what other does, whatever it is called by now.
func (q Question) Is(other Question) bool { return q.Pointer == other.Pointer && q.Kind == other.Kind }

// Act returns d after what the answer text to q, which acts, does; ok is false when that is nothing but going on. What is there
// afterwards has other places.
func (f *Form) Act(d Draft, q Question, text string) (acted Draft, ok bool) {
	name := strings.TrimSpace(text)
	switch {
	case q.Kind == More && text == MoreYes:
		return f.Add(d, q), true
	case q.Kind == Extra && name != "":
		return f.AddExtra(d, q, name), true
	case q.Kind == Entry && text == EntryRemove:
		return d.Remove(q), true
	case q.Kind == Entry && text == EntryUp:
		return d.Move(q, -1), true
	case q.Kind == Entry && text == EntryDown:
		return d.Move(q, 1), true
	}
	return d, false
}

// After is where a person goes on who answered the question at of before, which acts: at the first question that was not there
// before, if something was added, else where they were.
func After(before, after []Question, at int) int {
	q := before[at]
	at = min(at, len(after)-1)
	if q.Kind == Entry {
		return at
	}
	i := slices.IndexFunc(after, func(q Question) bool { return !q.Acts() && !slices.ContainsFunc(before, q.Is) })
	if i < 0 {
		return at
	}
	return i
}

// Flaws are what is wrong with the answers of d to each of questions, which are those of f and d. Rejected is what the tenant
// refused; the zero Finding is nothing. What heads an answer has no flaw of its own.
func (f *Form) Flaws(d Draft, questions []Question, rejected Finding) []Flaw {
	return flaws(f.Check(d), questions, rejected)
}

// Survey returns the questions of d, and their Flaws, in the time of one of them.
func (f *Form) Survey(d Draft, rejected Finding) ([]Question, []Flaw) {
	asked, violations := f.schema.Survey(f.complete(d))
	questions := f.ask(asked)
	return questions, flaws(f.find(d, violations), questions, rejected)
}

func flaws(findings []Finding, questions []Question, rejected Finding) []Flaw {
	found := make(map[string]Flaw, 1)
	for _, finding := range slices.Backward(findings) { // the first flaw of an answer counts
		found[finding.Pointer] = finding.Flaw
	}
	if !rejected.Flaw.OK() {
		found[rejected.Pointer] = rejected.Flaw
	}
	last := make(map[string]int, len(questions))
	for i, q := range questions {
		last[q.Pointer] = i
	}
	flaws := make([]Flaw, len(questions))
	for i, q := range questions {
		if last[q.Pointer] == i {
			flaws[i] = found[q.Pointer]
		}
	}
	return flaws
}

// Asks reports whether a person who has answered d is asked for what pointer (RFC 6901) points at. A nil form asks nothing.
func (f *Form) Asks(d Draft, pointer string) bool {
	if f == nil {
		return false
	}
	credential := pointer == PointerPassword && f.AsksPassword() || pointer == PointerTOTPSecret && f.AsksTOTP()
	_, located := Locate(f.Questions(d), pointer)
	return credential || located
}

// AnswerAt is what d holds at pointer (RFC 6901); "" for a secret, and for a nil form.
func (f *Form) AnswerAt(d Draft, pointer string) string {
	if f == nil {
		return ""
	}
	questions := f.Questions(d)
	if i, ok := Locate(questions, pointer); ok {
		return d.Answer(questions[i])
	}
	return ""
}

// Credentials are the pointers (RFC 6901) to what a person sets up in order to sign in, in the order in which it is asked.
func (f *Form) Credentials() []string {
	var pointers []string
	if f.AsksPassword() {
		pointers = append(pointers, PointerPassword)
	}
	if f.AsksTOTP() {
		pointers = append(pointers, PointerTOTPSecret)
	}
	return pointers
}

// Fixable reports whether a person can put an answer right and so do something about p.
func (p *Problem) Fixable() bool {
	taken := p.Kind == Conflict && p.Flaw.Rule != RuleRecorded // of what was recorded there is no other to give
	return taken || p.Kind == PasswordRejected || p.Kind == DetailsRejected || p.Kind == CodeRejected
}

// ResendPause is how long a message may take before another one is offered.
const ResendPause = 30 * time.Second

// CodePause is how long no code is taken after p, which says that too many were wrong.
func CodePause(p *Problem) time.Duration { return max(p.RetryAfter, time.Second) }

// Retriable reports whether it is of use to try the same again.
func (p *Problem) Retriable() bool {
	return !p.Fixable() && p.Kind != AlreadyDone && p.Kind != Conflict
}
