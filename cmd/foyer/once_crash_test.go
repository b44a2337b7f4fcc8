package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// writing are the calls to the system that change what lasts: files, and what the tenant gets.
const writing = "fsync,fdatasync,ftruncate,write,pwrite64,rename,renameat,renameat2,link,linkat,unlink,unlinkat"

// TestAProgramThatIsKilledAtAnyWriteRegistersNobodyTwice kills "foyer register" as it enters its first call to write something, then
// its second and so on, until it ends before that. Strace watches from outside, and holds each call back so long that the kill is there
// first. Then the same person comes again.
func TestAProgramThatIsKilledAtAnyWriteRegistersNobodyTwice(t *testing.T) {
	strace := requireStrace(t)
	tenant := serve(t, "passwordless")
	const lanes = 4
	for lane := range lanes {
		t.Run(fmt.Sprint("lane ", lane), func(t *testing.T) {
			t.Parallel()
			for n := 1 + lane; ; n += lanes * stride() {
				a := apply(t, tenant, fmt.Sprintf("kill%d@example.com", n))
				first := a.killedAt(strace, n)
				a.comesBack(first)
				if !first.killed {
					t.Logf("at call %d the program had ended", n)
					if n < 12 {
						t.Errorf("the program writes fewer than %d times; does strace tell?\n%s", n, first.printed)
					}
					break
				}
			}
		})
	}
}

// stride is how far apart the moments are: with FOYER_EVERY_WRITE=1 in the environment none is passed over, which takes a minute.
func stride() int {
	if os.Getenv("FOYER_EVERY_WRITE") == "1" {
		return 1
	}
	return 4
}

// killedAt runs the program and kills it at its call number n.
func (a *applicant) killedAt(strace string, n int) result {
	a.t.Helper()
	seen, told, err := os.Pipe()
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = seen.Close() }()
	cmd := exec.CommandContext(a.t.Context(), strace, "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/fd/3", "-e", "signal=none",
		"-e", "trace="+writing, "-e", "inject="+writing+":delay_enter=5000", os.Args[0], "register")
	cmd.ExtraFiles = []*os.File{told}
	return a.runAs(cmd, func(cmd *exec.Cmd) error {
		if err := cmd.Start(); err != nil {
			return err
		}
		_ = told.Close()
		return errors.Join(killAt(seen, n), cmd.Wait())
	})
}

// killAt reads what strace tells and kills the process at call number n. A call that another one comes between is told in two parts.
func killAt(seen *os.File, n int) error {
	lines := bufio.NewReader(seen)
	for calls := 0; ; {
		line, err := lines.ReadString('(') // as far as the call has been entered
		if errors.Is(err, io.EOF) {
			return nil // the program has ended
		} else if err != nil {
			return err
		}
		if at := strings.LastIndexByte(line, '\n'); at >= 0 {
			line = line[at+1:]
		}
		thread, call, _ := strings.Cut(line, " ")
		name := strings.TrimSuffix(strings.TrimSpace(call), "(")
		if !strings.Contains(","+writing+",", ","+name+",") {
			continue
		}
		if calls++; calls == n {
			id, err := strconv.Atoi(thread)
			if err != nil {
				return fmt.Errorf("strace tells %q", line)
			}
			return syscall.Kill(id, syscall.SIGKILL)
		}
	}
}

const requiresStrace = "FOYER_REQUIRE_STRACE"

// requireStrace is where strace is. The test is skipped where there is none, and where the system lets nobody trace, which no
// installation can change.
func requireStrace(t *testing.T) string {
	t.Helper()
	if raced {
		t.Skip("it is the program that is killed, and not the test")
	}
	program, err := exec.LookPath("strace")
	switch {
	case err != nil && os.Getenv(requiresStrace) == "1":
		t.Fatalf("strace is not installed: %v", err)
	case err != nil:
		t.Skipf("strace is not installed: %v", err)
	}
	if err := exec.CommandContext(t.Context(), program, "-f", "--seccomp-bpf", "-qqq", "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace may not be used here: %v", err)
	}
	return program
}
