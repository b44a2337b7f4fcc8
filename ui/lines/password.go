package lines

import (
	"context"
	"errors"

	"foyer/internal/password"
	"foyer/internal/secret"
	"foyer/ui/field"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// password asks for a password, twice, or suggests one. Nothing of what is typed is shown.
func (t *talk) password(e screen.Entry) error {
	t.tell(wording.OfFlaw(e.Flaw))
	refused, again := !e.Flaw.OK(), false // the one that was chosen; what explains the question was heard
	p := prompt{help: "help.password", also: []command{cmdSuggest}, says: func() {
		t.introducePassword(refused, again)
		again = false
	}}
	for {
		chosen, c, err := t.secret(p)
		switch {
		case err != nil:
			return err
		case c == cmdSuggest:
			chosen, err = t.suggest()
		case !chosen.IsZero():
			err = t.prove(chosen)
		case refused || t.draft.Password.IsZero():
			t.say("flaw.required")
			err = errBack
		default:
			return nil
		}
		if err == nil {
			t.choosePassword(chosen)
		}
		if !errors.Is(err, errBack) {
			return err
		}
		again = true
	}
}

// prove judges chosen, and has it typed again. The error is errBack when it is not to be taken; then it is forgotten, as with any
// other.
func (t *talk) prove(chosen secret.Text) error {
	good, err := t.judge(chosen)
	if good && err == nil {
		good, err = t.repeated(chosen)
	}
	if err == nil && !good {
		err = errBack
	}
	if err != nil {
		chosen.Wipe()
	}
	return err
}

// choosePassword makes chosen the person's password, unless it is.
func (t *talk) choosePassword(chosen secret.Text) {
	if chosen.Equal(t.draft.Password) {
		chosen.Wipe()
		return
	}
	t.draft.Password.Wipe() // a submission has copies of its own
	t.draft.Password = chosen
}

// introducePassword says what a password has to have, unless that was heard a moment ago. Refused says that the one from before
// is not to be kept.
func (t *talk) introducePassword(refused, again bool) {
	t.out.line("")
	_, details := places(t.form.Questions(t.draft), -1)
	t.number(details, details, wording.Say{Key: "password.label"}, "field.required")
	if again {
		return
	}
	t.say("password.what")
	policy := t.form.Pool.PasswordPolicy
	rules := policy.Requirements("")
	if policy.Strength > password.Any {
		rules = append(rules, password.Requirement{Rule: password.RuleStrength, Need: int(policy.Strength)})
	}
	if len(rules) > 0 {
		t.say("lines.password.rules")
	}
	for _, r := range rules {
		t.tell(wording.OfRule(r))
	}
	t.say("lines.password.hidden")
	t.say("lines.password.suggest", t.typed(cmdSuggest))
	if !refused && !t.draft.Password.IsZero() {
		t.say("lines.password.kept")
	}
}

// secret asks p for something that is not shown.
func (t *talk) secret(p prompt) (secret.Text, command, error) {
	p.hidden = true
	for {
		text, c, err := t.ask(p)
		if err != nil || c != cmdNone {
			return secret.Text{}, c, err
		}
		typed, refusal := field.NewSecret(secret.Text{}).Edit(field.Paste(text))
		if refusal.Silent() {
			return secret.New(typed.Value()), cmdNone, nil
		}
		t.tell(refusal)
	}
}

// judge says how strong chosen is, and what keeps it from being taken.
func (t *talk) judge(chosen secret.Text) (good bool, err error) {
	draft := t.draft
	draft.Password = chosen
	own := draft.Words()
	estimate := password.Judge(chosen.Reveal(), own)
	lacking := t.form.Pool.PasswordPolicy.Check(chosen.Reveal(), estimate)
	why, blocked := t.form.Blocklist().Blocks(chosen.Reveal(), own)
	if len(lacking) == 0 && !blocked {
		breached, err := t.breached(chosen)
		if err != nil || !breached {
			t.tell(wording.Say{Key: "lines.password.strength", Args: []any{wording.OfStrength(estimate.Strength)}})
			return err == nil, err
		}
		t.say("flaw.breached")
		return false, nil
	}
	for _, r := range lacking {
		t.say("flaw." + string(r.Rule))
	}
	if blocked {
		t.tell(wording.OfBlock(why))
		return false, nil
	}
	t.tell(wording.OfAdvice(estimate.Advice))
	return false, nil
}

// breached reports whether chosen is known from a breach, as far as that can be found out.
func (t *talk) breached(chosen secret.Text) (bool, error) {
	service, copied := t.options.Service, chosen.Clone()
	found, err := result(t, call{slow: func() { t.say("opening") }}, func(ctx context.Context) bool {
		defer copied.Wipe()
		return service.Breached(ctx, copied)
	})
	if err != nil && !ends(err) { // a panic: it is looked up again before anybody is registered
		return false, nil
	}
	if errors.Is(err, errStopped) {
		return false, nil
	}
	return found, err
}

// repeated asks for chosen once more.
func (t *talk) repeated(chosen secret.Text) (same bool, err error) {
	again, _, err := t.secret(prompt{help: "help.password", says: func() { t.say("password.again") }})
	defer again.Wipe()
	switch {
	case err != nil:
		return false, err
	case again.IsZero():
		t.say("password.again.empty")
	case !again.Equal(chosen):
		t.say("password.again.differs")
	default:
		return true, nil
	}
	return false, nil
}

// suggest says a password that was made for the person; errBack when they want to type their own.
func (t *talk) suggest() (secret.Text, error) {
	random := false
	for {
		suggested, ok := t.form.SuggestPassword(random)
		if !ok {
			t.say("suggest.none")
			return secret.Text{}, errBack
		}
		i, err := t.menu("help.password", func() {
			t.out.line("")
			t.say("suggest.what")
			t.out.line(suggested.Reveal())
			t.say("suggest.once")
		}, t.suggestions(random))
		if err == nil && i == 0 {
			return suggested, nil
		}
		suggested.Wipe()
		switch {
		case err != nil:
			return secret.Text{}, err
		case i == 2:
			random = !random
		case i == 3:
			return secret.Text{}, errBack
		}
	}
}

// suggestions are what can be done with a suggestion.
func (t *talk) suggestions(random bool) []wording.Option {
	other := "key.characters"
	if random {
		other = "key.words"
	}
	return options("key.use", "key.another", other, "key.own")
}

// options are options that are called as stands under keys.
func options(keys ...string) []wording.Option {
	all := make([]wording.Option, len(keys))
	for i, key := range keys {
		all[i] = wording.Option{Say: wording.Say{Key: key}, Value: key}
	}
	return all
}
