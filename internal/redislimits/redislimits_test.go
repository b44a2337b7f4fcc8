package redislimits_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"foyer/internal/redislimits"
	"foyer/internal/redistest"
	"foyer/internal/secret"
	"foyer/internal/sshserver"
)

// marker is a password that must be found nowhere.
const marker = "MARKER-password-of-the-redis"

// limitsAt are those of a server that counts in a Redis.
func limitsAt(t *testing.T, url string, lease time.Duration) *redislimits.Limits {
	t.Helper()
	l, err := redislimits.New(redislimits.Options{URL: secret.New(url), Prefix: "test", Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// known are limits that the Redis knows already.
func known(t *testing.T, url string, lease time.Duration) *redislimits.Limits {
	t.Helper()
	l := limitsAt(t, url, lease)
	tell(t, l, sshserver.News{})
	return l
}

func address(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func guest(id, from string) sshserver.Guest {
	ip := netip.MustParseAddr(from)
	network, err := ip.Prefix(24)
	if err != nil {
		panic(err)
	}
	return sshserver.Guest{ID: id, Address: netip.PrefixFrom(ip, 32), Network: network}
}

// enter has a guest enter, and expects what comes of it.
func enter(t *testing.T, l *redislimits.Limits, g sshserver.Guest, limits sshserver.Limits, want sshserver.Refusal) time.Duration {
	t.Helper()
	got, err := l.Enter(t.Context(), g, limits)
	if err != nil || got.Why != want {
		t.Errorf("Enter(%s from %s) = %q, %v, want %q", g.ID, g.Address, got.Why, err, want)
	}
	return got.Again
}

// tell tells news.
func tell(t *testing.T, l *redislimits.Limits, n sshserver.News) sshserver.Kept {
	t.Helper()
	kept, err := l.Keep(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestServersShareTheirLimits(t *testing.T) {
	limits := sshserver.Limits{Sessions: 5, SessionsPerAddress: 2, SessionsPerNetwork: 3}
	r := redistest.Start(t, "")
	a, b := known(t, r.URL(), 0), known(t, r.URL(), 0)
	ann := guest("ann", "192.0.2.1")
	enter(t, a, ann, limits, "")
	enter(t, a, ann, limits, "") // is in there already
	enter(t, b, guest("ben", "192.0.2.1"), limits, "")
	enter(t, a, guest("cid", "192.0.2.1"), limits, sshserver.RefusedAddress)
	enter(t, b, guest("ann", "192.0.2.2"), limits, "") // the same id, at another server
	enter(t, a, guest("dan", "192.0.2.3"), limits, sshserver.RefusedNetwork)
	enter(t, a, guest("eve", "192.0.3.1"), limits, "")
	enter(t, b, guest("flo", "192.0.4.1"), limits, "")
	enter(t, a, guest("gus", "192.0.5.1"), limits, sshserver.RefusedFull)
	enter(t, a, guest("gus", "192.0.5.1"), sshserver.Limits{}, "")
	tell(t, a, sshserver.News{Gone: []sshserver.Guest{ann, guest("gus", "192.0.5.1"), guest("nobody", "192.0.2.1")}})
	enter(t, b, guest("cid", "192.0.2.1"), limits, "")
	enter(t, b, guest("hal", "192.0.2.1"), limits, sshserver.RefusedFull)
	enter(t, b, sshserver.Guest{ID: "a pipe"}, sshserver.Limits{SessionsPerAddress: 1}, "")
	enter(t, b, sshserver.Guest{ID: "another"}, sshserver.Limits{SessionsPerAddress: 1}, sshserver.RefusedAddress)
}

// TestTheLastPlaceIsTakenOnce has many ask at once for a few places.
func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	r := redistest.Start(t, "")
	servers := []*redislimits.Limits{known(t, r.URL(), 0), known(t, r.URL(), 0)}
	var wg sync.WaitGroup
	var inside atomic.Int64
	for i := range 200 {
		wg.Go(func() {
			denial, err := servers[i%2].Enter(t.Context(), guest(fmt.Sprint(i), fmt.Sprintf("192.0.%d.1", i)), sshserver.Limits{Sessions: 7})
			if err != nil {
				t.Error(err)
			} else if denial.Why == "" {
				inside.Add(1)
			}
		})
	}
	wg.Wait()
	if inside.Load() != 7 {
		t.Errorf("%d are inside, want 7", inside.Load())
	}
}

func TestConnectionsOfAnAddressAreCountedTogether(t *testing.T) {
	r := redistest.Start(t, "")
	a, b := known(t, r.URL(), 0), known(t, r.URL(), 0)
	connect := func(l *redislimits.Limits, from string, want bool) {
		t.Helper()
		if got, err := l.Connect(t.Context(), address(from), 4); err != nil || got != want {
			t.Errorf("Connect(%s) = %t, %v, want %t", from, got, err, want)
		}
	}
	for range 2 {
		connect(a, "192.0.2.1/32", true)
		connect(b, "192.0.2.1/32", true)
	}
	connect(a, "192.0.2.1/32", false)
	connect(b, "192.0.2.1/32", false)
	connect(b, "2001:db8::/64", true)
}

func TestRegistrationsOfAnHourAreCountedTogether(t *testing.T) {
	r := redistest.Start(t, "")
	a, b := known(t, r.URL(), 0), known(t, r.URL(), 0)
	limits := sshserver.Limits{RegistrationsPerHour: 3}
	ann, ben, cid := guest("ann", "192.0.2.1"), guest("ben", "192.0.2.1"), guest("cid", "192.0.2.1")
	registered := func(g sshserver.Guest, ago time.Duration) []sshserver.Registration {
		return []sshserver.Registration{{ID: g.ID, Address: g.Address, Ago: ago}}
	}
	tell(t, a, sshserver.News{Registered: registered(ann, 50*time.Minute)})
	tell(t, a, sshserver.News{Registered: registered(ann, 49*time.Minute)}) // the same
	tell(t, a, sshserver.News{Registered: registered(guest("early", "192.0.2.1"), time.Hour)})
	enter(t, b, ben, limits, "")
	enter(t, a, cid, limits, "")
	if again := enter(t, b, guest("dan", "192.0.2.1"), limits, sshserver.RefusedRegistrations); again != 0 {
		t.Errorf("while two are registering: again in %v, want 0 for nobody knows", again)
	}
	enter(t, b, guest("dan", "192.0.2.2"), limits, "")
	tell(t, b, sshserver.News{Gone: []sshserver.Guest{ben}, Registered: registered(ben, 0)})
	tell(t, a, sshserver.News{Gone: []sshserver.Guest{cid}, Registered: registered(cid, 0)})
	again := enter(t, b, guest("eve", "192.0.2.1"), limits, sshserver.RefusedRegistrations)
	if again <= 9*time.Minute || again > 10*time.Minute {
		t.Errorf("when three are registered: again in %v, want ten minutes", again)
	}
	limits.RegistrationsPerHour = 2 // another server may have another limit
	if again := enter(t, a, guest("eve", "192.0.2.1"), limits, sshserver.RefusedRegistrations); again <= 59*time.Minute {
		t.Errorf("with one more than may be: again in %v, want an hour", again)
	}
}

func TestASessionIsALease(t *testing.T) {
	const lease = 500 * time.Millisecond
	r := redistest.Start(t, "")
	dead, alive := known(t, r.URL(), lease), known(t, r.URL(), lease)
	limits := sshserver.Limits{SessionsPerAddress: 1}
	ann, ben := guest("ann", "192.0.2.1"), guest("ben", "192.0.2.2")
	enter(t, dead, ann, limits, "")
	enter(t, alive, ben, limits, "")
	enter(t, alive, guest("cid", "192.0.2.1"), limits, sshserver.RefusedAddress)
	tick := time.NewTicker(lease / 10)
	defer tick.Stop()
	for timeout := time.After(20 * time.Second); ; {
		tell(t, alive, sshserver.News{Inside: []sshserver.Guest{ben}})
		denial, err := alive.Enter(t.Context(), guest("cid", "192.0.2.1"), limits)
		if err != nil {
			t.Fatal(err)
		}
		if denial.Why == "" {
			break
		}
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatal("the session of a server that is gone does not lapse")
		}
	}
	enter(t, dead, guest("dan", "192.0.2.2"), limits, sshserver.RefusedAddress)
}

func TestWhatRedisHasLostIsToldAgain(t *testing.T) {
	r := redistest.Start(t, "")
	l := limitsAt(t, r.URL(), 0)
	var inside []sshserver.Guest
	var registered []sshserver.Registration
	for i := range 3*200 + 7 { // more than one script takes
		g := guest(fmt.Sprint(i), fmt.Sprintf("192.%d.%d.1", i%7, i%250))
		inside, registered = append(inside, g), append(registered, sshserver.Registration{ID: g.ID, Address: g.Address})
	}
	news := sshserver.News{Inside: inside, Registered: registered}
	if kept := tell(t, l, news); !kept.New || kept.For != redislimits.DefaultLease {
		t.Errorf("Keep() = %+v, want a server that was not known, for a minute", kept)
	}
	if kept := tell(t, l, sshserver.News{}); kept.New {
		t.Error("the server is not known")
	}
	r.Kill()
	if _, err := l.Keep(t.Context(), news); err == nil {
		t.Error("Keep() of nobody = nil, want an error")
	}
	r.Start()
	if _, err := l.Enter(t.Context(), inside[0], sshserver.Limits{}); !errors.Is(err, sshserver.ErrForgotten) {
		t.Errorf("Enter() = %v, want %v", err, sshserver.ErrForgotten)
	}
	if kept := tell(t, l, sshserver.News{}); !kept.New {
		t.Error("the server is known to a Redis that is new")
	}
	tell(t, l, news)
	enter(t, l, guest("new", "203.0.113.1"), sshserver.Limits{Sessions: len(inside)}, sshserver.RefusedFull)
	enter(t, l, guest("new", "203.0.113.1"), sshserver.Limits{Sessions: len(inside) + 1}, "")
}

func TestEverythingLapses(t *testing.T) {
	r := redistest.Start(t, "")
	l := known(t, r.URL(), 0)
	ann := guest("ann", "192.0.2.1")
	enter(t, l, ann, sshserver.Limits{}, "")
	if _, err := l.Connect(t.Context(), ann.Address, 1); err != nil {
		t.Fatal(err)
	}
	tell(t, l, sshserver.News{Inside: []sshserver.Guest{ann}, Registered: []sshserver.Registration{{ID: "ann", Address: ann.Address}}})
	client := redis.NewClient(&redis.Options{Addr: r.Addr})
	defer func() { _ = client.Close() }()
	keys := client.Keys(t.Context(), "*").Val()
	if len(keys) != 6 {
		t.Errorf("keys %v, want 6", keys)
	}
	for _, key := range keys {
		if !strings.HasPrefix(key, "test:") {
			t.Errorf("key %s begins with another word", key)
		}
		if left := client.PTTL(t.Context(), key).Val(); left <= 0 || left > time.Hour {
			t.Errorf("key %s lapses in %v, want within an hour", key, left)
		}
	}
}

func TestCheck(t *testing.T) {
	r := redistest.Start(t, marker)
	admin := redis.NewClient(&redis.Options{Addr: r.Addr, Password: marker})
	defer func() { _ = admin.Close() }()
	for user, rules := range map[string][]string{"narrow": {"~other:*", "+@all"}, "idle": {"~*", "+ping"}, "fitting": {"~test:*", "+@read", "+@write", "+@connection", "+@scripting", "+time"}} {
		args := []any{"ACL", "SETUSER", user, "on", ">" + marker}
		for _, rule := range rules {
			args = append(args, rule)
		}
		if err := admin.Do(t.Context(), args...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	free := redistest.Start(t, "")
	gone := redistest.Start(t, "")
	gone.Kill()
	tests := []struct {
		name, url string
		want      redislimits.Trouble
	}{
		{"all is well", r.URL(), ""},
		{"a user who may just that", "redis://fitting:" + marker + "@" + r.Addr, ""},
		{"no password where there is none", free.URL(), ""},
		{"no password", "redis://" + r.Addr, redislimits.NoEntry},
		{"a wrong password", "redis://:" + marker + "x@" + r.Addr, redislimits.NoEntry},
		{"a wrong user", "redis://nobody:" + marker + "@" + r.Addr, redislimits.NoEntry},
		{"a user of other keys", "redis://narrow:" + marker + "@" + r.Addr, redislimits.NoPermission},
		{"a user without scripts", "redis://idle:" + marker + "@" + r.Addr, redislimits.NoPermission},
		{"nobody there", "redis://:" + marker + "@" + gone.Addr, redislimits.NoConnection},
		{"no answer", "redis://:" + marker + "@" + redistest.Hang(t), redislimits.NoConnection},
		{"no TLS", "rediss://:" + marker + "@" + r.Addr, redislimits.NoConnection},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			err := limitsAt(t, tt.url, 0).Check(ctx)
			var trouble *redislimits.Error
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("Check() = %v, want nil", err)
			case tt.want != "" && (!errors.As(err, &trouble) || trouble.Trouble != tt.want):
				t.Errorf("Check() = %v, want %s", err, tt.want)
			}
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, marker) {
				t.Errorf("the error holds the password: %s", text)
			}
		})
	}
}

// TestNobodyWaitsForARedisThatHangs expects calls to end with their context.
func TestNobodyWaitsForARedisThatHangs(t *testing.T) {
	l := limitsAt(t, "redis://"+redistest.Hang(t), 0)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		over := make(chan error, 3)
		go func() { _, err := l.Connect(ctx, address("192.0.2.1/32"), 1); over <- err }()
		go func() { _, err := l.Enter(ctx, guest("ann", "192.0.2.1"), sshserver.Limits{}); over <- err }()
		go func() { _, err := l.Keep(ctx, sshserver.News{}); over <- err }()
		for range 3 {
			select {
			case err := <-over:
				if err == nil {
					t.Error("a call succeeds")
				}
			case <-time.After(20 * time.Second): // and not only after the bounds of the client
				t.Fatal("a call does not end")
			}
		}
		cancel()
	}
}

func TestNewKeepsTheAddressToItself(t *testing.T) {
	for _, url := range []string{"redis://foyer:" + marker + "%zz@host", "http://" + marker, "redis://:" + marker + "@host:port", "redis://:" + marker + "@host/" + marker} {
		_, err := redislimits.New(redislimits.Options{URL: secret.New(url)})
		if err == nil || strings.Contains(fmt.Sprintf("%v %#v", err, err), marker) {
			t.Errorf("New(%s) = %v, want an error without the password", url, err)
		}
	}
}

func TestExposed(t *testing.T) {
	tests := map[string]bool{
		"redis://:x@redis.example.com": true, "redis://redis.example.com": false, "rediss://:x@redis.example.com": false,
		"redis://:x@127.0.0.1:6379": false, "redis://:x@[::1]:6379": false, "redis://:x@localhost": false, "redis://:x@10.0.0.1": true,
	}
	for url, want := range tests {
		if got := limitsAt(t, url, 0).Exposed(); got != want {
			t.Errorf("Exposed() of %s = %t, want %t", url, got, want)
		}
	}
}
