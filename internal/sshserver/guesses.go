package sshserver

import (
	"net/netip"
	"sync"
	"time"
)

// guesses bounds the wrong codes that come from an address within an hour. It is safe for concurrent use.
type guesses struct {
	mu   sync.Mutex // guards what follows
	rate *rate
}

func newGuesses(now func() time.Time) *guesses {
	return &guesses{rate: newRate(mostGuesses, time.Hour, now)}
}

// left reports whether an address may try a code.
func (g *guesses) left(address netip.Prefix) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rate.left(address)
}

// miss counts a wrong code.
func (g *guesses) miss(address netip.Prefix) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rate.take(address)
}
