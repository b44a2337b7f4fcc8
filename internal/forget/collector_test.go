package forget

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// collections runs a collector whose collections are counted.
func collections(t *testing.T, drop ...func()) (c *Collector, count *int) {
	t.Helper()
	count = new(int)
	c = &Collector{gone: make(chan struct{}, 1), drop: drop, collect: func(bool) { *count++ }}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go c.run(ctx)
	return c, count
}

func TestACollectorCollectsSeveralTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dropped := 0
		c, count := collections(t, func() { dropped++ })
		<-time.After(time.Hour)
		if *count != 0 {
			t.Errorf("while nobody was gone it collected %d times", *count)
		}
		c.Forget()
		synctest.Wait()
		if *count != 1 || dropped != 0 {
			t.Errorf("when somebody is gone it collects %d times at once, want 1, and drops %d times, want 0", *count, dropped)
		}
		<-time.After(time.Hour)
		if want := len(pauses()); *count != want || dropped != want-1 {
			t.Errorf("after somebody was gone it collected %d times, want %d, and dropped %d times, want %d", *count, want, dropped, want-1)
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
		if *count < 9 || *count > 11 {
			t.Errorf("while people go for ten seconds it collected %d times, want once a second", *count)
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
