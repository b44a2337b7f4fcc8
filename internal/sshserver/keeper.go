package sshserver

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

// Bounds of what is shared.
const (
	shareTime   = 250 * time.Millisecond // how long a client waits for an answer
	tellTime    = 2 * time.Second        // how long telling may take, for which nobody waits
	retryTime   = time.Second            // between two tries to reach what cannot be reached
	tellsInTime = 6                      // how often it is said who is inside before that is no longer known
	mostUntold  = 1 << 14                // guests and registrations that are remembered until they can be told
)

// A keeper counts together with other servers for as long as that works. When it takes too long once, it is not asked again, and
// nobody waits, until the keeper itself has reached it. What has become of guests is told in one place, one after the other, so
// that nobody who has left is said to be inside. It is safe for concurrent use.
type keeper struct {
	shared Shared
	gate   *gate
	log    func(level slog.Level, message string, args ...any)
	wake   chan struct{}

	mu     sync.Mutex // guards what follows; it is not held during a call
	up     bool
	said   bool   // that it is down
	lost   uint64 // how often it went down
	all    bool   // everything has to be told
	untold untold
	lasts  time.Duration // for how long what was told holds
}

// An untold is what has to be told.
type untold struct {
	gone       []Guest
	registered []told
}

// A told is a registration with its time.
type told struct {
	Registration
	at time.Time
}

func newKeeper(shared Shared, g *gate, log func(slog.Level, string, ...any)) *keeper {
	return &keeper{shared: shared, gate: g, log: log, wake: make(chan struct{}, 1), all: true}
}

// state is whether it works, and how often it did not.
func (k *keeper) state() (SharedLimits, uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.up {
		return SharedUp, k.lost
	}
	return SharedDown, k.lost
}

func (k *keeper) works() bool {
	state, _ := k.state()
	return state == SharedUp
}

// connect counts a connection of an address, and reports whether it may be.
func (k *keeper) connect(ctx context.Context, address netip.Prefix) bool {
	limit, allowed := k.gate.inForce().ConnectionsPerMinute, false
	if limit <= 0 {
		return true
	}
	answered := k.ask(ctx, func(ctx context.Context) (err error) {
		allowed, err = k.shared.Connect(ctx, address, limit)
		return err
	})
	return allowed || !answered
}

// enter takes in a guest, or says what keeps them out.
func (k *keeper) enter(ctx context.Context, g Guest) (denial Denial) {
	answered := k.ask(ctx, func(ctx context.Context) (err error) {
		denial, err = k.shared.Enter(ctx, g, k.gate.inForce())
		return err
	})
	if !answered {
		return Denial{}
	}
	if denial.Why == RefusedRegistrations && denial.Again <= 0 {
		denial.Again = shortWhile
	}
	return denial
}

// ask asks, if that works, and reports whether there is an answer. Who cannot be asked keeps nobody out.
func (k *keeper) ask(ctx context.Context, question func(context.Context) error) (answered bool) {
	if !k.works() {
		return false
	}
	short, cancel := context.WithTimeout(ctx, shareTime)
	defer cancel()
	err := question(short)
	switch {
	case errors.Is(err, ErrForgotten):
		k.forgotten()
	case err != nil && ctx.Err() == nil:
		k.failed(err)
	}
	return err == nil
}

// forgotten has everything told again.
func (k *keeper) forgotten() {
	k.mu.Lock()
	k.all = true
	k.mu.Unlock()
	k.rouse()
}

// left has it told that a guest is gone, and what registrations there were, by name.
func (k *keeper) left(g Guest, registered ...string) {
	more := untold{gone: []Guest{g}}
	if k.gate.inForce().RegistrationsPerHour > 0 {
		for _, name := range registered {
			more.registered = append(more.registered, told{Registration{ID: name, Address: g.Address}, time.Now()})
		}
	}
	k.mu.Lock()
	k.untold = k.untold.and(more)
	k.mu.Unlock()
	k.rouse()
}

// and is u with what came later, without what is too much to remember: guests that are not said to be gone are forgotten after
// a while, and registrations after an hour.
func (u untold) and(later untold) untold {
	u.gone = append(u.gone, later.gone...)
	u.gone = u.gone[max(0, len(u.gone)-mostUntold):]
	u.registered = append(u.registered, later.registered...)
	u.registered = u.registered[max(0, len(u.registered)-mostUntold):]
	return u
}

// rouse has run look what there is to do.
func (k *keeper) rouse() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// start tells everything, and goes on until stop, which tells what is left.
func (k *keeper) start(ctx context.Context) (stop func()) {
	running, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	k.tell(running, true)
	go func() {
		defer close(over)
		k.run(running)
	}()
	return func() {
		cancel()
		<-over
		if k.works() {
			k.tell(ctx, false)
		}
	}
}

// run tells who is inside before that is forgotten, and who has left at once.
func (k *keeper) run(ctx context.Context) {
	next := time.Now().Add(k.rest())
	due := time.NewTimer(k.rest())
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-due.C:
			k.tell(ctx, true)
			next = time.Now().Add(k.rest())
			due.Reset(time.Until(next))
		case <-k.wake:
			if k.works() {
				k.tell(ctx, false)
			}
			if sooner := time.Now().Add(k.rest()); sooner.Before(next) {
				next = sooner
				due.Reset(time.Until(next))
			}
		}
	}
}

// rest is how long there is nothing to tell, if nothing happens.
func (k *keeper) rest() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case !k.up:
		return retryTime
	case k.all:
		return 0
	}
	return k.lasts / tellsInTime
}

// tell tells what was not told; and, when that is due, who is inside, of whom not all may be known.
func (k *keeper) tell(ctx context.Context, due bool) {
	k.mu.Lock()
	fresh, all := k.untold, k.all && due
	k.untold = untold{}
	k.mu.Unlock()
	news := fresh.news()
	if due {
		news.Inside = k.gate.guests()
	}
	if all {
		news.Registered = append(news.Registered, k.gate.lately()...)
	}
	short, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	kept, err := k.shared.Keep(short, news)
	if err != nil {
		k.mu.Lock()
		k.untold = fresh.and(k.untold)
		k.mu.Unlock()
		if ctx.Err() == nil {
			k.failed(err)
		}
		return
	}
	k.reached(kept, all)
}

// news are what was not told, as it is told now.
func (u untold) news() News {
	n := News{Gone: u.gone}
	for _, r := range u.registered {
		r.Ago = time.Since(r.at)
		n.Registered = append(n.Registered, r.Registration)
	}
	return n
}

// reached notes that it works, and whether all was told.
func (k *keeper) reached(kept Kept, all bool) {
	k.mu.Lock()
	back := k.said
	k.up, k.said, k.lasts = true, false, max(kept.For, shareTime)
	k.all = !all && (k.all || kept.New)
	k.mu.Unlock()
	if back {
		k.log(slog.LevelInfo, "limits are shared again")
	}
}

// failed notes that it does not work, which is said once.
func (k *keeper) failed(err error) {
	k.mu.Lock()
	first := !k.said
	if first {
		k.lost++
	}
	k.up, k.said, k.all = false, true, true
	k.mu.Unlock()
	if first {
		k.log(slog.LevelError, "limits cannot be shared, so those of this server hold", "error", tidy(err.Error()))
	}
	k.rouse()
}
