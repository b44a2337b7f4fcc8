package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"foyer/internal/config"
	"foyer/internal/identitypools"
	"foyer/internal/registration"
)

// wayIn says how people come in and what they set up, and proves what can be proven without sending anybody a message.
func (c *checkup) wayIn(ctx context.Context) (finding, error) {
	form, err := c.service.Form(ctx)
	if err != nil {
		return finding{}, err
	}
	r := c.config.Registration
	found := []string{"people are created as " + string(r.Status)}
	if r.API == config.APISelfRegister {
		found = []string{"people register themselves"}
	}
	found = append(found, setUp(form), verified(r.Verification, form.Pool))
	if r.Verification == config.VerificationBefore {
		err = c.asksTransientOTP(ctx)
	}
	return finding{text: each(found)}, err
}

// setUp is what a person sets up to sign in with.
func setUp(form *registration.Form) string {
	var all []string
	if form.AsksPassword() {
		all = append(all, "a password")
	}
	if form.AsksTOTP() {
		all = append(all, "an authenticator app")
	}
	if len(all) == 0 {
		return "with nothing to set up here"
	}
	return "with " + strings.Join(all, " and ")
}

// verified is how their address is.
func verified(v config.Verification, pool registration.Pool) string {
	switch v {
	case config.VerificationCode:
		return "a code verifies their address" + lasting(pool.ActivationCode)
	case config.VerificationLink:
		return "a link verifies their address" + lasting(registration.CodeSetting{TTL: pool.ActivationCode.TTL})
	case config.VerificationBefore:
		return "a code proves their address before"
	case config.VerificationNone:
	}
	return "their address stays unverified"
}

// lasting says what the pool says of its codes.
func lasting(c registration.CodeSetting) string {
	text := ""
	if c.Length > 0 {
		text += fmt.Sprintf(", %d characters long", c.Length)
	}
	if c.TTL > 0 {
		text += fmt.Sprintf(", good for %v", c.TTL.Round(time.Second))
	}
	return text
}

// asksTransientOTP asks after a one-time password that was never sent: a tenant that may be asked says that there is none.
func (t *tenant) asksTransientOTP(ctx context.Context) error {
	l, err := t.link(ctx)
	if err != nil {
		return err
	}
	_, err = l.client.GetTransientOTP(ctx, "foyer-check", "")
	var refused *identitypools.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && (refused.Status == http.StatusNotFound || refused.Status == http.StatusUnprocessableEntity):
		return nil
	case errors.As(err, &refused) && refused.Status == http.StatusForbidden:
		return &registration.Problem{
			Kind: registration.Misconfigured, Reference: registration.NewReference(), Cause: err,
			Staff: "the client may not send one-time passwords in the workspace " + t.config.Tenant.Workspace + "; grant it the scope transient_otp there, and check tenant.workspace",
		}
	}
	return err
}

// advise prints what the pool could ask better. Nothing of it keeps anybody from being registered.
func (p *program) advise(ctx context.Context, t *tenant) {
	form, err := t.service.Form(ctx)
	if err != nil {
		return // the table says why
	}
	for _, lint := range form.Advice() {
		p.row("!", "advice", fmt.Sprintf("%s: %s (%s)", lint.Key, lint.Text, lint.Section))
	}
}
