package registration_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
)

const fieldsSchema = `{"type": "object", "properties": {
	"given_name": {"type": "string"},
	"age": {"type": "integer", "minimum": 18},
	"plan": {"type": "string", "enum": ["free", "paid"]},
	"source": {"type": "string"},
	"tags": {"type": "array", "items": {"type": "integer"}},
	"address": {"type": "object", "title": "Address", "properties": {"street": {"type": "string"}, "country": {"type": "string"}}, "required": ["street"]},
	"origin": {"type": "object", "properties": {"desk": {"type": "string"}}, "required": ["desk"]},
	"contacts": {"type": "array", "title": "Contacts", "items": {"type": "object", "properties": {"name": {"type": "string"}, "phone": {"type": "string"}}, "required": ["name"]}}
}, "required": ["given_name", "plan"],
"if": {"properties": {"plan": {"const": "paid"}}, "required": ["plan"]}, "then": {"properties": {"iban": {"type": "string"}}, "required": ["iban"]}}`

type fields = map[string]registration.FieldSetting

func fieldsForm(t *testing.T, set fields) *registration.Form {
	t.Helper()
	form, err := formWith(set)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func formWith(set fields) (*registration.Form, error) {
	s := settings()
	s.Fields = set
	return registration.NewForm(registration.Pool{}, json.RawMessage(fieldsSchema), nil, s)
}

func text(s string) registration.Preset { return registration.Preset{Text: s} }

func TestQuestionsAreAsTheAdministratorWants(t *testing.T) {
	first, second := 1, 2
	form := fieldsForm(t, fields{
		"/given_name":       {Label: registration.Texts{"de": "Vorname"}, Help: registration.Texts{"": "As in your passport"}, Placeholder: registration.Texts{"": "Ann"}, Order: &second},
		"/source":           {Order: &first, Widget: registration.WidgetMultiline},
		"/plan":             {Widget: registration.WidgetDate, Default: text("free")},
		"/age":              {Hidden: true},
		"/tags":             {Hidden: true},
		"/origin":           {Hidden: true},
		"/address":          {Label: registration.Texts{"": "Home"}},
		"/contacts":         {Label: registration.Texts{"de": "Kontakt"}},
		"/contacts/*/phone": {Label: registration.Texts{"": "Telephone"}},
	})
	d := registration.Draft{}
	questions := form.Questions(d)
	d = form.Add(d, questions[len(questions)-1])
	asked := make(map[string]registration.Question)
	var order []string
	for _, q := range form.Questions(d) {
		asked[string(q.Kind)+q.Pointer] = q
		order = append(order, q.Pointer)
	}
	want := "/identifiers/0 /identifiers/1 /payload/source /payload/given_name /payload/plan /payload/address/street /payload/address/country " +
		"/payload/contacts/0 /payload/contacts/0/name /payload/contacts/0/phone /payload/contacts"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("asked in the order\n%s, want\n%s", got, want)
	}
	name := asked["text/payload/given_name"]
	if name.Labels["de"] != "Vorname" || name.Helps[""] != "As in your passport" || name.Placeholders[""] != "Ann" || name.Label != "Given name" {
		t.Errorf("the name is asked as %+v", name)
	}
	if asked["text/payload/source"].Widget != registration.WidgetMultiline || asked["choice/payload/plan"].Widget != registration.WidgetPlain {
		t.Error("widgets are not given to the questions that they suit, and to no others")
	}
	if plan := asked["choice/payload/plan"]; plan.Required || plan.Default != "free" {
		t.Errorf("what has a default is asked as %+v", plan)
	}
	if asked["text/payload/address/street"].Headings[""] != "Home" {
		t.Error("the heading of a section is not its label")
	}
	phone := asked["text/payload/contacts/0/phone"]
	if phone.Labels[""] != "Telephone" || phone.Headings["de"] != "Kontakt 1" || asked["entry/payload/contacts/0"].Labels["de"] != "Kontakt 1" || asked["more/payload/contacts"].Labels["de"] != "Kontakt" {
		t.Errorf("the telephone of an entry is asked as %+v", phone)
	}
}

func TestDefaultsAreSent(t *testing.T) {
	tests := []struct {
		name   string
		fields fields
		give   map[string]any
		want   map[string]any
	}{
		{
			"for what is left empty",
			fields{"/plan": {Default: text("free")}, "/age": {Default: text("21")}},
			map[string]any{"given_name": "Ann"},
			map[string]any{"given_name": "Ann", "plan": "free", "age": json.Number("21")},
		},
		{
			"not for what was answered",
			fields{"/plan": {Default: text("free")}},
			map[string]any{"given_name": "Ann", "plan": "paid", "iban": "X"},
			map[string]any{"given_name": "Ann", "plan": "paid", "iban": "X"},
		},
		{
			"for what another default asks for",
			fields{"/plan": {Default: text("paid")}, "/iban": {Default: text("none")}},
			map[string]any{"given_name": "Ann"},
			map[string]any{"given_name": "Ann", "plan": "paid", "iban": "none"},
		},
		{
			"for what is hidden",
			fields{"/plan": {Hidden: true, Default: text("free")}, "/tags": {Hidden: true, Default: registration.Preset{Entries: []string{"1", "2"}}}},
			map[string]any{"given_name": "Ann"},
			map[string]any{"given_name": "Ann", "plan": "free", "tags": []any{json.Number("1"), json.Number("2")}},
		},
		{
			"instead of an answer to what is hidden",
			fields{"/plan": {Hidden: true, Default: text("free")}, "/source": {Hidden: true}},
			map[string]any{"given_name": "Ann", "plan": "paid", "source": "x"},
			map[string]any{"given_name": "Ann", "plan": "free"},
		},
		{
			"in an optional section that was begun",
			fields{"/address/country": {Default: text("US")}},
			map[string]any{"given_name": "Ann", "plan": "free", "address": map[string]any{"street": "Main St"}},
			map[string]any{"given_name": "Ann", "plan": "free", "address": map[string]any{"street": "Main St", "country": "US"}},
		},
		{
			"not in one that was not",
			fields{"/address/country": {Hidden: true, Default: text("US")}},
			map[string]any{"given_name": "Ann", "plan": "free"},
			map[string]any{"given_name": "Ann", "plan": "free"},
		},
		{
			"in one of which nothing is asked",
			fields{"/origin": {Hidden: true}, "/origin/desk": {Default: text("north")}},
			map[string]any{"given_name": "Ann", "plan": "free"},
			map[string]any{"given_name": "Ann", "plan": "free", "origin": map[string]any{"desk": "north"}},
		},
		{
			"in each entry of a list",
			fields{"/contacts/*/phone": {Default: text("none")}},
			map[string]any{"given_name": "Ann", "plan": "free", "contacts": []any{map[string]any{"name": "Bob"}, map[string]any{"name": "Cy", "phone": "1"}}},
			map[string]any{"given_name": "Ann", "plan": "free", "contacts": []any{map[string]any{"name": "Bob", "phone": "none"}, map[string]any{"name": "Cy", "phone": "1"}}},
		},
		{
			"as one entry has it",
			fields{"/contacts/*/phone": {Default: text("none")}, "/contacts/0/phone": {Default: text("first")}},
			map[string]any{"given_name": "Ann", "plan": "free", "contacts": []any{map[string]any{"name": "Bob"}, map[string]any{"name": "Cy"}}},
			map[string]any{"given_name": "Ann", "plan": "free", "contacts": []any{map[string]any{"name": "Bob", "phone": "first"}, map[string]any{"name": "Cy", "phone": "none"}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := fieldsForm(t, tt.fields)
			d := registration.Draft{Identifiers: []registration.Identifier{{Type: "email", Identifier: "ann@example.com"}}, Payload: tt.give}
			if diff := cmp.Diff(tt.want, form.Payload(d)); diff != "" {
				t.Errorf("sent, -want +got:\n%s", diff)
			}
			if findings := form.Check(d); len(findings) > 0 {
				t.Errorf("Check = %v, want nothing", findings)
			}
		})
	}
}

func TestAnswersToWhatIsHiddenAreUnasked(t *testing.T) {
	form := fieldsForm(t, fields{"/source": {Hidden: true, Default: text("kiosk")}})
	d := registration.Draft{Payload: map[string]any{"source": "me", "x": "1"}}
	want := []registration.Finding{
		{Pointer: "/payload/source", Flaw: registration.Flaw{Rule: registration.RuleUnasked}}, {Pointer: "/payload/x", Flaw: registration.Flaw{Rule: registration.RuleUnasked}},
	}
	if diff := cmp.Diff(want, form.Unasked(d)); diff != "" {
		t.Errorf("Unasked, -want +got:\n%s", diff)
	}
}

func TestFieldsWithWhichNobodyCouldRegisterStopTheForm(t *testing.T) {
	tests := []struct {
		name   string
		fields fields
		want   string // "" for none
	}{
		{"a required field that is hidden", fields{"/given_name": {Hidden: true}}, "hides /given_name"},
		{"with a default", fields{"/given_name": {Hidden: true, Default: text("Ann")}}, ""},
		{"an optional one", fields{"/source": {Hidden: true}}, ""},
		{"what an optional section requires", fields{"/address/street": {Hidden: true}}, "hides /address/street"},
		{"an optional section as a whole", fields{"/address": {Hidden: true}}, ""},
		{"what an entry requires", fields{"/contacts/*/name": {Hidden: true}}, "hides /contacts/0/name"},
		{"the whole list", fields{"/contacts": {Hidden: true}}, ""},
		{"a default that is no answer", fields{"/plan": {Default: text("golden")}}, "default of /plan"},
		{"a number that is too small", fields{"/age": {Hidden: true, Default: text("17")}}, "default of /age"},
		{"an entry that is no number", fields{"/tags": {Hidden: true, Default: registration.Preset{Entries: []string{"1", "a"}}}}, "default of /tags/1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := formWith(tt.fields)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("NewForm = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestUnmatchedFieldsAreNamed(t *testing.T) {
	form := fieldsForm(t, fields{"/given_nam": {Order: new(int)}, "/iban": {Order: new(int)}, "/contacts/*/fax": {Order: new(int)}, "/contacts/*/phone": {Order: new(int)}})
	if diff := cmp.Diff([]string{"/contacts/*/fax", "/given_nam"}, form.Unmatched()); diff != "" {
		t.Errorf("Unmatched, -want +got:\n%s", diff)
	}
}

func TestAPersonBeginsWithWhatIsPrefilled(t *testing.T) {
	form := fieldsForm(t, fields{
		"/given_name": {Prefill: text("Ann")}, "/age": {Prefill: text("30")}, "/iban": {Prefill: text("CH")}, "/address/country": {Prefill: text("US")},
		"/contacts/*/phone": {Prefill: text("+1 ")}, "/tags": {Prefill: registration.Preset{Entries: []string{"7"}}}, "/plan": {Prefill: text("free"), Default: text("free")},
	})
	start := form.Draft()
	want := map[string]any{"given_name": "Ann", "age": json.Number("30"), "plan": "free", "tags": []any{json.Number("7")}, "address": map[string]any{"country": "US"}}
	if diff := cmp.Diff(want, start.Payload); diff != "" {
		t.Errorf("Draft, -want +got:\n%s", diff)
	}
	if !form.Untouched(start) || !form.Untouched(registration.Draft{}) {
		t.Error("what a person begins with counts as typed")
	}
	name := question(t, form, "/payload/given_name")
	if form.Untouched(form.Answer(start, name, "Bob")) || !form.Untouched(form.Answer(form.Answer(start, name, "Bob"), name, "Ann")) {
		t.Error("what was typed does not count, or what was taken back does")
	}
	if d := form.Answer(start, name, ""); d.Answer(name) != "" {
		t.Error("what was cleared comes back")
	}
	if sent := form.Payload(start); sent["address"] != nil || sent["age"] != json.Number("30") {
		t.Errorf("sent %v, want an optional section that nobody touched to stay out", sent)
	}
	begun := form.Answer(start, question(t, form, "/payload/address/street"), "Main St")
	if diff := cmp.Diff(map[string]any{"street": "Main St", "country": "US"}, form.Payload(begun)["address"]); diff != "" {
		t.Errorf("the section once it is begun, -want +got:\n%s", diff)
	}
	paid := form.Answer(start, question(t, form, "/payload/plan"), "paid")
	if paid.Payload["iban"] != "CH" {
		t.Errorf("what comes later is not prefilled: %v", paid.Payload)
	}
	for _, q := range form.Questions(start) {
		if q.Kind == registration.More && q.Pointer == "/payload/contacts" {
			start = form.Add(start, q)
		}
	}
	if diff := cmp.Diff([]any{map[string]any{"phone": "+1"}}, start.Payload["contacts"]); diff != "" {
		t.Errorf("a new entry, -want +got:\n%s", diff)
	}
	if (*registration.Form)(nil).Draft().Payload != nil {
		t.Error("without a form something is prefilled")
	}
}

func TestAFlawOfWhatIsHiddenIsForStaff(t *testing.T) {
	form := fieldsForm(t, fields{"/iban": {Hidden: true}})
	d := registration.Draft{Identifiers: []registration.Identifier{{Type: "email", Identifier: "ann@example.com"}}, Payload: map[string]any{"given_name": "Ann", "plan": "paid"}}
	service := &registration.Service{Users: &store{}, Logger: slog.New(slog.DiscardHandler)}
	_, err := service.Register(t.Context(), form, registration.NewSubmission(d), nil)
	if p := registration.AsProblem(err, ""); p.Kind != registration.Misconfigured || !strings.Contains(p.Staff, "hides /iban") {
		t.Errorf("the problem is %s: %s", p.Kind, p.Staff)
	}
}
