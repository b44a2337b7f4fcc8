package sshserver

import (
	"net/netip"
	"slices"
)

// A crowd is those who wait, by their places, the oldest first. It is not safe for concurrent use.
type crowd map[place][]*visit

// A place is who shares it: the connections of an address, or those of a balancer that did not say yet whose they are.
type place struct {
	address netip.Prefix
	unnamed bool
}

func (c crowd) add(v *visit) { c[v.place()] = append(c[v.place()], v) }

// remove takes v out, and reports whether it was in.
func (c crowd) remove(v *visit) bool { return remove(c, v.place(), v) }

// remove takes v out of the visits at key, and reports whether it was there.
func remove[K comparable](visits map[K][]*visit, key K, v *visit) bool {
	list := visits[key]
	i := slices.Index(list, v)
	if i < 0 {
		return false
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(visits, key)
		return true
	}
	visits[key] = list
	return true
}

// victim is who has to go for a newcomer: the oldest of the fullest place. When that is the newcomer's own it is nobody:
// whoever opens thousands of connections and goes no further shuts out themselves. A balancer is not one client, and says
// whose a connection is at once; so of its own that have not the oldest goes, and the next may be a person's.
func (c crowd) victim(newcomer place) *visit {
	fullest := newcomer
	for p, visits := range c {
		if len(visits) > len(c[fullest]) {
			fullest = p
		}
	}
	switch n := len(c[fullest]); {
	case n == 0, n == len(c[newcomer]) && !newcomer.unnamed:
		return nil
	}
	return c[fullest][0]
}
