package config

import (
	"path/filepath"

	"foyer/internal/passcode"
)

// checkLock rejects a lock that nobody can open, and a terminal that depends on where the kiosk was started.
func (l *loader) checkLock() {
	const hash, terminal = "kiosk.passcode_hash", "kiosk.terminal"
	k := l.config.Kiosk
	switch {
	case !l.good(hash, "kiosk.locked"):
	case !k.PasscodeHash.IsZero():
		if _, err := passcode.Parse(k.PasscodeHash); err != nil {
			l.reject(hash, err.Error(), "run 'foyer passcode', and put what it prints here, in single quotes")
		}
	case k.Locked:
		l.reject(hash, "is required by kiosk.locked", "run 'foyer passcode', which asks for a passcode and prints its hash; "+l.keys.howToSet(hash))
	}
	if l.good(terminal) && k.Terminal != "" && !filepath.IsAbs(k.Terminal) {
		l.reject(terminal, quote(k.Terminal)+" is not the whole name of a terminal", "write one such as /dev/tty1")
	}
}
