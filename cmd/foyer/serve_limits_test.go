package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"foyer/internal/redistest"
)

// markerRedis is the password of a Redis, which must be found nowhere.
const markerRedis = "MARKER-password-of-the-redis"

func TestServersCountTogether(t *testing.T) {
	r := redistest.Start(t, markerRedis)
	file := filepath.Join(t.TempDir(), "redis")
	if err := os.WriteFile(file, []byte(r.URL()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"FOYER_SSH_MAX_SESSIONS_PER_IP=1", "FOYER_LOG_LEVEL=debug"}
	a := startServe(t, append(env, "FOYER_SSH_LIMITS_REDIS_URL="+r.URL())...)
	b := startServe(t, append(env, "FOYER_SSH_LIMITS_REDIS_URL_FILE="+file)...)
	first := a.ssh()
	first.until("Press Enter to begin")
	refused := b.ssh()
	if code := refused.exit(); code != 1 || !strings.Contains(refused.recorded(), "There are several sessions from your address already.") {
		t.Errorf("ssh exits with %d and says %q, want 1 and why", code, refused.recorded())
	}
	r.Kill()
	b.ssh().until("Press Enter to begin")
	b.eventually("that limits are not shared", func() bool { return strings.Contains(b.stderr.String(), "limits cannot be shared") })
	for _, s := range []*served{a, b} {
		if strings.Contains(s.stderr.String(), markerRedis) {
			t.Errorf("standard error holds the password:\n%s", s.stderr)
		}
	}
	if strings.Contains(b.stderr.String(), "redis: ") {
		t.Errorf("standard error has what no logger wrote:\n%s", b.stderr)
	}
}

func TestCheckOfARedis(t *testing.T) {
	tenant := serve(t, "customers")
	r := redistest.Start(t, markerRedis)
	tests := []struct {
		name, url, want string
		code            int
	}{
		{"all is well", r.URL(), "✓ shared limits  the Redis at " + r.Addr + " takes the password and runs the scripts; keys begin with foyer:\n", 0},
		{"a wrong password", "redis://:" + markerRedis + "x@" + r.Addr, "✗ shared limits  the Redis at " + r.Addr + " refuses the user or the password (WRONGPASS invalid username-password pair or user is disabled.); check them in ssh.limits.redis_url\n", 2},
		{"nobody there", "redis://:" + markerRedis + "@127.0.0.1:1", "✗ shared limits  no connection to the Redis at 127.0.0.1:1 (dial tcp 127.0.0.1:1: connect: connection refused); check ssh.limits.redis_url, redis:// or rediss:// for TLS, the network and its firewalls\n", 5},
		{"none", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check := exec.CommandContext(t.Context(), os.Args[0], "check")
			check.Env = append(tenant.env, asFoyer+"=1", "HOME="+t.TempDir(), "FOYER_SSH_LIMITS_REDIS_URL="+tt.url)
			var out bytes.Buffer
			check.Stdout, check.Stderr = &out, &out
			_ = check.Run() // the code says it
			if code := check.ProcessState.ExitCode(); code != tt.code {
				t.Errorf("check exits with %d, want %d", code, tt.code)
			}
			text := out.String()
			if !strings.Contains(text, tt.want) || strings.Contains(text, markerRedis) || tt.url == "" && strings.Contains(text, "shared") {
				t.Errorf("check prints\n%s\nwant %q in it", text, tt.want)
			}
		})
	}
}
