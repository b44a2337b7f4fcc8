// Package monitor tells how a server for SSH does: metrics for Prometheus, whether it lives, and whether it is ready. It asks
// nobody who they are, and so belongs on the loopback. What it tells names no person and no address.
package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/netutil"

	"foyer/internal/sshserver"
)

// A Config says what is told of.
type Config struct {
	Stats   func() sshserver.Stats // at the time of the call
	Calls   *Calls                 // of the tenant
	Reloads *Reloads               // of the configuration
	Checks  []Check                // that the server is ready when all are passed, in the order they are told
	Version string                 // of this program
	Logger  *slog.Logger
}

// A Monitor answers requests over HTTP. Make one with New.
type Monitor struct {
	handler http.Handler
	logger  *slog.Logger
}

// New returns a monitor with a registry of its own.
func New(c Config) (*Monitor, error) {
	registry := prometheus.NewRegistry()
	for _, collector := range []prometheus.Collector{
		counted{c.Stats},
		c.Calls, c.Reloads, built(c.Version),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := registry.Register(collector); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(c.Logger.Handler(), slog.LevelWarn), ErrorHandling: promhttp.HTTPErrorOnError,
		MaxRequestsInFlight: mostScrapes, Timeout: answerTimeout, DisableCompression: true,
	}))
	mux.HandleFunc("GET /healthz", live)
	mux.Handle("GET /readyz", ready(c.Checks))
	return &Monitor{unkept(mux), c.Logger}, nil
}

// Bounds of what a client has.
const (
	mostScrapes     = 4
	mostConnections = 32
	answerTimeout   = 10 * time.Second
	largestHeader   = 8 << 10 // bytes
)

// Serve answers at l until ctx ends. It closes l.
func (m *Monitor) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: m.handler, ReadHeaderTimeout: answerTimeout / 2, ReadTimeout: answerTimeout / 2, WriteTimeout: 2 * answerTimeout,
		IdleTimeout: 3 * answerTimeout, MaxHeaderBytes: largestHeader, ErrorLog: slog.NewLogLogger(m.logger.Handler(), slog.LevelDebug),
	}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(over)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close()
		}
	})
	err := server.Serve(netutil.LimitListener(l, mostConnections))
	if !stop() {
		<-over
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("monitor: %w", err)
}

// unkept is h, with answers that nobody keeps.
func unkept(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		h.ServeHTTP(w, r)
	})
}
