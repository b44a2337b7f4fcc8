package forget

import (
	"context"
	"runtime/debug"
	"time"
)

// apart is how long there is at least between two collections: a thousand sessions may end within a second.
const apart = time.Second

// pauses are between the collections that follow when a person is gone. The second takes what pools held over the first, the others
// what ended late: calls under way, a terminal that took nothing, a stack that was still in use.
func pauses() []time.Duration {
	return []time.Duration{0, apart, 2 * apart, 10 * apart, time.Minute}
}

// A Collector has what people left behind overwritten when they are gone. It is safe for concurrent use.
type Collector struct {
	gone    chan struct{} // holds one word that somebody is
	drop    []func()
	collect func(thorough bool)
}

// NewCollector returns a collector that works until ctx ends. Before a collection it calls drop, which are to let go of what holds
// answers beyond its use, such as connections that are idle; not before the first, so that where one person goes after the other
// their connections are used by the next.
func NewCollector(ctx context.Context, drop ...func()) *Collector {
	c := &Collector{gone: make(chan struct{}, 1), drop: drop, collect: collect}
	go c.run(ctx)
	return c
}

// Forget says that somebody is gone, and that nothing of ours points at what they said any more. It returns at once: collecting is
// done on the collector's own goroutine, once a second at most, however many are gone.
func (c *Collector) Forget() {
	select {
	case c.gone <- struct{}{}:
	default: // it has been told so already
	}
}

// run collects when somebody is gone.
func (c *Collector) run(ctx context.Context) {
	var due <-chan time.Time
	var last time.Time
	round := 0
	after := pauses()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.gone:
			round, due = 0, time.After(max(after[0], apart-time.Since(last)))
			continue
		case <-due:
		}
		if round > 0 {
			c.letGo()
		}
		c.collect(round > 0)
		last, due = time.Now(), nil
		if round++; round < len(after) {
			due = time.After(after[round])
		}
	}
}

// letGo drops what can be.
func (c *Collector) letGo() {
	for _, drop := range c.drop {
		drop()
	}
}

// collect overwrites what nothing points at and gives free pages back to the system. Free stacks are overwritten before: the
// collection gives back those that lie alone. A thorough one overwrites what signals left, too.
func collect(thorough bool) {
	if thorough {
		overwriteRegisters()
	}
	overwriteStacks()
	debug.FreeOSMemory()
}
