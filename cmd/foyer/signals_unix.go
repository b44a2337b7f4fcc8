//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// fromKeyboard are the signals that a terminal sends for a key, or when it hangs up. One that whoever started us has ignored (nohup)
// stays so.
func fromKeyboard() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGQUIT, syscall.SIGTSTP}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// raise has a signal do to us what it does when nobody waits for it.
func raise(sig os.Signal) {
	if s, ok := sig.(syscall.Signal); ok {
		_ = syscall.Kill(syscall.Getpid(), s)
	}
}

// ignoreJobControl has a terminal that somebody else works at refuse to be read, and take what is written. Caught, these signals would
// come again and again, as what they interrupt is tried again.
func ignoreJobControl() { signal.Ignore(syscall.SIGTTIN, syscall.SIGTTOU) }
