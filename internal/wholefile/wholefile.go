// Package wholefile writes files that are there whole or not at all, whatever is interrupted. What it writes is on the disk when it
// returns, and only its owner can read it (mode 0600).
package wholefile

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace puts text in place of the file called name, which need not be there; its folder has to. Prepare, which may be nil, is
// given the new file before it has the name.
func Replace(name string, text []byte, prepare func(*os.File)) error {
	return write(name, text, prepare, os.Rename)
}

// Create makes the file called name, and the folder for it (mode 0700). It is fs.ErrExist, and changes nothing, when there is one.
func Create(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return write(name, text, nil, os.Link) // unlike a rename, it replaces nothing
}

// write writes a file beside name, and has give it the name.
func write(name string, text []byte, prepare func(*os.File), give func(draft, name string) error) error {
	draft, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	if prepare != nil {
		prepare(draft)
	}
	_, err = draft.Write(text)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := give(draft.Name(), name); err != nil {
		return err
	}
	SyncName(name)
	return nil
}

// SyncName has the name of a file on the disk. Where a folder cannot be synced, as on some systems and network file systems, it is
// there as soon as they see to it.
func SyncName(name string) {
	if folder, err := os.Open(filepath.Dir(name)); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}
