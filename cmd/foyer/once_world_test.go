package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/registration"
	"foyer/internal/sandbox"
)

// A world is what a plan happens in, inside a bubble of testing/synctest: a tenant, a network in memory to it, a folder on the disk,
// and one process of the program after the other.
type world struct {
	t      *testing.T
	plan   plan
	began  time.Time
	tenant *sandbox.Tenant
	home   string
	calls  chan net.Conn // that the tenant is to accept
	trace  *chronicle
	keys   keys

	mu      sync.Mutex // guards what follows
	process *process   // that lives
	party   []*visit   // all who come
	started int        // processes
}

// open makes the world of a plan, which ends with the returned function.
func openWorld(t *testing.T, p plan, home string) (*world, func()) {
	t.Helper()
	w := &world{t: t, plan: p, began: time.Now(), home: home, calls: make(chan net.Conn)}
	w.trace = &chronicle{began: w.began}
	tenant, err := sandbox.New(sandbox.Options{Logger: slog.New(w.trace.handler("tenant"))})
	if err != nil {
		t.Fatal(err)
	}
	w.tenant = tenant
	tenant.Misbehave(p.faults...)
	server := &http.Server{Handler: w.keys.of(tenant), ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(w) }()
	healing := time.AfterFunc(heals, func() { w.trace.say("world", "all faults end"); tenant.Misbehave() })
	return w, func() {
		healing.Stop()
		if w.process != nil {
			w.process.end()
		}
		_ = server.Close()
		<-done
	}
}

// now is how long the world has been there.
func (w *world) now() time.Duration { return time.Since(w.began) }

// Accept, Close and Addr make the world the tenant's listener.
func (w *world) Accept() (net.Conn, error) {
	conn, open := <-w.calls
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (w *world) Close() error { close(w.calls); return nil }

func (w *world) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

var errNetwork = errors.New("no route to the tenant")

// dial connects to the tenant, while there is a network.
func (w *world) dial(ctx context.Context) (net.Conn, error) {
	if w.down() {
		return nil, errNetwork
	}
	ours, theirs := net.Pipe()
	select {
	case w.calls <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *world) down() bool {
	return slices.ContainsFunc(w.plan.outages, func(o outage) bool { return o.from <= w.now() && w.now() < o.until })
}

// A process is one run of the program, until it crashes.
type process struct {
	*registration.Service

	number  int
	ctx     context.Context // ends with it
	kill    context.CancelFunc
	tenant  *tenant
	release func()

	mu    sync.Mutex // guards conns
	conns []net.Conn
}

// alive is the process that runs, started if there is none.
func (w *world) alive() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process != nil && w.process.ctx.Err() == nil {
		return w.process
	}
	if w.process != nil {
		w.process.end()
	}
	w.process = w.start()
	return w.process
}

// start starts the program as its commands do, with the network of the world, and a disk at which it may crash.
func (w *world) start() *process {
	p := &process{number: w.started}
	p.ctx, p.kill = context.WithCancel(context.Background())
	program := w.program()
	cfg, _, err := program.read(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if p.tenant, err = program.connectLogging(cfg, slog.New(w.trace.handler(p.name())), nil); err != nil {
		w.t.Fatal(err)
	}
	p.tenant.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return p.dial(ctx, w) }
	if p.Service, p.release, err = program.serviceOf(p.ctx, p.tenant, cfg); err != nil {
		w.trace.say(p.name(), "cannot start: %v", err)
		w.t.Fatalf("seed %d: process %d cannot start: %v\n%s", w.plan.seed, p.number, err, w.trace)
	}
	d := &disk{folder: w.home, die: func(why string) { w.trace.say(p.name(), "crashes %s", why); p.end() }}
	if w.started < len(w.plan.crashes) {
		d.crash = w.plan.crashes[w.started]
	}
	d.watch(p.Service)
	w.started++
	w.trace.say(p.name(), "starts")
	return p
}

func (p *process) name() string { return fmt.Sprintf("foyer %d", p.number) }

// end ends a process: what it does from now on nobody hears of.
func (p *process) end() {
	p.kill()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
	p.tenant.transport.CloseIdleConnections()
	p.release()
}

func (p *process) dial(ctx context.Context, w *world) (net.Conn, error) {
	conn, err := w.dial(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		_ = conn.Close()
		return nil, p.ctx.Err()
	}
	p.conns = append(p.conns, conn)
	return conn, nil
}

// program is the one that is configured as the plan says.
func (w *world) program() *program {
	env := []string{
		"HOME=" + w.home, "FOYER_AUDIT_FILE=" + w.record(), "FOYER_AUDIT_KEY_FILE=" + w.key(),
		"FOYER_REGISTRATION_API=" + w.plan.flow.api, "FOYER_REGISTRATION_VERIFICATION=" + w.plan.flow.verification,
		"FOYER_AUTH_SCOPES=identity identity_self_registration transient_otp",
	}
	if w.plan.flow.status != "" {
		env = append(env, "FOYER_REGISTRATION_STATUS="+w.plan.flow.status)
	}
	for _, s := range w.tenant.Settings("http://127.0.0.1:1", w.plan.pool) {
		env = append(env, s.Name+"="+s.Value)
	}
	said := writer(func(line string) { w.trace.say("stderr", "%s", line) })
	return &program{stdout: said, stderr: said, environ: func() []string { return env }}
}

// record and key are files of the program.
func (w *world) record() string { return w.home + "/audit.jsonl" }

func (w *world) key() string { return w.home + "/audit.key" }

// A chronicle tells what happened in a world, in order. It is safe for concurrent use.
type chronicle struct {
	began time.Time
	lines lockedBuffer
}

func (t *chronicle) say(who, format string, args ...any) {
	_, _ = fmt.Fprintf(&t.lines, "%9.3fs %-8s %s\n", time.Since(t.began).Seconds(), who, fmt.Sprintf(format, args...))
}

func (t *chronicle) String() string { return t.lines.String() }

// handler has what somebody logs in the trace.
func (t *chronicle) handler(who string) slog.Handler {
	return slog.NewTextHandler(writer(func(line string) { t.say(who, "%s", line) }), &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if slices.Contains([]string{slog.TimeKey, slog.LevelKey, "trace_id", "elapsed"}, a.Key) {
				return slog.Attr{}
			}
			return a
		},
	})
}

// A writer is a function that is given each line.
type writer func(line string)

func (w writer) Write(line []byte) (int, error) {
	w(strings.TrimSuffix(string(line), "\n"))
	return len(line), nil
}
