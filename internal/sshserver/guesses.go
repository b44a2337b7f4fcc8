package sshserver

import (
	"net/netip"
	"sync"
	"time"
)

// guesses bounds the wrong codes that come from an address: so many at once, and as many again an hour, one after the other. It
// is safe for concurrent use.
type guesses struct {
	now func() time.Time

	mu      sync.Mutex // guards what follows
	buckets map[netip.Prefix]bucket
	swept   time.Time
}

func newGuesses(now func() time.Time) *guesses {
	return &guesses{now: now, buckets: make(map[netip.Prefix]bucket), swept: now()}
}

// left reports whether an address may try a code.
func (g *guesses) left(address netip.Prefix) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	b, known := g.buckets[address]
	return !known || g.filled(b).left >= 1
}

// miss counts a wrong code.
func (g *guesses) miss(address netip.Prefix) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	b, known := g.buckets[address]
	switch {
	case !known && len(g.buckets) >= mostBuckets: // see there
		return
	case !known:
		b = bucket{mostGuesses, g.now()}
	}
	b = g.filled(b)
	b.left = max(b.left-1, 0)
	g.buckets[address] = b
}

// filled is a bucket as it is now.
func (g *guesses) filled(b bucket) bucket {
	now := g.now()
	return bucket{min(b.left+now.Sub(b.at).Hours()*mostGuesses, mostGuesses), now}
}

// sweep forgets, every ten minutes, the addresses that have all there is again. Its caller holds mu.
func (g *guesses) sweep() {
	now := g.now()
	if now.Sub(g.swept) < 10*time.Minute {
		return
	}
	g.swept = now
	for address, b := range g.buckets {
		if now.Sub(b.at) >= time.Hour {
			delete(g.buckets, address)
		}
	}
}
