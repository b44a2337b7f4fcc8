package screen

import (
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// A verifyAction is what a person can do on the verify screen beside typing.
type verifyAction struct {
	say     field.Say
	remark  field.Say // beside it
	enabled bool
	run     func(Verify) (Screen, Intent, tea.Cmd)
}

// actions are those that make sense now. The first gives the code back; the boxes belong to it.
func (v Verify) actions() []verifyAction {
	ready := !v.now.Before(v.closed)
	all := []verifyAction{{say: field.Say{Key: "verify.confirm"}, enabled: ready, run: Verify.confirm}}
	again := verifyAction{
		say: field.Say{Key: "verify.again"}, remark: field.Say{Key: "verify.again.what"}, enabled: true,
		run: func(v Verify) (Screen, Intent, tea.Cmd) { return v.resend(registration.AsCode) },
	}
	if left := v.sent.Add(registration.ResendPause).Sub(v.now); left > 0 {
		again.enabled, again.remark = false, wording.InAWhile("verify.again.wait", left)
	}
	all = append(all, again, verifyAction{say: field.Say{Key: "verify.address"}, enabled: true, run: Verify.changeAddress})
	if v.receipt.Challenge.Purpose != registration.AddressProof {
		all = append(all, verifyAction{
			say: field.Say{Key: "verify.link"}, remark: field.Say{Key: "verify.link.what"}, enabled: true,
			run: func(v Verify) (Screen, Intent, tea.Cmd) { return v.resend(registration.AsLink) },
		})
	}
	return all
}

// choose does what the cursor is on.
func (v Verify) choose() (Screen, Intent, tea.Cmd) {
	if action := v.actions()[v.at]; action.enabled {
		return action.run(v)
	}
	return v, Intent{}, nil
}

// changeAddress leads to the answer that the message was sent to. The next submission is another one, with another code.
func (v Verify) changeAddress() (Screen, Intent, tea.Cmd) {
	return v, Intent{Go: Jump, At: v.visit.Sub.Draft.AddressPointer(v.receipt.Challenge.Address)}, nil
}

// address is where the message went, as it is shown.
func (v Verify) address() string {
	return clean.Line(v.receipt.Challenge.Address, wording.LongestLabel)
}
