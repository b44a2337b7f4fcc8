package wording

import (
	"time"

	"foyer/internal/registration"
)

// AtCode says what went wrong when a person gave a code back or, as sending says, asked for another message; ok is false when
// that is nothing they can do something about with the code.
func AtCode(p *registration.Problem, sending bool) (say Say, ok bool) {
	switch {
	case p.Kind == registration.CodeRejected && p.Flaw.OK():
		return Say{Key: "problem.code_rejected.what"}, true
	case p.Kind == registration.CodeRejected:
		return OfFlaw(p.Flaw), true
	case p.Kind == registration.TooMany && p.Flaw.Rule == registration.RuleCodeTries:
		return InAWhile("verify.closed", registration.CodePause(p)), true
	case p.Kind == registration.TooMany:
		return Say{Key: "verify.busy"}, true
	case p.Kind != registration.Unavailable:
		return Say{}, false
	case !p.Unclear:
		return Say{Key: "verify.unavailable", Args: []any{p.Reference}}, true
	case sending:
		return Say{Key: "verify.unsent", Args: []any{p.Reference}}, true
	}
	return Say{Key: "verify.unclear", Args: []any{p.Reference}}, true
}

// Incomplete says that a code of length characters was not typed in full; 0 is for one whose length nobody knows.
func Incomplete(length int) Say {
	if length == 0 {
		return Say{Key: "verify.empty"}
	}
	return Say{Key: "verify.incomplete", Args: []any{length}}
}

// InAWhile says a wait: in seconds, or when it is longer than a few minutes in minutes, under another key.
func InAWhile(key string, wait time.Duration) Say {
	const fewMinutes = 3 * time.Minute
	if wait > fewMinutes {
		return Say{Key: key + ".minutes", Args: []any{int((wait + time.Minute - 1) / time.Minute)}}
	}
	return Say{Key: key, Args: []any{Seconds(wait)}}
}

// Seconds rounds d up to whole seconds, at least one.
func Seconds(d time.Duration) int { return max(int((d+time.Second-1)/time.Second), 1) }

// OfProgress says what is being done for a person; left is what is left of a wait.
func OfProgress(p registration.Progress, left time.Duration) Say {
	switch {
	case p.Stage == registration.StageWaiting:
		return Say{Key: "submit.waiting." + string(p.Because), Args: []any{Seconds(left)}}
	case p.Attempt > 1:
		return Say{Key: "submit.again", Args: []any{p.Attempt}}
	}
	return Say{Key: "submit." + string(p.Stage)}
}
