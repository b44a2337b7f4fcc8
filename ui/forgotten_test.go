package ui_test

import (
	"sync/atomic"
	"testing"
)

func TestWhoeverWantsToKnowIsToldWhenAPersonIsGone(t *testing.T) {
	var gone atomic.Int32
	kept := newDesk(t)
	kept.willCreate()
	o := options(t, kept)
	o.Forgotten = func() { gone.Add(1) }
	d := start(t, o)
	d.begin()
	d.press("ann@example.com<tab>Ann<back>")
	d.until("Start over?")
	if n := gone.Load(); n != 0 {
		t.Fatalf("%d were gone before anybody was", n)
	}
	d.press("<enter>")
	d.until("Press Enter to begin")
	d.wait("the news that the person is gone", func() bool { return gone.Load() == 1 })
}

func TestTheEndOfASessionIsTheEndOfItsPerson(t *testing.T) {
	var gone atomic.Int32
	o := options(t, newDesk(t))
	o.Forgotten = func() { gone.Add(1) }
	r := connect(t, o)
	r.until("Press Enter to begin")
	r.cancel()
	r.end()
	if gone.Load() == 0 {
		t.Error("nobody was told")
	}
}
