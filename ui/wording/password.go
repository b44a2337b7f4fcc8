package wording

import "foyer/internal/password"

// OfRule is what a rule of the password policy asks.
func OfRule(r password.Requirement) Say {
	if r.Rule == password.RuleStrength {
		return Say{Key: "rule.strength", Args: []any{OfStrength(password.Strength(r.Need))}}
	}
	return Say{Key: "rule." + string(r.Rule), Args: []any{r.Need}}
}

// OfStrength is what a strength is called.
func OfStrength(s password.Strength) Say { return Say{Key: "strength." + s.String()} }

// OfAdvice is how to make a password stronger.
func OfAdvice(a password.Advice) Say {
	if a == password.AdviceNone {
		return Say{Key: "advice.none"}
	}
	return Say{Key: "advice." + string(a)}
}

// OfBlock is why a password may not be used, whatever the policy says.
func OfBlock(why password.Reason) Say { return Say{Key: "flaw.blocked_" + string(why)} }
