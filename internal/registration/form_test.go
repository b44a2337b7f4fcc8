package registration_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/password"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

const personSchema = `{"type": "object", "properties": {
	"given_name": {"type": "string", "description": "First name", "maxLength": 10},
	"age": {"type": "integer", "minimum": 18},
	"news": {"type": "boolean"}
}, "required": ["given_name"], "additionalProperties": false}`

func settings() registration.Settings {
	return registration.Settings{
		Status: registration.Active, Country: "US",
		Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}, {Type: registration.Mobile}},
	}
}

func newForm(t *testing.T) *registration.Form {
	t.Helper()
	pool := registration.Pool{ID: "customers", PasswordPolicy: password.Policy{MinLength: 8, Strength: password.Fair}}
	form, err := registration.NewForm(pool, json.RawMessage(personSchema), nil, settings())
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func question(t *testing.T, form *registration.Form, pointer string) registration.Question {
	t.Helper()
	for _, q := range form.Questions(registration.Draft{}) {
		if q.Pointer == pointer {
			return q
		}
	}
	t.Fatalf("there is no question %s", pointer)
	return registration.Question{}
}

func TestFormAsksIdentifiersThenPayload(t *testing.T) {
	var got []string
	for _, q := range newForm(t).Questions(registration.Draft{}) {
		got = append(got, q.Pointer)
	}
	want := []string{"/identifiers/0", "/identifiers/1", "/payload/given_name", "/payload/age", "/payload/news"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("questions, -want +got:\n%s", diff)
	}
}

func TestNewFormRefuses(t *testing.T) {
	tests := []struct {
		name     string
		pool     registration.Pool
		payload  string
		metadata string
		want     string
	}{
		{"a required property it cannot ask", registration.Pool{}, `{"properties": {"a": {"type": "null"}}, "required": ["a"]}`, "", "/a"},
		{"a pool without passwords", registration.Pool{ID: "p", Mechanisms: []string{"webauthn"}}, "", "", "webauthn"},
		{"metadata that do not fit", registration.Pool{}, "", `{"properties": {"source": {"type": "integer"}}}`, "registration.metadata/source"},
		{"a schema it cannot read", registration.Pool{}, `{"properties": 1}`, "", "payload schema"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := settings()
			s.Metadata = map[string]any{"source": "kiosk"}
			_, err := registration.NewForm(tt.pool, json.RawMessage(tt.payload), json.RawMessage(tt.metadata), s)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("NewForm error = %v, want one about %q", err, tt.want)
			}
		})
	}
}

func TestOptionalPropertiesThatCannotBeAskedAreNamed(t *testing.T) {
	form, err := registration.NewForm(registration.Pool{}, json.RawMessage(`{"properties": {"tags": {"type": "null"}}}`), nil, settings())
	if err != nil {
		t.Fatal(err)
	}
	if got := form.Omitted(); len(got) != 1 || !strings.HasPrefix(got[0], "/tags: ") {
		t.Errorf("Omitted() = %v, want /tags", got)
	}
}

func TestDraftKeepsWhatWasTyped(t *testing.T) {
	form := newForm(t)
	tests := []struct {
		name    string
		pointer string
		give    string
		want    string
		value   any
	}{
		{"a text", "/payload/given_name", " Ann ", "Ann", "Ann"},
		{"a number", "/payload/age", "42", "42", json.Number("42")},
		{"a number with a leading zero is text", "/payload/age", "042", "042", "042"},
		{"words for a number", "/payload/age", "old", "old", "old"},
		{"yes", "/payload/news", "true", "true", true},
		{"nothing", "/payload/news", "  ", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := question(t, form, tt.pointer)
			d := registration.Draft{}.With(q, tt.give)
			if got := d.Answer(q); got != tt.want {
				t.Errorf("Answer = %q, want %q", got, tt.want)
			}
			if diff := cmp.Diff(tt.value, d.Payload[strings.TrimPrefix(tt.pointer, "/payload/")]); diff != "" {
				t.Errorf("payload, -want +got:\n%s", diff)
			}
		})
	}
}

func TestAnswersThatNobodyAsksForAreNamed(t *testing.T) {
	form := newForm(t)
	d := registration.Draft{Payload: map[string]any{"given_name": "Ann", "x": "1"}}
	want := []registration.Finding{{Pointer: "/payload/x", Flaw: registration.Flaw{Rule: "unknown"}}}
	if diff := cmp.Diff(want, form.Unasked(d)); diff != "" {
		t.Errorf("Unasked, -want +got:\n%s", diff)
	}
	if sent := form.Payload(d); len(sent) != 1 {
		t.Errorf("sent %v, want what is asked for", sent)
	}
}

func TestAnAnswerMayAskForOthers(t *testing.T) {
	const document = `{"type": "object", "properties": {
		"kind": {"type": "string", "enum": ["person", "company"]},
		"address": {"type": "object", "title": "Address", "properties": {"city": {"type": "string"}}, "required": ["city"]},
		"tags": {"type": "array", "items": {"type": "string"}}
	}, "required": ["kind"], "if": {"properties": {"kind": {"const": "company"}}, "required": ["kind"]},
	"then": {"properties": {"vat": {"type": "string"}}, "required": ["vat"]}}`
	form, err := registration.NewForm(registration.Pool{}, json.RawMessage(document), nil, settings())
	if err != nil {
		t.Fatal(err)
	}
	asked := func(d registration.Draft) string {
		var all []string
		for _, q := range form.Questions(d)[2:] {
			all = append(all, string(q.Kind)+q.Pointer)
		}
		return strings.Join(all, " ")
	}
	d := registration.Draft{}
	answer := func(pointer, text string) {
		t.Helper()
		for _, q := range form.Questions(d) {
			if q.Pointer == pointer && q.Kind != registration.Entry && q.Kind != registration.More {
				d = d.With(q, text)
				return
			}
		}
		t.Fatalf("nobody asks for %s: %s", pointer, asked(d))
	}
	if got := asked(d); strings.Contains(got, "/payload/vat") {
		t.Errorf("asks %s before anything was said", got)
	}
	answer("/payload/kind", "company")
	answer("/payload/vat", "X1")
	answer("/payload/address/city", "Basel")
	for _, q := range form.Questions(d) {
		if q.Kind == registration.More {
			d = form.Add(d, q)
			break
		}
	}
	answer("/payload/tags/0", "red")
	answer("/payload/kind", "person")
	want := map[string]any{"kind": "person", "address": map[string]any{"city": "Basel"}, "tags": []any{"red"}}
	if diff := cmp.Diff(want, form.Payload(d)); diff != "" {
		t.Errorf("without the answers of vanished questions, -want +got:\n%s", diff)
	}
	answer("/payload/kind", "company")
	if sent := form.Payload(d); sent["vat"] != "X1" {
		t.Errorf("an answer whose question came back is lost: %v", sent)
	}
}

func TestLocate(t *testing.T) {
	qs := []registration.Question{
		{Pointer: "/identifiers/0"},
		{Pointer: "/payload/address/city"},
		{Pointer: "/payload/tags/0", Kind: registration.Entry},
		{Pointer: "/payload/tags/0"},
		{Pointer: "/payload/tags", Kind: registration.More},
	}
	tests := []struct {
		pointer string
		want    int
	}{
		{"/identifiers/0", 0},
		{"/payload/address/city", 1},
		{"/payload/address", 1},
		{"/payload/tags/0", 3},
		{"/payload/tags", 4},
		{"/payload/tags/0/name", 3},
		{"/payload/nobody", -1},
		{"/payload", -1},
		{"", -1},
		{"/password", -1},
	}
	for _, tt := range tests {
		if got, _ := registration.Locate(qs, tt.pointer); got != tt.want {
			t.Errorf("Locate(%s) = %d, want %d", tt.pointer, got, tt.want)
		}
	}
}

func TestWithLeavesTheOldDraftAlone(t *testing.T) {
	form := newForm(t)
	email, name := question(t, form, "/identifiers/0"), question(t, form, "/payload/given_name")
	old := registration.Draft{}.With(email, "a@example.com").With(name, "Ann")
	old.With(email, "b@example.com").With(name, "Bob")
	if old.Answer(email) != "a@example.com" || old.Answer(name) != "Ann" {
		t.Errorf("the old draft became %q, %q", old.Answer(email), old.Answer(name))
	}
}

func TestCheck(t *testing.T) {
	email := []registration.Identifier{{Type: "email", Identifier: "ann@example.com"}}
	name := map[string]any{"given_name": "Ann"}
	tests := []struct {
		name string
		give registration.Draft
		want []registration.Finding
	}{
		{"a complete draft", registration.Draft{Identifiers: email, Payload: name}, nil},
		{"an empty one", registration.Draft{}, []registration.Finding{
			{Pointer: "/identifiers/0", Flaw: registration.Flaw{Rule: "required"}},
			{Pointer: "/payload/given_name", Flaw: registration.Flaw{Rule: "required"}},
		}},
		{"flaws in the order of the questions", registration.Draft{
			Identifiers: []registration.Identifier{email[0], {Type: "mobile", Identifier: "555 012"}},
			Payload:     map[string]any{"given_name": "Annabella-Marie", "age": json.Number("17"), "x": 1},
		}, []registration.Finding{
			{Pointer: "/identifiers/1", Flaw: registration.Flaw{Rule: "mobile_short"}},
			{Pointer: "/payload/given_name", Flaw: registration.Flaw{Rule: "too_long", Arg: "10"}},
			{Pointer: "/payload/age", Flaw: registration.Flaw{Rule: "minimum", Arg: "18"}},
		}},
		{"an identifier that is not asked for", registration.Draft{
			Identifiers: []registration.Identifier{email[0], {Type: "mobile"}, {Type: "uid", Identifier: "ann"}}, Payload: name,
		}, []registration.Finding{{Pointer: "/identifiers/2", Flaw: registration.Flaw{Rule: "identifier_type", Arg: "uid"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, newForm(t).Check(tt.give)); diff != "" {
				t.Errorf("Check, -want +got:\n%s", diff)
			}
		})
	}
}

func TestNobodyRegistersWithoutAnIdentifier(t *testing.T) {
	s := settings()
	s.Identifiers[0].Required = false
	form, err := registration.NewForm(registration.Pool{}, nil, nil, s)
	if err != nil {
		t.Fatal(err)
	}
	want := []registration.Finding{{Pointer: "/identifiers/0", Flaw: registration.Flaw{Rule: "required"}}}
	if diff := cmp.Diff(want, form.Check(registration.Draft{})); diff != "" {
		t.Errorf("Check of nothing, -want +got:\n%s", diff)
	}
}

func TestAlign(t *testing.T) {
	form := newForm(t)
	got := form.Align(registration.Draft{
		Identifiers: []registration.Identifier{{Type: "mobile", Identifier: "212 555 0123"}, {Type: "uid", Identifier: "ann"}, {Type: "email", Identifier: " a@example.com"}},
		Password:    secret.New("e\u0301"),
	})
	want := []registration.Identifier{{Type: "email", Identifier: "a@example.com"}, {Type: "mobile", Identifier: "+12125550123"}, {Type: "uid", Identifier: "ann"}}
	if diff := cmp.Diff(want, got.Identifiers); diff != "" {
		t.Errorf("identifiers, -want +got:\n%s", diff)
	}
	if got.Password.Reveal() != "é" {
		t.Errorf("the password is not in NFC: %q", got.Password.Reveal())
	}
}

func TestCheckPassword(t *testing.T) {
	form := newForm(t)
	d := registration.Draft{Identifiers: []registration.Identifier{{Type: "email", Identifier: "annabella.crowther@example.com"}}}
	d.Password = secret.New("crowther")
	if lacking := form.CheckPassword(d); len(lacking) != 1 || lacking[0].Rule != password.RuleStrength {
		t.Errorf("CheckPassword of the person's own name = %v, want the strength", lacking)
	}
	d.Password = secret.New("correct horse battery")
	if lacking := form.CheckPassword(d); len(lacking) != 0 {
		t.Errorf("CheckPassword of three words = %v, want nothing", lacking)
	}
}
