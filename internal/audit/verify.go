package audit

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A Report is what a look through a whole record found.
type Report struct {
	Records     uint64 // that are as they were written
	First, Last uint64 // numbers; 0 when there are none
	From, Until time.Time
	MAC         string // of the last one, to be kept elsewhere
	Torn        int    // bytes at the end that a crash left half-written; they were acknowledged to nobody
	Findings    []Finding
}

// Intact reports whether nothing was found.
func (r Report) Intact() bool { return len(r.Findings) == 0 }

// A Finding is a place where a record is not as it was written.
type Finding struct {
	Place Place
	What  string
}

func (f Finding) String() string { return f.Place.String() + ": " + f.What }

// mostFindings bounds a report: after so many it is clear.
const mostFindings = 100

// Verify looks through the record in the file called name and those that were put aside before it. Since is the number of the first
// record that has to be there; 0 is 1. Known, unless it is "", is the MAC of a record that has to be there. An error says that there
// was nothing to look at.
func Verify(ctx context.Context, name string, key Key, since uint64, known string) (Report, error) {
	v := verifier{key: key, report: Report{}, next: max(since, 1), known: known}
	whole, h, headErr, err := snapWithHead(ctx, name, key)
	if err != nil {
		return Report{}, err
	}
	defer whole.close()
	for place, l := range whole.lines() {
		switch {
		case l.err != nil:
			v.find(place, l.err.Error())
		case l.torn:
			v.report.Torn = len(l.text)
		default:
			v.line(place, l.text)
		}
		if len(v.report.Findings) >= mostFindings {
			return v.report, nil // the rest was not looked at
		}
	}
	v.head(name, h, headErr)
	if v.known != "" {
		v.find(Place{File: name}, "the record with the MAC "+v.known+" is not there")
	}
	return v.report, nil
}

// A verifier goes from line to line.
type verifier struct {
	key    Key
	report Report
	next   uint64 // the number that has to come
	prev   string // MAC of the record before
	known  string // MAC of a record that is yet to come; "" for none
	last   Record // the one with the highest number
	id     string // of the whole, in the first record
	broken bool   // the line before was no record: nobody knows its MAC
}

func (v *verifier) find(at Place, what string) {
	v.report.Findings = append(v.report.Findings, Finding{at, what})
}

// line looks at one line.
func (v *verifier) line(at Place, text []byte) {
	r, err := v.key.decode(text)
	if err != nil {
		v.find(at, "this line was changed, or made up")
		v.broken, v.next = true, v.next+1
		return
	}
	began := v.report.Records > 0 || v.broken
	switch {
	case r.Number > v.next:
		v.find(at, fmt.Sprintf("here is record %d where %d belongs: lines are missing", r.Number, v.next))
	case r.Number < v.next && !began && r.Number > 0:
		v.next = r.Number // it begins earlier than it has to
	case r.Number < v.next:
		v.find(at, fmt.Sprintf("here is record %d where %d belongs: lines are doubled or changed places", r.Number, v.next))
	case began && !v.broken && r.Prev != v.prev, r.Number == 1 && r.Prev != "":
		v.find(at, "this line does not follow the one before")
	}
	v.took(r)
}

// took goes on after r.
func (v *verifier) took(r Record) {
	p := &v.report
	if p.Records == 0 {
		p.First, p.From = r.Number, r.At
	}
	p.Records++
	if r.Number == 1 {
		v.id = r.ID
	}
	if r.Number >= p.Last {
		p.Last, p.Until, p.MAC, v.last = r.Number, r.At, r.MAC, r
	}
	if r.MAC == v.known {
		v.known = ""
	}
	v.next, v.prev, v.broken = r.Number+1, r.MAC, false
}

// head looks whether the end is missing.
func (v *verifier) head(name string, h head, err error) {
	at := Place{File: headName(name)}
	switch {
	case missing(err):
		v.find(at, "this file is missing, so nobody knows whether the last lines are there")
	case err != nil:
		v.find(at, "this file was changed, or is of another record")
	default:
		for _, err := range []error{h.fits(v.last), v.owns(h), v.key.anchored(name, h.ID)} {
			if err != nil {
				v.find(at, err.Error())
			}
		}
	}
}

// owns tells whether h is of another record than the first line.
func (v *verifier) owns(h head) error {
	if v.report.First == 1 && v.id != h.ID {
		return errors.New("the first line is of another record")
	}
	return nil
}
