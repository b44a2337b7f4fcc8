package sandbox

import (
	"maps"
	"time"
)

// An expiring map forgets an entry ttl after it was put, and the oldest entries when it is full. It is not safe for
// concurrent use.
type expiring[K comparable, V any] struct {
	ttl     time.Duration
	limit   int
	entries map[K]dated[V]
	order   []turn[K] // as put, oldest first
	next    uint64
}

type dated[V any] struct {
	value V
	seq   uint64
}

// A turn tells when the entry that was put as seq is to go; a key may have been put again since.
type turn[K comparable] struct {
	key  K
	seq  uint64
	ends time.Time
}

func newExpiring[K comparable, V any](ttl time.Duration, limit int) *expiring[K, V] {
	return &expiring[K, V]{ttl: ttl, limit: limit, entries: map[K]dated[V]{}}
}

// get returns the entry at key, unless it has expired by now.
func (m *expiring[K, V]) get(key K, now time.Time) (V, bool) {
	m.prune(now, 0)
	d, ok := m.entries[key]
	return d.value, ok
}

// put keeps v at key from now on.
func (m *expiring[K, V]) put(key K, v V, now time.Time) {
	m.prune(now, 1)
	m.next++
	m.entries[key] = dated[V]{v, m.next}
	m.order = append(m.order, turn[K]{key, m.next, now.Add(m.ttl)})
}

func (m *expiring[K, V]) remove(key K) { delete(m.entries, key) }

// removeIf forgets the entries that are chosen.
func (m *expiring[K, V]) removeIf(chosen func(V) bool) {
	maps.DeleteFunc(m.entries, func(_ K, d dated[V]) bool { return chosen(d.value) })
}

// prune forgets what has expired, and what is oldest until there is room for so many entries more.
func (m *expiring[K, V]) prune(now time.Time, room int) {
	for len(m.order) > 0 && (!now.Before(m.order[0].ends) || len(m.order)+room > m.limit) {
		oldest := m.order[0]
		m.order = m.order[1:]
		if m.entries[oldest.key].seq == oldest.seq {
			delete(m.entries, oldest.key)
		}
	}
}
