package main

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// BenchmarkFirstFrame measures from the start of the program to its first frame in a pseudo-terminal. It prints the ratio to
// "foyer version", which does nothing but start, measured in the same run.
func BenchmarkFirstFrame(b *testing.B) {
	var bare, spent time.Duration
	for b.Loop() {
		start := time.Now()
		version := exec.CommandContext(b.Context(), os.Args[0], "version")
		version.Env = []string{asFoyer + "=1"}
		if err := version.Run(); err != nil {
			b.Fatal(err)
		}
		bare += time.Since(start)

		start = time.Now()
		s := open(b, 80, 24, nil)
		s.until("Press Enter to begin")
		spent += time.Since(start)
		s.press("\x03\x03")
		s.exit()
	}
	b.ReportMetric(float64(spent.Milliseconds())/float64(b.N), "ms/frame")
	b.ReportMetric(float64(spent)/float64(bare), "×bare")
}
