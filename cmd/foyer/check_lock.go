package main

import (
	"foyer/internal/config"
	"foyer/internal/lobby"
)

// checkLock tells how the kiosk is locked, if it is, and what about that is worth a look. That its hash can be used, the configuration
// has proven.
func (p *program) checkLock(cfg *config.Config) {
	if !cfg.Kiosk.Locked {
		return
	}
	const row = "kiosk lock"
	found := "the passcode of staff leaves it; its terminal is the one that it is started on"
	if cfg.Kiosk.Terminal != "" {
		found = "the passcode of staff leaves it; its terminal is " + cfg.Kiosk.Terminal
	}
	p.row("✓", row, found)
	for _, look := range looksAtLock(cfg) {
		p.row("!", row, look)
	}
}

// looksAtLock is what is worth a look.
func looksAtLock(cfg *config.Config) (looks []string) {
	if name := cfg.Kiosk.Terminal; name != "" {
		f, err := lobby.Open(name)
		if err == nil {
			_ = f.Close()
		} else {
			looks = append(looks, err.Error()+"; the kiosk waits until it can be opened by the user that it runs as")
		}
	}
	if cfg.Audit.File == "" {
		looks = append(looks, "who tries to leave is in no record; set audit.file")
	}
	if cfg.Auth.Grant == config.GrantAuthorizationCode {
		looks = append(looks, "staff signs in in a browser on this machine, which a visitor could then use; auth.grant device_code needs none")
	}
	return looks
}
