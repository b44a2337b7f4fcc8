package redislimits

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"foyer/internal/sshserver"
)

// A Trouble is why a Redis cannot be counted in.
type Trouble string

// The troubles.
const (
	NoConnection Trouble = "no_connection" // or none that is answered
	NoEntry      Trouble = "no_entry"      // the user or the password is refused
	NoPermission Trouble = "no_permission" // the user may not do what the scripts do
	NoScript     Trouble = "no_script"     // the scripts fail
)

// An Error is what Check found. Its text holds nothing secret.
type Error struct {
	Trouble Trouble
	Cause   error
}

func (e *Error) Error() string { return "count in Redis: " + e.Cause.Error() }
func (e *Error) Unwrap() error { return e.Cause }

// Address is where the Redis is, as host and port.
func (l *Limits) Address() string { return l.client.Options().Addr }

// Exposed reports whether a password crosses a network without TLS.
func (l *Limits) Exposed() bool {
	o := l.client.Options()
	host, _, err := net.SplitHostPort(o.Addr)
	ip, _ := netip.ParseAddr(host)
	return err == nil && o.TLSConfig == nil && o.Password != "" && !ip.IsLoopback() && host != "localhost"
}

// Check proves that the Redis can be counted in: that it answers, takes the password, and runs each script. What it counts is in
// nobody's way, and lapses. An error is an *Error.
func (l *Limits) Check(ctx context.Context) error {
	if err := l.client.Ping(ctx).Err(); err != nil {
		return troubled(err, NoConnection)
	}
	aside := *l
	aside.prefix += "check:" + rand.Text()[:8] + ":"
	guest := sshserver.Guest{ID: "check"}
	_, connecting := aside.Connect(ctx, guest.Address, 1)
	_, beginning := aside.Keep(ctx, sshserver.News{})
	denial, entering := aside.Enter(ctx, guest, sshserver.Limits{Sessions: 1})
	_, ending := aside.Keep(ctx, sshserver.News{Gone: []sshserver.Guest{guest}})
	if err := errors.Join(connecting, beginning, entering, ending); err != nil {
		return troubled(err, NoScript)
	}
	if denial.Why != "" {
		return &Error{NoScript, fmt.Errorf("%w: the first guest is refused (%s)", errAnswer, denial.Why)}
	}
	return nil
}

// troubled says what err is: Redis begins its errors with a word.
func troubled(err error, otherwise Trouble) *Error {
	for word, trouble := range map[string]Trouble{"WRONGPASS": NoEntry, "NOAUTH": NoEntry, "AUTH": NoEntry, "NOPERM": NoPermission} {
		if strings.Contains(err.Error(), word) {
			return &Error{trouble, err}
		}
	}
	return &Error{otherwise, err}
}
