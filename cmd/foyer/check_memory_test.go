package main

import (
	"errors"
	"strings"
	"testing"

	"foyer/internal/forget"
)

func TestMemoryFinding(t *testing.T) {
	limited := errors.New("RLIMIT_MEMLOCK is limited")
	tests := []struct {
		name  string
		give  forget.Hardening
		kept  bool
		found string
		looks []string // the beginning of each
	}{
		{"all is well", forget.Hardening{}, false, "no core dumps are written, and none of it goes to the swap", nil},
		{"memory is limited", forget.Hardening{Swap: limited}, false, "no core dumps are written", []string{"it is not locked, and may go to the swap (RLIMIT_MEMLOCK is limited); allow it with LimitMEMLOCK"}},
		{"the system does neither", forget.Hardening{Dumps: errors.ErrUnsupported, Swap: errors.ErrUnsupported}, false, "", []string{"core dumps cannot be switched off", "it cannot be locked on this system"}},
		{"the environment has garbage kept", forget.Hardening{}, true, "no core dumps are written, and none of it goes to the swap", []string{"GODEBUG has Foyer keep"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, looks := memoryFinding(tt.give, tt.kept)
			if found != tt.found || len(looks) != len(tt.looks) {
				t.Fatalf("memoryFinding(%+v, %v) = %q, %q, want %q and %d to look at", tt.give, tt.kept, found, looks, tt.found, len(tt.looks))
			}
			for i, want := range tt.looks {
				if !strings.HasPrefix(looks[i], want) {
					t.Errorf("%q is worth a look, want %q", looks[i], want)
				}
			}
		})
	}
}
