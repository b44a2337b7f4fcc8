package wording

import (
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
)

// longestStaff bounds what is said to staff, in code points.
const longestStaff = 400

// TitleOf is the heading of a problem.
func TitleOf(p *registration.Problem) Say { return Say{Key: kindOf(p) + ".title"} }

// AdviceOn is what to do about a problem. Waiting says that the same is tried again by itself in a while, and tooLong that the
// tenant asks for a longer wait than anybody stays for.
func AdviceOn(p *registration.Problem, waiting, tooLong bool) Say {
	switch {
	case waiting:
		return Say{Key: "problem.waiting"}
	case tooLong:
		return comeback(p.RetryAfter)
	}
	if p.Kind == registration.DetailsRejected && p.Field == "" {
		return Say{Key: "problem.details_rejected.look"}
	}
	return Say{Key: kindOf(p) + ".advice"}
}

// comeback says when to come back, in minutes, or when that is many in hours.
func comeback(wait time.Duration) Say {
	const many = 2 * time.Hour
	if wait > many {
		return Say{Key: "problem.comeback.hours", Args: []any{int((wait + time.Hour - 1) / time.Hour)}}
	}
	return Say{Key: "problem.comeback", Args: []any{int((wait + time.Minute - 1) / time.Minute)}}
}

// Countdown says in how many seconds the same is tried again by itself.
func Countdown(seconds int) Say {
	return InAWhile("problem.countdown", time.Duration(seconds)*time.Second)
}

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
	unnamed := p.Field == "" && p.Flaw.Rule == registration.RuleRejected // nobody can say what "this" is
	if say := OfFlaw(p.Flaw); rejected && !unnamed && !say.Silent() {
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
