package lines

import (
	"context"
	"errors"
	"strings"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// letIn asks for the code of an invitation, where one is needed, before anything else is said. Nothing is asked of the tenant for
// who is not let in.
func (t *talk) letIn() error {
	if t.options.Doorkeeper == nil || t.admitted {
		return nil
	}
	told := "" // the language in which was said what can be typed; once is enough
	for {
		err := t.present(&told)
		var refused registration.InvitationError
		switch {
		case err == nil:
			t.admitted = true
			return nil
		case errors.Is(err, errNoCode):
			t.say("invitation.empty")
		case errors.Is(err, errBack):
			t.say("lines.first")
		case errors.Is(err, errStopped):
			if err := t.leave(); err != nil {
				return err
			}
		case !errors.As(err, &refused):
			return err
		case refused == registration.ErrCodeTries:
			return errBarred
		default:
			t.say("invitation.no." + string(refused))
		}
	}
}

// errNoCode says that enter was pressed, and nothing else.
var errNoCode = errors.New("the person has typed no code")

// present asks for a code and shows it to the doorkeeper. The error is a registration.InvitationError, or how a question or a call
// ends. Told is the language in which was said what can be typed.
func (t *talk) present(told *string) error {
	code, _, err := t.ask(prompt{help: "help.invitation", says: func() {
		t.out.line("")
		t.tell(wording.Say{Key: "invitation.title"}, wording.Say{Key: "invitation.what"}, wording.Say{Key: "invitation.hint"})
		if *told != t.words.Name {
			*told = t.words.Name
			t.say("lines.commands", signHelp, signBack, t.typed(cmdLeave))
		}
	}})
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(code) == "":
		return errNoCode
	}
	keeper := t.options.Doorkeeper
	refusal, err := result(t, call{slow: func() { t.say("opening") }}, func(ctx context.Context) error { return keeper.Present(ctx, code) })
	switch {
	case ends(err):
		return err
	case err != nil:
		return registration.ErrCodeUnavailable
	case refusal != nil:
		return registration.AsInvitationError(refusal)
	}
	return nil
}

// recognize has the draft record what is recorded of the person. Whoever is registered with that already is told so, and asked
// whether to register somebody else, of whom nothing is recorded.
func (t *talk) recognize() error {
	id, service := t.options.Recorded, t.options.Service
	if id == (registration.Identifier{}) {
		return nil
	}
	known, err := result(t, call{slow: func() { t.say("opening") }}, func(ctx context.Context) *registration.User {
		if user, ok, err := service.Recognize(ctx, id); ok && err == nil {
			return &user
		}
		return nil
	})
	switch {
	case err != nil && ends(err) && !errors.Is(err, errStopped):
		return err
	case known == nil:
		t.draft.Recorded = id
		return nil
	}
	title, what, advice := wording.OfKnown(*known, t.words)
	yes, err := t.sure(title, what, advice, wording.Say{Key: "known.other"})
	switch {
	case err != nil:
		return err
	case !yes:
		return errLeft
	}
	t.options.Recorded = registration.Identifier{} // for good: who starts over is not asked again
	return nil
}
