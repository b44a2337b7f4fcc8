package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"foyer/internal/audit"
	"foyer/internal/registration"
	"foyer/internal/sandbox"
)

// judge holds what somebody is told, at the moment that they hear it, against what the tenant has.
func (v *visit) judge(problem *registration.Problem) {
	switch {
	case problem.Kind == registration.Conflict:
		if other := v.elsewhere(); other != nil && !v.twinWasTold() {
			v.wrong("is told that %s is taken, which is by themselves, as %s", v.email, other.ID)
		}
	case problem.Kind == registration.AlreadyDone:
		if len(v.mine()) == 0 {
			v.wrong("is told that they are registered already, and is not")
		}
	case problem.Kind == registration.CodeRejected: // says nothing of a user
	case !problem.Unclear && !problem.Made && v.madeNow() != "":
		v.wrong("is told for certain that nothing was done (%s), and user %s was made", problem.Kind, v.madeNow())
	}
}

// elsewhere is the user of their own who has their address; nil when nobody has it, or somebody else.
func (v *visit) elsewhere() *sandbox.Registered {
	for _, u := range v.mine() {
		if slices.Contains(u.Identifiers, v.email) {
			return &u
		}
	}
	return nil
}

// twins are all visits of the same person.
func (v *visit) twins() []*visit {
	return slices.DeleteFunc(slices.Clone(v.party), func(other *visit) bool { return other.name != v.name })
}

// twinWasTold reports whether this person knows that they are registered, from another visit.
func (v *visit) twinWasTold() bool {
	return slices.ContainsFunc(v.twins(), func(other *visit) bool { return other != v && other.done })
}

// madeNow is the user that was made for them since they came; "" when there is none, or it may be of their other visit.
func (v *visit) madeNow() string {
	if len(v.twins()) > 1 {
		return ""
	}
	for _, u := range v.mine() {
		if !u.CreatedAt.Before(v.begun) {
			return u.ID
		}
	}
	return ""
}

// keepsDraft holds the draft of the submission against what they typed.
func (v *visit) keepsDraft() {
	want, got := v.form.Align(v.answers()), v.sub.Draft
	if !reflect.DeepEqual(got.Identifiers, want.Identifiers) || !reflect.DeepEqual(got.Payload, want.Payload) || !got.Password.Equal(want.Password) {
		v.wrong("has lost what they typed")
	}
}

// verdict is all that is wrong with a world once everybody has left.
func (w *world) verdict() []string {
	var all []string
	for _, v := range w.party {
		all = append(all, v.wrongs...)
	}
	all = append(all, w.keys.wrong()...)
	all = append(all, w.users()...)
	all = append(all, w.toldUsers()...)
	return append(all, w.recorded()...)
}

// users says who is there twice, and who is there without knowing.
func (w *world) users() []string {
	var wrong []string
	byName, byAddress := map[string]int{}, map[string]int{}
	for _, u := range w.tenant.Registered(w.plan.pool) {
		name := givenName(u)
		if byName[name]++; byName[name] == 2 {
			wrong = append(wrong, name+" has two users")
		}
		for _, id := range u.Identifiers {
			if byAddress[id]++; byAddress[id] == 2 {
				wrong = append(wrong, id+" has two users")
			}
		}
		knows := func(v *visit) bool { return v.name == name && (v.done || v.quits) }
		if !slices.ContainsFunc(w.party, knows) && w.plan.flow.api == "create" {
			wrong = append(wrong, fmt.Sprintf("user %s was made, and %s was not told", u.ID, name))
		}
	}
	return wrong
}

// toldUsers says who was told that they are registered and is not.
func (w *world) toldUsers() []string {
	var wrong []string
	for _, v := range w.party {
		there := func(u sandbox.Registered) bool {
			return slices.Contains(u.Identifiers, v.email) && (givenName(u) == v.name || w.plan.flow.api == "self_register")
		}
		if v.done && !slices.ContainsFunc(w.tenant.Registered(w.plan.pool), there) {
			wrong = append(wrong, v.label+" was told that they are registered as "+v.email+", and is not")
		}
	}
	return wrong
}

// recorded says what the audit record has that is not so.
func (w *world) recorded() []string {
	name := w.record()
	key, err := audit.ReadKey(w.key())
	if err != nil {
		return []string{err.Error()}
	}
	report, err := audit.Verify(w.t.Context(), name, key, 0, "")
	if err != nil {
		return []string{err.Error()}
	}
	var wrong []string
	for _, f := range report.Findings {
		wrong = append(wrong, "the record: "+f.String())
	}
	recorded := make(map[string][]string)
	for r, err := range audit.Read(name) {
		if err != nil {
			return append(wrong, err.Error())
		}
		if r.Outcome != registration.Begun {
			recorded[r.Reference] = append(recorded[r.Reference], string(r.Kind)+" "+r.Outcome)
		}
	}
	told := make(map[string][]heard)
	for _, v := range w.party {
		for _, h := range v.hearsay {
			told[h.reference] = append(told[h.reference], h)
		}
	}
	for reference, all := range told {
		if !agrees(all, recorded[reference]) {
			wrong = append(wrong, fmt.Sprintf("the record of %s says %q, and they were told %+v", reference, recorded[reference], all))
		}
	}
	return wrong
}

// agrees reports whether the record has all that somebody heard, in order, and nothing else.
func agrees(told []heard, recorded []string) bool {
	for _, h := range told {
		switch {
		case h.operation == "resend": // is not recorded
		case len(recorded) > 0 && recorded[0] == h.operation+" "+h.outcome:
			recorded = recorded[1:]
		case !h.perhaps:
			return false
		}
	}
	return len(recorded) == 0
}

// givenName is whose user u is, and familyName what they had typed by then.
func givenName(u sandbox.Registered) string { return answerOf(u, "given_name") }

func familyName(u sandbox.Registered) string { return answerOf(u, "family_name") }

func answerOf(u sandbox.Registered, member string) string {
	var payload map[string]string
	_ = json.Unmarshal(u.Payload, &payload)
	return payload[member]
}

// atFault fails the test when something is wrong with a world, and tells how it came.
func (w *world) atFault(t *testing.T) {
	t.Helper()
	wrong := w.verdict()
	if len(wrong) == 0 {
		return
	}
	slices.SortFunc(wrong, cmp.Compare[string])
	t.Errorf("%s\n\n%s\n%s\nrun it alone with %s=%d", strings.Join(wrong, "\n"), w.plan, w.trace, onceSeed, w.plan.seed)
}
