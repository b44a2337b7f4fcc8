// Package redislimits counts the sessions, connections and registrations of several servers together, in a Redis (7.0 or later,
// or Valkey). It is a sshserver.Shared.
//
// Each step is one script, so that no two servers take the last place. A session is a lease: what its server does not renew
// lapses, so that a server that crashed holds no places for longer than that. Times are those of Redis, whatever the clocks of
// the servers say. The keys have a common beginning, and all of them expire:
//
//	foyer:sessions                    the sessions, by the time at which they lapse (a sorted set)
//	foyer:sessions:192.0.2.7/32       those of an address, and likewise of a network
//	foyer:connections:192.0.2.7/32    what is left of an address's connections (a hash, for a minute)
//	foyer:registered:192.0.2.7/32     when somebody was registered from an address (a sorted set, for an hour)
//	foyer:server:...                  that a server is known
//
// Addresses stand there as they are: a hash of one would be undone by trying them all, and would only look like protection.
// No name, answer or key of a person is in there.
package redislimits

import (
	"context"
	"crypto/rand"
	_ "embed" // the scripts
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"foyer/internal/secret"
	"foyer/internal/sshserver"
)

//go:embed connect.lua
var connectLua string

//go:embed enter.lua
var enterLua string

//go:embed keep.lua
var keepLua string

// DefaultLease is how long a session counts whose server says no more.
const DefaultLease = time.Minute

// hour is how long a registration counts.
const hour = time.Hour

// Bounds of what is asked of Redis. Who asks has bounds of their own, which are shorter.
const (
	timeout     = 2 * time.Second
	connections = 16
)

// Options say where the Redis is.
type Options struct {
	URL    secret.Text   // redis:// or rediss://, with user, password and the number of a database
	Prefix string        // of the names of keys, before a colon
	Lease  time.Duration // how long a session counts whose server says no more; 0 for DefaultLease
}

// Limits count in a Redis. Make them with New. They are safe for concurrent use.
type Limits struct {
	client *redis.Client
	prefix string
	server string // names this process
	lease  time.Duration

	connect, enter, keep *redis.Script
}

// errURL says that there is no URL; a cause would quote the password.
var errURL = errors.New("the address is not the URL of a Redis")

// New returns the limits of the Redis that o names. It connects to nothing yet. Errors hold nothing of the URL.
func New(o Options) (*Limits, error) {
	options, err := redis.ParseURL(o.URL.Reveal())
	if err != nil {
		return nil, errURL
	}
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = timeout, timeout, timeout, timeout
	options.ContextTimeoutEnabled = true // who asks decides how long they wait
	options.MaxRetries, options.DialerRetries = -1, 1
	options.PoolSize, options.MaxActiveConns, options.MinIdleConns = connections, connections, 1
	options.Protocol, options.DisableIdentity = 2, true // nothing but answers is wanted of it
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	redis.SetLogger(silence{})
	l := &Limits{
		client: redis.NewClient(options), prefix: o.Prefix + ":", server: rand.Text()[:12], lease: o.Lease,
		connect: redis.NewScript(connectLua), enter: redis.NewScript(enterLua), keep: redis.NewScript(keepLua),
	}
	if l.lease == 0 {
		l.lease = DefaultLease
	}
	return l, nil
}

// silence is where the client library's own log goes, which is not for standard error: what fails is an error of a call.
type silence struct{}

// Printf says nothing.
func (silence) Printf(context.Context, string, ...any) {}

// Close ends the connections.
func (l *Limits) Close() error { return l.client.Close() }

// Connect counts a connection of an address, and reports whether there were fewer than perMinute.
func (l *Limits) Connect(ctx context.Context, address netip.Prefix, perMinute int) (bool, error) {
	allowed, err := l.connect.Run(ctx, l.client, []string{l.prefix + "connections:" + name(address)}, perMinute).Int()
	return allowed == 1, err
}

// Enter takes in a guest, or says which of the limits keeps them out.
func (l *Limits) Enter(ctx context.Context, g sshserver.Guest, limits sshserver.Limits) (sshserver.Denial, error) {
	keys := slices.Concat([]string{l.self(), l.prefix + "sessions"}, l.shares(g), []string{l.registered(g.Address)})
	answer, err := l.enter.Run(ctx, l.client, keys, l.member(g.ID), l.lease.Milliseconds(),
		limits.Sessions, limits.SessionsPerAddress, limits.SessionsPerNetwork, limits.RegistrationsPerHour, hour.Milliseconds()).Int64Slice()
	if err != nil {
		return sshserver.Denial{}, err
	}
	refusals := []sshserver.Refusal{"", sshserver.RefusedFull, sshserver.RefusedAddress, sshserver.RefusedNetwork, sshserver.RefusedRegistrations}
	switch {
	case len(answer) != 3 || answer[0] < 0 || answer[0] >= int64(len(refusals)):
		return sshserver.Denial{}, errAnswer
	case answer[0] == 0 && answer[2] == 0:
		return sshserver.Denial{}, sshserver.ErrForgotten
	}
	return sshserver.Denial{Why: refusals[answer[0]], Again: time.Duration(answer[1]) * time.Millisecond}, nil
}

// errAnswer says that a script answers what it never does.
var errAnswer = errors.New("the script's answer is not one")

// self is the key that tells that the server is known.
func (l *Limits) self() string { return l.prefix + "server:" + l.server }

// shares are the keys of a guest's address and network.
func (l *Limits) shares(g sshserver.Guest) []string {
	return []string{l.prefix + "sessions:" + name(g.Address), l.prefix + "sessions:" + name(g.Network)}
}

// registered is the key of an address's registrations.
func (l *Limits) registered(address netip.Prefix) string {
	return l.prefix + "registered:" + name(address)
}

// member names what has an id at this server.
func (l *Limits) member(id string) string { return l.server + "/" + id }

// name is a share in the name of a key.
func name(share netip.Prefix) string {
	if !share.IsValid() {
		return "none"
	}
	return share.String()
}
