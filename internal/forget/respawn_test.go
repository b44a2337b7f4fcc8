package forget

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForgetful(t *testing.T) {
	const both = "clobberfree=1,asyncpreemptoff=1"
	tests := []struct {
		name       string
		give, want []string
		refused    bool
	}{
		{"nothing is set", []string{"A=b"}, []string{"A=b", "GODEBUG=" + both}, false},
		{"something else is set", []string{"GODEBUG=http2debug=1", "A=b"}, []string{"GODEBUG=http2debug=1," + both, "A=b"}, false},
		{"something begins alike", []string{"GODEBUGGER=clobberfree=1"}, []string{"GODEBUGGER=clobberfree=1", "GODEBUG=" + both}, false},
		{"it is set to nothing", []string{"GODEBUG="}, []string{"GODEBUG=" + both}, false},
		{"one is set", []string{"GODEBUG=clobberfree=1"}, []string{"GODEBUG=" + both}, false},
		{"both are set", []string{"GODEBUG=a=b," + both + ",c=d"}, []string{"GODEBUG=a=b," + both + ",c=d"}, false},
		{"one is refused", []string{"GODEBUG=clobberfree=0"}, []string{"GODEBUG=clobberfree=0,asyncpreemptoff=1"}, true},
		{"the last word refuses", []string{"GODEBUG=" + both + ",clobberfree=0"}, []string{"GODEBUG=" + both + ",clobberfree=0"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := forgetful(tt.give)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("forgetful(%q) (-want +got):\n%s", tt.give, diff)
			}
			if again := forgetful(got); !cmp.Equal(again, got) {
				t.Errorf("forgetful(%q) = %q, and would start the process for ever", got, again)
			}
			if got := Refused(tt.give); got != tt.refused {
				t.Errorf("Refused(%q) = %v, want %v", tt.give, got, tt.refused)
			}
		})
	}
}
