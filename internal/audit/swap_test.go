package audit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foyer/internal/audit"
)

// beside is another record by the same key, as from another machine of the same administrator.
func (b *book) beside() *book {
	b.t.Helper()
	return &book{b.t, filepath.Join(b.t.TempDir(), "audit.jsonl"), b.key, b.options}
}

func TestARecordThatWasSwappedForAnotherByTheSameKeyIsFound(t *testing.T) {
	for name, files := range map[string][]string{"with its head": {"", ".head"}, "without it": {""}} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, audit.Options{})
			b.fill(3)
			other := b.beside()
			other.fill(3)
			for _, f := range files {
				put(t, b.name+f, read(t, other.name+f))
			}
			if b.verify(0).Intact() {
				t.Error("nothing is found")
			}
			if _, err := audit.Open(t.Context(), b.name, b.key, b.options); err == nil {
				t.Error("Open() goes on")
			}
			if r := other.verify(0); !r.Intact() {
				t.Errorf("the other record has findings: %v", r.Findings)
			}
		})
	}
}

func TestARecordThatWasTakenAwayWithItsHeadIsNotBegunAnew(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(1)
	for _, f := range []string{"", ".head"} {
		if err := os.Remove(b.name + f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := audit.Open(t.Context(), b.name, b.key, b.options); err == nil || !strings.Contains(err.Error(), b.name+".key.records") {
		t.Errorf("Open() = %v, want what to do", err)
	}
}

func TestARecordFromBeforeThereWereIDsGoesOn(t *testing.T) {
	b := newBook(t, audit.Options{})
	key, err := audit.NewKey(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	b.key = key
	for name, text := range map[string]string{"": oldRecord, ".head": oldHead} {
		put(t, b.name+name, []byte(text))
	}
	b.fill(1)
	if r := b.verify(0); !r.Intact() || r.Records != 2 {
		t.Errorf("Verify() = %+v, want two records", r)
	}
}

func TestSegmentsThatAreMissingDoubledOrMovedAreFound(t *testing.T) {
	for name, attack := range map[string]func(first, second, third string) error{
		"one in the middle is removed": func(_, second, _ string) error { return os.Remove(second) },
		"one is there twice": func(_, second, third string) error {
			text, err := os.ReadFile(second)
			return errors.Join(err, os.WriteFile(third[:len(third)-1]+"9", text, 0o600))
		},
		"one takes the place of another": func(_, second, third string) error {
			text, err := os.ReadFile(second)
			return errors.Join(err, os.WriteFile(third, text, 0o600))
		},
		"two change places": func(_, second, third string) error {
			return errors.Join(os.Rename(second, second+"x"), os.Rename(third, second), os.Rename(second+"x", third))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, audit.Options{Full: 1000})
			b.fill(20)
			aside, err := filepath.Glob(b.name + ".0*")
			if err != nil || len(aside) < 5 {
				t.Fatalf("put aside: %v, %v", aside, err)
			}
			if err := attack(aside[0], aside[1], aside[2]); err != nil {
				t.Fatal(err)
			}
			if b.verify(0).Intact() {
				t.Error("nothing is found")
			}
		})
	}
}

func TestAnotherKeyIsNotMadeForARecordThatHasLostItsOwn(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(1)
	key := b.name + ".key"
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, _, err := audit.LoadKey(key, b.name); !errors.Is(err, audit.ErrKeyLost) {
		t.Errorf("LoadKey() = %v, want ErrKeyLost", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made")
	}
}

func TestWhoWritesAnAddressOtherwiseIsFound(t *testing.T) {
	long := strings.Repeat("x", 300) + "@example.com"
	for _, plain := range []bool{false, true} {
		b := newBook(t, audit.Options{Plain: plain})
		e := event(1)
		e.Identifiers = []audit.Identifier{{Type: "email", Value: "Ann.Lee@Example.com"}, {Type: "uid", Value: "Ann"}, {Type: "email", Value: long}}
		r, err := b.open().Append(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		ids := r.Identifiers
		for _, tt := range []struct {
			id    audit.Identifier
			asked string
			want  bool
		}{
			{ids[0], "ann.lee@example.com", true},
			{ids[0], "ANN.LEE@EXAMPLE.COM", true},
			{ids[0], "ann.lee@example.org", false},
			{ids[1], "Ann", true},
			{ids[1], "ann", false},
			{ids[2], strings.ToUpper(long), true},
			{ids[2], "", false},
		} {
			if got := b.key.Names(tt.id, tt.asked); got != tt.want {
				t.Errorf("plain %t: Names(%v, %q) = %t, want %t", plain, tt.id, tt.asked, got, tt.want)
			}
		}
	}
}

func TestALookChangesNothing(t *testing.T) {
	b := newBook(t, audit.Options{})
	if s, err := audit.Look(t.Context(), b.name, b.key); err != nil || s.Begun {
		t.Errorf("Look() = %+v, %v, want none", s, err)
	}
	if all, err := os.ReadDir(filepath.Dir(b.name)); err != nil || len(all) != 1 {
		t.Errorf("it leaves %v, %v, want the key alone", all, err)
	}
	b.fill(2)
	before := read(t, b.name)
	if s, err := audit.Look(t.Context(), b.name, b.key); err != nil || !s.Begun || s.Last != 2 {
		t.Errorf("Look() = %+v, %v, want two records", s, err)
	}
	put(t, b.name, cut(before, 1))
	if s, err := audit.Look(t.Context(), b.name, b.key); err == nil {
		t.Errorf("Look() = %+v, nil, though the last line was cut off", s)
	}
}

func TestWhatACrashLeftOfTheHeadIsSweptAway(t *testing.T) {
	b := newBook(t, audit.Options{})
	b.fill(1)
	old, young := filepath.Join(filepath.Dir(b.name), ".audit.jsonl.head-1"), filepath.Join(filepath.Dir(b.name), ".audit.jsonl.head-2")
	for _, name := range []string{old, young} {
		put(t, name, nil)
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.open()
	if _, err := os.Stat(old); err == nil {
		t.Error("an old draft stays")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("the draft of another process is gone")
	}
}

// A record with one line and its head, as they were written before records had ids, by a key of 32 bytes 0x5a.
const (
	oldRecord = `{"number":1,"kind":"register","at":"2026-01-02T02:04:01Z","outcome":"registered","remote":"192.0.2.1:5","pool":"customers","flow":"create","user_id":"u1","reference":"7KQ4-M2XW","identifiers":[{"type":"email","hash":"cbfd42ea2355d5cf2d8a61a0b0068e7b"}],"prev":"","mac":"ca9f0c36aa99ba51bb0106abaf736b060a7c7e5fe98c7293865069a99352915c"}` + "\n"
	oldHead   = `{"number":1,"last":"ca9f0c36aa99ba51bb0106abaf736b060a7c7e5fe98c7293865069a99352915c","mac":"4bd1d0f0f3876c8e2075db413832658586cbeee0cda376809ba1d160f6b0ed24"}` + "\n"
)
