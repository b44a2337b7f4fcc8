package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/config"
	"foyer/internal/watch"
)

// TestTheLogTellsOnceOfEachChangeOfTheKeys has many come after each change.
func TestTheLogTellsOnceOfEachChangeOfTheKeys(t *testing.T) {
	friend, _ := newKey(t)
	good := string(gossh.MarshalAuthorizedKey(friend))
	file, log, now := filepath.Join(t.TempDir(), "authorized_keys"), new(lockedBuffer), time.Now()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(good)
	a, err := allowed(config.SSH{Access: config.AccessKeys, AuthorizedKeysFile: file}, slog.New(slog.NewJSONHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	a.watch = watch.New(func() time.Time { return now }, file)
	const inForce, kept = "ssh.authorized_keys_file was read again and is in force", "ssh.authorized_keys_file was read again and is not taken: the keys before stay in force"
	steps := []struct {
		name   string
		change func()
		allow  bool
		want   []string
	}{
		{"nothing", func() {}, true, nil},
		{"a mistake", func() { write(good + "garbage line\n") }, true, []string{kept + " (line 2 is no public key; write one, or take the line out)"}},
		{"another in the same line", func() { write(good + "rubbish line\n") }, true, []string{kept + " (line 2 is no public key; write one, or take the line out)"}},
		{"none any more", func() { write("# staff\n" + good) }, true, []string{inForce}},
		{"no keys", func() { write("# staff\n") }, false, []string{"ssh.authorized_keys_file was read again and has no keys: nobody is let in"}},
		{"no file", func() { _ = os.Remove(file) }, false, []string{"ssh.authorized_keys_file is gone: no key is let in until it is there again"}},
		{"the file as before", func() { write(good) }, true, []string{inForce}},
	}
	told := 0
	for _, step := range steps {
		step.change()
		for range 5 {
			now = now.Add(2 * time.Second)
			if got := a.allow(friend); got != step.allow {
				t.Errorf("%s: allow() = %t, want %t", step.name, got, step.allow)
			}
		}
		var got []string
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		for _, line := range lines[told:] {
			if line == "" {
				continue
			}
			var record struct{ Msg, Error, File string }
			if err := json.Unmarshal([]byte(line), &record); err != nil || record.File != file {
				t.Errorf("%s: %q does not name the file (%v)", step.name, line, err)
			}
			if record.Error != "" {
				record.Msg += " (" + record.Error + ")"
			}
			got = append(got, record.Msg)
			told++
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s: records, -want +got:\n%s", step.name, diff)
		}
	}
}

func TestAServerThatLetsInNobodySaysSo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "authorized_keys")
	if err := os.WriteFile(file, []byte("# nobody yet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := furnish(t, nil)
	h.write("ssh.access", "keys", "ssh.authorized_keys_file", file)
	s := h.start()
	want := "foyer: there is no key in " + file + ", so that nobody can connect;"
	s.eventually(want, func() bool { return strings.Contains(s.stderr.String(), want) })
	s.again("taken")
	s.logs("there is no key in " + file)
	h.write("ssh.access", "invite", "ssh.authorized_keys_file", "")
	s.again("taken")
	s.logs(noInvitation)
	if strings.Contains(s.stderr.String(), "foyer: "+noInvitation) {
		t.Error("it is printed beside the log")
	}
}

// logs waits until there is a record with this beginning.
func (s *served) logs(message string) {
	s.t.Helper()
	s.eventually(message, func() bool { return strings.Contains(s.stderr.String(), `"msg":"`+message) })
}
