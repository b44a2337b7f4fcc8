// Package audit keeps the record of who was registered: lines of JSON that are only appended to, each with a MAC over itself
// and over the line before, so that nobody without the key can edit, cut, reorder or double a line unseen.
//
// What is caught, and by what:
//
//	a line was edited, or made up     its own MAC
//	lines were cut out or doubled     the number and the MAC of the line before, in each line
//	lines changed places              likewise
//	the last lines were cut off       the head: a small file beside the record with the last number, under a MAC of its own
//	all was swapped for another       the random id in the first line and in the head, which is also noted beside the key
//	the record as it was long ago     nothing in here: keep an export or the last MAC elsewhere, and compare
//
// A line is on the disk before Append returns. What a crash left half-written was never acknowledged: the next Append takes it
// away and says so in its record. Several processes may share a record.
package audit

import "time"

// An Event is what is recorded. Text from outside has been cleaned by whoever gives it here.
type Event struct {
	Kind      Kind      `json:"kind"`
	At        time.Time `json:"at"` // UTC
	Outcome   string    `json:"outcome"`
	Operator  string    `json:"operator,omitempty"` // the sub of the member of staff in whose name it was done
	Terminal  string    `json:"terminal,omitempty"` // where: a terminal of this machine
	Remote    string    `json:"remote,omitempty"`   // or the address of an SSH client
	Pool      string    `json:"pool,omitempty"`
	Flow      string    `json:"flow,omitempty"`
	Status    string    `json:"status,omitempty"` // of the user
	UserID    string    `json:"user_id,omitempty"`
	Reference string    `json:"reference,omitempty"` // the one on the screen and in the log
	TraceID   string    `json:"trace_id,omitempty"`  // the tenant's name for the last exchange
	// Identifiers are the person's. Whoever appends gives them in clear; see Options.
	Identifiers []Identifier `json:"identifiers,omitempty"`
}

// A Kind is what was done.
type Kind string

// An Identifier is a name that a person signs in with, in clear or as a keyed hash; one of the two is set.
type Identifier struct {
	Type  string `json:"type"`
	Value string `json:"value,omitempty"`
	Hash  string `json:"hash,omitempty"` // HMAC-SHA-256 of type, a zero byte and value, the first 16 bytes in hex
}

// A Record is an event with its place in the chain.
type Record struct {
	Number uint64 `json:"number"` // from 1, without gaps
	Event
	ID   string `json:"record_id,omitempty"`  // in the first record: random, and also in the head, to tell one whole from another
	Torn int64  `json:"torn_bytes,omitempty"` // how much a crash had left half-written before this record
	Prev string `json:"prev"`                 // MAC of the record before, in hex; "" for the first
	MAC  string `json:"-"`                    // HMAC-SHA-256 of the line up to here, in hex; in the line it is the last member, "mac"
}
