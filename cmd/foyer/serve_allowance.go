package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/config"
	"foyer/internal/sshserver"
	"foyer/internal/watch"
)

// An allowance is the keys that are let in, as their file says now. It is safe for concurrent use.
type allowance struct {
	name   string
	watch  *watch.Watch
	logger *slog.Logger

	mu   sync.Mutex // guards what follows
	keys sshserver.AuthorizedKeys
	seen [sha256.Size]byte // of the file, and of what was wrong with it
}

// allowed decides about keys; nil where they do not.
func allowed(c config.SSH, logger *slog.Logger) (*allowance, error) {
	if c.Access != config.AccessKeys {
		return nil, nil
	}
	a := &allowance{name: c.AuthorizedKeysFile, watch: watch.New(nil, c.AuthorizedKeysFile), logger: logger}
	switch _, err := a.read(); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &usageError{fmt.Errorf("ssh.authorized_keys_file: there is no file %s; make it, with a public key a line", a.name)}
	case errors.Is(err, fs.ErrPermission):
		return nil, &usageError{fmt.Errorf("ssh.authorized_keys_file: %w; let the user that Foyer runs as read it", err)}
	case err != nil:
		return nil, &usageError{fmt.Errorf("ssh.authorized_keys_file: %s: %w", a.name, err)}
	}
	return a, nil
}

// allow reports whether key is let in. A file that is gone lets in nobody; one that cannot be read, as when somebody is writing
// it, lets in whom it did before.
func (a *allowance) allow(key gossh.PublicKey) bool {
	if a.watch.Changed() {
		a.readAgain()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.keys.Has(key)
}

// readAgain reads the file and logs what comes of it, once for each change: what is wrong with it is met again and again, since it
// is read until it is right.
func (a *allowance) readAgain() {
	news, err := a.read()
	if err != nil {
		a.watch.Forget()
	}
	if !news {
		return
	}
	log := a.logger.With("file", a.name)
	switch n := a.count(); {
	case errors.Is(err, fs.ErrNotExist):
		log.Error("ssh.authorized_keys_file is gone: no key is let in until it is there again")
	case err != nil:
		log.Error("ssh.authorized_keys_file was read again and is not taken: the keys before stay in force", "error", err, "keys", n)
	case n == 0:
		log.Warn("ssh.authorized_keys_file was read again and has no keys: nobody is let in")
	default:
		log.Info("ssh.authorized_keys_file was read again and is in force", "keys", n)
	}
}

// read reads the file, and reports whether it is another than the last, or is wrong in another way.
func (a *allowance) read() (news bool, err error) {
	file, err := os.ReadFile(a.name)
	var keys sshserver.AuthorizedKeys
	if err == nil {
		keys, err = sshserver.ParseAuthorizedKeys(file)
	}
	seen := sha256.Sum256(fmt.Appendf(nil, "%v\n%s", err, file))
	a.mu.Lock()
	defer a.mu.Unlock()
	news, a.seen = seen != a.seen, seen
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		a.keys = keys
	}
	return news, err
}

// count is how many keys are let in.
func (a *allowance) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.keys)
}

// advice is what to do where no key is let in; "" where one is.
func (a *allowance) advice() string {
	if a.count() > 0 {
		return ""
	}
	return "there is no key in " + a.name + ", so that nobody can connect; write one there, as in OpenSSH's authorized_keys"
}
