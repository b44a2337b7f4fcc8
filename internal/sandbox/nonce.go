package sandbox

import (
	"crypto/rand"
	"sync"
)

// nonces are the values that DPoP proofs have to hold (RFC 9449, 8). One is good for so many proofs; then comes another
// one, and the proofs with the old one are turned away.
type nonces struct {
	limit   int
	mu      sync.Mutex
	current string
	uses    int
}

func newNonces(limit int) *nonces { return &nonces{limit: limit, current: rand.Text()} }

// accept reports whether nonce is the one to use, and else which one is.
func (n *nonces) accept(nonce string) (fresh string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.uses >= n.limit {
		n.current, n.uses = rand.Text(), 0
	}
	if nonce != n.current {
		return n.current, false
	}
	n.uses++
	return "", true
}
