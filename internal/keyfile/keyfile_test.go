package keyfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foyer/internal/keyfile"
)

func TestAKeyIsMadeOnceAndReadThen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state", "key")
	if _, err := keyfile.Read(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read of no key = %v", err)
	}
	first, made, err := keyfile.Load(name)
	if err != nil || !made {
		t.Fatalf("Load = %v, %v", made, err)
	}
	second, made, err := keyfile.Load(name)
	if err != nil || made {
		t.Fatalf("the second Load = %v, %v", made, err)
	}
	a, _ := first.For("a")
	again, _ := second.For("a")
	b, _ := second.For("b")
	if !a.Equal(again) || a.Equal(b) || keyfile.MAC(a, []byte("x")) == keyfile.MAC(b, []byte("x")) {
		t.Error("a purpose has one key, and another one another")
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
}

func TestWhatIsNoKey(t *testing.T) {
	for _, text := range []string{"", "secret", strings.Repeat("0", 63), strings.Repeat("g", 64), strings.Repeat("0", 66)} {
		name := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := keyfile.Load(name)
		if err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("Load of %q = %v", text, err)
		}
	}
}
