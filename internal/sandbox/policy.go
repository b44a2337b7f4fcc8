package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
)

// A passwordPolicy is PasswordPolicy of the API. Counts are of code points; 0 asks nothing.
type passwordPolicy struct {
	MinLength         int    `json:"min_length"`
	CapitalLetters    int    `json:"capital_letters"`
	LowercaseLetters  int    `json:"lowercase_letters"`
	Digits            int    `json:"digits"`
	SpecialCharacters int    `json:"special_characters"`
	Strength          string `json:"strength"`

	specials string // the only special characters there are; "" is all: the API does not tell, a test may
}

// Bounds on what zxcvbn, whose time grows faster than the square of the length, is given.
const (
	estimatedPrefix = 64  // code points of a password
	strongLength    = 100 // code points from which on a password is very strong whatever it is
	maxWords        = 64  // of the user's own
	maxWord         = 64  // code points of one
)

// scoreOf returns the zxcvbn score (0 to 4) that a strength asks for.
func scoreOf(strength string) (int, bool) {
	score := slices.Index([]string{"any", "weak", "fair", "strong", "very_strong"}, strength)
	return max(score, 0), score >= 0 || strength == ""
}

// broken names the rules that password breaks, as the members of PasswordPolicy are called. Capital and lowercase
// letters and digits are those of Unicode; a special character is whatever is neither letter nor digit nor space, or
// one of a set.
// Words are the user's own, which make a password that holds them weak.
func (p passwordPolicy) broken(password string, words []string) []string {
	var all, capitals, lowercase, digits, special int
	for _, r := range password {
		all++
		switch {
		case unicode.IsUpper(r):
			capitals++
		case unicode.IsLower(r):
			lowercase++
		case unicode.IsDigit(r):
			digits++
		case p.special(r):
			special++
		}
	}
	var broken []string
	for _, rule := range []struct {
		name      string
		need, got int
	}{
		{"min_length", p.MinLength, all},
		{"capital_letters", p.CapitalLetters, capitals},
		{"lowercase_letters", p.LowercaseLetters, lowercase},
		{"digits", p.Digits, digits},
		{"special_characters", p.SpecialCharacters, special},
	} {
		if rule.got < rule.need {
			broken = append(broken, rule.name)
		}
	}
	if need, _ := scoreOf(p.Strength); need > 0 && score(password, words) < need {
		broken = append(broken, "strength")
	}
	return broken
}

// special reports whether r, which is neither a cased letter nor a digit, counts as special.
func (p passwordPolicy) special(r rune) bool {
	if p.specials != "" {
		return strings.ContainsRune(p.specials, r)
	}
	return !unicode.IsLetter(r) && !unicode.IsSpace(r)
}

// score estimates a password from 0 to 4 as zxcvbn does, by characters. A password longer than the prefix that is looked at counts
// as at least that prefix.
func score(password string, words []string) int {
	if utf8.RuneCountInString(password) >= strongLength {
		return 4
	}
	narrow := make([]string, len(words))
	for i, w := range words {
		narrow[i] = single(strings.ToLower(w))
	}
	return zxcvbn.PasswordStrength(single(prefix(password, estimatedPrefix)), narrow).Score
}

// single returns s with a control character in the place of each character that has several bytes: the port of zxcvbn mistakes bytes for
// characters, and "длинная фраза из слов" for something that takes no guess. Small and capital letters become the same.
func single(s string) string {
	const controls = "\x01\x02\x03\x04\x05\x06\x07" + // without white space
		"\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return rune(controls[int(unicode.ToLower(r))%len(controls)])
		}
		return r
	}, s)
}

// prefix returns the first n code points of s.
func prefix(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// words are what somebody who knows the user would guess first.
func (in newUser) words() []string {
	var own []string
	for _, id := range in.Identifiers {
		own = append(own, id.Identifier)
	}
	return guesses(own, in.Payload)
}

// words are the same of a user who is in a pool.
func (u *user) words() []string {
	var own []string
	for _, id := range u.Identifiers {
		own = append(own, id.Identifier)
	}
	return guesses(own, u.Payload)
}

// guesses are identifiers and all strings of a payload, within bounds.
func guesses(words []string, raw json.RawMessage) []string {
	var payload any
	if json.Unmarshal(raw, &payload) == nil {
		words = append(words, texts(payload)...)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	words = words[:min(len(words), maxWords)]
	for i, w := range words {
		words[i] = prefix(w, maxWord)
	}
	return words
}

// texts returns every string in a JSON value, those of objects in the order of their names.
func texts(value any) []string {
	var found []string
	switch v := value.(type) {
	case string:
		found = append(found, v)
	case []any:
		for _, item := range v {
			found = append(found, texts(item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			found = append(found, texts(v[name])...)
		}
	}
	return found
}
