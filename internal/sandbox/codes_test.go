package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func newTestCodes() (*codes, *time.Time) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return newCodes(func() time.Time { return now }), &now
}

func TestDigitsAreDigits(t *testing.T) {
	seen := map[rune]int{}
	for _, n := range []int{4, 6, 32} {
		for range 200 {
			text := digits(n)
			if len(text) != n || strings.Trim(text, "0123456789") != "" {
				t.Fatalf("digits(%d) = %q", n, text)
			}
			for _, r := range text {
				seen[r]++
			}
		}
	}
	if len(seen) != 10 { // 8,400 digits: one of them is missing once in 10^384 runs
		t.Errorf("the digits are %v, want all ten", seen)
	}
}

func TestExtendedCodesSayWhoseTheyAre(t *testing.T) {
	want := owner{"customers", "ann.lee", codeVerifyAddress}
	got, ok := ownerOf("customers", want.extend())
	if !ok || got != want {
		t.Errorf("ownerOf(%v.extend()) = %v, %v, want it back", want, got, ok)
	}
	for _, text := range []string{
		"", ".", "x", "123456", "YWN0aXZhdGlvbiBhbm4", "ZmF4IGFubg.x", "YWN0aXZhdGlvbg.x", "YWN0aXZhdGlvbiA.x", "!.x",
		owner{"customers", "a b", codeActivation}.extend(), owner{"customers", "../x", codeActivation}.extend(),
	} {
		if got, ok := ownerOf("customers", text); ok {
			t.Errorf("ownerOf(%q) = %v, want nobody", text, got)
		}
	}
}

func TestCodesAreFound(t *testing.T) {
	s, now := newTestCodes()
	o := owner{"customers", "ann", codeVerifyAddress}
	a := s.issue(o, code{address: "a@example.com"}, 6, time.Minute)
	b := s.issue(o, code{address: "b@example.com"}, 6, time.Hour)
	again := s.issue(o, code{address: "a@example.com"}, 6, time.Minute)
	find := func(text string) bool {
		_, ok := s.find(o, text, anyCode)
		return ok
	}
	for name, tt := range map[string]struct{ got, want bool }{
		"a voided code":               {find(a.extended), false},
		"the digits":                  {find(again.digits), true},
		"the extended code":           {find(again.extended), true},
		"a code for another address":  {find(b.digits), true},
		"no code":                     {find(""), false},
		"a code that was spent":       {s.spend(o, b.id) && find(b.digits), false},
		"a code that was spent twice": {s.spend(o, b.id), false},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is found: %v, want %v", name, tt.got, tt.want)
		}
	}
	*now = now.Add(time.Minute)
	if find(again.digits) {
		t.Error("an expired code is found")
	}
	s.issue(o, code{address: "a@example.com"}, 6, time.Minute)
	s.forget("customers", "ann")
	if list, _ := s.live.get(o, *now); len(list) > 0 {
		t.Error("a forgotten user has codes")
	}
}

func TestCodesAreBounded(t *testing.T) {
	s, _ := newTestCodes()
	o := owner{"customers", "ann", codeVerifyAddress}
	for i := range 3 * maxCodes {
		s.issue(o, code{address: strings.Repeat("a", i+1) + "@example.com"}, 6, time.Minute)
	}
	s.issue(owner{"customers", "ann", codeChallenge}, code{}, 6, time.Minute)
	s.issue(owner{"customers", "ann", codeChallenge}, code{}, 6, time.Minute)
	if list, _ := s.live.get(o, s.now()); len(list) != maxCodes {
		t.Errorf("%d codes to verify addresses are kept, want %d", len(list), maxCodes)
	}
	if list, _ := s.live.get(owner{"customers", "ann", codeChallenge}, s.now()); len(list) != 1 {
		t.Errorf("%d challenges are kept, want 1", len(list))
	}
}

func TestOTPSettings(t *testing.T) {
	tests := []struct {
		settings string
		kind     codeKind
		length   int
		ttl      time.Duration
		fails    bool
	}{
		{`null`, codeActivation, 6, 10 * time.Minute, false},
		{`{}`, codeChallenge, 6, 10 * time.Minute, false},
		{`{"activation":{"length":8,"ttl":"1h0m0s"}}`, codeActivation, 8, time.Hour, false},
		{`{"activation":{"length":8,"ttl":"1h0m0s"}}`, codeResetTOTP, 8, time.Hour, false},
		{`{"activation":{"length":8,"ttl":"1h0m0s"},"challenge":{"ttl":"5m"}}`, codeChallenge, 8, 5 * time.Minute, false},
		{`{"challenge":{"length":4}}`, codeActivation, 6, 10 * time.Minute, false},
		{`{"challenge":{"length":3}}`, codeChallenge, 0, 0, true},
		{`{"challenge":{"length":33}}`, codeChallenge, 0, 0, true},
		{`{"challenge":{"ttl":"soon"}}`, codeChallenge, 0, 0, true},
		{`{"challenge":{"ttl":"-1s"}}`, codeChallenge, 0, 0, true},
		{`{"challenge":{"ttl":"721h"}}`, codeChallenge, 0, 0, true},
	}
	for _, tt := range tests {
		var s otpSettings
		err := json.Unmarshal([]byte(tt.settings), &s)
		if err == nil {
			err = s.check()
		}
		if (err != nil) != tt.fails {
			t.Errorf("reading %s: error %v, want one: %v", tt.settings, err, tt.fails)
		}
		if length, ttl := s.of(tt.kind); err == nil && (length != tt.length || ttl != tt.ttl) {
			t.Errorf("%s for %s = %d, %v, want %d, %v", tt.settings, tt.kind, length, ttl, tt.length, tt.ttl)
		}
	}
}

// TestGuessesAtOnce is about many guesses at the same time: five are all there are.
func TestGuessesAtOnce(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	asked := make(chan struct{}, 100)
	done := make(chan bool)
	for range cap(asked) {
		go func() {
			l.guess("ann", func() bool {
				asked <- struct{}{}
				return false
			})
			done <- true
		}()
	}
	for range cap(asked) {
		<-done
	}
	if len(asked) != maxWrong {
		t.Errorf("%d guesses were looked at, want %d", len(asked), maxWrong)
	}
}

func TestInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		10 * time.Minute: "10 minutes", time.Minute: "1 minute", time.Hour: "1 hour", 72 * time.Hour: "72 hours",
		90 * time.Second: "90 seconds", 1500 * time.Millisecond: "1.5s",
	} {
		if got := inWords(d); got != want {
			t.Errorf("inWords(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestTOTPSecretsArePrintedAsNothing(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, &struct{ S totpSecret }{"ABC"}); strings.Contains(got, "ABC") {
			t.Errorf("Sprintf(%s) = %s", verb, got)
		}
	}
}

func TestPlainNames(t *testing.T) {
	if got, want := plain("Cust\x1b[31mo\nmers é"), "Cust[31momers é"; got != want {
		t.Errorf("plain = %q, want %q", got, want)
	}
	if got := plain(strings.Repeat("x", 1000)); len(got) != maxWord {
		t.Errorf("plain of 1000 letters has %d, want %d", len(got), maxWord)
	}
}
