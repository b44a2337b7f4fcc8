package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"foyer/internal/config"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

func (p *program) activate() *cobra.Command {
	return &cobra.Command{
		Use:   "activate",
		Short: "Give a code back that 'foyer register' had sent: JSON in, JSON out",
		Long: `Give a code back that 'foyer register' had sent. It is read from stdin, with the
id of the receipt; a receipt is printed on stdout, a problem on stderr:

  {"user_id": "...", "code": "123456"}

  {"user_id": "...", "status": "active", "flow": "self_register", "next": "sign_in", "reference": "..."}
  {"problem": "code_rejected", "field": "/code", "message": "...", "reference": "..."}

The flow may ask for more: "otp_address", where the code was sent, when that is
not what the person signs in with, and always where people are created as active;
and "password", for a user who has none yet.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runActivate(c.Context()) }),
	}
}

// An activation is what 'foyer activate' reads, in the words of ActivateSelfRegisteredUser.
type activation struct {
	UserID     registration.UserID `json:"user_id"`
	Code       secret.Text         `json:"code"`
	OTPAddress string              `json:"otp_address"`
	Password   secret.Text         `json:"password"`
}

func (p *program) runActivate(ctx context.Context) error {
	p.shieldOnce()
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if !cfg.Configured() {
		return p.explain(errNoTenant)
	}
	in, err := readInput[activation](p.stdin, "activation")
	if err != nil {
		return p.rejectInput("", err)
	}
	defer in.Code.Wipe()
	defer in.Password.Wipe()
	if field, err := in.check(cfg.Registration); err != nil {
		return p.rejectInput(field, err)
	}
	ctx = registration.From(ctx, registration.Origin{Terminal: "foyer activate"})
	t, err := p.connect(ctx, cfg)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	if err := p.signIn(ctx, t); err != nil {
		return p.explain(err)
	}
	receipt, err := t.service.Activate(ctx, registration.Activated{
		UserID: in.UserID, Code: in.Code, OTPAddress: in.OTPAddress, Password: in.Password,
	})
	if err != nil {
		return p.explain(err)
	}
	return jsonTo(p.stdout).Encode(receipt)
}

// check returns what is missing for the flow that is configured, and where (a JSON Pointer, RFC 6901).
func (a activation) check(r config.Registration) (field string, err error) {
	afterwards := r.API == config.APICreate && r.Status != config.StatusNew
	switch {
	case r.Verification == config.VerificationBefore:
		return "", errors.New(`an address that is proven first is proven by 'foyer register', with the draft's member "proof"`)
	case a.UserID == "":
		return "/user_id", errors.New(`the activation has no "user_id"`)
	case a.Code.IsZero():
		return registration.PointerCode, errors.New(`the activation has no "code"`)
	case afterwards && a.OTPAddress == "":
		return "/otp_address", errors.New(`the activation has no "otp_address", the address to be verified`)
	case afterwards && !a.Password.IsZero():
		return registration.PointerPassword, errors.New(`the activation has a "password", which the verification of an address does not take`)
	}
	return "", nil
}
