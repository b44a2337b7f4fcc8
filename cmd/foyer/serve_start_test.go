package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAWarningIsPrintedOnceAlsoInPractice(t *testing.T) {
	h := furnish(t, nil)
	h.write("ssh.limits", `{redis_url: "redis://:x@127.0.0.1:1"}`)
	if err := os.Chmod(filepath.Join(h.home, "foyer.yaml"), 0o644); err != nil { //nolint:gosec // what the warning is of
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
