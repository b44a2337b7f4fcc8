package lines

import (
	"time"

	"foyer/ui/wording"
)

// menu says says, reads out what can be done, and returns which of it the person wants: the first when they press enter alone.
func (t *talk) menu(help string, says func(), can []wording.Option) (int, error) {
	return t.menuFor(0, help, says, can)
}

// menuFor is menu for a person who has limit to answer; then it returns errElapsed. A limit of 0 is none.
func (t *talk) menuFor(limit time.Duration, help string, says func(), can []wording.Option) (int, error) {
	m := newMenu(can, t.words)
	p := prompt{help: help, limit: limit, says: func() {
		says()
		m = newMenu(can, t.words)
		t.readOut(m)
		t.say("lines.menu", can[0].Say.In(t.words))
	}}
	for {
		text, _, err := t.ask(p)
		if err != nil || text == "" {
			return 0, err
		}
		if i, ok := t.pick(&m, text); ok {
			return i, nil
		}
	}
}
