package sshserver

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// A Shared is where several servers count together, so that what is limited is limited for all of them. Each server keeps its
// own count, too: what is in there may be lost at any time, and is told again. It is called by many goroutines, returns as soon
// as ctx ends, and its errors hold nothing secret.
type Shared interface {
	// Connect counts a connection of an address, and reports whether there were fewer than perMinute.
	Connect(ctx context.Context, address netip.Prefix, perMinute int) (bool, error)
	// Enter takes in a guest, or says which of the limits keeps them out: RefusedFull, RefusedAddress, RefusedNetwork or
	// RefusedRegistrations. Who is in there already is let in. ErrForgotten takes them in, too.
	Enter(ctx context.Context, g Guest, l Limits) (Denial, error)
	// Keep says what has become of the server's guests.
	Keep(ctx context.Context, n News) (Kept, error)
}

// ErrForgotten says that nothing was known of the server, which has to say everything again.
var ErrForgotten = errors.New("what the server said was forgotten")

// A Guest is a session.
type Guest struct {
	ID      string       // no other session has it
	Address netip.Prefix // whose share it takes; the zero Prefix when it came by no network
	Network netip.Prefix // likewise
}

// A Registration is a person who was registered.
type Registration struct {
	ID      string // no other registration has it
	Address netip.Prefix
	Ago     time.Duration
}

// News are what has become of a server's guests.
type News struct {
	Inside     []Guest // are here, and were, or are to be taken in whatever the limits say
	Gone       []Guest
	Registered []Registration // may have been told before
}

// Kept is for how long what a server said holds.
type Kept struct {
	For time.Duration // until then it has to say again who is inside, or they count no more
	New bool          // nothing was known of the server: it has to say everything
}

// SharedLimits is whether the limits hold for several servers together.
type SharedLimits string

// The states of shared limits.
const (
	SharedNone SharedLimits = ""     // this server counts by itself, as it was told to
	SharedUp   SharedLimits = "up"   // they hold
	SharedDown SharedLimits = "down" // only those of this server do, since what is shared cannot be reached
)
