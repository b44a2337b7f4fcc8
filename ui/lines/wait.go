package lines

import (
	"time"

	"foyer/ui/wording"
)

// next waits until the person has typed a line, or done something else about it. After limit, unless that is 0, it returns
// errElapsed; without one they are warned when nothing is typed for long.
func (t *talk) next(limit time.Duration) (stroke, error) {
	alarm := t.newAlarm(limit)
	defer alarm.timer.Stop()
	t.gather()
	for {
		if t.interrupted() {
			return interrupted, nil
		}
		k := t.edit.take(&t.pending, t.drained)
		t.out.flush()
		switch {
		case t.ctx.Err() != nil || t.out.err != nil:
			return typing, errCut
		case k == entered && alarm.stays():
			t.stay()
			continue
		case k != typing:
			pause(t.ctx, t.answers.fill(1, t.options.Now()))
			return k, nil
		case t.drained && (limit == 0 || t.line.Terminal): // otherwise it goes on with nobody
			return typing, errDrained
		}
		select {
		case <-t.ctx.Done():
		case piece, ok := <-t.pieces:
			t.receive(piece, ok)
			alarm.touch()
		case size, ok := <-t.line.Resize:
			t.resized(size, ok)
		case left := <-t.line.Notices:
			if err := t.noticed(left); err != nil {
				return typing, err
			}
		case <-alarm.timer.C:
			if err := alarm.rings(); err != nil {
				return typing, err
			}
		}
	}
}

// gather takes what has come behind answers that wait for their questions, so that ctrl+c overtakes them, as it does at a terminal.
func (t *talk) gather() {
	for len(t.pending) > 0 {
		select {
		case piece, ok := <-t.early():
			t.receive(piece, ok)
		default:
			return
		}
	}
}

// receive takes a piece of what the person types; ok is false when nothing more comes.
func (t *talk) receive(piece []byte, ok bool) {
	t.touched = t.options.Now()
	if !ok {
		t.pieces, t.drained = nil, true
		return
	}
	t.pending = grown(t.pending, piece)
	clear(piece)
}

// An alarm rings when a person types nothing for long, or when the time for an answer is over.
type alarm struct {
	talk   *talk
	timer  *time.Timer
	limit  time.Duration
	warned bool
	asked  bool // the person was warned, and enter may be all that they say to that
	typed  int  // of the line, when they were
}

func (t *talk) newAlarm(limit time.Duration) *alarm {
	a := &alarm{talk: t, limit: limit}
	a.timer = time.NewTimer(a.patience())
	return a
}

// slowTimeout is how long a person may be away for a message to come, or a telephone to be found.
const slowTimeout = 5 * time.Minute

// patience is how long nothing may be typed.
func (a *alarm) patience() time.Duration {
	o := a.talk.options
	switch {
	case a.limit > 0:
		return a.limit
	case a.talk.slow:
		return max(o.IdleTimeout, slowTimeout) - o.IdleWarning
	}
	return max(o.IdleTimeout-o.IdleWarning, time.Second)
}

// touch notes that something was typed. The rest of a passcode is not to be typed at another question, where it shows.
func (a *alarm) touch() {
	if a.limit == 0 || a.talk.edit.hidden {
		a.warned = false
		a.timer.Reset(a.patience())
	}
}

// stays reports whether enter, after a warning and nothing else, says that the person is there, and is no answer: that might send
// what they have said.
func (a *alarm) stays() bool {
	stays := a.asked && len(a.talk.edit.text) == a.typed
	a.asked = false
	return stays
}

// rings warns the person, or says how the waiting ends.
func (a *alarm) rings() error {
	t := a.talk
	switch {
	case a.limit > 0:
		return errElapsed
	case t.vacant != nil:
		err := t.vacant()
		a.timer.Reset(a.patience())
		return err
	case a.warned:
		return errIdle
	}
	a.warned, a.asked, a.typed = true, true, len(t.edit.text)
	a.timer.Reset(t.options.IdleWarning)
	warning := []wording.Say{{Key: "idle.title"}, {Key: "idle.what", Args: []any{wording.Seconds(t.options.IdleWarning)}}}
	if r := t.halfMade(); r != nil {
		warning = append(warning, wording.HalfMade(*r))
	}
	t.interject(warning...)
	return nil
}

// stay says that the person is taken to be there, and goes on with the line that they have begun.
func (t *talk) stay() {
	t.enter()
	t.interject(wording.Say{Key: "lines.stayed"})
}

// interject says something while the person types, and shows again what they have typed.
func (t *talk) interject(says ...wording.Say) {
	t.tell(says...)
	t.edit.show()
}

// noticed says how long the session may last, or ends it where nobody is in the middle of anything.
func (t *talk) noticed(left time.Duration) error {
	if len(t.edit.text) == 0 && (t.vacant != nil || t.untouched()) {
		return errClosing
	}
	if minutes := int(left / time.Minute); minutes > 0 {
		t.interject(wording.Say{Key: "app.ending_minutes", Args: []any{minutes}})
	} else {
		t.interject(wording.Say{Key: "app.ending_seconds", Args: []any{int(left / time.Second)}})
	}
	return nil
}
