package registration

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"foyer/internal/password"
	"foyer/internal/payloadschema"
	"foyer/internal/secret"
)

// A Form says what to ask. It does not change and is safe for concurrent use.
type Form struct {
	Pool    Pool
	Heading string // the schema's own heading; may be ""

	settings    Settings
	schema      *payloadschema.Schema
	credentials credentials
	blocklist   Blocklist
	fields      fieldTable
	marked      bool // users get a mark
}

// NewForm makes the form of pool, where payload and metadata are the documents of its schemas (nil: it has none). The
// error says, for staff, why nobody could be registered this way; it is a misconfiguration.
func NewForm(pool Pool, payload, metadata json.RawMessage, settings Settings) (*Form, error) {
	settings = settings.withDefaults()
	schema, err := payloadschema.Parse(payload)
	if err != nil {
		return nil, err
	}
	form := &Form{Pool: pool, Heading: schema.Heading, settings: settings, schema: schema, fields: newFieldTable(settings.Fields)}
	form.marked = settings.Mark && takesMark(metadata, settings.Metadata)
	if form.fields.ranks {
		form.schema = schema.Ranked(form.fields.rank)
	}
	form.Pool.PasswordPolicy.Specials = settings.Specials
	form.blocklist = password.NewBlocklist(append(slices.Clone(settings.ServiceWords), pool.Name, string(pool.ID)))
	var unusable error
	form.credentials, unusable = decideCredentials(pool, settings)
	err = errors.Join(form.unaskable(), form.misset(), unusable, checkMetadata(metadata, settings.Metadata))
	if err != nil {
		return nil, err
	}
	return form, nil
}

// Blocklist returns the passwords that nobody may have.
func (f *Form) Blocklist() Blocklist { return f.blocklist }

// Settings returns the administrator's part of the form.
func (f *Form) Settings() Settings { return f.settings }

// EntersCode reports whether a person types a code that was sent to them.
func (f *Form) EntersCode() bool {
	return f.settings.Verification == VerifyCode || f.settings.Verification == VerifyBefore
}

// Omitted names the optional properties that are not asked, as "/pointer: reason".
func (f *Form) Omitted() []string {
	var omitted []string
	for _, u := range f.schema.CannotAsk() {
		if !u.Required {
			omitted = append(omitted, u.Pointer+": "+u.Reason)
		}
	}
	return omitted
}

// unaskable is the error for required properties that cannot be asked.
func (f *Form) unaskable() error {
	var all []error
	for _, u := range f.schema.CannotAsk() {
		if u.Required {
			all = append(all, fmt.Errorf("the payload schema requires %s, which cannot be asked: %s", u.Pointer, u.Reason))
		}
	}
	return errors.Join(all...)
}

// Align returns d with its identifiers in the order in which the form asks for them, so that pointers into both agree.
// Those that the form does not ask for stay at the end, for Check to find.
func (f *Form) Align(d Draft) Draft {
	rest := slices.Clone(d.Identifiers)
	aligned := make([]Identifier, 0, len(rest))
	for _, s := range f.settings.Identifiers {
		i := slices.IndexFunc(rest, func(id Identifier) bool { return id.Type == s.Type })
		if i < 0 {
			aligned = append(aligned, Identifier{Type: s.Type})
			continue
		}
		id := rest[i]
		id.Identifier, _ = NormalizeIdentifier(id.Type, id.Identifier, f.settings.Country)
		aligned = append(aligned, id)
		rest = slices.Delete(rest, i, i+1)
	}
	d.Identifiers = append(aligned, rest...)
	d.Password = secret.New(password.Normalize(d.Password.Reveal()))
	return d
}
