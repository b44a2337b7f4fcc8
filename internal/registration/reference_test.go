package registration_test

import (
	"strings"
	"testing"

	"foyer/internal/registration"
)

func TestNewReference(t *testing.T) {
	seen := make(map[string]bool)
	for range 1000 {
		r := registration.NewReference()
		if len(r) != 11 || r[3] != '-' || r[7] != '-' || strings.ContainsAny(r, "0158BILNOSUZ6") || seen[r] {
			t.Fatalf("NewReference() = %q", r)
		}
		seen[r] = true
		for _, typed := range []string{r, strings.ToLower(r), strings.ReplaceAll(r, "-", ""), strings.ReplaceAll(r, "-", " ")} {
			if got, ok := registration.ParseReference(typed); !ok || got != r {
				t.Errorf("ParseReference(%q) = %q, %v", typed, got, ok)
			}
		}
	}
}

func TestTheCheckCharacterFindsASlip(t *testing.T) {
	const signs = "23479ACDEFGHJKMPQRTVWXY"
	for range 100 {
		r := strings.ReplaceAll(registration.NewReference(), "-", "")
		for i := range len(r) {
			for _, other := range signs {
				wrong := r[:i] + string(other) + r[i+1:]
				if _, ok := registration.ParseReference(wrong); ok != (wrong == r) {
					t.Fatalf("%s is taken for a reference, though %s was told", wrong, r)
				}
			}
			for j := i + 1; j < len(r); j++ {
				swapped := []byte(r)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if _, ok := registration.ParseReference(string(swapped)); ok != (string(swapped) == r) {
					t.Fatalf("%s is taken for a reference, though %s was told", swapped, r)
				}
			}
		}
	}
}

func TestWhatIsNoReference(t *testing.T) {
	for _, typed := range []string{"", "7KQ4-M2XW", "222-222-22", "222-222-2222", "OOO-OOO-OOO", "22é-222-222", strings.Repeat("2", 1<<20)} {
		if got, ok := registration.ParseReference(typed); ok {
			t.Errorf("ParseReference(%.20q) = %q", typed, got)
		}
	}
}
