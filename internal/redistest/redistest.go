// Package redistest runs a real redis-server for tests, on a port of the loopback of its own. Where none is installed the test
// is skipped; with FOYER_REQUIRE_REDIS=1 in the environment it fails instead.
package redistest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A Server is a Redis that a test has started. It ends with the test.
type Server struct {
	Addr string // host:port, the same after a Start

	t        *testing.T
	program  string
	password string
	stop     context.CancelFunc
	over     chan struct{}
}

// patience is how long it may take to answer.
const patience = 10 * time.Second

// Start starts a Redis with a password; "" for none. It keeps nothing on the disk.
func Start(t *testing.T, password string) *Server {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("FOYER_REQUIRE_REDIS") == "1" {
			t.Fatal("redis-server is not installed")
		}
		t.Skip("redis-server is not installed")
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, program: program, password: password, Addr: l.Addr().String()}
	if err := l.Close(); err != nil { // nobody else is likely to get that port now
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Kill)
	return s
}

// URL is where it is, with the password.
func (s *Server) URL() string {
	if s.password == "" {
		return "redis://" + s.Addr
	}
	return "redis://:" + s.password + "@" + s.Addr
}

// Start starts it once more, with nothing in it, and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	_, port, _ := net.SplitHostPort(s.Addr)
	ctx, stop := context.WithCancel(context.Background())
	args := []string{"--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", s.t.TempDir(), "--loglevel", "warning"}
	if s.password != "" {
		args = append(args, "--requirepass", s.password)
	}
	cmd := exec.CommandContext(ctx, s.program, args...) //nolint:gosec // the program is the one on the path, and the arguments are of this file and a test
	if err := cmd.Start(); err != nil {
		stop()
		s.t.Fatal(err)
	}
	s.stop, s.over = stop, make(chan struct{})
	go func() {
		defer close(s.over)
		_ = cmd.Wait() // it was killed
	}()
	s.await()
}

// await waits until it answers.
func (s *Server) await() {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for timeout := time.After(patience); ; {
		if answer := s.say("PING"); strings.HasPrefix(answer, "+PONG") || strings.HasPrefix(answer, "-NOAUTH") {
			return
		}
		select {
		case <-tick.C:
		case <-timeout:
			s.t.Fatalf("redis-server does not answer at %s", s.Addr)
		}
	}
}

// Kill ends it at once, as kill -9 does.
func (s *Server) Kill() {
	s.stop()
	<-s.over
}

// say sends a command, and returns the first line of the answer; "" when there is none.
func (s *Server) say(command string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return ""
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return ""
	}
	line, _ := bufio.NewReader(conn).ReadString('\n')
	return line
}

// Hang returns the address of what accepts connections and never answers.
func Hang(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // what the kernel has accepted ends with it
	return l.Addr().String()
}
