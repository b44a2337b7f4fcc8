package lobby

import "golang.org/x/sys/unix"

// drain drops what was typed and not read (tcflush(3)): it was for what was shown before.
func (h *held) drain() { _ = unix.IoctlSetInt(int(h.In.Fd()), unix.TCFLSH, unix.TCIFLUSH) }
