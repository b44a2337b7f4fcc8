package wording

import "foyer/internal/registration"

// A Soon is what is said in place of the first screen while nobody can register.
type Soon struct {
	Title Say
	What  []Say // why, as far as it concerns a visitor, and what there is to do
}

// Alike reports whether the same is said of a and b, to visitors and to staff.
func Alike(a, b *registration.Problem) bool {
	return OfSoon(a).Title.Key == OfSoon(b).Title.Key && a.Staff == b.Staff
}

// OfSoon is what is said while p keeps the form from being read.
func OfSoon(p *registration.Problem) Soon {
	switch p.Kind { //nolint:exhaustive // the others are for somebody to mend
	case registration.Unavailable, registration.TooMany:
		return Soon{Title: Say{Key: "soon.title"}, What: []Say{{Key: "soon.what"}, {Key: "soon.opens"}}}
	case registration.StaffSignIn:
		return Soon{Title: TitleOf(p), What: []Say{{Key: "soon.staff"}}}
	}
	return Soon{Title: TitleOf(p), What: []Say{{Key: kindOf(p) + ".what"}, {Key: "soon.mended"}}}
}
