package passcode

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"foyer/internal/secret"
)

func TestAHashIsOfItsPasscodeOnly(t *testing.T) {
	const code = "grüne Tür 7"
	made, err := New(secret.New(code))
	if err != nil {
		t.Fatal(err)
	}
	again, err := New(secret.New(code))
	if err != nil {
		t.Fatal(err)
	}
	if made.Text() == again.Text() {
		t.Error("two hashes of a passcode have the same salt")
	}
	read, err := Parse(secret.New(made.Text()))
	if err != nil {
		t.Fatal(err)
	}
	for passcode, want := range map[string]bool{
		code: true, "gru\u0308ne Tu\u0308r 7": true, "grüne Tür 8": false, "grüne Tür 7 ": false, "": false,
	} {
		if got := read.Matches(secret.New(passcode)); got != want {
			t.Errorf("the hash of %q matches %q: %t, want %t", code, passcode, got, want)
		}
	}
	if strings.Contains(fmt.Sprintf("%+v %#v", read, read), code) {
		t.Error("a hash prints its passcode")
	}
}

func TestNoHashMatchesNothing(t *testing.T) {
	if (Hash{}).Matches(secret.Text{}) {
		t.Error("the zero hash matches an empty passcode")
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name, code string
		want       error
	}{
		{"eight characters are enough", "12345679", nil},
		{"seven are not, whatever their bytes", "äöüäöüä", ErrShort},
		{"nothing is too short", "", ErrShort},
		{"a long one can be hashed", strings.Repeat("ab", 64), nil},
		{"longer than the field is too long", strings.Repeat("ab", 65), ErrLong},
		{"one character again and again is guessed", "00000000000", ErrRepeated},
		{"a control character cannot be typed", "12345\x016789", ErrControl},
		{"bytes that are no text cannot be typed", "12345\xff6789", ErrControl},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Judge(secret.New(tt.code)); !errors.Is(got, tt.want) {
				t.Errorf("Judge(%q) = %v, want %v", tt.code, got, tt.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	salt, sum := "c29tZXNhbHRzb21lc2FsdA", base64.RawStdEncoding.EncodeToString(make([]byte, 32))
	phc := func(parameters string) string { return "$argon2id$v=19$" + parameters + "$" + salt + "$" + sum }
	tests := []struct {
		name, text string
		want       error
	}{
		{"what foyer passcode makes", phc("m=65536,t=3,p=4"), nil},
		{"OWASP's first choice", phc("m=47104,t=1,p=1"), nil},
		{"OWASP's last choice", phc("m=7168,t=5,p=1"), nil},
		{"less memory than any choice", phc("m=4096,t=16,p=1"), ErrWeakHash},
		{"fewer passes than the memory needs", phc("m=19456,t=1,p=1"), ErrWeakHash},
		{"more memory than a kiosk has", phc("m=4194304,t=1,p=1"), ErrHeavyHash},
		{"a number with a zero too many", phc("m=65536,t=3000000000,p=4"), ErrHeavyHash},
		{"more lanes than processors", phc("m=65536,t=3,p=255"), ErrHeavyHash},
		{"no passes", phc("m=65536,t=0,p=4"), ErrNoHash},
		{"a negative number", phc("m=-65536,t=3,p=4"), ErrNoHash},
		{"nothing", "", ErrNoHash},
		{"the passcode itself", "open sesame 7", ErrNoHash},
		{"a bcrypt hash", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", ErrNoHash},
		{"the variant for other purposes", strings.Replace(phc("m=65536,t=3,p=4"), "argon2id", "argon2i", 1), ErrNoHash},
		{"an old version", strings.Replace(phc("m=65536,t=3,p=4"), "v=19", "v=16", 1), ErrNoHash},
		{"no version", strings.Replace(phc("m=65536,t=3,p=4"), "v=19$", "", 1), ErrNoHash},
		{"a short salt", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$" + sum, ErrNoHash},
		{"no sum", "$argon2id$v=19$m=65536,t=3,p=4$" + salt + "$", ErrNoHash},
		{"something behind it", phc("m=65536,t=3,p=4") + "\n", ErrNoHash},
		{"a shell that took the dollars away", "=19=65536,t=3,p=4" + salt, ErrNoHash},
		{"no base64", phc("m=65536,t=3,p=4") + "=", ErrNoHash},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse(secret.New(tt.text))
			if !errors.Is(err, tt.want) {
				t.Fatalf("Parse(%q) = %v, want %v", tt.text, err, tt.want)
			}
			if err == nil && got.Text() != tt.text {
				t.Errorf("Parse(%q).Text() = %q", tt.text, got.Text())
			}
		})
	}
}

// FuzzParse finds out that what is read is written back as it was, and is nothing that takes the machine's memory.
func FuzzParse(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := Parse(secret.New(text))
		if err != nil {
			return
		}
		if h.Text() != text || h.memory > mostMemory || h.passes > mostPasses || h.lanes > mostLanes || len(h.salt) < 8 || len(h.sum) < 16 {
			t.Errorf("Parse(%q) = %s", text, h.Text())
		}
	})
}
