//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// underLoad makes the test binary tell of itself on two more descriptors.
const underLoad = "TEST_BINARY_UNDER_LOAD"

// A loaded is a server in a process of its own, which is asked what it has used.
type loaded struct {
	tb      testing.TB
	cmd     *exec.Cmd
	address string
	ask     io.Writer
	answers *bufio.Reader
}

// startLoaded starts this binary as a server that prints its address after prefix.
func startLoaded(tb testing.TB, prefix string, env []string, args ...string) *loaded {
	tb.Helper()
	home := tb.TempDir()
	s := &loaded{tb: tb, cmd: exec.CommandContext(tb.Context(), os.Args[0], args...)}
	s.cmd.Dir = home
	s.cmd.Env = append([]string{underLoad + "=1", "HOME=" + home}, env...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	questions, ask := pipe(tb)
	answers, answer := pipe(tb)
	s.cmd.ExtraFiles = []*os.File{questions, answer}
	s.ask, s.answers = ask, bufio.NewReader(answers)
	complaints, err := os.Create(home + "/stderr")
	if err != nil {
		tb.Fatal(err)
	}
	s.cmd.Stderr = complaints
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	_ = complaints.Close()
	tb.Cleanup(s.stop)
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), prefix)
	if err != nil || !ok {
		said, _ := os.ReadFile(home + "/stderr")
		tb.Fatalf("the server prints %q, %v, want %q\n%s", line, err, prefix, said)
	}
	s.address = address
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return s
}

func pipe(tb testing.TB) (r, w *os.File) {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = r.Close()
		_ = w.Close()
	})
	return r, w
}

func (s *loaded) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// A usage is what a server has used since it began, and what it has.
type usage struct {
	cpu        time.Duration // on all cores, of the kernel, too
	wakeups    int           // times that one of its threads began to run
	goroutines int
	memory     int // that is resident, in KiB
	files      int // that are open; known once it has settled
}

// usage asks for what the server has used; settle has it give back memory before.
func (s *loaded) usage(settle bool) usage {
	s.tb.Helper()
	question := "usage"
	if settle {
		question = "settle"
	}
	answer := s.told(question)
	var u usage
	var cpu int64
	if _, err := fmt.Sscan(answer, &cpu, &u.wakeups, &u.goroutines, &u.files); err != nil {
		s.tb.Fatalf("the server tells %q: %v", answer, err)
	}
	u.cpu, u.memory = time.Duration(cpu), s.resident()
	return u
}

// profiles has the server write its profiles, for whoever looks for a cause, if there is a folder for them.
func (s *loaded) profiles() {
	s.tb.Helper()
	folder := os.Getenv("FOYER_BENCH_PROFILES")
	if folder == "" {
		return
	}
	for _, name := range []string{"memstats", "heap", "goroutine", "cpu"} {
		s.told("profile " + name + " " + filepath.Join(folder, name+"-"+filepath.Base(s.tb.Name())))
	}
}

func (s *loaded) told(question string) string {
	s.tb.Helper()
	if _, err := fmt.Fprintln(s.ask, question); err != nil {
		s.tb.Fatal(err)
	}
	answer, err := s.answers.ReadString('\n')
	if err != nil {
		s.tb.Fatalf("the server is gone: %v", err)
	}
	return answer
}

// resident is the memory of the process, in KiB (proc(5), smaps_rollup).
func (s *loaded) resident() int {
	s.tb.Helper()
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", s.cmd.Process.Pid))
	if err != nil {
		s.tb.Skipf("this system does not tell the memory of a process: %v", err)
	}
	_, rest, _ := strings.Cut(string(rollup), "\nRss:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		s.tb.Fatal(err)
	}
	return kib
}

// calm waits until the server has nothing to do any more, at most for most, and returns what it has used then, and whether it
// was calm.
func (s *loaded) calm(most time.Duration) (usage, bool) {
	s.tb.Helper()
	const quiet = 4 // looks without work between
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	over := time.After(most)
	before := s.usage(false)
	for still := 0; still < quiet; {
		select {
		case <-tick.C:
		case <-over:
			return before, false
		}
		now := s.usage(false)
		if still++; now.cpu-before.cpu > 2*time.Millisecond {
			still = 0
		}
		before = now
	}
	return before, true
}

// tellOfItself answers startLoaded's questions until nobody is there to ask.
func tellOfItself() {
	questions, answer := bufio.NewScanner(os.NewFile(3, "questions")), os.NewFile(4, "answers")
	for questions.Scan() {
		words := strings.Fields(questions.Text())
		files := 0
		switch words[0] {
		case "settle":
			debug.FreeOSMemory()
			debug.FreeOSMemory() // what had a finalizer
			open, _ := os.ReadDir("/proc/self/fd")
			files = len(open)
		case "profile":
			writeProfile(words[1], words[2])
		}
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		_, _ = fmt.Fprintln(answer, u.Utime.Nano()+u.Stime.Nano(), u.Nvcsw, runtime.NumGoroutine(), files)
	}
}

// writeProfile writes a profile; that of the CPU is of the next ten seconds.
func writeProfile(name, file string) {
	out, err := os.Create(file)
	if err != nil {
		return
	}
	done := func() { _ = out.Close() }
	switch name {
	case "cpu":
		_ = pprof.StartCPUProfile(out)
		time.AfterFunc(10*time.Second, func() {
			pprof.StopCPUProfile()
			done()
		})
		return
	case "memstats":
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		_, _ = fmt.Fprintf(out, "%+v", m)
		sample := []metrics.Sample{{Name: "/gc/stack/starting-size:bytes"}, {Name: "/gc/scan/stack:bytes"}}
		metrics.Read(sample)
		_, _ = fmt.Fprintf(out, " start:%d scan:%d", sample[0].Value.Uint64(), sample[1].Value.Uint64())
	default:
		runtime.GC()
		_ = pprof.Lookup(name).WriteTo(out, 0)
	}
	done()
}
