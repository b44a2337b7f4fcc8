package password_test

import (
	"strings"
	"testing"

	"github.com/trustelem/zxcvbn"

	"foyer/internal/password"
)

func TestJudge(t *testing.T) {
	own := []string{"ann.lee@example.com", "Annabel", "Lee-Crowther"}
	tests := []struct {
		name   string
		give   string
		want   password.Strength
		advice password.Advice
	}{
		{"nothing", "", password.Any, password.AdviceStart},
		{"the commonest password", "password", password.Any, password.AdviceCommon},
		{"neighbouring keys", "zsedcftgb", password.Fair, password.AdviceKeyboard},
		{"a sequence", "3456789", password.Any, password.AdviceSequence},
		{"one character again and again", "zzzzzzzzzzzzzz", password.Any, password.AdviceRepeat},
		{"the person's own name", "annabel", password.Any, password.AdviceOwn},
		{"a part of the person's own e-mail", "crowther", password.Any, password.AdviceOwn},
		{"a date", "17.12.1983", password.Weak, password.AdviceDate},
		{"random letters", "qvdmwktr", password.Fair, password.AdviceLonger},
		{"four random words", "correct horse battery staple", password.VeryStrong, password.AdviceNone},
		{"a repeated word, however long, stays easy", strings.Repeat("password", 20), password.Any, password.AdviceRepeat},
		{"a long one with every substitution is not weak", strings.Repeat("4@8({[<3691!|/0$5+7%2", 6), password.VeryStrong, password.AdviceNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := password.Judge(tt.give, own)
			if got.Strength != tt.want || got.Advice != tt.advice {
				t.Errorf("Judge(%.40q) = %v %q, want %v %q", tt.give, got.Strength, got.Advice, tt.want, tt.advice)
			}
		})
	}
}

// TestJudgeNeverFlatters holds the bounded estimate against the whole one, which the tenant makes.
func TestJudgeNeverFlatters(t *testing.T) {
	give := []string{
		"correct horse battery staple and another correct horse battery staple",
		strings.Repeat("administrator", 4),
		strings.Repeat("abcdefghijklmnopqrstuvwxyz", 3),
		strings.Repeat("qwertyuiop", 7),
		"ThisIsTheEndMyOnlyFriendTheEndOfOurElaboratePlansTheEnd",
		strings.Repeat("1234567890", 6),
	}
	for _, s := range give {
		whole := password.Strength(zxcvbn.PasswordStrength(s, nil).Score)
		if got := password.Judge(s, nil).Strength; got > whole {
			t.Errorf("Judge(%q) = %v, the whole estimate is %v", s, got, whole)
		}
	}
}

// TestJudgeAgreesWithTheWholeEstimate holds the levels of passwords that are judged whole against zxcvbn's own score.
func TestJudgeAgreesWithTheWholeEstimate(t *testing.T) {
	const letters = "jkXKbJxXpKQXQzkwqxVdmGtRhWyNcFsLzPqT"
	for length := 1; length <= 16; length++ {
		for at := 0; at+length <= len(letters); at++ {
			s := letters[at : at+length]
			want := password.Strength(zxcvbn.PasswordStrength(s, nil).Score)
			if got := password.Judge(s, nil).Strength; got != want {
				t.Errorf("Judge(%q) = %v, want %v", s, got, want)
			}
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	for name, s := range map[string]string{
		"plain":        "correct horse battery staple",
		"substitution": strings.Repeat("4@8({[<3691!|/0$5+7%2", 12),
		"long":         strings.Repeat("correct horse battery staple ", 8),
		"partly read":  "correct h0rse b4ttery stapl3 and" + strings.Repeat("!$|+%2@", 30),
		"one letter":   strings.Repeat("a", password.MaxLength),
		"long period":  strings.Repeat("aabaaabaaaabaaaaab7k$aabaaabaaaabaaaaab", 6),
		"other script": strings.Repeat("длинная фраза из слов ", 8),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				password.Judge(s, nil)
			}
		})
	}
}
