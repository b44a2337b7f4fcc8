package registration_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"foyer/internal/registration"
)

func states() []registration.IntentState {
	return []registration.IntentState{
		registration.IntentPlanned, registration.IntentSent, registration.IntentUnclear, registration.IntentResent,
		registration.IntentRefused, registration.IntentMade, registration.IntentTold, registration.IntentWithdrawn,
	}
}

func events() []registration.IntentEvent {
	return []registration.IntentEvent{
		registration.EventSend, registration.EventAccept, registration.EventRefuse, registration.EventLose, registration.EventFindOurs,
		registration.EventFindOther, registration.EventFindNone, registration.EventLapse, registration.EventTell,
		registration.EventWithdraw, registration.EventCrash,
	}
}

// The table is the one that people read: in the documentation of IntentState.
func TestEveryTransitionIsTheDocumentedOne(t *testing.T) {
	rows := documentedTransitions(t)
	if len(rows) != len(states()) {
		t.Fatalf("the table has %d states, want %d", len(rows), len(states()))
	}
	for _, state := range states() {
		row := rows[string(state)]
		if len(row) != len(events()) {
			t.Fatalf("%s has %d events, want %d", state, len(row), len(events()))
		}
		for i, event := range events() {
			want, possible := registration.IntentState(row[i]), row[i] != "-"
			if !possible {
				want = state
			}
			if got, ok := state.After(event); got != want || ok != possible {
				t.Errorf("%s after %s = %s, %v, want %s, %v", state, event, got, ok, want, possible)
			}
		}
	}
}

func documentedTransitions(t *testing.T) map[string][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "intent.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string][]string)
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Doc == nil || !strings.Contains(g.Doc.Text(), "find other") {
			continue
		}
		for line := range strings.Lines(g.Doc.Text()) {
			cells := strings.Fields(line)
			if strings.HasPrefix(line, "\t") && cells[0] != "send" {
				rows[cells[0]] = cells[1:]
			}
		}
	}
	return rows
}

func TestNoEventIsUnknown(t *testing.T) {
	if got, ok := registration.IntentPlanned.After("dance"); ok || got != registration.IntentPlanned {
		t.Errorf("an unknown event leads to %s", got)
	}
}
