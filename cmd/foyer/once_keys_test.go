package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// keyed is how long the tenant remembers a key, less the time that a request may take to reach it.
const keyed = 40 * time.Second

// keys are the idempotency keys by which users were asked for, one intent after the other.
type keys struct {
	mu     sync.Mutex
	used   map[string]use // by the correlation id, which is the intent's
	wrongs []string
}

// A use is the key that an intent was sent with last.
type use struct {
	key   string
	first time.Time
}

// of is tenant, with its requests for users noted.
func (k *keys) of(tenant http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/users") || strings.HasSuffix(r.URL.Path, "/user/register")) {
			k.note(r.Header.Get("X-Correlation-Id"), r.Header.Get("X-Idempotency-Key"), time.Now())
		}
		tenant.ServeHTTP(w, r)
	})
}

// note holds the key of an intent against the one before: while the tenant remembers that, there is to be no other.
func (k *keys) note(intent, key string, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.used == nil {
		k.used = make(map[string]use)
	}
	last, sent := k.used[intent]
	switch {
	case sent && last.key == key:
		return
	case sent && now.Sub(last.first) < keyed:
		k.wrongs = append(k.wrongs, fmt.Sprintf("intent %s was sent with another key %v after the first", intent, now.Sub(last.first)))
	}
	k.used[intent] = use{key, now}
}

// wrong is what was wrong with the keys.
func (k *keys) wrong() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.wrongs
}
