package forget

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// collections runs a collector whose collections are counted.
func collections(t *testing.T, drop ...func()) (c *Collector, count *atomic.Int64) {
	t.Helper()
	count = new(atomic.Int64)
	c = &Collector{gone: make(chan struct{}, 1), drop: drop, collect: func(bool) { count.Add(1) }}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go c.run(ctx)
	return c, count
}

func TestACollectorCollectsSeveralTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dropped atomic.Int64
		c, count := collections(t, func() { dropped.Add(1) })
		<-time.After(time.Hour)
		synctest.Wait()
		if count.Load() != 0 {
			t.Errorf("while nobody was gone it collected %d times", count.Load())
		}
		c.Forget()
		synctest.Wait()
		if count.Load() != 1 || dropped.Load() != 0 {
			t.Errorf("when somebody is gone it collects %d times at once, want 1, and drops %d times, want 0", count.Load(), dropped.Load())
		}
		<-time.After(time.Hour)
		synctest.Wait()
		if want := int64(len(pauses())); count.Load() != want || dropped.Load() != want-1 {
			t.Errorf("after somebody was gone it collected %d times, want %d, and dropped %d times, want %d", count.Load(), want, dropped.Load(), want-1)
		}
	})
}

func TestACollectorCollectsOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, count := collections(t)
		for range 10_000 { // for ten seconds
			c.Forget()
			<-time.After(time.Millisecond)
		}
		synctest.Wait()
		if n := count.Load(); n < 9 || n > 11 {
			t.Errorf("while people go for ten seconds it collected %d times, want once a second", n)
		}
	})
}

func TestACollectorEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := NewCollector(ctx)
		cancel()
		synctest.Wait()
		c.Forget() // which nobody hears, and which blocks nobody
		c.Forget()
	})
}
