package password_test

import (
	"strings"
	"testing"

	"foyer/internal/password"
)

func TestBlocks(t *testing.T) {
	list := password.NewBlocklist([]string{"acme", "customers", "Grand Hotel"})
	own := []string{"ann.lee@example.com", "Annabel", "Crowther", "1990-05-17", "Łukasz", "", "x"}
	tests := []struct {
		name string
		give string
		want password.Reason // "" when it is not blocked
	}{
		{"the commonest is", "123456", password.ReasonCommon},
		{"a common one in capitals is", "PassWord", password.ReasonCommon},
		{"a common one with a digit is", "dragon1", password.ReasonCommon},
		{"a common one with a year and a mark is", "Dragon2024!", password.ReasonCommon},
		{"a common one with a long sequence is", "dragon123456789", password.ReasonCommon},
		{"a common one with eight digits of no pattern is not", "dragon74638291", ""},
		{"a common one with something before it is", "!!dragon", password.ReasonCommon},
		{"a common one with something at both ends is", "1dragon!", password.ReasonCommon},
		{"a common one with substitutions is", "p@$$w0rd", password.ReasonCommon},
		{"a common one with substitutions and a suffix is", "P4ssw0rd!!", password.ReasonCommon},
		{"a common one backwards is", "drowssap", password.ReasonCommon},
		{"a common one twice is", "dragondragon", password.ReasonCommon},
		{"a common one in full-width letters is", "ｄｒａｇｏｎ", password.ReasonCommon},
		{"a common one within a phrase is not", "dragon eats seven melons", ""},
		{"our name is", "Foyer2024", password.ReasonService},
		{"the tenant is", "acme!", password.ReasonService},
		{"the pool is", "cust0mers", password.ReasonService},
		{"the title without its space is", "grandhotel1", password.ReasonService},
		{"the title within a phrase is not", "the grand hotel by the lake", ""},
		{"an own answer is", "annabel", password.ReasonOwn},
		{"an own answer with a year is", "Annabel1990", password.ReasonOwn},
		{"an own answer backwards is", "lebanna", password.ReasonOwn},
		{"an own answer backwards with a mark is", "Lebanna!", password.ReasonOwn},
		{"the own e-mail address is", "Ann.Lee@example.com", password.ReasonOwn},
		{"what stands before its @ is", "annlee99", password.ReasonOwn},
		{"a surname with a digit is", "crowther7", password.ReasonOwn},
		{"two own answers joined are", "CrowtherAnnabel", password.ReasonOwn},
		{"the own birthday is", "19900517", password.ReasonOwn},
		{"an own answer in another script is", "łukasz1", password.ReasonOwn},
		{"a phrase is not", "correct horse battery staple", ""},
		{"nothing is not", "", ""},
		{"a random one is not", "q7#Lw!x0Zt", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, blocked := list.Blocks(tt.give, own)
			if got != tt.want || blocked != (tt.want != "") {
				t.Errorf("Blocks(%q) = %q, %v, want %q", tt.give, got, blocked, tt.want)
			}
		})
	}
}

func TestBlocksTakesLongPasswordsWhole(t *testing.T) {
	list := password.NewBlocklist(nil)
	for _, give := range []string{
		strings.Repeat("ж", password.MaxLength), "melon " + strings.Repeat("é", 60), strings.Repeat("\xff", 300),
	} {
		if reason, blocked := list.Blocks(give, nil); blocked {
			t.Errorf("Blocks(%.20q…) = %q, want it not blocked", give, reason)
		}
	}
}

func BenchmarkBlocks(b *testing.B) {
	list := password.NewBlocklist(nil)
	var own []string
	for range 64 {
		own = append(own, strings.Repeat("Long.name-", 6))
	}
	for name, give := range map[string]string{
		"plain": "correct horse battery staple", "substitution": strings.Repeat("4@8({[<3691!|0$5+7%2", 13), "digits": strings.Repeat("17", 200),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				list.Blocks(give, own)
			}
		})
	}
}
