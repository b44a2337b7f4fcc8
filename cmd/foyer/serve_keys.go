package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/config"
	"foyer/internal/sshserver"
	"foyer/internal/watch"
)

// hostKey is the key that the server proves itself by; one that was made just now is said.
func (p *program) hostKey(c config.SSH) (sshserver.HostKey, error) {
	name := c.HostKeyFile
	if name == "" {
		folder := p.stateFolder()
		if folder == "" {
			return sshserver.HostKey{}, &usageError{errors.New("ssh.host_key_file is not set, and neither XDG_STATE_HOME nor HOME says where the key could be")}
		}
		name = filepath.Join(folder, "foyer", "ssh_host_ed25519_key")
	}
	key, err := sshserver.LoadHostKey(name)
	if err != nil {
		return sshserver.HostKey{}, &usageError{fmt.Errorf("ssh.host_key_file: %w", err)}
	}
	if key.Made {
		_, _ = fmt.Fprintf(p.stderr, "foyer: made a host key in %s: %s\n", name, key.Fingerprint())
	}
	if key.Exposed {
		_, _ = fmt.Fprintf(p.stderr, "foyer: warning: others can read the host key %s; chmod 600 it\n", name)
	}
	return key, nil
}

// stateFolder is where programs of this user keep what is to last (XDG Base Directory Specification); "" when nothing says.
func (p *program) stateFolder() string {
	if folder := p.variable("XDG_STATE_HOME"); filepath.IsAbs(folder) {
		return folder
	}
	if home := p.variable("HOME"); home != "" {
		return filepath.Join(home, ".local", "state")
	}
	return ""
}

// An allowance is the keys that are let in, as their file says now. It is safe for concurrent use.
type allowance struct {
	name   string
	watch  *watch.Watch
	logger *slog.Logger

	mu   sync.Mutex // guards what follows
	keys sshserver.AuthorizedKeys
}

// allowed decides about keys; nil lets in everybody.
func allowed(c config.SSH, logger *slog.Logger) (func(gossh.PublicKey) bool, error) {
	if c.Access != config.AccessKeys {
		return nil, nil
	}
	a := &allowance{name: c.AuthorizedKeysFile, watch: watch.New(nil, c.AuthorizedKeysFile), logger: logger}
	if err := a.read(); err != nil {
		return nil, &usageError{fmt.Errorf("ssh.authorized_keys_file: %w", err)}
	}
	return a.allow, nil
}

// allow reports whether key is let in. A file that is gone lets in nobody; one that cannot be read, as when somebody is writing
// it, lets in whom it did before.
func (a *allowance) allow(key gossh.PublicKey) bool {
	if a.watch.Changed() {
		if err := a.read(); err != nil {
			a.watch.Forget()
			a.logger.Error("read ssh.authorized_keys_file again", "error", err)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.keys.Has(key)
}

func (a *allowance) read() error {
	file, err := os.ReadFile(a.name)
	var keys sshserver.AuthorizedKeys
	if err == nil {
		keys, err = sshserver.ParseAuthorizedKeys(file)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys = keys
	return err
}
