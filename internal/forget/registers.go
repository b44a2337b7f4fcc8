package forget

import "runtime"

// spareThreads are interrupted beside two for each processor: as many as idle.
const spareThreads = 16

// overwriteRegisters interrupts threads when their vector registers are empty. Those are what text is copied through, 16 bytes at a time,
// and they keep it until something else is; a thread that a signal interrupts has them put on its stack for signals, which keeps
// them until the next. Each goroutine here has a thread, so that those that idle are used up, and no more are made than at the first time.
func overwriteRegisters() {
	size := registers
	together(spareThreads+2*runtime.GOMAXPROCS(0), func(all func()) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		empty(size)
		interrupt()
		all()
	})
}

// registers is how many bytes the vector registers hold that copy uses (runtime.memmove, on amd64).
const registers = 256

// empty copies n zeros, through the registers.
//
//go:noinline
func empty(n int) {
	var from, to [registers]byte
	copy(to[:n], from[:n])
	runtime.KeepAlive(&to)
}
