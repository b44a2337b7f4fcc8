package watch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"foyer/internal/watch"
)

// A clock stands still until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChangedTellsEachKindOfChange(t *testing.T) {
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	stamp := func(t *testing.T, path string, at time.Time) {
		t.Helper()
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name   string
		change func(t *testing.T, path string)
		want   bool
	}{
		{"nothing happened", func(*testing.T, string) {}, false},
		{"another size at the same time", func(t *testing.T, path string) { t.Helper(); write(t, path, "longer"); stamp(t, path, when) }, true},
		{"another time at the same size", func(t *testing.T, path string) { t.Helper(); stamp(t, path, when.Add(1)) }, true},
		{"an earlier time", func(t *testing.T, path string) { t.Helper(); stamp(t, path, when.Add(-time.Hour)) }, true},
		{"replaced by one of the same size and time", func(t *testing.T, path string) {
			t.Helper()
			write(t, path+".new", "twin")
			stamp(t, path+".new", when)
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"it vanished", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			path, other := filepath.Join(folder, "a"), filepath.Join(folder, "b")
			write(t, path, "text")
			write(t, other, "text")
			stamp(t, path, when)
			c := &clock{at: when}
			w := watch.New(c.now, other, path)
			tt.change(t, path)
			c.pass(time.Second)
			if got := w.Changed(); got != tt.want {
				t.Errorf("Changed() = %t, want %t", got, tt.want)
			}
			c.pass(time.Second)
			if w.Changed() {
				t.Error("Changed() = true again, want each change told once")
			}
		})
	}
}

func TestChangedSeesThroughLinks(t *testing.T) {
	folder := t.TempDir()
	first, second, link := filepath.Join(folder, "1"), filepath.Join(folder, "2"), filepath.Join(folder, "link")
	write(t, first, "text")
	write(t, second, "text")
	if err := os.Symlink(first, link); err != nil {
		t.Skip("no links here")
	}
	c := &clock{}
	w := watch.New(c.now, link)
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(second, link); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Second)
	if !w.Changed() {
		t.Error("Changed() = false, want true")
	}
}

func TestChangedLooksOnceASecond(t *testing.T) {
	path := filepath.Join(t.TempDir(), "appears")
	c := &clock{}
	w := watch.New(c.now, path)
	write(t, path, "text")
	c.pass(time.Second - 1)
	if w.Changed() {
		t.Error("Changed() = true within a second, want false")
	}
	c.pass(1)
	if !w.Changed() {
		t.Error("Changed() = false after a second, want true")
	}
	write(t, path, "other text")
	if w.Changed() {
		t.Error("Changed() = true at once, want false")
	}
}

func TestForgetMakesTheNextLookTellAChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	c := &clock{}
	w := watch.New(c.now, path)
	w.Forget()
	if w.Changed() {
		t.Error("Changed() = true within a second, want false")
	}
	c.pass(time.Second)
	if !w.Changed() {
		t.Error("Changed() = false, want true")
	}
	c.pass(time.Second)
	if w.Changed() {
		t.Error("Changed() = true again, want false")
	}
}

func TestTheMachinesClockIsUsedWithoutAnother(t *testing.T) {
	if watch.New(nil, filepath.Join(t.TempDir(), "a")).Changed() {
		t.Error("Changed() = true at once, want false")
	}
}
