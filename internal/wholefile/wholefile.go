// Package wholefile writes files that are there whole or not at all, whatever is interrupted. What it writes is on the disk when it
// returns, and only its owner can read it (mode 0600).
package wholefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
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
	draft, err := os.CreateTemp(filepath.Dir(name), drafts(name)+"*") // with mode 0600
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

// drafts is how the names of files begin that are to get a name.
func drafts(name string) string { return "." + filepath.Base(name) + "-" }

// abandoned is after how long a file that did not get its name is one that a crash has left.
const abandoned = time.Hour

// Sweep removes what a crash has left of writing the file called name.
func Sweep(name string) {
	entries, _ := os.ReadDir(filepath.Dir(name))
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), drafts(name)) && info.Mode().IsRegular() && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(filepath.Dir(name), e.Name()))
		}
	}
}

// Try tells why the file called name could not be made or replaced: in its folder, or in the nearest above that there is, where that
// is to be made. It leaves everything as it was.
func Try(name string) error {
	folder := filepath.Dir(name)
	for {
		above := filepath.Dir(folder)
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) || above == folder {
			break
		}
		folder = above
	}
	f, err := os.CreateTemp(folder, drafts(name)+"*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// SyncName has the name of a file on the disk. Where a folder cannot be synced, as on some systems and network file systems, it is
// there as soon as they see to it.
func SyncName(name string) {
	if folder, err := os.Open(filepath.Dir(name)); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}
