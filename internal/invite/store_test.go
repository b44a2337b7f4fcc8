package invite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"foyer/internal/invite"
	"foyer/internal/secret"
)

// asHolder makes the test binary hold uses of a code in a file, as another process would.
const asHolder = "TEST_BINARY_HOLDS"

func TestMain(m *testing.M) {
	if name := os.Getenv(asHolder); name != "" {
		holdAll(name)
		return
	}
	m.Run()
}

// holdAll tries the code on standard input some times at once, once the input ends, spends what it gets, and prints a line for each.
func holdAll(name string) {
	code, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	s := invite.New(name, nil)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if use, err := s.Hold(context.Background(), secret.New(string(code)), time.Hour); err == nil && s.Spend(context.Background(), use) == nil {
				fmt.Println("spent")
			} else if !errors.Is(err, invite.ErrUsedUp) && !errors.Is(err, invite.ErrHeld) {
				fmt.Println(err)
			}
		})
	}
	all.Wait()
}

// A clock is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newStore returns a store whose file is not there yet.
func newStore(t *testing.T) (*invite.Store, *clock) {
	t.Helper()
	c := &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	return invite.New(filepath.Join(t.TempDir(), "foyer", "invitations.json"), c.Now), c
}

// invited makes one invitation.
func invited(t *testing.T, s *invite.Store, uses int) invite.Made {
	t.Helper()
	made, err := s.Make(t.Context(), invite.Terms{Uses: uses, Lasts: time.Hour, Label: "desk\x1b[31m"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return made[0]
}

// held holds a use, which has to be possible.
func held(t *testing.T, s *invite.Store, code secret.Text) invite.Use {
	t.Helper()
	use, err := s.Hold(t.Context(), code, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return use
}

// listed is the one invitation of a store.
func listed(t *testing.T, s *invite.Store) invite.Invitation {
	t.Helper()
	all, err := s.List(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("List() = %v, %v, want one", all, err)
	}
	return all[0]
}

func TestHoldSaysWhyNot(t *testing.T) {
	tests := []struct {
		name   string
		uses   int
		before func(t *testing.T, s *invite.Store, c *clock, m invite.Made)
		want   error
	}{
		{"nothing happened", 1, func(*testing.T, *invite.Store, *clock, invite.Made) {}, nil},
		{"another has it", 1, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) { t.Helper(); held(t, s, m.Code) }, invite.ErrHeld},
		{"another has one of two", 2, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) { t.Helper(); held(t, s, m.Code) }, nil},
		{"two have two", 2, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) {
			t.Helper()
			held(t, s, m.Code)
			held(t, s, m.Code)
		}, invite.ErrHeld},
		{"another gave it back", 1, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) {
			t.Helper()
			use := held(t, s, m.Code)
			for range 2 { // the second time is no harm
				if err := s.GiveBack(t.Context(), use); err != nil {
					t.Fatal(err)
				}
			}
		}, nil},
		{"another has lapsed", 1, func(t *testing.T, s *invite.Store, c *clock, m invite.Made) {
			t.Helper()
			held(t, s, m.Code)
			c.pass(time.Minute + time.Second)
		}, nil},
		{"another has renewed it", 1, func(t *testing.T, s *invite.Store, c *clock, m invite.Made) {
			t.Helper()
			use := held(t, s, m.Code)
			c.pass(30 * time.Second)
			if err := s.Renew(t.Context(), use, time.Minute); err != nil {
				t.Fatal(err)
			}
			c.pass(40 * time.Second)
		}, invite.ErrHeld},
		{"another has spent it", 1, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) {
			t.Helper()
			if err := s.Spend(t.Context(), held(t, s, m.Code)); err != nil {
				t.Fatal(err)
			}
		}, invite.ErrUsedUp},
		{"it has expired", 1, func(_ *testing.T, _ *invite.Store, c *clock, _ invite.Made) { c.pass(time.Hour) }, invite.ErrExpired},
		{"it was revoked", 1, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) {
			t.Helper()
			if id, err := s.Revoke(t.Context(), secret.New(strings.ToLower(m.ID))); id != m.ID || err != nil {
				t.Fatalf("Revoke() = %q, %v, want %q", id, err, m.ID)
			}
		}, invite.ErrUnknown},
		{"it was revoked by its code", 1, func(t *testing.T, s *invite.Store, _ *clock, m invite.Made) {
			t.Helper()
			if id, err := s.Revoke(t.Context(), m.Code); id != m.ID || err != nil {
				t.Fatalf("Revoke() = %q, %v, want %q", id, err, m.ID)
			}
		}, invite.ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, c := newStore(t)
			m := invited(t, s, tt.uses)
			tt.before(t, s, c, m)
			use, err := s.Hold(t.Context(), secret.New(strings.ToLower(m.Code.Reveal())), time.Minute)
			if !errors.Is(err, tt.want) {
				t.Errorf("Hold() = %v, want %v", err, tt.want)
			}
			if tt.want != nil && !errors.Is(err, invite.ErrUnknown) && use.Invitation != m.ID {
				t.Errorf("Hold() is about the invitation %q, want %q", use.Invitation, m.ID)
			}
		})
	}
}

func TestAUseThatIsNotHeldIsNotSpent(t *testing.T) {
	s, c := newStore(t)
	m := invited(t, s, 3)
	lapsed := held(t, s, m.Code)
	c.pass(2 * time.Minute)
	spent := held(t, s, m.Code)
	if err := s.Spend(t.Context(), spent); err != nil {
		t.Fatal(err)
	}
	for name, use := range map[string]invite.Use{"lapsed": lapsed, "spent": spent, "none": {}} {
		if err := s.Spend(t.Context(), use); !errors.Is(err, invite.ErrGone) {
			t.Errorf("a use that is %s: Spend() = %v, want %v", name, err, invite.ErrGone)
		}
		if err := s.Renew(t.Context(), use, time.Hour); !errors.Is(err, invite.ErrGone) {
			t.Errorf("a use that is %s: Renew() = %v, want %v", name, err, invite.ErrGone)
		}
	}
	if i := listed(t, s); i.Left != 2 || i.Held != 0 || i.Label != "desk" || !i.Valid() {
		t.Errorf("List() = %+v, want 2 left of desk, none held", i)
	}
	revoked := held(t, s, m.Code)
	if _, err := s.Revoke(t.Context(), m.Code); err != nil {
		t.Fatal(err)
	}
	if err := s.Spend(t.Context(), revoked); !errors.Is(err, invite.ErrGone) {
		t.Errorf("a use of what was revoked: Spend() = %v, want %v", err, invite.ErrGone)
	}
	if _, err := s.Revoke(t.Context(), m.Code); !errors.Is(err, invite.ErrUnknown) {
		t.Errorf("Revoke() again = %v, want %v", err, invite.ErrUnknown)
	}
	if _, err := s.Revoke(t.Context(), secret.New("A2")); !errors.Is(err, invite.ErrMistyped) {
		t.Errorf("Revoke(A2) = %v, want %v", err, invite.ErrMistyped)
	}
}

func TestFiftyAtOnceUseACodeOnce(t *testing.T) {
	for _, uses := range []int{1, 7} {
		s, _ := newStore(t)
		m := invited(t, s, uses)
		var all sync.WaitGroup
		var mu sync.Mutex
		got, reasons := 0, make(map[string]int)
		for range 50 {
			other := invite.New(s.Name(), func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) })
			all.Go(func() {
				_, err := other.Hold(t.Context(), m.Code, time.Hour)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					got++
				} else if !errors.Is(err, invite.ErrHeld) {
					reasons[err.Error()]++
				}
			})
		}
		all.Wait()
		if got != uses || len(reasons) > 0 {
			t.Errorf("%d of 50 hold a code with %d uses; %v", got, uses, reasons)
		}
	}
}

func TestSeveralProcessesUseACodeOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "invitations.json")
	s := invite.New(name, nil)
	made, err := s.Make(t.Context(), invite.Terms{Uses: 3, Lasts: time.Hour}, 1)
	if err != nil {
		t.Fatal(err)
	}
	outputs := make([]bytes.Buffer, 5)
	var inputs []io.WriteCloser
	var processes []*exec.Cmd
	for i := range outputs {
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), asHolder+"="+name)
		c.Stdout, c.Stderr = &outputs[i], &outputs[i]
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		inputs, processes = append(inputs, in), append(processes, c)
	}
	for _, in := range inputs {
		_, _ = io.WriteString(in, made[0].Code.Reveal())
	}
	for _, in := range inputs {
		_ = in.Close()
	}
	said := ""
	for i, c := range processes {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
		said += outputs[i].String()
	}
	if said != strings.Repeat("spent\n", 3) {
		t.Errorf("50 tries of 5 processes at a code with 3 uses say %q", said)
	}
	if i := listed(t, s); i.Left != 0 || i.Held != 0 {
		t.Errorf("List() = %+v, want none left and none held", i)
	}
}

func TestABrokenFileLetsNobodyIn(t *testing.T) {
	s, _ := newStore(t)
	m := invited(t, s, 1)
	good, err := os.ReadFile(s.Name())
	if err != nil {
		t.Fatal(err)
	}
	text := string(good)
	tests := map[string]string{
		"nothing":                    "",
		"half of it":                 text[:len(text)/2],
		"all but its end":            strings.TrimRight(text, "}\n"),
		"it and more":                text + text,
		"another version":            strings.Replace(text, `"version": 1`, `"version": 2`, 1),
		"a member that is not known": strings.Replace(text, `"uses"`, `"free": true, "uses"`, 1),
		"no uses":                    strings.Replace(text, `"uses": 1`, `"uses": 0`, 1),
		"more uses than there may":   strings.Replace(text, `"uses": 1`, `"uses": 1000000`, 1),
		"a digest that is none":      strings.Replace(text, `"sha256": "`, `"sha256": "x`, 1),
		"null":                       `{"version": 1, "invitations": [null]}`,
		"other JSON":                 "[]",
		"zeros":                      strings.Repeat("\x00", len(text)),
		"a file of no end":           strings.Repeat(" ", 5<<20) + text,
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(s.Name(), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			use, err := s.Hold(t.Context(), m.Code, time.Minute)
			if use != (invite.Use{}) || err == nil || !strings.Contains(err.Error(), s.Name()) {
				t.Errorf("Hold() = %v, %v, want none and an error with the file's name", use, err)
			}
			if _, err := s.Make(t.Context(), invite.Terms{Uses: 1, Lasts: time.Hour}, 1); err == nil {
				t.Error("Make() writes over the file")
			}
			if after, err := os.ReadFile(s.Name()); string(after) != content || err != nil {
				t.Errorf("the file was changed, or %v", err)
			}
		})
	}
}

func TestTheFileHasNoCodeAndIsForItsOwner(t *testing.T) {
	s, _ := newStore(t)
	m := invited(t, s, 1)
	held(t, s, m.Code)
	folder := filepath.Dir(s.Name())
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 && info.Size() > 0 {
			t.Errorf("%s has the mode %v, want 0600", e.Name(), info.Mode())
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, leak := range []string{m.Code.Reveal(), strings.ReplaceAll(m.Code.Reveal(), "-", "")} {
			if strings.Contains(string(text), leak) {
				t.Errorf("%s has the code", e.Name())
			}
		}
	}
	if got := strings.Join(names, " "); got != "invitations.json invitations.json.lock" {
		t.Errorf("the folder has %s", got)
	}
	if printed := fmt.Sprintf("%v %+v %#v", m, m, m); strings.Contains(printed, m.Code.Reveal()) {
		t.Errorf("a Made prints its code: %s", printed)
	}
}

func TestALinkIsFollowed(t *testing.T) {
	s, c := newStore(t)
	m := invited(t, s, 1)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(s.Name(), link); err != nil {
		t.Skip("no links here")
	}
	held(t, invite.New(link, c.Now), m.Code)
	if _, err := s.Hold(t.Context(), m.Code, time.Hour); !errors.Is(err, invite.ErrHeld) {
		t.Errorf("Hold() = %v, want %v", err, invite.ErrHeld)
	}
}

func TestWhoWaitsForTheFileCanBeEnded(t *testing.T) {
	s, _ := newStore(t)
	m := invited(t, s, 1)
	other := flock.New(s.Name() + ".lock")
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error)
	for range 2 { // one waits for the lock, one for the other
		go func() {
			_, err := s.Hold(ctx, m.Code, time.Hour)
			over <- err
		}()
	}
	cancel()
	for range 2 {
		if err := <-over; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), s.Name()) {
			t.Errorf("Hold() = %v, want %v of the file", err, context.Canceled)
		}
	}
	if err := other.Unlock(); err != nil {
		t.Fatal(err)
	}
	held(t, s, m.Code)
}

func TestMakeHasBounds(t *testing.T) {
	s, c := newStore(t)
	for name, tt := range map[string]struct {
		terms invite.Terms
		count int
	}{
		"no use":         {invite.Terms{Uses: 0, Lasts: time.Hour}, 1},
		"too many uses":  {invite.Terms{Uses: invite.MostUses + 1, Lasts: time.Hour}, 1},
		"over at once":   {invite.Terms{Uses: 1}, 1},
		"for ever":       {invite.Terms{Uses: 1, Lasts: invite.LongestLife + 1}, 1},
		"none":           {invite.Terms{Uses: 1, Lasts: time.Hour}, 0},
		"too many codes": {invite.Terms{Uses: 1, Lasts: time.Hour}, invite.MostAtOnce + 1},
	} {
		if made, err := s.Make(t.Context(), tt.terms, tt.count); err == nil {
			t.Errorf("%s: Make() = %d codes, want an error", name, len(made))
		}
	}
	terms := invite.Terms{Uses: 1, Lasts: time.Hour, Label: strings.Repeat("w", 1000)}
	for i := range 5 {
		if made, err := s.Make(t.Context(), terms, 1000); err != nil || len(made) != 1000 {
			t.Fatalf("thousand %d: %d, %v", i, len(made), err)
		}
	}
	if _, err := s.Make(t.Context(), terms, 1); !errors.Is(err, invite.ErrFull) {
		t.Errorf("Make() = %v, want %v", err, invite.ErrFull)
	}
	info, err := os.Stat(s.Name())
	if err != nil || info.Size() > 4<<20 {
		t.Errorf("the file has %s bytes, %v", strconv.FormatInt(info.Size(), 10), err)
	}
	c.pass(2 * time.Hour) // now those that nobody can use make room
	if _, err := s.Make(t.Context(), terms, 1); err != nil {
		t.Errorf("Make() = %v, want nil", err)
	}
	if i := listed(t, s); i.Expired {
		t.Errorf("List() = %+v, want the new one", i)
	}
}

func TestWhatExpiredLongAgoIsForgotten(t *testing.T) {
	s, c := newStore(t)
	first := invited(t, s, 1)
	c.pass(2 * time.Hour)
	second := invited(t, s, 1)
	all, err := s.List(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != first.ID || all[1].ID != second.ID || !all[0].Expired || all[0].Valid() {
		t.Errorf("List() = %+v, %v, want the expired one and the new one", all, err)
	}
	c.pass(31 * 24 * time.Hour)
	third := invited(t, s, 1)
	if i := listed(t, s); i.ID != third.ID {
		t.Errorf("List() = %+v, want %s", i, third.ID)
	}
}
