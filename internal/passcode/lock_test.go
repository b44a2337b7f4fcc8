package passcode

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/secret"
)

// light returns the hash of a passcode with parameters that cost nothing, which Parse would refuse.
func light(code string) Hash {
	h := Hash{memory: 8, passes: 1, lanes: 1, salt: make([]byte, saltSize), sum: make([]byte, sumSize)}
	h.sum = h.of(secret.New(code))
	return h
}

func TestALockIsThrottledMoreAndMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reports []bool
		l := NewLock(light("open sesame"), time.Now, func(_ context.Context, opened bool) { reports = append(reports, opened) })
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
			opened, wait := l.Try(t.Context(), secret.New("open barley"))
			if want *= time.Second; opened || wait != want || l.Wait() != want {
				t.Fatalf("a wrong passcode: %t, %s, and then %s, want to wait %s", opened, wait, l.Wait(), want)
			}
			time.Sleep(want - 1) //nolint:forbidigo // of the bubble's clock
			if opened, wait := l.Try(t.Context(), secret.New("open sesame")); opened || wait != 1 {
				t.Fatalf("before the wait is over: %t, %s", opened, wait)
			}
			time.Sleep(time.Nanosecond) //nolint:forbidigo // likewise
		}
		if opened, wait := l.Try(t.Context(), secret.New("open sesame")); !opened || wait != 0 {
			t.Errorf("after the wait: %t, %s", opened, wait)
		}
		if _, wait := l.Try(t.Context(), secret.New("")); wait != time.Second {
			t.Errorf("the first wrong one after a right one: wait %s", wait)
		}
		want := append(slices.Repeat([]bool{false}, 11), true, false)
		if !slices.Equal(reports, want) {
			t.Errorf("the reports are %t, want those of what was tried: %t", reports, want)
		}
	})
}

func TestNothingIsTriedForWhoHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := NewLock(light("open sesame"), time.Now, func(context.Context, bool) { t.Error("something was tried") })
	if opened, wait := l.Try(ctx, secret.New("open sesame")); opened || wait != 0 {
		t.Errorf("Try() = %t, %s", opened, wait)
	}
}

func TestGuessesAtTheSameTimeAreOneAfterTheOther(t *testing.T) {
	tried := 0 // without a lock: the race detector looks
	l := NewLock(light("open sesame"), time.Now, func(context.Context, bool) { tried++ })
	done := make(chan bool)
	for range 8 {
		go func() {
			l.Try(t.Context(), secret.New("open barley"))
			done <- true
		}()
	}
	for range 8 {
		<-done
	}
	if tried != 1 {
		t.Errorf("%d were tried, want the others to wait", tried)
	}
}
