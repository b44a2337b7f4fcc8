package forget

import "golang.org/x/sys/unix"

// interrupt interrupts the thread that it is called on, by the signal that the runtime itself uses for that and ignores otherwise.
func interrupt() { _ = unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGURG) }
