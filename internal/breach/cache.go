package breach

import (
	"sync"
	"time"
)

// Bounds of a cache. A range has some 900 entries of 24 bytes, so that it takes 11 MiB when it is full.
const (
	maxRanges  = 512
	maxEntries = 1 << 19
	maxAge     = time.Hour
)

// A cache keeps ranges by their prefix, the last ones that were put. It is safe for concurrent use.
type cache struct {
	mu      sync.Mutex
	ranges  map[string]kept
	order   []string // the oldest first
	entries int      // in all ranges
}

// kept is a range and when it was put.
type kept struct {
	entries []entry
	at      time.Time
}

func newCache() *cache { return &cache{ranges: make(map[string]kept)} }

// get returns the entries of a prefix, if they are here and not too old at now.
func (c *cache) get(prefix string, now time.Time) ([]entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.ranges[prefix]
	return k.entries, ok && now.Sub(k.at) < maxAge
}

// put keeps the entries of a prefix and drops the oldest ranges until all bounds hold.
func (c *cache) put(prefix string, entries []entry, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(prefix)
	for len(c.order) > 0 && (len(c.order) >= maxRanges || c.entries+len(entries) > maxEntries || now.Sub(c.ranges[c.order[0]].at) >= maxAge) {
		c.drop(c.order[0])
	}
	c.ranges[prefix] = kept{entries, now}
	c.order = append(c.order, prefix)
	c.entries += len(entries)
}

// drop forgets a prefix.
func (c *cache) drop(prefix string) {
	old, ok := c.ranges[prefix]
	if !ok {
		return
	}
	delete(c.ranges, prefix)
	c.entries -= len(old.entries)
	for i, p := range c.order {
		if p == prefix {
			c.order = append(c.order[:i], c.order[i+1:]...)
			return
		}
	}
}
