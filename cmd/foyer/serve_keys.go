package main

import (
	"errors"
	"fmt"
	"io/fs"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/config"
	"foyer/internal/sshserver"
)

// hostKeys are the keys that the server proves itself by, the first of them read by load.
func (p *program) hostKeys(c config.SSH, load func(name string) (sshserver.HostKey, error)) ([]sshserver.HostKey, error) {
	name, err := p.stateFile("ssh.host_key_file", c.HostKeyFile, "ssh_host_ed25519_key")
	if err != nil {
		return nil, err
	}
	first, err := load(name)
	if err != nil {
		return nil, &usageError{fmt.Errorf("ssh.host_key_file: %w", err)}
	}
	keys := []sshserver.HostKey{first}
	for _, name := range c.HostKeyFiles {
		key, err := sshserver.ReadHostKey(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, &usageError{fmt.Errorf("ssh.host_key_files: there is no file %s; make it: ssh-keygen -t ed25519 -N '' -f %s", name, name)}
		case err != nil:
			return nil, &usageError{fmt.Errorf("ssh.host_key_files: %w", err)}
		}
		for _, other := range keys {
			if other.Fingerprint() == key.Fingerprint() {
				return nil, &usageError{fmt.Errorf("ssh.host_key_files: %s and %s hold the same key; keep one", other.Name, name)}
			}
			key.Next = key.Next || key.Signer.PublicKey().Type() == other.Signer.PublicKey().Type()
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// tellOfKeys prints which key was made just now, and which others can read.
func (p *program) tellOfKeys(keys []sshserver.HostKey) {
	for _, key := range keys {
		if key.Made {
			p.say("made a host key in %s: %s", key.Name, key.Fingerprint())
		}
		if key.Exposed {
			p.say("warning: others can read the host key %s; chmod 600 it", key.Name)
		}
	}
}

// signers are what the keys sign by.
func signers(keys []sshserver.HostKey) []gossh.Signer {
	var all []gossh.Signer
	for _, key := range keys {
		all = append(all, key.Signer)
	}
	return all
}
