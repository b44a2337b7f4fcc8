package lines_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"foyer/ui"
	"foyer/ui/lines"
)

func TestWhoeverWantsToKnowIsToldWhenAPersonIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gone atomic.Int32
		p := meet(t, newOffice(t), func(o *ui.Options, l *lines.Line) {
			local(o, l)
			o.Forgotten = func() { gone.Add(1) }
		})
		p.goes(`
			Press Enter to begin
			>
			Question 1 of 2
			> ann@example.com`)
		p.hears("Question 2 of 2")
		if n := gone.Load(); n != 0 {
			t.Errorf("%d were gone before anybody was", n)
		}
		p.goes(`
			> <
			> <
			Start over?
			> yes
			Press Enter to begin`)
		if n := gone.Load(); n != 1 {
			t.Errorf("when the next person may come, %d were gone, want 1", n)
		}
	})
}
