package forget

import "runtime"

// Vector registers are what text is copied through, 16 bytes at a time, and they keep it until something else is. A thread that is
// interrupted puts them into memory: the kernel on the stack for signals, the runtime where it keeps those of the goroutine that it
// takes from the thread (runtime.xRegState). Both places keep them until the next time.

// Numbers of what is interrupted.
const (
	spareThreads = 16 // beside two for each processor
	spinners     = 4  // goroutines for each processor, so that there is one on each while others wait
	turns        = 4  // of each
	spins        = 1 << 16
)

// overwriteRegisters empties the vector registers of threads and interrupts them, so that both places hold nothing.
func overwriteRegisters() {
	processors := runtime.GOMAXPROCS(0)
	together(spareThreads+2*processors, func(all func()) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		empty(registers)
		interrupt()
		all() // have one: those that idle are used up, and no more are made than at the first time
	})
	together(spinners*processors, func(func()) {
		var stats runtime.MemStats
		for range turns {
			empty(registers)
			spin(spins)
			runtime.ReadMemStats(&stats) // stops the world, and so takes the others from their threads
		}
	})
}

// registers is how many bytes the vector registers hold that copy uses (runtime.memmove, on amd64).
const registers = 256

// empty copies n zeros, through the registers.
//
//go:noinline
func empty(n int) byte {
	var from, to [registers]byte
	copy(to[:n], from[:n])
	return to[n-1]
}

// spin is busy, and does nothing with vector registers.
//
//go:noinline
func spin(n int) (sum int) {
	for i := range n {
		sum += i
	}
	return sum
}
