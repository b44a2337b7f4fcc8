package registration

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"foyer/internal/payloadschema"
	"foyer/internal/secret"
)

// A Draft is what a person answered so far. It is a value: With returns a changed copy. What does not fit its question
// yet stays as it was typed, so that nobody types it again.
type Draft struct {
	Identifiers []Identifier   `json:"identifiers"`
	Payload     map[string]any `json:"payload"`  // numbers are json.Number
	Password    secret.Text    `json:"password"` // as normalised by password.Normalize
	TOTPSecret  secret.Text    `json:"totp_secret"`
	Proof       *Proof         `json:"proof"` // without screens only: that the address was proven

	// Recorded is an identifier beside those that were typed, such as the fingerprint of an SSH key; the zero one for none. The
	// person does not sign in with it: by it they are recognised when they come again.
	Recorded Identifier `json:"-"`

	TOTPProven bool           `json:"-"` // the person's app gave a code that matched
	Shapes     map[string]int `json:"-"` // which of several shapes values of the payload have; see payloadschema.Answers
}

// Pointers into a Draft (RFC 6901).
const (
	PointerPassword    = "/password"
	PointerTOTPSecret  = "/totp_secret"
	PointerCode        = "/code" // of an activation; into a draft it leads nowhere
	pointerIdentifiers = "/identifiers/"
	pointerPayload     = "/payload"
)

// IdentifierPointer is the JSON Pointer to the identifier at index i.
func IdentifierPointer(i int) string { return pointerIdentifiers + strconv.Itoa(i) }

// Answer returns what stands at a question as a person would type it, "" when nothing does.
func (d Draft) Answer(q Question) string {
	if q.Identifier != "" {
		if i := q.index; i < len(d.Identifiers) {
			return d.Identifiers[i].Identifier
		}
		return ""
	}
	if q.Kind == Shape {
		if q.Chosen >= 0 {
			return strconv.Itoa(q.Chosen)
		}
		return ""
	}
	value, _ := payloadschema.Get(d.Payload, q.at)
	switch v := value.(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}

// answers are the payload's part of d.
func (d Draft) answers() payloadschema.Answers {
	return payloadschema.Answers{Payload: d.Payload, Shapes: d.Shapes}
}

// took returns d with a as the payload's part.
func (d Draft) took(a payloadschema.Answers) Draft {
	d.Payload, d.Shapes = a.Payload, a.Shapes
	return d
}

// Remove returns d without the entry of a list that q, an Entry, heads.
func (d Draft) Remove(q Question) Draft { return d.took(d.answers().Remove(q.at)) }

// Move returns d with the entry of a list that q, an Entry, heads so many places further on.
func (d Draft) Move(q Question, by int) Draft { return d.took(d.answers().Move(q.at, by)) }

// With returns a copy of d in which text is the answer to q. An empty text is no answer.
func (d Draft) With(q Question, text string) Draft {
	if q.Identifier != "" {
		d.Identifiers = slices.Clone(d.Identifiers)
		for len(d.Identifiers) <= q.index {
			d.Identifiers = append(d.Identifiers, Identifier{})
		}
		d.Identifiers[q.index] = Identifier{q.Identifier, q.normal(text)}
		return d
	}
	if q.Kind == Shape {
		return d.reshaped(q.at, text)
	}
	return d.took(d.answers().Set(q.at, q.parse(text)))
}

// reshaped returns d with the value at a pointer into the payload in another shape.
func (d Draft) reshaped(at, text string) Draft {
	d.Shapes = maps.Clone(d.Shapes)
	if d.Shapes == nil {
		d.Shapes = make(map[string]int)
	}
	if chosen, err := strconv.Atoi(text); err == nil {
		d.Shapes[at] = chosen
	} else {
		delete(d.Shapes, at)
	}
	return d
}

// Words are the person's own answers, for the password estimate.
func (d Draft) Words() []string {
	var words []string
	for _, i := range d.Identifiers {
		if i.Identifier != "" {
			words = append(words, i.Identifier)
		}
	}
	return append(words, texts(d.Payload)...)
}

// texts are the strings in a JSON value.
func texts(value any) []string {
	var found []string
	switch v := value.(type) {
	case string:
		if v != "" {
			found = append(found, v)
		}
	case []any:
		for _, entry := range v {
			found = append(found, texts(entry)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			found = append(found, texts(v[name])...)
		}
	}
	return found
}

// Empty reports whether nothing was answered.
func (d Draft) Empty() bool {
	return len(d.given()) == 0 && len(d.Payload) == 0 && d.Password.IsZero() && d.TOTPSecret.IsZero()
}

// Wipe forgets the secrets, in d and in every copy of it.
func (d Draft) Wipe() {
	d.Password.Wipe()
	d.TOTPSecret.Wipe()
	if d.Proof != nil {
		d.Proof.Code.Wipe()
	}
}

// cloneSecrets returns d with secrets of its own, which outlive a Wipe of d.
func (d Draft) cloneSecrets() Draft {
	d.Password, d.TOTPSecret = d.Password.Clone(), d.TOTPSecret.Clone()
	if d.Proof != nil {
		d.Proof = &Proof{d.Proof.TransientOTP, d.Proof.Code.Clone()}
	}
	return d
}

// same reports whether other would be registered as d would.
func (d Draft) same(other Draft) bool {
	return d.Recorded == other.Recorded && reflect.DeepEqual(d.Identifiers, other.Identifiers) && reflect.DeepEqual(d.Payload, other.Payload) && maps.Equal(d.Shapes, other.Shapes) &&
		d.Password.Equal(other.Password) && d.TOTPSecret.Equal(other.TOTPSecret)
}

// reachableAt is the address that a message to the person goes to: the second identifier of a self-registration, which is its
// otp_address, and else the first that is an address. Type is "" when there is none.
func (d Draft) reachableAt(api API) Identifier {
	given := d.given()
	if api == SelfRegister && len(given) > 1 {
		return given[1]
	}
	i := slices.IndexFunc(given, func(id Identifier) bool { return id.Type == Email || id.Type == Mobile })
	if i < 0 {
		return Identifier{}
	}
	return given[i]
}

// AddressPointer is the JSON Pointer (RFC 6901) to the identifier that is address; "" when there is none such.
func (d Draft) AddressPointer(address string) string {
	i := slices.IndexFunc(d.Identifiers, func(id Identifier) bool { return id.Identifier == address })
	if i < 0 {
		return ""
	}
	return IdentifierPointer(i)
}

// unsent turns a pointer into the identifiers as they were sent, without the empty ones, into one into the draft. Other
// pointers stay as they are.
func (d Draft) unsent(pointer string) string {
	sent := 0
	for i, id := range d.Identifiers {
		if strings.TrimSpace(id.Identifier) == "" {
			continue
		}
		if pointer == IdentifierPointer(sent) {
			return IdentifierPointer(i)
		}
		sent++
	}
	return pointer
}

// given are the identifiers that hold something, as they are sent.
func (d Draft) given() []Identifier {
	var given []Identifier
	for _, i := range d.Identifiers {
		if strings.TrimSpace(i.Identifier) != "" {
			given = append(given, i)
		}
	}
	return given
}
