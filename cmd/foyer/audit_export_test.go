package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"foyer/internal/audit"
)

func TestARecordThatWasChangedHurtsNoTerminalAndNoSpreadsheet(t *testing.T) {
	const bad = "\x1b]0;x\a\u009b31m\u202e\x7f\nx\U000e0041"
	r := audit.Record{Event: audit.Event{
		Outcome: " \t=1+1", Operator: "＝1", Remote: bad, Identifiers: []audit.Identifier{{Type: "=email", Value: bad}},
	}}
	var asJSON, sheet bytes.Buffer
	if err := jsonTo(&asJSON).Encode(r); err != nil {
		t.Fatal(err)
	}
	write, finish := asCSV(&sheet)
	if err := write(r); err != nil {
		t.Fatal(err)
	}
	if err := finish(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"JSON": asJSON.String(), "CSV": sheet.String()} {
		if strings.ContainsAny(text, "\x1b\a\u009b\u202e\x7f\U000e0041") {
			t.Errorf("%s has what a terminal obeys: %q", name, text)
		}
	}
	if strings.Count(sheet.String(), "\n") != 2 || !strings.Contains(sheet.String(), ",'=1+1,") ||
		!strings.Contains(sheet.String(), ",'＝1,") || !strings.Contains(sheet.String(), ",'=email:") {
		t.Errorf("CSV: %q", sheet.String())
	}
	var back audit.Record
	if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil || back.Remote != bad {
		t.Errorf("JSON comes back as %q, %v", back.Remote, err)
	}
}
