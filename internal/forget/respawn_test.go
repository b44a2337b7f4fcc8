package forget

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForgetful(t *testing.T) {
	tests := []struct {
		name       string
		give, want []string
	}{
		{"nothing is set", []string{"A=b"}, []string{"A=b", "GODEBUG=clobberfree=1"}},
		{"something else is set", []string{"GODEBUG=http2debug=1", "A=b"}, []string{"GODEBUG=http2debug=1,clobberfree=1", "A=b"}},
		{"it is set to nothing", []string{"GODEBUG="}, []string{"GODEBUG=clobberfree=1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := forgetful(tt.give)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("forgetful(%q) (-want +got):\n%s", tt.give, diff)
			}
			if Refused(tt.give) || Refused(got) {
				t.Errorf("Refused(%q) = %v, and of what it became %v, want neither", tt.give, Refused(tt.give), Refused(got))
			}
		})
	}
}

func TestWhatTheEnvironmentSaysStands(t *testing.T) {
	tests := []struct {
		name    string
		environ []string
		want    string
	}{
		{"nothing is said", []string{"GODEBUGGER=clobberfree=1"}, ""},
		{"it is said among others", []string{"GODEBUG=a=b,clobberfree=1,c=d"}, "1"},
		{"it is said that it shall not", []string{"GODEBUG=clobberfree=0"}, "0"},
		{"the last word is another", []string{"GODEBUG=clobberfree=1,clobberfree=0"}, "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := setting(tt.environ); got != tt.want {
				t.Errorf("setting(%q) = %q, want %q", tt.environ, got, tt.want)
			}
			if got, want := Refused(tt.environ), tt.want == "0"; got != want {
				t.Errorf("Refused(%q) = %v, want %v", tt.environ, got, want)
			}
			if got := forgetful(tt.environ); tt.want != "" && !cmp.Equal(got, tt.environ) {
				t.Errorf("forgetful(%q) = %q, want what was said", tt.environ, got)
			}
		})
	}
}
