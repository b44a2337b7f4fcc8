package sshserver

import (
	"net/netip"
	"time"
)

// ledgerTime is how long a registration counts.
const ledgerTime = time.Hour

// shortWhile is how long to wait for those who may be registered, and then for one that is not.
const shortWhile = 5 * time.Minute

// A ledger is who was registered within the last hour, from where. Nobody gets into it without a registration, so it needs no
// bound. It is not safe for concurrent use.
type ledger struct {
	now     func() time.Time
	entries map[netip.Prefix][]entry // the oldest first
	swept   time.Time
}

// An entry is one registration.
type entry struct {
	id string // of the registration
	at time.Time
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{now: now, entries: make(map[netip.Prefix][]entry), swept: now()}
}

// add notes a registration.
func (l *ledger) add(address netip.Prefix, id string) {
	now := l.now()
	if now.Sub(l.swept) >= time.Minute {
		l.swept = now
		for other := range l.entries {
			l.count(other)
		}
	}
	l.entries[address] = append(l.entries[address], entry{id, now})
}

// count is how many an address has registered.
func (l *ledger) count(address netip.Prefix) int {
	list, old := l.entries[address], l.now().Add(-ledgerTime)
	for len(list) > 0 && !list[0].at.After(old) {
		list = list[1:]
	}
	if len(list) == 0 {
		delete(l.entries, address)
		return 0
	}
	l.entries[address] = list
	return len(list)
}

// again is how long it takes until an address that has reached the limit may register somebody.
func (l *ledger) again(address netip.Prefix, limit int) time.Duration {
	n := l.count(address)
	if n < limit {
		return shortWhile
	}
	return l.entries[address][n-limit].at.Add(ledgerTime).Sub(l.now())
}

// all are the registrations that count, without an order.
func (l *ledger) all() []Registration {
	var all []Registration
	for address := range l.entries {
		l.count(address)
		for _, e := range l.entries[address] {
			all = append(all, Registration{ID: e.id, Address: address, Ago: l.now().Sub(e.at)})
		}
	}
	return all
}
