//go:build unix

package ui_test

import (
	"syscall"
	"testing"
	"time"
)

// usedCPU is the time that the process has used on all cores.
func usedCPU(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
