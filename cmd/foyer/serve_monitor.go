package main

import (
	"context"
	"fmt"
	"net"

	"foyer/internal/monitor"
)

// monitor tells how the server does at ssh.monitor_listen, if that names an address, until it is stopped: also while the server
// lets those inside finish. It returns the address; nil for none.
func (h *host) monitor(ctx context.Context) (stop func(), at net.Addr, err error) {
	address := h.began.SSH.MonitorListen
	if address == "" {
		return func() {}, nil, nil
	}
	m, err := monitor.New(monitor.Config{
		Stats: h.server.Stats, Calls: h.calls, Reloads: h.reloads, Checks: h.checks(), Version: buildVersion(), Logger: h.journal.logger(),
	})
	if err != nil {
		return nil, nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, &usageError{fmt.Errorf("ssh.monitor_listen: %w; name an address on the loopback that is free", err)}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	over := make(chan struct{})
	go func() {
		defer close(over)
		if err := m.Serve(ctx, l); err != nil {
			h.journal.logger().ErrorContext(ctx, "monitor", "error", err)
		}
	}()
	return func() { cancel(); <-over }, l.Addr(), nil
}

// checks are what the server is ready by.
func (h *host) checks() []monitor.Check {
	return []monitor.Check{
		{Name: "listening", Passed: func(context.Context) bool { return h.server.Stats().Listening }},
		{Name: "accepting", Passed: func(context.Context) bool { return !h.server.Stats().Draining }},
		{Name: "host_key", Passed: func(context.Context) bool { return h.server.Stats().HostKeys > 0 }},
		{Name: "form", Passed: h.pulse.Felt},
	}
}
