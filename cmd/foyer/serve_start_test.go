package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheStartSaysWhatIsServed(t *testing.T) {
	const practice, none = "foyer: practice tenant: nobody who registers here is registered anywhere", "foyer: configuration: no file was found\n"
	plain := startServe(t, "FOYER_SSH_MONITOR_LISTEN=127.0.0.1:0")
	plain.monitored() // which is said last
	if out := plain.stdout.String(); !strings.Contains(out, practice) || !strings.Contains(out, none) {
		t.Errorf("with nothing configured it says\n%s", out)
	}
	h := furnish(t, serve(t, "customers"))
	h.write()
	s := h.start()
	s.monitored()
	if out := s.stdout.String(); strings.Contains(out, practice) || !strings.Contains(out, "foyer: configuration: "+filepath.Join(h.home, "foyer.yaml")+"\n") {
		t.Errorf("with a tenant it says\n%s", out)
	}
}

func TestAWarningIsPrintedOnceAlsoInPractice(t *testing.T) {
	h := furnish(t, nil)
	h.write("ssh.limits", `{redis_url: "redis://:x@127.0.0.1:1"}`)
	if err := os.Chmod(filepath.Join(h.home, "foyer.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := h.start()
	s.monitored()
	const warning = "foyer: warning: ssh.limits.redis_url"
	s.eventually(warning, func() bool { return strings.Contains(s.stderr.String(), warning) })
	if got := strings.Count(s.stderr.String(), warning); got != 1 {
		t.Errorf("it is printed %d times, want once:\n%s", got, s.stderr)
	}
}
