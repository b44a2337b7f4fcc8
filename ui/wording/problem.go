package wording

import (
	"foyer/internal/clean"
	"foyer/internal/registration"
)

// longestStaff bounds what is said to staff, in code points.
const longestStaff = 400

// TitleOf is the heading of a problem.
func TitleOf(p *registration.Problem) Say { return Say{Key: kindOf(p) + ".title"} }

// AdviceOn is what to do about a problem.
func AdviceOn(p *registration.Problem) Say { return Say{Key: kindOf(p) + ".advice"} }

// kindOf is where the catalogue has the words for a problem.
func kindOf(p *registration.Problem) string {
	if rule := p.Flaw.Rule; rule == registration.RuleUnfinished || rule == registration.RuleRecorded {
		return "problem." + string(rule)
	}
	return "problem." + string(p.Kind)
}

// Happened is the plain sentence that says what p is. When an answer was refused for a known reason, it is that reason.
func Happened(p *registration.Problem, words Words) string {
	rejected := p.Kind == registration.DetailsRejected || p.Kind == registration.PasswordRejected || p.Kind == registration.CodeRejected ||
		p.Flaw.Rule == registration.RuleCodeTries
	if say := OfFlaw(p.Flaw); rejected && !say.Silent() {
		return say.In(words)
	}
	return words.Text(kindOf(p) + ".what")
}

// OutcomeOf is what has become of the account all the same.
func OutcomeOf(p *registration.Problem) []Say {
	var all []Say
	if p.Made {
		all = append(all, Say{Key: "problem.made"})
	}
	if p.Unclear {
		all = append(all, Say{Key: "problem.unclear"})
	}
	return all
}

// ForStaff is what staff need to find out about p: the reference, and what they should look at.
func ForStaff(p *registration.Problem) []Say {
	all := []Say{{Key: "reference", Args: []any{p.Reference}}}
	if staff := clean.Line(p.Staff, longestStaff); staff != "" {
		all = append(all, Say{Key: "problem.staff", Args: []any{staff}})
	}
	return all
}

// HalfMade says what is true of an account whose code is outstanding.
func HalfMade(r registration.Receipt) Say {
	switch r.Status {
	case "":
		return Say{Key: "halfmade.none"}
	case string(registration.New):
		return Say{Key: "halfmade.activation"}
	case string(registration.Active):
		return Say{Key: "halfmade.address"}
	}
	return Say{Key: "halfmade.waiting"}
}
