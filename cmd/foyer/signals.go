package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Signals are those that end a command, or would stop it. Until it is known which command it is, and for a kiosk until its
// configuration was read, those that come from a keyboard wait: a kiosk may be locked. Before main, they have done what the system
// does; the service manager begins anew then.
type signals struct {
	ctx  context.Context // ends with the command
	end  context.CancelFunc
	came chan os.Signal

	mu     sync.Mutex // guards what follows
	state  signalState
	waited []os.Signal
}

type signalState int

const (
	undecided signalState = iota
	obeyed
	ignored // but for SIGTERM, by which a service manager ends the kiosk
)

// catchSignals begins to wait for signals; the context ends with one that ends a command.
func catchSignals(ctx context.Context) *signals {
	s := &signals{came: make(chan os.Signal, 16)}
	s.ctx, s.end = context.WithCancel(ctx)
	signal.Notify(s.came, append(fromKeyboard(), syscall.SIGTERM)...)
	go s.watch()
	return s
}

func (s *signals) watch() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case sig := <-s.came:
			s.take(sig)
		}
	}
}

// take does what a signal is for.
func (s *signals) take(sig os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case sig == syscall.SIGTERM, sig == os.Interrupt && s.state == obeyed:
		s.end()
	case s.state == undecided:
		s.waited = append(s.waited, sig)
	}
}

// obey has signals do what they do for every command, also those that have come.
func (s *signals) obey() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != undecided {
		return
	}
	s.state = obeyed
	signal.Stop(s.came)
	signal.Notify(s.came, os.Interrupt, syscall.SIGTERM)
	for _, sig := range s.waited {
		if sig == os.Interrupt {
			s.end()
			continue
		}
		raise(sig)
	}
	s.waited = nil
}

// ignore has all signals but SIGTERM do nothing from now on.
func (s *signals) ignore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state, s.waited = ignored, nil
	ignoreJobControl()
}

// stop ends the watch.
func (s *signals) stop() {
	signal.Stop(s.came)
	s.end()
}
