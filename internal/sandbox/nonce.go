package sandbox

import (
	"crypto/rand"
	"sync"
	"time"
)

// nonceLife is how long a nonce is good. By default only time ends one, as many clients' proofs may be under way at
// once, and each of them is to get through at its second try.
const nonceLife = time.Minute

// nonces are the values that DPoP proofs have to hold (RFC 9449, 8). After nonceLife, or so many proofs, comes another
// one, and the proofs with the old one are turned away.
type nonces struct {
	now     func() time.Time
	limit   int // of proofs; 0 for none
	mu      sync.Mutex
	current string
	made    time.Time
	uses    int
}

func newNonces(limit int, now func() time.Time) *nonces { return &nonces{limit: limit, now: now} }

// accept reports whether nonce is the one to use, and else which one is.
func (n *nonces) accept(nonce string) (fresh string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.now()
	if now.Sub(n.made) >= nonceLife || n.limit > 0 && n.uses >= n.limit {
		n.current, n.made, n.uses = rand.Text(), now, 0
	}
	if nonce != n.current {
		return n.current, false
	}
	n.uses++
	return "", true
}
