package payloadschema

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// longestNumber bounds a number's digits, and largestExponent its exponent: the library calculates with all of them.
const (
	longestNumber   = 400
	largestExponent = 400
)

// answered reports whether raw is the answer to a single question.
func answered(raw any) bool { return raw != nil && raw != "" }

// empty reports whether nothing of raw is an answer.
func empty(raw any) bool {
	switch raw := raw.(type) {
	case map[string]any:
		for _, member := range raw {
			if !empty(member) {
				return false
			}
		}
		return true
	case []any:
		return !slices.ContainsFunc(raw, func(entry any) bool { return !empty(entry) })
	}
	return !answered(raw)
}

// cleaned returns what was answered without what is no answer, and nil when nothing is left.
func cleaned(raw any) any {
	switch raw := raw.(type) {
	case map[string]any:
		kept := make(map[string]any, len(raw))
		for name, member := range raw {
			if value := cleaned(member); value != nil {
				kept[name] = value
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		var kept []any
		for _, entry := range raw {
			if value := cleaned(entry); value != nil {
				kept = append(kept, value)
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case string:
		if raw == "" {
			return nil
		}
		return raw
	}
	return tame(raw)
}

// tame returns value, or its text where it is a number that must not be calculated with.
func tame(value any) any {
	switch value := value.(type) {
	case json.Number:
		if text := value.String(); !tameNumber(text) {
			return text
		}
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return strconv.FormatFloat(value, 'g', -1, 64)
		}
	case map[string]any:
		kept := make(map[string]any, len(value))
		for name, member := range value {
			kept[name] = tame(member)
		}
		return kept
	case []any:
		kept := make([]any, len(value))
		for i, entry := range value {
			kept[i] = tame(entry)
		}
		return kept
	}
	return value
}

// tameNumber reports whether text is a number of JSON (RFC 8259, section 6) of a size to calculate with.
func tameNumber(text string) bool {
	if len(text) < 18 && strings.Trim(text, "0123456789") == "" && text != "" && (text[0] != '0' || text == "0") {
		return true // as most are
	}
	if len(text) > longestNumber || !json.Valid([]byte(text)) || strings.ContainsAny(text, " \t\r\n\"[{tfn") {
		return false
	}
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return true
	}
	exponent, err := strconv.Atoi(text[i+1:])
	return err == nil && -largestExponent <= exponent && exponent <= largestExponent
}
