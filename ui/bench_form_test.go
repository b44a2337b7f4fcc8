package ui_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"foyer/internal/registration"
	"foyer/ui/theme"
)

// BenchmarkLargeForms presses a key and draws the window on the details screen of large payload schemas, in the middle of their
// questions. It prints the ratio to the details screen of the small form of BenchmarkUpdateAndView, measured in the same run.
func BenchmarkLargeForms(b *testing.B) {
	forms := []struct {
		name   string
		schema map[string]any
		moves  int // fields from the first to the one that is typed into
	}{
		{"properties=200", object(properties(200), "p100"), 100},
		{"properties=1900", object(properties(1900), "p100"), 100}, // nearly as many as are asked at all
		{"deep=6", deep(6), 12},
		{"enum=1000", object(map[string]any{"a": choice(), "b": choice(), "c": map[string]any{"type": "string"}}, "a"), 1},
	}
	for _, f := range forms {
		b.Run(f.name, func(b *testing.B) {
			form, err := json.Marshal(f.schema)
			if err != nil {
				b.Fatal(err)
			}
			large, small := atDetails(b, form, f.moves), atDetails(b, []byte(schema), 1)
			base := perKey(small.model, 500)
			b.ReportAllocs()
			b.ResetTimer()
			spent := perKey(large.model, b.N)
			b.ReportMetric(float64(spent.Nanoseconds())/float64(base.Nanoseconds()), "×small")
		})
	}
}

// TestLargeFormsAnswerAtOnce is generous, since machines differ: the benchmarks say how long it takes.
func TestLargeFormsAnswerAtOnce(t *testing.T) {
	for name, document := range map[string]map[string]any{
		"200 properties": object(properties(200), "p100"), "6 deep": deep(6),
		"1000 options": object(map[string]any{"a": choice(), "b": choice()}, "a"),
	} {
		t.Run(name, func(t *testing.T) {
			form, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			d := atDetails(t, form, 1)
			if fastest := min(perKey(d.model, 20), perKey(d.model, 20), perKey(d.model, 20)); fastest > 100*time.Millisecond {
				t.Errorf("a key and its frame take %v", fastest)
			}
		})
	}
}

// atDetails is a driver on the details screen of a schema, so many fields below the first.
func atDetails(tb testing.TB, document []byte, moves int) *driver {
	tb.Helper()
	form, err := registration.NewForm(registration.Pool{ID: "customers", Name: "Customers"}, document, nil, registration.Settings{
		Status: registration.Active, Country: "US", Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	service := newDesk(tb)
	service.form = form
	o := options(tb, service)
	o.Terminal = theme.Terminal{Profile: colorprofile.ANSI256, Dark: true}
	d := start(tb, o)
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("E-mail address")
	d.press("ann@example.com" + strings.Repeat("<down>", moves))
	return d
}

func object(properties map[string]any, required ...string) map[string]any {
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

// properties are so many of every kind.
func properties(n int) map[string]any {
	all := make(map[string]any, n)
	for i := range n {
		all[fmt.Sprintf("p%d", i)] = []any{
			map[string]any{"type": "string", "maxLength": 40},
			map[string]any{"type": "string", "pattern": "^[a-z]+$"},
			map[string]any{"type": "integer", "minimum": 1},
			map[string]any{"type": "string", "enum": []string{"a", "b", "c"}},
			map[string]any{"type": "boolean"},
		}[i%5]
	}
	return all
}

// deep are objects within each other, with a list and a condition on every level.
func deep(levels int) map[string]any {
	own := properties(5)
	own["list"] = map[string]any{"type": "array", "minItems": 1, "items": object(properties(3), "p0")}
	if levels > 1 {
		own["inner"] = deep(levels - 1)
	}
	o := object(own, "p0")
	if levels > 1 {
		o = object(own, "p0", "inner")
	}
	o["if"] = map[string]any{"properties": map[string]any{"p4": map[string]any{"const": true}}, "required": []string{"p4"}}
	o["then"] = map[string]any{"properties": map[string]any{"why": map[string]any{"type": "string"}}, "required": []string{"why"}}
	return o
}

// choice is an enum of 1,000 options.
func choice() map[string]any {
	values := make([]string, 1000)
	for i := range values {
		values[i] = fmt.Sprintf("a option %d", i)
	}
	return map[string]any{"type": "string", "enum": values}
}
