package invite

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// version is that of the file's form.
const version = 1

// largest bounds the file, in bytes. It has room for all invitations that there may be, with thousands of holds.
const largest = 4 << 20

// A ledger is what the file holds, as JSON.
type ledger struct {
	Version     int       `json:"version"`
	Invitations []*record `json:"invitations"`
}

// A record is one invitation.
type record struct {
	ID      string    `json:"id"`
	Digest  string    `json:"sha256"` // of the signs of the code, in hexadecimal
	Label   string    `json:"label,omitempty"`
	Uses    int       `json:"uses"`
	Spent   int       `json:"spent,omitempty"`
	Made    time.Time `json:"made"`
	Expires time.Time `json:"expires"`
	Holds   []hold    `json:"holds,omitempty"`
}

// A hold is a use that a session has.
type hold struct {
	ID    string    `json:"id"`
	Until time.Time `json:"until"`
}

// parse reads a ledger. Whatever is not as this package writes it is an error: a file that was cut short, or that somebody
// edited, is not one to let people in by. Errors quote nothing of it.
func parse(from io.Reader) (*ledger, error) {
	text, err := io.ReadAll(io.LimitReader(from, largest+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > largest:
		return nil, fmt.Errorf("the file is larger than %d MiB", largest>>20)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	var l ledger
	if err := decoder.Decode(&l); err != nil {
		return nil, errBroken
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errBroken
	}
	if l.Version != version {
		return nil, fmt.Errorf("the file has version %d, and this version of Foyer knows %d", l.Version, version)
	}
	seen := make(map[string]bool)
	for _, r := range l.Invitations {
		if !r.sound() || seen[r.ID] || seen[r.Digest] {
			return nil, errBroken
		}
		seen[r.ID], seen[r.Digest] = true, true
	}
	return &l, nil
}

// errBroken says what to do about a file that cannot be read.
var errBroken = errors.New("the file is broken; restore it, or move it away to begin with none")

// sound reports whether a record is one that this package writes.
func (r *record) sound() bool {
	if r == nil || len(r.ID) != idSigns || strings.Trim(r.ID, alphabet) != "" {
		return false
	}
	sum, err := hex.DecodeString(r.Digest)
	return err == nil && len(sum) == sha256.Size && r.Uses >= 1 && r.Uses <= MostUses && r.Spent >= 0 && r.Spent+len(r.Holds) <= r.Uses
}

// text is the ledger as it is written.
func (l *ledger) text() ([]byte, error) {
	if l.Invitations == nil {
		l.Invitations = []*record{} // and not null
	}
	text, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return nil, err
	}
	if len(text) >= largest {
		return nil, ErrFull
	}
	return append(text, '\n'), nil
}

// lapse ends the holds whose time is over.
func (l *ledger) lapse(now time.Time) {
	for _, r := range l.Invitations {
		r.Holds = slices.DeleteFunc(r.Holds, func(h hold) bool { return !now.Before(h.Until) })
	}
}
