package sshserver

import (
	"net/netip"
	"testing"
	"time"
)

func TestGuessesComeBackWithTime(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	g := newGuesses(func() time.Time { return now })
	a, b := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/64")
	for i := range mostGuesses {
		if !g.left(a) {
			t.Fatalf("after %d wrong codes none is left", i)
		}
		g.miss(a)
	}
	if g.left(a) || !g.left(b) {
		t.Errorf("left: %t and %t for another address, want false and true", g.left(a), g.left(b))
	}
	g.miss(a) // which was under way at the same time
	now = now.Add(time.Hour / mostGuesses)
	if !g.left(a) {
		t.Error("none has come back")
	}
	g.miss(a)
	if g.left(a) {
		t.Error("more than one has come back")
	}
	now = now.Add(2 * time.Hour)
	g.miss(b)
	if _, known := g.rate.buckets[a]; known {
		t.Error("an address is remembered for ever")
	}
	for i := range mostBuckets + 10 {
		g.miss(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32))
	}
	if len(g.rate.buckets) > mostBuckets {
		t.Errorf("%d addresses are remembered, want at most %d", len(g.rate.buckets), mostBuckets)
	}
}
