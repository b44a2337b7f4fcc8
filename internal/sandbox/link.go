package sandbox

import (
	"bytes"
	_ "embed" // for the page
	"fmt"
	"html/template"
	"strings"
)

// The page that a link in a message leads to, of a linkView.
//
//go:embed link.html
var linkHTML string

func newLinkPage() *template.Template { return template.Must(template.New("link").Parse(linkHTML)) }

// A linkView is what the page says.
type linkView struct {
	Heading, Text string
	Wrong         string // what was wrong with what was sent; "" for nothing
	Button        string // of the form; "" for no form
	Password      bool   // the form asks for one
}

// linkReply answers with the page. It runs no scripts, is in no frame, and tells no other site its address, which
// holds a code.
func (t *Tenant) linkReply(status int, v linkView) (reply, error) {
	var page bytes.Buffer
	if err := t.linkPage.Execute(&page, v); err != nil {
		return reply{}, fmt.Errorf("write link page: %w", err)
	}
	return pageReply(status, page.Bytes()), nil
}

// deadLink is the page of a link that leads nowhere, whyever that is.
func deadLink() linkView {
	return linkView{
		Heading: "This link is no longer good",
		Text:    "It has expired, was used before, or a newer one was sent. Ask for a new one where you got it.",
	}
}

// view is the page of a good link to a pool of this name.
func (l link) view(name string) linkView {
	switch l.proof.owner.kind {
	case codeActivation:
		v := linkView{Heading: "Your account at " + name, Button: "Activate", Password: l.asksPassword()}
		v.Text = fmt.Sprintf("Activate it to sign in with %s from now on.", l.proof.code.address)
		if l.proof.code.invitation {
			v.Heading, v.Button = "Your invitation to "+name, "Accept"
		}
		return v
	case codeVerifyAddress:
		return linkView{
			Heading: "Your address at " + name, Button: "Confirm",
			Text: fmt.Sprintf("Confirm that %s is yours.", l.proof.code.address),
		}
	case codeChallenge, codeAuthentication, codeResetPassword, codeResetTOTP, codeEnrollWebAuthn:
	}
	return linkView{
		Heading: "Go on where you came from",
		Text:    "This link is for the program that asked for it. It takes what follows the last slash of its address as a code.",
	}
}

// done is the page after the form was sent.
func (l link) done(name string) linkView {
	if l.proof.owner.kind == codeVerifyAddress {
		return linkView{Heading: "Your address is confirmed", Text: name + " knows that " + l.proof.code.address + " is yours."}
	}
	return linkView{Heading: "Your account is active", Text: "You can sign in to " + name + " now."}
}

// logged is a path as logs have it: without the code in a link, and without what names a sign-in.
func logged(path string) string {
	if rest, ok := strings.CutPrefix(path, controlLinksPath); ok {
		pool, _, _ := strings.Cut(rest, "/")
		return controlLinksPath + pool + "/[redacted]"
	}
	if strings.HasPrefix(path, controlAuthorizePath) {
		return controlAuthorizePath + "[redacted]"
	}
	return path
}
