package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/coreos/go-systemd/v22/daemon"

	"foyer/internal/config"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// hangups are the signals by which a server is told to read its configuration again, or that its terminal is gone.
type hangups struct {
	signals  chan os.Signal
	attended bool // it was started at a terminal
}

// hangups has a hangup end the program no more, until they are stopped.
func (p *program) hangups() *hangups {
	h := &hangups{make(chan os.Signal, 1), p.attended()} // several that come at once are one
	signal.Notify(h.signals, syscall.SIGHUP)
	return h
}

func (h *hangups) stop() { signal.Stop(h.signals) }

// obey reads the configuration again at each hangup, until ctx ends; where a hangup says that the terminal is gone which the server
// was started at, it calls end instead. It returns what stops that, and waits for its end.
func (h *host) obey(ctx context.Context, by *hangups, end func()) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-ctx.Done():
				return
			case <-by.signals:
			}
			if by.attended && !h.program.attended() {
				end()
				return
			}
			h.reload(ctx)
		}
	}()
	return func() {
		cancel()
		<-over
	}
}

// attended reports whether the program is at a terminal.
func (p *program) attended() bool {
	f, ok := p.stdin.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// told tells systemd, if it asked for that, that the server serves, and when it no longer takes in anybody (sd_notify(3)). It
// returns what stops that, once it was told of an end.
func told(ctx context.Context) (stop func()) {
	tell(daemon.SdNotifyReady)
	over := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(over)
		tell(daemon.SdNotifyStopping)
	})
	return func() {
		if !cancel() {
			<-over
		}
	}
}

// tell tells systemd a state. Nobody waits for it to hear.
func tell(state string) { _, _ = daemon.SdNotify(false, state) }

// reload reads the configuration again and puts it in force. With mistakes, the one before stays; the log goes on in a file that
// is opened anew all the same, since the one before may have been moved away.
func (h *host) reload(ctx context.Context) {
	tell(daemon.SdNotifyReloading + "\n" + daemon.SdNotifyMonotonicUsec())
	defer func() {
		if ctx.Err() == nil { // else it ends, as it was told
			tell(daemon.SdNotifyReady)
		}
	}()
	last := h.newest()
	err := h.takeOver(ctx, last)
	defer h.reloads.Count(err)
	logger := h.journal.logger()
	if err == nil {
		logger.InfoContext(ctx, "the configuration was read again and is in force")
		h.tellAgain(ctx, logger)
		return
	}
	if l, err := openLeaf(last.config.Log); err == nil {
		h.journal.turn(l)
	}
	logger.ErrorContext(ctx, "the configuration was read again and is not taken: the one before stays in force", "mistakes", mistakes(err))
}

// mistakes are what is wrong, in words.
func mistakes(err error) []string {
	var problem *registration.Problem
	if errors.As(err, &problem) {
		if _, text, err := inWords(problem); err == nil {
			return []string{text}
		}
	}
	var all *config.Mistakes
	if errors.As(err, &all) {
		err = all
	}
	return strings.Split(err.Error(), "\n")
}

// proofTimeout bounds how long the tenant of another configuration may take to say whether it knows the client.
const proofTimeout = 10 * time.Second

// takeOver puts the configuration in force as it is now.
func (h *host) takeOver(ctx context.Context, last *stage) error {
	cfg, practice, err := h.read(ctx)
	if err != nil {
		return err
	}
	log, err := openLeaf(cfg.Log)
	if err != nil {
		return err
	}
	next, err := h.prepare(ctx, cfg, practice, last)
	if err != nil {
		log.close()
		return err
	}
	if err = h.prove(ctx, next); err == nil {
		err = h.server.Reload(h.sshConfig(ctx, next))
	}
	if err != nil {
		log.close()
		h.leave(ctx, next)
		return err
	}
	h.tellWhere(ctx, last.config.Log.File, cfg.Log.File)
	h.journal.turn(log)
	h.mu.Lock()
	h.now = next
	h.mu.Unlock()
	h.pulse.Forget()
	return nil
}

// tellWhere logs, as the last where the log went, that it goes elsewhere from now on; whatever the level, since who looks there
// would wait for more in vain.
func (h *host) tellWhere(ctx context.Context, last, next string) {
	if last == next {
		return
	}
	if next == "" {
		next = "standard error"
	}
	h.journal.logger().Log(ctx, max(slog.LevelInfo, h.journal.level.Level()), "the log goes elsewhere from now on", "to", next)
}

// read reads the configuration. Who practises goes on with that until there is a tenant.
func (h *host) read(ctx context.Context) (*config.Config, *running, error) {
	var practice *running
	cfg, warnings, err := h.program.read(nil)
	switch {
	case err != nil || cfg.Configured():
	case h.practice == nil:
		err = errNoTenantLeft
	default:
		practice = h.practice
		if cfg, warnings, err = h.program.read(practice.variables()); err == nil {
			cfg = cfg.ForPractice()
		}
	}
	for _, w := range warnings {
		h.journal.logger().WarnContext(ctx, "configuration", "warning", w.String())
	}
	return cfg, practice, err
}

// errNoTenantLeft says that those who come to register would practise.
var errNoTenantLeft = errors.New("no tenant is configured any more; name one, or start Foyer anew to practise")

// prove refuses a configuration by which nobody could register, as far as the tenant says so.
func (h *host) prove(ctx context.Context, next *stage) error {
	if err := h.program.signIn(ctx, next.tenant); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, proofTimeout)
	defer cancel()
	_, err := next.service.Form(ctx)
	if p := registration.AsProblem(err, registration.ReferenceOf(err)); p != nil && p.Kind == registration.Misconfigured {
		return p
	}
	return nil
}

// tellAgain logs which keys serve, what others can read, why nobody can come in, and what stays as it was until Foyer is started again.
func (h *host) tellAgain(ctx context.Context, logger *slog.Logger) {
	now := h.newest()
	for _, key := range now.keys {
		logger.InfoContext(ctx, "host key", "fingerprint", key.Fingerprint(), "kind", key.Kind(), "next", key.Next)
		if key.Exposed {
			logger.WarnContext(ctx, "others can read a host key", "file", key.Name)
		}
	}
	for _, advice := range now.advice {
		logger.WarnContext(ctx, advice)
	}
	for _, f := range fixtures() {
		was := f.of(h.began.SSH)
		if was == f.of(now.config.SSH) {
			continue
		}
		shown := any(was)
		if f.secret {
			shown = secret.New(was)
		}
		logger.WarnContext(ctx, "a setting takes effect when Foyer is started again", "key", f.key, "in_force", shown)
	}
}

// A fixture is a setting that cannot change while the server serves.
type fixture struct {
	key    string
	secret bool // its value is not for the log
	of     func(config.SSH) string
}

func fixtures() []fixture {
	return []fixture{
		{"ssh.listen", false, func(s config.SSH) string { return s.Listen }},
		{"ssh.monitor_listen", false, func(s config.SSH) string { return s.MonitorListen }},
		{"ssh.limits.redis_url", true, func(s config.SSH) string { return s.Limits.RedisURL.Reveal() }},
		{"ssh.limits.redis_prefix", false, func(s config.SSH) string { return s.Limits.RedisPrefix }},
	}
}
