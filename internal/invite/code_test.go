package invite

import (
	"errors"
	"strings"
	"testing"

	"foyer/internal/secret"
)

func TestCodesAreSayable(t *testing.T) {
	seen := make(map[string]bool)
	for range 1000 {
		code := newCode().Reveal()
		if len(code) != 23 || strings.Count(code, "-") != 5 || strings.ContainsAny(code, "01OILUBSZ") || code != strings.ToUpper(code) {
			t.Fatalf("newCode() = %q", code)
		}
		if _, err := digest(secret.New(code)); err != nil || seen[code] {
			t.Fatalf("digest(%q): %v, seen before: %t", code, err, seen[code])
		}
		seen[code] = true
	}
}

func TestHowACodeIsTypedDoesNotMatter(t *testing.T) {
	const code = "823-5V2-XWP-9HT-3RC-D8"
	whole := code + string(alphabet[check(strings.ReplaceAll(code, "-", ""))])
	want, err := digest(secret.New(whole))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"as it is printed":              whole,
		"in small letters":              strings.ToLower(whole),
		"without dashes":                strings.ReplaceAll(whole, "-", ""),
		"with spaces":                   " " + strings.ReplaceAll(whole, "-", "  ") + " ",
		"in other groups":               whole[:1] + "-" + whole[1:],
		"with the dashes of an editor":  strings.ReplaceAll(whole, "-", "–"),
		"with signs that look the same": strings.NewReplacer("8", "B", "5", "s", "2", "z", "V", "u").Replace(whole),
	}
	for name, typed := range tests {
		if got, err := digest(secret.New(typed)); got != want || err != nil {
			t.Errorf("%s: digest(%q) = %q, %v, want %q", name, typed, got, err, want)
		}
	}
}

func TestASlipIsToldFromAWrongCode(t *testing.T) {
	whole := strings.ReplaceAll(newCode().Reveal(), "-", "")
	slips := []string{"", "-", whole[:17], whole + "2", "0" + whole[1:], "é" + whole[1:], strings.Repeat(whole, 1000), "\x1b[A" + whole, "\xff" + whole[1:]}
	for i := range whole {
		for _, r := range alphabet {
			if whole[i] != byte(r) {
				slips = append(slips, whole[:i]+string(r)+whole[i+1:])
			}
		}
		for j := range i {
			if whole[i] != whole[j] {
				slips = append(slips, whole[:j]+whole[i:i+1]+whole[j+1:i]+whole[j:j+1]+whole[i+1:])
			}
		}
	}
	for _, slip := range slips {
		if _, err := digest(secret.New(slip)); !errors.Is(err, ErrMistyped) {
			t.Errorf("digest(%.40q), a slip in %q: %v, want %v", slip, whole, err, ErrMistyped)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"A7K-4M2", "", "\xff", "ß", "ſ", "İ", strings.Repeat("-", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		signs, ok := read(typed)
		if ok && strings.Trim(signs, alphabet) != "" {
			t.Errorf("read(%q) = %q, with signs that the alphabet has not", typed, signs)
		}
		_, _ = digest(secret.New(typed))
	})
}

func FuzzParse(f *testing.F) {
	l := &ledger{Version: version}
	l.Invitations = []*record{{ID: l.newID(), Digest: strings.Repeat("0a", 32), Uses: 2, Holds: []hold{{ID: "x"}}}}
	text, err := l.text()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"version":1,"invitations":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parse(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range l.Invitations {
			if left := r.Uses - r.Spent - len(r.Holds); left < 0 || left > MostUses {
				t.Errorf("an invitation has %d uses left", left)
			}
		}
		if _, err := l.text(); err != nil && len(text) < 1<<20 {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
