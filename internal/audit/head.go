package audit

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"foyer/internal/wholefile"
)

// A head says where the record ended when it was written last. It is written after the line and before the next one, so a crash
// leaves it one record behind at most, never ahead.
type head struct {
	Number uint64 `json:"number"`
	Last   string `json:"last"`                // MAC of that record; "" when there is none
	ID     string `json:"record_id,omitempty"` // of the whole; "" where it was begun before there were ids
	MAC    string `json:"mac"`
}

// headName is the file with the head of the record in the file called name.
func headName(name string) string { return name + ".head" }

// sign sets the MAC.
func (h head) sign(k Key) head {
	text := fmt.Appendf(nil, "%d %s", h.Number, h.Last)
	if h.ID != "" {
		text = fmt.Appendf(text, " %s", h.ID)
	}
	h.MAC = mac(k.head, text)
	return h
}

// errHead says that the head is not what was written.
var errHead = errors.New("the head is not as it was written")

// fits tells how h is not the head of a record that ends with last, which is the zero one when there is none.
func (h head) fits(last Record) error {
	switch {
	case h.Number > last.Number:
		return fmt.Errorf("the record ends at %d, but there were %d: the last lines are missing", last.Number, h.Number)
	case h.Number == last.Number && h.Last == last.MAC, h.Number+1 == last.Number && h.Last == last.Prev:
		return nil
	case h.Number+1 < last.Number:
		return fmt.Errorf("it is of record %d, but the record ends at %d: it was put back, and lines may be missing", h.Number, last.Number)
	}
	return errors.New("it is of another record")
}

// readHead reads the head; it is fs.ErrNotExist when there is none, and errHead when it was not written with this key.
func readHead(name string, k Key) (head, error) {
	text, err := os.ReadFile(headName(name))
	if err != nil {
		return head{}, err
	}
	var h head
	if json.Unmarshal(text, &h) != nil || !hmac.Equal([]byte(h.sign(k).MAC), []byte(h.MAC)) {
		return head{}, errHead
	}
	return h, nil
}

// writeHead puts h in place of the head, all of it or nothing.
func writeHead(name string, k Key, h head) error {
	text, err := json.Marshal(h.sign(k))
	if err != nil {
		return err
	}
	return wholefile.Replace(headName(name), append(text, '\n'), nil)
}

// exists reports whether there is a file called name.
func exists(name string) (bool, error) {
	_, err := os.Lstat(name)
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}

// missing reports whether err says that there is no such file.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
