package wording

import (
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

// OfReceipt is what a person is told of a registration with draft. Already says that an earlier attempt had done the work.
func OfReceipt(draft registration.Draft, r registration.Receipt, already bool) Done {
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
		d.Title.Key, d.What.Key = "done.already.title", "done.already.what"
	}
	return d
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
