package password

import (
	"fmt"
	"slices"
)

// A Strength is a level of the pool's password policy, the five of PasswordPolicy.strength in the Identity Pools
// specification. They are zxcvbn's scores 0 to 4, as the vendor's own page draws them.
type Strength int

// The levels, from the weakest.
const (
	Any Strength = iota
	Weak
	Fair
	Strong
	VeryStrong
)

// names are the words of the specification, by level.
func names() []string { return []string{"any", "weak", "fair", "strong", "very_strong"} }

// String returns the word of the specification, such as "very_strong".
func (s Strength) String() string {
	if s < Any || s > VeryStrong {
		return fmt.Sprintf("strength(%d)", int(s))
	}
	return names()[s]
}

// ParseStrength returns the level that word names. An absent policy is "": any strength will do.
func ParseStrength(word string) (Strength, error) {
	if word == "" {
		return Any, nil
	}
	if i := slices.Index(names(), word); i >= 0 {
		return Strength(i), nil
	}
	return VeryStrong, fmt.Errorf("password strength %q is none of %v", word, names())
}
