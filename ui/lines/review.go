package lines

import (
	"errors"

	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// review says all answers before they are sent, leads to any of them and back, and registers the person.
func (t *talk) review(screen.Entry) error {
	for {
		pointers, m := t.rows()
		text, _, err := t.ask(prompt{help: "help.review", says: func() {
			pointers, m = t.rows()
			t.out.line("")
			t.say("review.title")
			t.readOut(m)
			if id := t.draft.Recorded.Identifier; id != "" {
				t.say("review.recorded", id)
			}
			t.say("review.what")
		}})
		switch {
		case err != nil:
			return err
		case text == "":
			err = t.settle()
		default:
			if i, ok := t.pick(&m, text); ok {
				err = t.change(screen.Entry{At: pointers[i], Once: true})
			}
		}
		if !errors.Is(err, errBack) && (err != nil || text == "") {
			return err
		}
	}
}

// rows are the answers to be reviewed, and where they stand in the draft.
func (t *talk) rows() (pointers []string, m menu) {
	var rows []wording.Option
	add := func(pointer, label, answer string) {
		pointers = append(pointers, pointer)
		rows = append(rows, wording.Option{Say: wording.Say{Text: t.words.Text("lines.row", label, answer)}, Value: pointer})
	}
	for _, q := range t.form.Questions(t.draft) {
		if q.Acts() {
			continue
		}
		answer := t.shown(q)
		if answer == "" {
			answer = wording.AnswerOf(t.draft, q, t.words)
		}
		add(q.Pointer, wording.RowLabelOf(q, t.words), answer)
	}
	for _, pointer := range t.form.Credentials() {
		if pointer == registration.PointerTOTPSecret {
			add(pointer, t.words.Text("review.totp"), t.words.Text("review.totp.done"))
		} else {
			add(pointer, t.words.Text("review.password"), t.words.Text("lines.password.set"))
		}
	}
	return pointers, newMenu(rows, t.words)
}

// change asks once more for what e points at. Nil says that it was answered, errBack that it stays as it was.
func (t *talk) change(e screen.Entry) error {
	switch e.At {
	case registration.PointerPassword:
		return t.password(e)
	case registration.PointerTOTPSecret:
		return t.totp(e)
	}
	return t.details(e)
}
