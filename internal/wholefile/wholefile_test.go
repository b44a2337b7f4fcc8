package wholefile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"foyer/internal/wholefile"
)

// holds fails unless the folder of name holds nothing but that file, with text in it, for its owner alone.
func holds(t *testing.T, name, text string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || string(got) != text {
		t.Errorf("the file holds %q, %v, want %q", got, err, text)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info, err)
	}
	if all, err := os.ReadDir(filepath.Dir(name)); err != nil || len(all) != 1 {
		t.Errorf("the folder holds %v, %v, want the file alone", all, err)
	}
}

func TestReplace(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	for _, text := range []string{"one", "", "another"} {
		prepared := ""
		err := wholefile.Replace(name, []byte(text), func(f *os.File) { prepared = f.Name() })
		if err != nil || prepared == "" || prepared == name {
			t.Fatalf("Replace() = %v, prepared %q, want a draft", err, prepared)
		}
		holds(t, name, text)
	}
	if err := wholefile.Replace(filepath.Join(name, "g"), nil, nil); err == nil {
		t.Error("Replace() writes where there is no folder")
	}
	holds(t, name, "another")
}

func TestCreate(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a", "b", "f")
	if err := wholefile.Create(name, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := wholefile.Create(name, []byte("another")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create() of a file that is there = %v, want %v", err, fs.ErrExist)
	}
	holds(t, name, "one")
}
