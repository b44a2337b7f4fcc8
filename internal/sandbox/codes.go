package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"sync"
	"time"
)

// Bounds of what is kept of codes.
const (
	maxOwners = 100_000 // who have codes at once
	maxCodes  = 8       // of one owner
)

// codes are the codes that were given out and are still good. An owner has one, but for codes to verify addresses, of
// which there is one for each address ("Generate code of a specific type" of the API).
type codes struct {
	now  func() time.Time
	key  []byte // of the digests: those of six digits alone could be tried out
	mu   sync.Mutex
	live *expiring[owner, []code]
}

func newCodes(now func() time.Time) *codes {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	return &codes{now: now, key: key, live: newExpiring[owner, []code](maxOTPTTL, maxOwners)}
}

func (s *codes) digest(text string) [sha256.Size]byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(text))
	return [sha256.Size]byte(mac.Sum(nil))
}

// issue makes a code of o as c says, and voids those that it replaces.
func (s *codes) issue(o owner, c code, length int, ttl time.Duration) issued {
	out := issued{kind: o.kind, ttl: ttl, digits: digits(length), extended: o.extend()}
	now := s.now()
	c.id, c.expires = newID(), now.Add(ttl).UTC()
	c.short, c.extended = s.digest(out.digits), s.digest(out.extended)
	out.code = c

	s.mu.Lock()
	defer s.mu.Unlock()
	list, _ := s.live.get(o, now)
	list = slices.DeleteFunc(slices.Clone(list), func(old code) bool {
		return o.kind != codeVerifyAddress || old.address == c.address || !now.Before(old.expires)
	})
	list = append(list, c)
	s.live.put(o, list[max(len(list)-maxCodes, 0):], now)
	return out
}

// find returns the good code of o that text is, in either form, among those that fit. It looks at all of them in
// constant time.
func (s *codes) find(o owner, text string, fits func(code) bool) (code, bool) {
	digest, now := s.digest(text), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	list, _ := s.live.get(o, now)
	var found code
	for _, c := range list {
		short, extended := hmac.Equal(c.short[:], digest[:]), hmac.Equal(c.extended[:], digest[:])
		if (short || extended) && now.Before(c.expires) && fits(c) {
			found = c
		}
	}
	return found, found.id != ""
}

// spend takes a code out of use, and reports whether it was in use until then.
func (s *codes) spend(o owner, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	list, _ := s.live.get(o, now)
	left := slices.DeleteFunc(slices.Clone(list), func(c code) bool { return c.id == id })
	if len(left) == len(list) {
		return false
	}
	s.live.put(o, left, now)
	return true
}

// forget takes all codes of a user out of use.
func (s *codes) forget(pool, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, kind := range kinds() {
		s.live.remove(owner{pool, user, kind})
	}
}
