package sandbox

import (
	"bytes"
	_ "embed" // for the page
	"fmt"
	"html/template"
	"net/http"
	"net/url"
)

// The page where staff sign in, of a staffView.
//
//go:embed staff.html
var staffHTML string

func newStaffPage() *template.Template { return template.Must(template.New("staff").Parse(staffHTML)) }

// refuseStaff is the choice of nobody.
const refuseStaff = "refuse"

// A staffView is what the page says.
type staffView struct {
	Heading, Text string
	UserCode      string        // that the form is about; "" for none
	AskCode       bool          // a form that asks for a user code
	Choices       []staffChoice // the buttons of the form; none for no form
}

// A staffChoice is a button.
type staffChoice struct{ Key, Label string }

// askStaff is the page that asks who signs in at a client.
func askStaff(client, userCode string) staffView {
	v := staffView{
		Heading: "Practice tenant: staff sign-in", UserCode: userCode,
		Text: client + " asks for a member of staff. Sign in as one of these, or refuse.",
	}
	if userCode != "" {
		v.Text = client + " shows the code " + userCode + " on its screen. If it does, sign in as one of these; else refuse."
	}
	for _, m := range team() {
		v.Choices = append(v.Choices, staffChoice{m.key, "Sign in as " + m.name})
	}
	v.Choices = append(v.Choices, staffChoice{refuseStaff, "Refuse"})
	return v
}

func endedSignIn() staffView {
	return staffView{Heading: "This sign-in has ended", Text: "It was decided before, or it took too long. Begin again where you came from."}
}

// staffReply answers with the page. As that of links it runs no scripts and is in no frame. Its form leads back to the
// page itself; onward is where the answer to that may redirect, which browsers hold to form-action as well.
func (t *Tenant) staffReply(status int, v staffView, onward string) (reply, error) {
	var page bytes.Buffer
	if err := t.staffPage.Execute(&page, v); err != nil {
		return reply{}, fmt.Errorf("write staff page: %w", err)
	}
	targets := "'self'"
	if u, err := url.Parse(onward); err == nil && u.Host != "" {
		targets += " " + u.Scheme + "://" + u.Host
	}
	answer := pageReply(status, page.Bytes())
	return answer.with("Content-Security-Policy", pagePolicy(targets)), nil
}

// pagePolicy is the policy of a page whose forms lead to targets only.
func pagePolicy(targets string) string {
	return "default-src 'none'; style-src 'unsafe-inline'; form-action " + targets + "; base-uri 'none'; frame-ancestors 'none'"
}

// pageReply answers with a page, which tells no other site its address: that may hold a code. "same-origin" lets
// browsers send the Origin of the form, which "no-referrer" would make null.
func pageReply(status int, page []byte) reply {
	return reply{status: status, body: page, header: http.Header{
		"Content-Type":            {"text/html; charset=utf-8"},
		"Content-Security-Policy": {pagePolicy("'self'")},
		"Referrer-Policy":         {"same-origin"},
		"X-Content-Type-Options":  {"nosniff"},
		"Cache-Control":           {"no-store"},
	}}
}
