package lines_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/ui"
)

// numbers are n options in JSON that are called by prefix and a number.
func numbers(prefix string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%q", fmt.Sprintf("%s%d", prefix, i))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func TestEveryKindOfQuestionIsAnsweredInLines(t *testing.T) {
	tests := []struct {
		name, property string // of the payload, called p
		required       bool
		script         string
		want           string // the payload
	}{
		{"an option by its number", `{"title": "State", "description": "Where you live", "enum": ["Alabama", "Alaska", "Texas"]}`, true, `
			Question 2 of 2, required: State
			1: Alabama
			2: Alaska
			3: Texas
			> 3
			You chose: Texas`, `{"p": "Texas"}`},
		{"an option by a part of its name", `{"title": "State", "enum": ["Alabama", "Alaska", "Texas"]}`, true, `
			> ala
			2 of them have that in their names.
			1: Alabama
			2: Alaska
			> ex
			You chose: Texas`, `{"p": "Texas"}`},
		{"an option by its number among those", `{"title": "State", "enum": ["Texas", "Alabama", "Alaska"]}`, true, `
			> ala
			2: Alaska
			> 2
			You chose: Alaska`, `{"p": "Alaska"}`},
		{"no option", `{"title": "State", "enum": ["Alabama", "Alaska"]}`, true, `
			> texas
			Nothing to choose from has that in its name.
			Question 2 of 2, required: State
			1: Alabama
			> 7
			Type a number from 1 to 2
			>
			Please fill this in.
			> ALASKA`, `{"p": "Alaska"}`},
		{"an option that is a number", `{"title": "Size", "enum": ["2", "1", "3"]}`, true, `
			2
			1
			3
			Type its number, or a part of its name.
			> 1
			You chose: 1`, `{"p": "1"}`},
		{"one of many", `{"title": "Room", "enum": ` + numbers("Room ", 40) + `}`, true, `
			There are 40 to choose from. Type the beginning of a name, or !list to hear them all.
			> 3
			You chose: Room 2`, `{"p": "Room 2"}`},
		{"one of many that were heard", `{"title": "Room", "enum": ` + numbers("Room ", 40) + `}`, true, `
			> !list
			1: Room 0
			40: Room 39
			> room
			40 of them have that in their names. Type more of it.
			> room 7
			You chose: Room 7`, `{"p": "Room 7"}`},
		{"a country", `{"title": "Country", "enum": ["DE", "FR", "US"], "x-widget": "country"}`, false, `
			Question 2 of 2, optional: Country
			> FR`, `{"p": "FR"}`},
		{"no answer to what is optional", `{"title": "State", "enum": ["Alabama", "Alaska"]}`, false, `
			Question 2 of 2, optional: State
			>
			2: State: (nothing)`, `{}`},
		{"an answer that is taken away", `{"title": "Name", "type": "string"}`, false, `
			> Ann
			> 2
			Your answer so far: Ann. Enter alone keeps it; !empty takes it away.
			> !empty
			2: Name: (nothing)`, `{}`},
		{"an option that is taken away", `{"title": "State", "enum": ["Alabama", "Alaska"]}`, false, `
			> 1
			> 2
			Your answer so far: Alabama.
			> !leer`, `{}`},
		{"yes", `{"title": "Newsletter", "type": "boolean"}`, false, `
			Question 2 of 2, optional: Newsletter
			Type yes or no.
			> y
			2: Newsletter: Yes`, `{"p": true}`},
		{"no", `{"title": "Newsletter", "type": "boolean"}`, true, `
			> maybe
			Nothing to choose from has that in its name.
			> NO`, `{"p": false}`},
		{"a date", `{"title": "Born on", "type": "string", "format": "date"}`, true, `
			Year, month and day with hyphens between them, as in 1990-12-31.
			> 31.12.1990
			Write a day of the calendar as year-month-day
			> 1990-2-30
			Write a day of the calendar
			> 1990-2-3
			2: Born on: 1990-02-03`, `{"p": "1990-02-03"}`},
		{"a number", `{"title": "Height", "type": "number", "minimum": 1}`, true, `
			> tall
			Write a number, such as 1.5.
			> 0.5
			Write 1 or more.
			> 1.75`, `{"p": 1.75}`},
		{"a whole number", `{"title": "Age", "type": "integer"}`, true, `
			> 1.5
			Write a whole number
			> 42`, `{"p": 42}`},
		{"a text of several lines", `{"title": "Why", "type": "string", "maxLength": 500}`, true, `
			Several lines may be typed.
			You can type several lines. A line with nothing but a full stop (.) ends them.
			> first
			>
			> ?
			Go on with your text.
			> <
			Go back? What you have typed of this text is not kept then.
			> no
			> \.
			> last
			> .
			2: Why: first . last
			> 2
			Your answer so far: first . last.
			>`, `{"p": "first\n\n.\nlast"}`},
		{"a text that is too long", `{"title": "Why", "type": "string", "maxLength": 500}`, true, `
			> ` + strings.Repeat("a", 5000) + `
			> .
			at most 4096 characters
			Question 2 of 2
			> short
			> .`, `{"p": "short"}`},
		{"a pattern", `{"title": "ZIP", "type": "string", "pattern": "^\\d{5}$"}`, true, `
			> 123
			Write it in this form:
			> 12345`, `{"p": "12345"}`},
		{"a list", `{"title": "Phones", "type": "array", "items": {"type": "string", "title": "Phone"}, "minItems": 1}`, true, `
			Question 2 of 3, required: Phones 1
			> 111
			Question 3 of 3: Another one: Phones?
			Type yes to add one. Enter alone goes on.
			> y
			> 222
			> no
			Is everything right?`, `{"p": ["111", "222"]}`},
		{"a list of which an entry is removed", `{"title": "Phones", "type": "array", "items": {"type": "string", "title": "Phone"}}`, false, `
			> yes
			> 111
			> yes
			> 222
			Another one: Phones?
			> <
			> <
			1: leave it as it is
			2: remove it
			3: move it up
			> move
			You chose: move it up
			Question 4 of 6: Phones 2
			> 2
			You chose: remove it
			Question 4 of 4: Another one: Phones?
			>
			Is everything right?`, `{"p": ["222"]}`},
		{"one of several shapes", `{"title": "Reach you", "oneOf": [
			{"type": "object", "title": "By phone", "properties": {"phone": {"type": "string", "title": "Phone"}}, "required": ["phone"], "additionalProperties": false},
			{"type": "object", "title": "By post", "properties": {"street": {"type": "string", "title": "Street"}}, "required": ["street"], "additionalProperties": false}]}`, true, `
			1: By phone
			2: By post
			> post
			Reach you
			Question 3 of 3, required: Street
			> Main Street 1`, `{"p": {"street": "Main Street 1"}}`},
		{"another property", `{"title": "More", "type": "object", "additionalProperties": {"type": "string"}}`, true, `
			Anything else? Its name
			> color
			> red
			Anything else? Its name
			>`, `{"p": {"color": "red"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				required := ""
				if tt.required {
					required = `, "required": ["p"]`
				}
				o := newOffice(t)
				settings := registration.Settings{}
				if strings.Contains(tt.script, "Several lines") {
					settings.Fields = map[string]registration.FieldSetting{"/p": {Widget: registration.WidgetMultiline}}
				}
				o.form = formOf(t, `{"type": "object", "properties": {"p": `+tt.property+`}`+required+`}`, settings, "email_otp")
				p := meet(t, o, nil)
				p.goes("> ann@example.com\n" + tt.script)
				p.types("\r")
				p.hears("You are registered")
				p.ends(ui.Finished, 1)
				var want any
				if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, asJSON(t, o.form.Payload(o.last()))); diff != "" {
					t.Errorf("the payload, -want +got:\n%s\nheard:\n%s", diff, p.out)
				}
			})
		})
	}
}

// asJSON is what v is in JSON.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(data, &plain); err != nil {
		t.Fatal(err)
	}
	return plain
}
