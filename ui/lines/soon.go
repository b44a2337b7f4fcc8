package lines

import (
	"context"
	"errors"
	"time"

	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// longestSoon is how long a person elsewhere may wait to begin and type nothing: they may have left.
const longestSoon = 10 * time.Minute

// An outage is that the form cannot be read, once or several times in a row.
type outage struct {
	talk  *talk
	told  *registration.Problem // what was said; nil when nothing was yet
	times int                   // in a row
}

// wait says that nobody can register at the moment, once for as long as it is for the same reason, and waits until the form is to be
// read again, or the person wishes it. At a terminal, what was typed meanwhile is not kept; elsewhere it is no keys, but somebody's
// whole answers, and they are.
func (o *outage) wait(p *registration.Problem) error {
	t := o.talk
	if t.options.Remote { // the log has it, by the reference
		copied := *p
		copied.Staff = ""
		p = &copied
	}
	o.times++
	quiet := o.told != nil && wording.Alike(o.told, p)
	if !quiet {
		o.told = p
	}
	limit := screen.ReopenPause(p, o.times)
	if !t.line.Terminal {
		return o.sleep(limit, quiet)
	}
	clear(t.pending)
	t.pending = nil
	if t.options.Remote && t.options.Now().Sub(t.touched) >= longestSoon {
		limit = 0 // then they are warned, and it ends with them
	}
	_, _, err := t.ask(prompt{help: "help.soon", limit: limit, says: func() {
		if !quiet {
			o.says()
			t.say("lines.soon")
		}
		quiet = false
	}})
	if errors.Is(err, errElapsed) {
		o.houseAgain()
		return nil
	}
	return err
}

// houseAgain has it said in the language of the house again, where the visitor who changed that has left.
func (o *outage) houseAgain() {
	t := o.talk
	house := t.options.Catalogue.Words(t.options.Language)
	if !t.options.Remote && house.Name != t.words.Name && t.options.Now().Sub(t.touched) >= t.options.IdleTimeout {
		t.words, o.told = words{house}, nil
	}
}

// says says what is the matter.
func (o *outage) says() {
	t, said := o.talk, wording.OfSoon(o.told)
	t.out.line("")
	t.tell(said.Title)
	t.tell(said.What...)
	t.tell(wording.ForStaff(o.told)...)
}

// sleep waits where there is no terminal, up to when nobody can be waiting any more.
func (o *outage) sleep(d time.Duration, quiet bool) error {
	t := o.talk
	if !quiet {
		o.says()
	}
	if t.options.Now().Sub(t.touched) >= longestSoon {
		return errIdle
	}
	for ; d > 0; d -= longestCall / 2 {
		if err := t.wait(call{do: func(ctx context.Context) { pause(ctx, min(d, longestCall/2)) }}); err != nil {
			return err
		}
	}
	return nil
}
