package main

import (
	"errors"
	"fmt"

	"foyer/internal/forget"
)

// checkMemory tells whether what people type can leave the memory of a process on this machine, started as the check was. It is
// worth a look, and keeps nobody from registering.
func (p *program) checkMemory() {
	if p.harden == nil {
		return
	}
	found, looks := memoryFinding(p.harden(), forget.Refused(p.environ()))
	if found != "" {
		p.row("✓", "memory", found)
	}
	for _, look := range looks {
		p.row("!", "memory", look)
	}
}

// memoryFinding says what is well with the memory, "" for nothing, and what is worth a look. Kept says that the environment has the
// collector keep what it frees.
func memoryFinding(h forget.Hardening, kept bool) (found string, looks []string) {
	switch {
	case h.Dumps == nil && h.Swap == nil:
		found = "no core dumps are written, and none of it goes to the swap"
	case h.Dumps == nil:
		found = "no core dumps are written"
	}
	if h.Dumps != nil {
		looks = append(looks, fmt.Sprintf("core dumps cannot be switched off (%v); switch them off for the machine", h.Dumps))
	}
	switch {
	case errors.Is(h.Swap, errors.ErrUnsupported):
		looks = append(looks, "it cannot be locked on this system, and may go to the swap; encrypt that")
	case h.Swap != nil:
		looks = append(looks, fmt.Sprintf("it is not locked, and may go to the swap (%v); allow it with LimitMEMLOCK=infinity in the unit or memlock in limits.conf, or encrypt the swap", h.Swap))
	}
	if kept {
		looks = append(looks, "GODEBUG has Foyer keep what people typed after they are gone; take clobberfree and asyncpreemptoff out of it")
	}
	return found, looks
}
