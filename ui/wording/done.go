package wording

import (
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
)

// A Done is what the last screen of a registration says.
type Done struct {
	Registered bool // the account is there for good, and is not waiting for a message to be followed
	Title      Say
	What       Say      // leads to Shown
	Shown      []string // the names to sign in with, or where the message went
	Next       []Say    // what the person does now
}

// OfReceipt is what a person is told at now, in the time zone of the place, of a registration with draft. Already says that an
// earlier attempt had done the work.
func OfReceipt(draft registration.Draft, r registration.Receipt, already bool, now time.Time) Done {
	d := Done{
		Registered: r.Status != string(registration.New) || r.Next == registration.NextWait,
		Title:      Say{Key: "done.almost.title"}, What: Say{Key: "done.sent." + string(r.Next)},
		Shown: []string{clean.Line(r.Address, LongestLabel)}, Next: next(r),
	}
	if r.Next == registration.NextEnterCode {
		d.Title.Key = "done.unfinished.title"
	}
	if d.Registered {
		d.Title.Key, d.What.Key, d.Shown = "done.title", "done.what", names(draft, r)
	}
	if already {
		d.Title.Key = "done.already.title"
		d.What = Say{Key: "done.already.what", Args: []any{doneAt(r.At, now), signInOf(draft)}}
	}
	return d
}

// doneAt says when an earlier attempt did the work, as far as that is known.
func doneAt(at, now time.Time) Say {
	local := at.In(now.Location())
	clock := local.Format("15:04")
	switch {
	case at.IsZero():
		return Say{Key: "done.already.once"}
	case local.Format(time.DateOnly) == now.Format(time.DateOnly):
		return Say{Key: "done.already.today", Args: []any{clock}}
	}
	return Say{Key: "done.already.on", Args: []any{Say{Day: local}, clock}}
}

// signInOf leads to what the person signs in with, beside the password of the earlier attempt, if there is one.
func signInOf(draft registration.Draft) Say {
	if draft.Password.IsZero() {
		return Say{Key: "done.already.names"}
	}
	return Say{Key: "done.already.password"}
}

// names are what the person signs in with.
func names(draft registration.Draft, r registration.Receipt) []string {
	identifiers := r.Identifiers
	if len(identifiers) == 0 {
		identifiers = draft.Identifiers
	}
	var names []string
	for _, id := range identifiers {
		if id.Identifier != "" {
			names = append(names, clean.Line(id.Identifier, LongestLabel))
		}
	}
	return names
}

// next is what the person does now.
func next(r registration.Receipt) []Say {
	address := clean.Line(r.Address, LongestLabel)
	first := Say{Key: "done.next." + string(registration.NextSignIn)}
	if r.Status != string(registration.Active) {
		first.Key = "done.next." + string(registration.NextWait)
	}
	registered := r.Status != string(registration.New)
	switch {
	case r.Next == registration.NextVerifyAddress:
		return []Say{first, {Key: "done.next.verify_address", Args: []any{address}}}
	case r.Next == registration.NextEnterCode && registered: // left with the address not verified
		return []Say{first, {Key: "done.next.unverified", Args: []any{address}}}
	}
	return []Say{{Key: "done.next." + string(r.Next)}}
}
