package intents_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"foyer/internal/intents"
	"foyer/internal/keyfile"
	"foyer/internal/registration"
)

const keep = 24 * time.Hour

func open(t *testing.T, file string, key keyfile.Key) *intents.Journal {
	t.Helper()
	j, err := intents.Open(t.Context(), intents.Options{File: file, Key: key, Keep: keep})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func ann() registration.Identifier {
	return registration.Identifier{Type: registration.Email, Identifier: "ann@example.com"}
}

func sent(reference string, at time.Time, ids ...registration.Identifier) registration.Intent {
	return registration.Intent{Reference: reference, State: registration.IntentSent, At: at, Identifiers: ids}
}

func keepAll(t *testing.T, j *intents.Journal, all ...registration.Intent) {
	t.Helper()
	for _, i := range all {
		if err := j.Keep(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
}

// references are those of the open intents for id.
func references(t *testing.T, j *intents.Journal, id registration.Identifier) string {
	t.Helper()
	found, err := j.Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, i := range found {
		all = append(all, i.Reference)
	}
	return fmt.Sprint(all)
}

func TestAnIntentIsFoundUntilItIsSettled(t *testing.T) {
	now := time.Now()
	bob := registration.Identifier{Type: registration.Email, Identifier: "bob@example.com"}
	tests := map[string]struct {
		kept []registration.Intent
		want string
	}{
		"none":                      {nil, "[]"},
		"one":                       {[]registration.Intent{sent("A", now, ann())}, "[A]"},
		"the newest first":          {[]registration.Intent{sent("A", now.Add(-time.Hour), ann()), sent("B", now, ann(), bob)}, "[B A]"},
		"of others":                 {[]registration.Intent{sent("A", now, bob)}, "[]"},
		"of another type":           {[]registration.Intent{sent("A", now, registration.Identifier{Type: registration.UID, Identifier: ann().Identifier})}, "[]"},
		"told":                      {[]registration.Intent{sent("A", now, ann()), {Reference: "A", State: registration.IntentTold}}, "[]"},
		"refused":                   {[]registration.Intent{sent("A", now, ann()), {Reference: "A", State: registration.IntentRefused}}, "[]"},
		"withdrawn, and sent again": {[]registration.Intent{sent("A", now, ann()), {Reference: "A", State: registration.IntentWithdrawn}, sent("A", now, ann())}, "[A]"},
		"too old":                   {[]registration.Intent{sent("A", now.Add(-keep-time.Minute), ann())}, "[]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, file := range []string{"", filepath.Join(t.TempDir(), "state", "intents.jsonl")} {
				key := keyfile.New()
				j := open(t, file, key)
				keepAll(t, j, tt.kept...)
				if got := references(t, j, ann()); got != tt.want {
					t.Errorf("in %q: found %s, want %s", filepath.Base(file), got, tt.want)
				}
				if file == "" {
					continue
				}
				if got := references(t, open(t, file, key), ann()); got != tt.want {
					t.Errorf("the next process found %s, want %s", got, tt.want)
				}
			}
		})
	}
}

func TestProcessesShareAJournal(t *testing.T) {
	file, key := filepath.Join(t.TempDir(), "intents.jsonl"), keyfile.New()
	a, b := open(t, file, key), open(t, file, key)
	keepAll(t, a, sent("A", time.Now(), ann()))
	if got := references(t, b, ann()); got != "[A]" {
		t.Errorf("another process found %s", got)
	}
	keepAll(t, b, registration.Intent{Reference: "A", State: registration.IntentTold})
	if got := references(t, a, ann()); got != "[]" {
		t.Errorf("after another process has settled it, %s is found", got)
	}
}

func TestAnIntentIsOfItsPool(t *testing.T) {
	file, key := filepath.Join(t.TempDir(), "intents.jsonl"), keyfile.New()
	keepAll(t, open(t, file, key), sent("A", time.Now(), ann()))
	other, err := intents.Open(t.Context(), intents.Options{File: file, Key: key, Keep: keep, Pool: "staff"})
	if err != nil {
		t.Fatal(err)
	}
	if got := references(t, other, ann()); got != "[]" {
		t.Errorf("in another pool, %s is found", got)
	}
}

func TestAJournalDoesNotGrow(t *testing.T) {
	file, key := filepath.Join(t.TempDir(), "intents.jsonl"), keyfile.New()
	a, b := open(t, file, key), open(t, file, key)
	keepAll(t, a, sent("OPEN", time.Now(), ann()))
	for i := range 400 {
		keepAll(t, []*intents.Journal{a, b}[i%2], sent(fmt.Sprint(i), time.Now(), ann()), registration.Intent{Reference: fmt.Sprint(i), State: registration.IntentTold})
	}
	info, err := os.Stat(file)
	if err != nil || info.Size() > 100<<10 {
		t.Errorf("after 400 settled intents it has %d bytes, %v", info.Size(), err)
	}
	for _, j := range []*intents.Journal{a, b, open(t, file, key)} {
		if got := references(t, j, ann()); got != "[OPEN]" {
			t.Errorf("found %s, want the open one", got)
		}
	}
}

func TestAJournalSaysNotWhoItWas(t *testing.T) {
	file := filepath.Join(t.TempDir(), "intents.jsonl")
	keepAll(t, open(t, file, keyfile.New()), sent("A", time.Now(), ann()))
	text, err := os.ReadFile(file)
	if err != nil || bytes.Contains(text, []byte("ann")) || bytes.Contains(text, []byte("example")) {
		t.Errorf("it holds %s, %v", text, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if got := references(t, open(t, file, keyfile.New()), ann()); got != "[]" {
		t.Errorf("with another key, %s is found", got)
	}
}

func TestACrashAtAnyByteLosesNoOtherIntent(t *testing.T) {
	whole, key := filepath.Join(t.TempDir(), "whole"), keyfile.New()
	j := open(t, whole, key)
	keepAll(t, j, sent("A", time.Now(), ann()))
	before, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	keepAll(t, j, sent("B", time.Now(), ann()))
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for n := len(before); n < len(text)-1; n++ { // without its end of line alone, a line says all the same
		file := filepath.Join(t.TempDir(), "cut")
		if err := os.WriteFile(file, text[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		j := open(t, file, key)
		if got := references(t, j, ann()); got != "[A]" {
			t.Fatalf("cut after %d bytes, %s is found, want what was whole", n, got)
		}
		keepAll(t, j, sent("C", time.Now().Add(time.Second), ann()))
		if got := references(t, open(t, file, key), ann()); got != "[C A]" {
			t.Fatalf("cut after %d bytes, and another line: %s is found", n, got)
		}
	}
}

func TestWhatIsNoJournalHarmsNobody(t *testing.T) {
	file, key := filepath.Join(t.TempDir(), "intents.jsonl"), keyfile.New()
	junk := append(bytes.Repeat([]byte{0xff, 0}, 1<<20), "\n{}\n[]\nnull\n{\"reference\":1}\n"...)
	if err := os.WriteFile(file, junk, 0o600); err != nil {
		t.Fatal(err)
	}
	j := open(t, file, key)
	keepAll(t, j, sent("A", time.Now(), ann()))
	if got := references(t, open(t, file, key), ann()); got != "[A]" {
		t.Errorf("found %s", got)
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	folder := t.TempDir()
	if _, err := intents.Open(t.Context(), intents.Options{File: folder, Key: keyfile.New(), Keep: keep}); err == nil {
		t.Error("a folder was opened as a journal")
	}
	j := open(t, filepath.Join(folder, "intents.jsonl"), keyfile.New())
	if err := os.Remove(filepath.Join(folder, "intents.jsonl")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "intents.jsonl"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := j.Keep(t.Context(), sent("A", time.Now(), ann())); err == nil {
		t.Error("nothing was written, and nothing said")
	}
}

func TestManyAtOnce(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "intents.jsonl"), keyfile.New())
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			id := registration.Identifier{Type: registration.UID, Identifier: fmt.Sprint(i)}
			keepAll(t, j, sent(fmt.Sprint(i), time.Now(), id))
			if got := references(t, j, id); got != fmt.Sprintf("[%d]", i) {
				t.Errorf("found %s for %d", got, i)
			}
		})
	}
	all.Wait()
}
