package wording

import (
	"strings"
	"time"

	"foyer/internal/registration"
)

// OfKnown is what somebody is told who was recognised as user, by what was recorded of them: a heading, what is known, and what to
// do.
func OfKnown(user registration.User, words Words) (title, what, advice Say) {
	kind := "known"
	if user.Status == string(registration.New) {
		kind += ".unfinished"
	}
	what = Say{Key: kind + ".what"}
	if at := user.CreatedAt; !at.IsZero() {
		what = Say{Key: kind + ".what.since", Args: []any{Day(at, words)}}
	}
	return Say{Key: kind + ".title"}, what, Say{Key: kind + ".advice"}
}

// Day is the day of t in words.
func Day(t time.Time, words Words) string {
	const months = 12
	names := strings.Split(words.Text("date.months"), ", ")
	if len(names) != months {
		return t.Format(time.DateOnly)
	}
	return words.Text("date.words", t.Day(), names[t.Month()-1], t.Year())
}
