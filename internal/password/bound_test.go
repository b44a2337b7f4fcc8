package password_test

import (
	"strings"
	"testing"

	"github.com/trustelem/zxcvbn"

	"foyer/internal/password"
)

// TestJudgeBoundsWhatReachesOverTheHead is about passwords of which one match begins before the cut and ends after it.
func TestJudgeBoundsWhatReachesOverTheHead(t *testing.T) {
	const keys = "qwertyuiopasdfghjklzxcvbnm"
	tests := []struct {
		name string
		give string
		own  []string
	}{
		{"two rounds of the keyboard after a letter", "1" + keys + keys, nil},
		{"a word twice after a letter", "x" + strings.Repeat("internationalization", 2), nil},
		{"a long own word at the cut", "the" + strings.Repeat("b", 20) + "llanfairpwllgwyngyllgogery", []string{"llanfairpwllgwyngyllgogery"}},
		{"the same backwards", "the" + strings.Repeat("b", 20) + "yregogllygnywgllwpriafnall", []string{"llanfairpwllgwyngyllgogery"}},
		{"a word with substitutions at the cut", "a4@8({[<3691ch4r4ct3r1st1cs", nil},
		{"an own address of which only some is substituted", "##r3spons1b1l1713sann.le3@ex4mp13.com", []string{"ann.lee@example.com"}},
		{
			"an own address that only reads as one because of what follows", "quixo7ic.2ephyr@3xampl3.com-))^-))^-))^-))^0123456789",
			[]string{"quixotic.zephyr@example.com"},
		},
		{"a date at the cut", "passwordpasswordpassword17.12.1983", nil},
		{"the alphabet from one side of the cut to the other", "dragon" + strings.Repeat("abcdefghijklmnopqrstuvwxyz", 2), nil},
		{"a repetition within a repetition", "y" + strings.Repeat("aabaab7", 7), nil},
		{"a repetition at the end of another's base", strings.Repeat("k#w002002002", 4), nil},
		{"an own answer that is all of it", strings.Repeat("longname", 5), []string{strings.Repeat("longname", 5)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			whole := password.Strength(zxcvbn.PasswordStrength(tt.give, tt.own).Score)
			if got := password.Judge(tt.give, tt.own).Strength; got > whole {
				t.Errorf("Judge(%q) = %v, the whole estimate is %v", tt.give, got, whole)
			}
		})
	}
}

func TestJudgeOtherScripts(t *testing.T) {
	tests := []struct {
		name string
		give string
		own  []string
		want password.Strength
	}{
		{"a phrase with a double letter is as strong as another", "длинная фраза из слов", nil, password.VeryStrong},
		{"a long phrase is very strong", strings.Repeat("длинная фраза из слов ", 2) + "и ещё", nil, password.VeryStrong},
		{"one character again and again is not", strings.Repeat("ф", 40), nil, password.Any},
		{"nor is an own name", "Łukasz", []string{"łukasz"}, password.Any},
		{"a sequence is weak", "абвгдежз", nil, password.Weak},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := password.Judge(tt.give, tt.own).Strength; got != tt.want {
				t.Errorf("Judge(%q) = %v, want %v", tt.give, got, tt.want)
			}
		})
	}
}
