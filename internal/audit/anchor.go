package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"foyer/internal/filelock"
	"foyer/internal/wholefile"
)

// anchors are the ids of the records that were begun with a key, by the names of their files. They lie beside the key, where the
// records are not: whoever can write there can change records anyhow.
type anchors map[string]string

// anchorsName is the file with the anchors of the key in the file called key.
func anchorsName(key string) string { return key + ".records" }

// readAnchors reads the anchors of k; there are none where it is from no file.
func (k Key) readAnchors() (anchors, error) {
	if k.file == "" {
		return anchors{}, nil
	}
	text, err := os.ReadFile(anchorsName(k.file))
	if missing(err) {
		return anchors{}, nil
	}
	a := anchors{}
	if err == nil && len(text) > 0 { // it may be empty, as after a disk was full
		err = json.Unmarshal(text, &a)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s, which says what records were begun with the key: %w; put it back from a copy, or away", anchorsName(k.file), err)
	case a == nil:
		return anchors{}, nil
	}
	return a, nil
}

// errSwapped says that a record is not the one that was begun under its name.
var errSwapped = errors.New("this is not the record that was begun here, but another one by the same key, put in its place")

// anchored tells how id is not that of the record that was begun in the file called name. A name that nobody knows, as of a copy,
// says nothing.
func (k Key) anchored(name, id string) error {
	a, err := k.readAnchors()
	if err != nil {
		return err
	}
	whole, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	if known, ok := a[whole]; ok && known != id {
		return errSwapped
	}
	return nil
}

// anchor notes the id of the record in the file called name. Where it cannot be written beside the key, as on a medium that is only
// read, there is no anchor.
func (k Key) anchor(ctx context.Context, name, id string) {
	whole, err := filepath.Abs(name)
	a, readErr := k.readAnchors()
	if k.file == "" || id == "" || errors.Join(err, readErr) != nil || a[whole] == id {
		return
	}
	_ = filelock.New().Do(ctx, anchorsName(k.file), func() error {
		a, err := k.readAnchors() // another record may have been begun meanwhile
		if err != nil {
			return err
		}
		a[whole] = id
		text, err := json.MarshalIndent(a, "", "  ")
		if err != nil {
			return err
		}
		return wholefile.Replace(anchorsName(k.file), append(text, '\n'), nil)
	})
}
