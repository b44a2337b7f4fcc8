package audit_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/audit"
)

// A book is a record in a folder of its own.
type book struct {
	t       *testing.T
	name    string
	key     audit.Key
	options audit.Options
}

func newBook(t *testing.T, o audit.Options) *book {
	t.Helper()
	name := filepath.Join(t.TempDir(), "audit.jsonl")
	key, made, err := audit.LoadKey(name+".key", name)
	if err != nil || !made {
		t.Fatalf("LoadKey() = %t, %v, want a new one", made, err)
	}
	return &book{t, name, key, o}
}

func (b *book) open() *audit.Log {
	b.t.Helper()
	l, err := audit.Open(b.t.Context(), b.name, b.key, b.options)
	if err != nil {
		b.t.Fatal(err)
	}
	return l
}

// event is the one with number n.
func event(n int) audit.Event {
	return audit.Event{
		Kind: "register", At: time.Date(2026, 1, 2, 3, 4, n%60, 0, time.FixedZone("", 3600)), Outcome: "registered", Remote: "192.0.2.1:5",
		Pool: "customers", Flow: "create", UserID: fmt.Sprint("u", n), Reference: "7KQ4-M2XW",
		Identifiers: []audit.Identifier{{Type: "email", Value: fmt.Sprintf("ann%d@example.com", n)}},
	}
}

// fill appends n events.
func (b *book) fill(n int) {
	b.t.Helper()
	l := b.open()
	for i := 1; i <= n; i++ {
		if _, err := l.Append(b.t.Context(), event(i)); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *book) verify(since uint64) audit.Report {
	b.t.Helper()
	r, err := audit.Verify(b.t.Context(), b.name, b.key, since, "")
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func TestARecordIsAsItWasAppended(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(3)
	report := b.verify(0)
	if !report.Intact() || report.Records != 3 || report.First != 1 || report.Last != 3 {
		t.Errorf("Verify() = %+v, want three records and no findings", report)
	}
	var got []audit.Record
	for r, err := range audit.Read(b.name) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := event(2)
	want.At = want.At.UTC()
	want.Identifiers = []audit.Identifier{b.key.Hash(want.Identifiers[0])}
	if diff := cmp.Diff(want, got[1].Event); diff != "" {
		t.Errorf("the second event, -want +got:\n%s", diff)
	}
	text, err := os.ReadFile(b.name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "example.com") {
		t.Error("an identifier stands in the record in clear")
	}
	info, err := os.Stat(b.name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
}

func TestIdentifiersAreKeptInClearWhenThatIsAsked(t *testing.T) {
	b := newBook(t, audit.Options{Plain: true})
	b.fill(1)
	for r, err := range audit.Read(b.name) {
		if err != nil || r.Identifiers[0].Value != "ann1@example.com" {
			t.Errorf("read %+v, %v", r, err)
		}
	}
}

func TestWhatIsDoneToARecordIsFound(t *testing.T) {
	lines := func(change func([]string) []string) func([]byte) []byte {
		return func(text []byte) []byte {
			all := strings.SplitAfter(string(text), "\n")
			return []byte(strings.Join(change(all[:len(all)-1]), ""))
		}
	}
	attacks := map[string]func([]byte) []byte{
		"a letter is changed":          func(b []byte) []byte { return bytes.Replace(b, []byte(`"u3"`), []byte(`"u9"`), 1) },
		"a MAC is changed":             func(b []byte) []byte { return bytes.Replace(b, []byte(`"mac":"`), []byte(`"mac":"0`), 1) },
		"a space is put in":            func(b []byte) []byte { return bytes.Replace(b, []byte(`{"number"`), []byte(`{ "number"`), 1) },
		"a line is cut out":            lines(func(l []string) []string { return slices.Delete(l, 2, 3) }),
		"the first line is cut off":    lines(func(l []string) []string { return l[1:] }),
		"the last line is cut off":     lines(func(l []string) []string { return l[:len(l)-1] }),
		"the last line is cut short":   func(b []byte) []byte { return b[:len(b)-9] },
		"all lines are cut off":        func([]byte) []byte { return nil },
		"two lines change places":      lines(func(l []string) []string { l[1], l[2] = l[2], l[1]; return l }),
		"a line is doubled":            lines(func(l []string) []string { return slices.Insert(l, 2, l[1]) }),
		"the last line is doubled":     lines(func(l []string) []string { return append(l, l[len(l)-1]) }),
		"a line is made up at the end": func(b []byte) []byte { return append(b, `{"number":6,"prev":"","mac":"00"}`+"\n"...) },
		"lines are joined":             func(b []byte) []byte { return bytes.Replace(b, []byte("}\n{"), []byte("}{"), 1) },
		"an empty line is put in":      func(b []byte) []byte { return bytes.Replace(b, []byte("\n"), []byte("\n\n"), 1) },
		"a line of another record":     nil, // see below
	}
	other := newBook(t, audit.Options{})
	other.fill(5)
	attacks["a line of another record"] = func(b []byte) []byte {
		theirs, _ := os.ReadFile(other.name)
		return append(b, theirs...)
	}
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, audit.Options{})
			b.fill(5)
			text, err := os.ReadFile(b.name)
			if err != nil {
				t.Fatal(err)
			}
			changed := attack(bytes.Clone(text))
			if bytes.Equal(text, changed) {
				t.Fatal("the attack changes nothing")
			}
			if err := os.WriteFile(b.name, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			if b.verify(0).Intact() {
				t.Errorf("nothing is found in\n%s", changed)
			}
		})
	}
}

func TestAHeadThatIsGoneOrForgedIsFound(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(2)
	old, err := os.ReadFile(b.name + ".head")
	if err != nil {
		t.Fatal(err)
	}
	for _, forged := range [][]byte{nil, bytes.Replace(old, []byte(`"number":2`), []byte(`"number":1`), 1)} {
		if err := os.WriteFile(b.name+".head", forged, 0o600); err != nil {
			t.Fatal(err)
		}
		if b.verify(0).Intact() {
			t.Errorf("nothing is found with the head %q", forged)
		}
	}
	if err := os.Remove(b.name + ".head"); err != nil {
		t.Fatal(err)
	}
	if b.verify(0).Intact() {
		t.Error("nothing is found without the head")
	}
}

func TestAFullFileIsPutAsideAndTheChainGoesOn(t *testing.T) {
	b := newBook(t, audit.Options{Full: 1000})
	b.fill(20)
	aside, err := filepath.Glob(b.name + ".0*")
	if err != nil || len(aside) < 5 {
		t.Fatalf("put aside: %v, %v", aside, err)
	}
	if r := b.verify(0); !r.Intact() || r.Records != 20 {
		t.Errorf("Verify() = %+v, want 20 records", r)
	}
	n := 0
	for r, err := range audit.Read(b.name) {
		if n++; err != nil || r.Number != uint64(n) {
			t.Fatalf("record %d, %v, want %d", r.Number, err, n)
		}
	}
	if err := os.Remove(aside[1]); err != nil {
		t.Fatal(err)
	}
	if b.verify(0).Intact() {
		t.Error("nobody misses a file in the middle")
	}
	if err := os.Remove(aside[0]); err != nil {
		t.Fatal(err)
	}
	if b.verify(0).Intact() {
		t.Error("nobody misses the first files")
	}
	var first uint64
	for r, err := range audit.Read(b.name) {
		if err != nil {
			t.Fatal(err)
		}
		first = r.Number
		break
	}
	if r := b.verify(first); !r.Intact() {
		t.Errorf("without the files that were archived: %v", r.Findings)
	}
}

func TestWhatACrashLeftHalfWrittenIsTakenAwayAndSaid(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(2)
	file, err := os.OpenFile(b.name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"number":3,"ki`); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	if r := b.verify(0); !r.Intact() || r.Torn != 15 {
		t.Errorf("Verify() = %+v, want 15 bytes torn and no findings", r)
	}
	l := b.open()
	r, err := l.Append(t.Context(), event(3))
	if err != nil || r.Number != 3 || r.Torn != 15 {
		t.Fatalf("Append() = %+v, %v", r, err)
	}
	if r := b.verify(0); !r.Intact() || r.Torn != 0 || r.Records != 3 {
		t.Errorf("Verify() = %+v, want three records", r)
	}
}

func TestSeveralLogsShareARecord(t *testing.T) {
	b := newBook(t, audit.Options{Full: 4000})
	var all sync.WaitGroup
	for range 4 {
		l := b.open()
		all.Go(func() {
			for i := range 25 {
				if _, err := l.Append(t.Context(), event(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if r := b.verify(0); !r.Intact() || r.Records != 100 {
		t.Errorf("Verify() = %+v, want 100 records", r)
	}
}

func TestNothingIsAppendedToARecordThatWasChanged(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(3)
	l := b.open()
	text, err := os.ReadFile(b.name)
	if err != nil {
		t.Fatal(err)
	}
	short := text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1]
	if err := os.WriteFile(b.name, short, 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := l.Append(t.Context(), event(4)); err == nil {
		t.Errorf("Append() = %+v, nil, though the last line was cut off", r)
	}
	if err := os.Remove(b.name); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Open(t.Context(), b.name, b.key, b.options); err == nil {
		t.Error("Open() begins anew, though the record was taken away")
	}
}

func TestAKeyThatIsNone(t *testing.T) {
	for _, text := range []string{"", "zz", strings.Repeat("a", 63), strings.Repeat("a", 66)} {
		if _, err := audit.NewKey(text); err == nil || strings.Contains(err.Error(), "aa") {
			t.Errorf("NewKey(%q) = %v, want an error that does not quote it", text, err)
		}
	}
}

func TestWhereNothingCanBeWrittenNothingIsAppended(t *testing.T) {
	b := newBook(t, audit.Options{})
	l := b.open()
	if err := os.RemoveAll(filepath.Dir(b.name)); err != nil {
		t.Fatal(err)
	}
	if r, err := l.Append(t.Context(), event(1)); err == nil {
		t.Errorf("Append() = %+v, nil, though there is nowhere to write", r)
	}
	if l.Ready(t.Context()) == nil {
		t.Error("Ready() = nil, though there is nowhere to write")
	}
}

func TestReadyTellsWhetherARecordCouldBeAppended(t *testing.T) {
	b := newBook(t, audit.Options{})
	l := b.open()
	for n := range 3 {
		if err := l.Ready(t.Context()); err != nil {
			t.Errorf("after %d records Ready() = %v", n, err)
		}
		b.fill(1)
	}
	if r := b.verify(0); !r.Intact() || r.Last != 3 {
		t.Errorf("the record is not as it was written: %+v", r)
	}
	text, err := os.ReadFile(b.name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.name, text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1], 0o600); err != nil {
		t.Fatal(err)
	}
	if l.Ready(t.Context()) == nil {
		t.Error("Ready() = nil, though the last line was cut off")
	}
}

func TestARecordWithAMACThatIsKnown(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(2)
	known := b.verify(0).MAC
	b.fill(1)
	for mac, intact := range map[string]bool{known: true, strings.Repeat("0", 64): false} {
		r, err := audit.Verify(b.t.Context(), b.name, b.key, 0, mac)
		if err != nil || r.Intact() != intact {
			t.Errorf("Verify() with %s = %v, %v, want intact %t", mac, r.Findings, err, intact)
		}
	}
}
