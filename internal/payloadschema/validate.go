package payloadschema

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// A Rule is a way in which an answer can fail.
type Rule string

// The rules, and in parentheses the argument that Violation.Arg then holds.
const (
	RuleRequired   Rule = "required"
	RuleText       Rule = "text"
	RuleNumber     Rule = "number"
	RuleInteger    Rule = "integer"
	RuleSwitch     Rule = "switch"
	RuleTooShort   Rule = "too_short"   // (least number of characters)
	RuleTooLong    Rule = "too_long"    // (largest number of characters)
	RulePattern    Rule = "pattern"     // (an example, or "")
	RuleChoice     Rule = "choice"      // must be one of the options
	RuleMinimum    Rule = "minimum"     // (least value)
	RuleMaximum    Rule = "maximum"     // (largest value)
	RuleAbove      Rule = "above"       // (value it must exceed)
	RuleBelow      Rule = "below"       // (value it must stay under)
	RuleMultipleOf Rule = "multiple_of" // (divisor)
	RuleUnknown    Rule = "unknown"     // the property is not asked for
	RuleDate       Rule = "date"        // there is no such day, or it is not written as YYYY-MM-DD (an example)

	RuleTooFewEntries     Rule = "too_few_entries"     // (least number of entries)
	RuleTooManyEntries    Rule = "too_many_entries"    // (largest number of entries)
	RuleDuplicate         Rule = "duplicate"           // an earlier entry of the list is the same
	RuleContains          Rule = "contains"            // too few entries are of the kind a list must hold (least number)
	RuleContainsMost      Rule = "contains_most"       // too many entries are of that kind (largest number)
	RuleNotAllowed        Rule = "not_allowed"         // the schema excludes just this
	RulePropertyName      Rule = "property_name"       // a property may not have this name
	RuleTooFewProperties  Rule = "too_few_properties"  // (least number of answers)
	RuleTooManyProperties Rule = "too_many_properties" // (largest number of answers)

	RuleOther Rule = "other"
)

// A Violation is one answer that does not hold.
type Violation struct {
	Pointer string // JSON Pointer into the payload; "" for the payload as a whole
	Rule    Rule
	Arg     string
}

// Validate holds payload against the whole schema. Values are as encoding/json decodes them, numbers also as
// json.Number. The violations come sorted by pointer; none means that the tenant would
// take the payload.
func (s *Schema) Validate(payload map[string]any) []Violation {
	if payload == nil {
		payload = map[string]any{}
	}
	err := s.compiled.Validate(payload)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []Violation{{Rule: RuleOther}}
	}
	all := flatten(nil, invalid)
	slices.SortStableFunc(all, func(a, b Violation) int { return strings.Compare(a.Pointer, b.Pointer) })
	return all
}

// flatten collects the leaves of a tree of errors.
func flatten(all []Violation, e *jsonschema.ValidationError) []Violation {
	if len(e.Causes) == 0 {
		return append(all, violations(e)...)
	}
	for _, cause := range e.Causes {
		all = flatten(all, cause)
	}
	return all
}

// violations translates one leaf. Errors about members belong to the members, not to the object.
func violations(e *jsonschema.ValidationError) []Violation {
	at := location(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return members(at, k.Missing, RuleRequired)
	case *kind.DependentRequired:
		return members(at, k.Missing, RuleRequired)
	case *kind.AdditionalProperties:
		return members(at, k.Properties, RuleUnknown)
	}
	rule, arg := translate(e.ErrorKind)
	return []Violation{{at, rule, arg}}
}

// translate maps the library's kinds of error to rules.
func translate(k jsonschema.ErrorKind) (Rule, string) {
	switch k := k.(type) {
	case *kind.Type:
		return wantedType(k.Want), ""
	case *kind.MinLength:
		if k.Want == 1 {
			return RuleRequired, ""
		}
		return RuleTooShort, fmt.Sprint(k.Want)
	case *kind.MaxLength:
		return RuleTooLong, fmt.Sprint(k.Want)
	case *kind.Pattern:
		return RulePattern, Example(k.Want)
	case *kind.Enum, *kind.Const:
		return RuleChoice, ""
	case *kind.Not, *kind.FalseSchema:
		return RuleNotAllowed, ""
	}
	if rule, arg := translateSize(k); rule != RuleOther {
		return rule, arg
	}
	return translateBound(k)
}

// translateSize maps the errors of lists and objects.
func translateSize(k jsonschema.ErrorKind) (Rule, string) {
	switch k := k.(type) {
	case *kind.MinItems:
		return RuleTooFewEntries, fmt.Sprint(k.Want)
	case *kind.MaxItems:
		return RuleTooManyEntries, fmt.Sprint(k.Want)
	case *kind.UniqueItems:
		return RuleDuplicate, ""
	case *kind.Contains:
		return RuleContains, "1"
	case *kind.MinContains:
		return RuleContains, fmt.Sprint(k.Want)
	case *kind.MaxContains:
		return RuleContainsMost, fmt.Sprint(k.Want)
	case *kind.MinProperties:
		return RuleTooFewProperties, fmt.Sprint(k.Want)
	case *kind.MaxProperties:
		return RuleTooManyProperties, fmt.Sprint(k.Want)
	case *kind.PropertyNames:
		return RulePropertyName, ""
	}
	return RuleOther, ""
}

func translateBound(k jsonschema.ErrorKind) (Rule, string) {
	switch k := k.(type) {
	case *kind.Minimum:
		return RuleMinimum, decimal(k.Want)
	case *kind.Maximum:
		return RuleMaximum, decimal(k.Want)
	case *kind.ExclusiveMinimum:
		return RuleAbove, decimal(k.Want)
	case *kind.ExclusiveMaximum:
		return RuleBelow, decimal(k.Want)
	case *kind.MultipleOf:
		return RuleMultipleOf, decimal(k.Want)
	}
	return RuleOther, ""
}

func members(at string, names []string, rule Rule) []Violation {
	var all []Violation
	for _, name := range names {
		all = append(all, Violation{Pointer: at + pointer(name), Rule: rule})
	}
	return all
}

func wantedType(want []string) Rule {
	if len(want) != 1 {
		return RuleOther
	}
	switch want[0] {
	case "string":
		return RuleText
	case "number":
		return RuleNumber
	case "integer":
		return RuleInteger
	case "boolean":
		return RuleSwitch
	}
	return RuleOther
}

// decimal writes a bound as people do: 18, 0.5.
func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(6), "0")
}

func location(path []string) string {
	var b strings.Builder
	for _, name := range path {
		b.WriteString(pointer(name))
	}
	return b.String()
}
