package sshserver

import (
	"net/netip"
	"time"
)

// A rate bounds how often an address connects: so many at once, and as many again a minute, one after the other. It is not safe
// for concurrent use.
type rate struct {
	perMinute int
	now       func() time.Time
	buckets   map[netip.Prefix]bucket
	swept     time.Time
}

// A bucket is what an address has left, at a time.
type bucket struct {
	left float64
	at   time.Time
}

// mostBuckets bounds the addresses that are counted. Whoever connects from more is not to be met by counting addresses.
const mostBuckets = 1 << 16

func newRate(perMinute int, now func() time.Time) *rate {
	return &rate{perMinute: perMinute, now: now, buckets: make(map[netip.Prefix]bucket), swept: now()}
}

// allow reports whether an address may connect once more, and counts that.
func (r *rate) allow(address netip.Prefix) bool {
	if r.perMinute <= 0 {
		return true
	}
	now := r.now()
	r.sweep(now)
	b, known := r.buckets[address]
	switch {
	case !known && len(r.buckets) >= mostBuckets:
		return true
	case !known:
		b = bucket{float64(r.perMinute), now}
	}
	b.left = min(b.left+now.Sub(b.at).Minutes()*float64(r.perMinute), float64(r.perMinute))
	b.at = now
	allowed := b.left >= 1
	if allowed {
		b.left--
	}
	r.buckets[address] = b
	return allowed
}

// sweep forgets, once a minute, the addresses that have all there is again.
func (r *rate) sweep(now time.Time) {
	if now.Sub(r.swept) < time.Minute {
		return
	}
	r.swept = now
	for address, b := range r.buckets {
		if now.Sub(b.at) >= time.Minute {
			delete(r.buckets, address)
		}
	}
}
