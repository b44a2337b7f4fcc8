package payloadschema

import (
	"encoding/json"
	"math/bits"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// types is a set of JSON types. Whole numbers and others are apart, so that "number" and "integer" meet in "integer".
type types uint8

const (
	typeString types = 1 << iota
	typeWhole
	typeFraction
	typeBoolean
	typeObject
	typeArray
	typeNull

	typeNumber = typeWhole | typeFraction
	allTypes   = typeString | typeNumber | typeBoolean | typeObject | typeArray | typeNull
)

// givenTypes are those of the keyword type; 0 when it is absent.
func givenTypes(given *jsonschema.Types) types {
	if given == nil {
		return 0
	}
	var t types
	for _, name := range given.ToStrings() {
		t |= namedType(name)
	}
	return t
}

func namedType(name string) types {
	switch name {
	case "string":
		return typeString
	case "integer":
		return typeWhole
	case "number":
		return typeNumber
	case "boolean":
		return typeBoolean
	case "object":
		return typeObject
	case "array":
		return typeArray
	}
	return typeNull
}

// typeOf is the type of a value; 0 for what is no JSON.
func typeOf(value any) types {
	switch value.(type) {
	case nil:
		return typeNull
	case string:
		return typeString
	case bool:
		return typeBoolean
	case json.Number, float64, int, int64:
		return typeNumber
	case []any:
		return typeArray
	case map[string]any:
		return typeObject
	}
	return 0
}

// hintedTypes are those that the keywords of s speak of, for schemas without type.
func hintedTypes(s *jsonschema.Schema) types {
	var t types
	if len(s.Properties) > 0 || len(s.Required) > 0 || len(s.PatternProperties) > 0 || s.AdditionalProperties != nil || s.PropertyNames != nil ||
		s.MinProperties != nil || s.MaxProperties != nil || len(s.DependentRequired) > 0 || len(s.DependentSchemas) > 0 {
		t |= typeObject
	}
	if s.Items != nil || s.Items2020 != nil || s.Contains != nil || s.MinItems != nil || s.MaxItems != nil || s.UniqueItems {
		t |= typeArray
	}
	if s.Pattern != nil || s.MinLength != nil || s.MaxLength != nil || s.Format != nil {
		t |= typeString
	}
	if s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil {
		t |= typeNumber
	}
	return t
}

// A nature is how a value is asked.
type nature uint8

const (
	natureNone     nature = iota // nothing satisfies the schema
	natureNull                   // only null does
	naturePending                // not known before a shape is chosen
	natureConstant               // it is given
	natureObject
	natureList
	natureChoice
	natureText
	natureNumber
	natureInteger
	natureSwitch
)

// natureOf decides how a value that all of nodes hold for is asked. bound reports whether a type, a constant or a
// keyword of them says so, and it is not merely text for want of anything.
func natureOf(nodes []*node) (n nature, bound bool) {
	given, hints, constant, choice := allTypes, types(0), false, false
	for _, n := range nodes {
		if n.never {
			return natureNone, true
		}
		if n.types != 0 {
			given &= n.types
			bound = true
		}
		hints |= n.hints
		constant, choice = constant || n.hasConst, choice || n.hasEnum
	}
	switch {
	case given == 0:
		return natureNone, true
	case constant:
		return natureConstant, true
	case choice:
		return natureChoice, true
	case given == typeNull:
		return natureNull, true
	}
	switch {
	case given&hints != 0 && !bound:
		given &= hints
	case !bound || bits.OnesCount8(uint8(given&^typeNull)) > 1 && given&typeString != 0:
		given = typeString // what fits several types is asked as text
	}
	return leading(given &^ typeNull), bound || hints != 0
}

// leading picks the type that is asked when several are possible.
func leading(t types) nature {
	switch {
	case t&typeObject != 0:
		return natureObject
	case t&typeArray != 0:
		return natureList
	case t&typeString != 0:
		return natureText
	case t&typeFraction != 0:
		return natureNumber
	case t&typeWhole != 0:
		return natureInteger
	}
	return natureSwitch
}
