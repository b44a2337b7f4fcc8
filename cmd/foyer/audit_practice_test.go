package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWhoPractisesIsNotRecorded(t *testing.T) {
	s := open(t, 80, 24, []string{"FOYER_AUDIT_FILE=audit.jsonl"}, "kiosk")
	s.until("SANDBOX")
	s.until("Press Enter to begin")
	s.press(answers("ann@example.com"))
	s.until("Is everything right?")
	s.press("\r")
	s.until("You are registered")
	if _, err := os.Stat(filepath.Join(s.home, "audit.jsonl")); err == nil {
		t.Error("there is a record of somebody who is registered nowhere")
	}
}
