package forget

import (
	"runtime"
	"sync"
)

// Sizes of the stacks that are overwritten.
const (
	frame  = 1 << 10 // bytes
	depth  = 24      // frames: the runtime keeps free stacks of up to 16 KiB, and gives larger ones back
	stacks = 64      // at once: as many of each size as lie free
)

// together does work on n goroutines. In each of them, all waits until all n have come so far.
func together(n int, work func(all func())) {
	var come, over sync.WaitGroup
	come.Add(n)
	for range n {
		over.Go(func() {
			work(func() {
				come.Done()
				come.Wait()
			})
		})
	}
	over.Wait()
}

// overwriteStacks uses the stacks that goroutines left behind, which nobody else overwrites: a goroutine that needs a larger stack
// fills one of each size on its way, and while it has that, the others have others.
func overwriteStacks() {
	together(stacks, func(all func()) {
		overwrite(depth)
		all()
	})
}

// overwrite fills n frames of the stack that it is called on.
//
//go:noinline
func overwrite(n int) {
	var bytes [frame]byte
	if n > 1 {
		overwrite(n - 1)
	}
	runtime.KeepAlive(&bytes) // or nobody would need them to be zeros
}
