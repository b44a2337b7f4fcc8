package sshserver

import (
	"net/netip"
	"time"
)

// A rate bounds how often an address does something: most times at once, and as many again within a while, one after the other. It
// is not safe for concurrent use.
type rate struct {
	most    int // 0: there is no bound
	within  time.Duration
	now     func() time.Time
	buckets map[netip.Prefix]bucket
	swept   time.Time
}

// A bucket is what an address has left, at a time.
type bucket struct {
	left float64
	at   time.Time
}

// mostBuckets bounds the addresses that are counted. Whoever comes from more is not to be met by counting addresses.
const mostBuckets = 1 << 16

func newRate(most int, within time.Duration, now func() time.Time) *rate {
	return &rate{most: most, within: within, now: now, buckets: make(map[netip.Prefix]bucket), swept: now()}
}

// allow reports whether an address may do it once more, and counts that.
func (r *rate) allow(address netip.Prefix) bool {
	if !r.left(address) {
		return false
	}
	r.take(address)
	return true
}

// left reports whether an address may do it once more.
func (r *rate) left(address netip.Prefix) bool {
	b, known := r.buckets[address]
	return r.most <= 0 || !known || r.filled(b).left >= 1
}

// take counts that an address does it once more.
func (r *rate) take(address netip.Prefix) {
	if r.most <= 0 {
		return
	}
	r.sweep()
	b, known := r.buckets[address]
	switch {
	case !known && len(r.buckets) >= mostBuckets: // see there
		return
	case !known:
		b = bucket{float64(r.most), r.now()}
	}
	b = r.filled(b)
	b.left = max(b.left-1, 0)
	r.buckets[address] = b
}

// filled is a bucket as it is now.
func (r *rate) filled(b bucket) bucket {
	now, most := r.now(), float64(r.most)
	return bucket{min(b.left+most*float64(now.Sub(b.at))/float64(r.within), most), now}
}

// oftenSwept is how often addresses are forgotten at the least.
const oftenSwept = 10 * time.Minute

// sweep forgets, from time to time, the addresses that have all there is again.
func (r *rate) sweep() {
	now := r.now()
	if now.Sub(r.swept) < min(r.within, oftenSwept) {
		return
	}
	r.swept = now
	for address, b := range r.buckets {
		if now.Sub(b.at) >= r.within {
			delete(r.buckets, address)
		}
	}
}
