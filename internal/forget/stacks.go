package forget

import "sync"

// Sizes of the stacks that are overwritten.
const (
	frame  = 1 << 10 // bytes
	depth  = 24      // frames: the runtime keeps free stacks of up to 16 KiB, and gives larger ones back
	stacks = 64      // at once: as many of each size as lie free
)

// overwriteStacks uses the stacks that goroutines left behind, which nobody else overwrites: a goroutine that needs a larger stack
// fills one of each size on its way.
func overwriteStacks() {
	var filled, over sync.WaitGroup
	filled.Add(stacks)
	for range stacks {
		over.Go(func() {
			overwrite(depth)
			filled.Done()
			filled.Wait() // while all have one, each has another
		})
	}
	over.Wait()
}

// overwrite fills n frames of the stack that it is called on.
//
//go:noinline
func overwrite(n int) byte {
	var bytes [frame]byte
	for i := range bytes {
		bytes[i] = byte(n)
	}
	if n == 0 {
		return bytes[0]
	}
	return overwrite(n-1) + bytes[n]
}
