package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// maxMessages bounds the outbox, which keeps the latest.
const maxMessages = 1000

// An outbox keeps what a tenant would have sent.
type outbox struct {
	mu   sync.Mutex
	sent []Message
}

func (b *outbox) add(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, m)
	b.sent = b.sent[max(len(b.sent)-maxMessages, 0):]
}

// Outbox returns the messages that the tenant sent, the oldest first: the latest 1,000.
func (t *Tenant) Outbox() []Message {
	t.outbox.mu.Lock()
	defer t.outbox.mu.Unlock()
	return slices.Clone(t.outbox.sent)
}

// post sends a message: into the outbox, then to who asked for it.
func (t *Tenant) post(m Message) {
	m.Medium, m.SentAt = mediumOf(m.To), t.now().UTC()
	t.outbox.add(m)
	if t.deliver != nil {
		t.deliver(m)
	}
}

// codeForm says how a code goes into a message.
type codeForm string

// The values of code_type_in_message.
const (
	asCode codeForm = "code"
	asLink codeForm = "link"
)

// codeForm reads code_type_in_message; unsaid is what the operation gives when nothing is asked for.
func (e *exchange) codeForm(unsaid codeForm) (codeForm, error) {
	switch form := codeForm(e.request.URL.Query().Get("code_type_in_message")); form {
	case "":
		return unsaid, nil
	case asCode, asLink:
		return form, nil
	}
	return "", refuse(http.StatusBadRequest, "code_type_in_message is neither link nor code")
}

// tell sends a code of the pool to the address that it is for.
func (t *Tenant) tell(e *exchange, d definition, kind string, c issued, form codeForm) {
	m := Message{To: c.address, Kind: kind, Pool: d.ID, ExpiresAt: c.expires}
	if form == asLink {
		m.Link = origin(e.request) + controlLinksPath + d.ID + "/" + c.extended
	} else {
		m.Code = c.digits
	}
	m.Text = wording(m, plain(d.Name), c.ttl)
	t.post(m)
}

// warn tells u that somebody used text, which signs u in. It goes there, in the form that u has it in; when that is no
// address, it goes to the first verified one of u, or to nobody.
func (t *Tenant) warn(d definition, u *user, text string) {
	to := ""
	for _, c := range u.claims() {
		switch {
		case !isAddress(c.value):
		case d.normal(c.value) == d.normal(text):
			to = c.value
		case to == "" && c.kind == byAddress && !isAddress(text):
			to = c.value
		}
	}
	if to != "" {
		t.post(Message{To: to, Kind: MessageAlreadyUsed, Pool: d.ID, Text: alreadyUsed(plain(d.Name))})
	}
}

// controlOutbox answers GET /outbox and GET /sandbox/outbox: the messages, or those to one address.
func (t *Tenant) controlOutbox(e *exchange) (reply, error) {
	if e.request.Method != http.MethodGet {
		return reply{}, notAllowed(http.MethodGet)
	}
	messages := append([]Message{}, t.Outbox()...)
	if to := e.request.URL.Query().Get("to"); to != "" {
		messages = slices.DeleteFunc(messages, func(m Message) bool { return !strings.EqualFold(m.To, to) })
	}
	return jsonReply(http.StatusOK, map[string][]Message{"messages": messages})
}

// issue makes a code of a user in the pool, and voids those that it replaces.
func (t *Tenant) issue(d definition, user string, kind codeKind, c code) issued {
	length, ttl := d.OTPSettings.of(kind)
	return t.codes.issue(owner{d.ID, user, kind}, c, length, ttl)
}
