package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"foyer/internal/sandbox"
)

// A plan is what happens in one run of the schedule: who comes, what they do when it goes wrong, and what goes wrong. One seed makes
// one plan.
type plan struct {
	seed    uint64
	flow    flow
	pool    string
	guests  []guest
	faults  []sandbox.Fault // of the tenant; each is used up by one request
	outages []outage        // of the network, on top of them
	crashes []crash         // of the program: the first is of its first process, and so on
}

// A flow is a way in, by the settings under registration.
type flow struct{ api, status, verification string }

// A guest is one visit of a person. Two visits may be the same person's.
type guest struct {
	name     string // given_name: whose user it is
	email    string
	comes    time.Duration
	patience time.Duration // after which they walk away from a registration that is under way; 0: they stay
	moods    []mood        // one for each time that it goes wrong
	quits    bool          // afterwards; otherwise they come back until it works
}

// A mood is what somebody does about a problem.
type mood struct {
	do   deed
	wait time.Duration // before that
}

// A deed is one of these.
type deed string

const (
	tryAgain    deed = "tries again"             // the same submission
	changesName deed = "corrects their name"     // Revise
	changesMail deed = "takes another address"   // Revise
	comesBack   deed = "leaves, and comes again" // another submission with the same answers
)

// An outage is a time without a network.
type outage struct{ from, until time.Duration }

// A crash ends a process at one of its writes.
type crash struct {
	write int // from 1
	left  leaving
}

// A leaving is what a crash leaves of the write that it came in the middle of.
type leaving int

const (
	leavesNothing leaving = iota
	leavesHalf            // of what was appended
	leavesLine            // what was appended, and not what was to be replaced after it
	leavesAll             // but nobody heard of it
	leavings
)

// heals is when all faults end. Who still waits then comes back, and has to get through.
const heals = 20 * time.Minute

// planned makes the plan of a seed.
func planned(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 7)) // a schedule has to be the same each time
	p := plan{seed: seed, flow: pick(r, flows()), pool: "passwordless"}
	if r.IntN(40) == 0 {
		p.pool = "customers" // hashing passwords takes most of the time that there is
	}
	p.guests = p.party(r)
	for _, e := range p.flow.endpoints() {
		if r.Float64() < e.share {
			p.faults = append(p.faults, e.trouble(r)...)
		}
	}
	for range r.IntN(3) {
		from := within(r, 0, 3*time.Minute)
		p.outages = append(p.outages, outage{from, from + within(r, time.Second, 4*time.Minute)})
	}
	first := 1
	for range pick(r, []int{0, 0, 1, 1, 2}) {
		c := crash{first + r.IntN(7), leaving(r.IntN(int(leavings)))}
		if first = 1; c.left == leavesLine {
			first = 2 // the first write after that mends the head before it appends, which one leaving cannot tell
		}
		p.crashes = append(p.crashes, c)
	}
	return p
}

// String is the plan, to be read.
func (p plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %+v in pool %s\n", p.seed, p.flow, p.pool)
	for _, g := range p.guests {
		fmt.Fprintf(&b, "  guest   %+v\n", g)
	}
	for _, f := range p.faults {
		text, _ := f.MarshalJSON()
		fmt.Fprintf(&b, "  fault   %s\n", text)
	}
	for _, o := range p.outages {
		fmt.Fprintf(&b, "  outage  %v to %v\n", o.from, o.until)
	}
	for _, c := range p.crashes {
		fmt.Fprintf(&b, "  crash   at write %d, leaves %s\n", c.write, []string{"nothing", "half of it", "a line without its head", "all of it"}[c.left])
	}
	return b.String()
}

func flows() []flow {
	return []flow{
		{"create", "active", "none"},
		{"create", "active", "code"},
		{"create", "active", "before"},
		{"create", "inactive", "none"},
		{"create", "new", "code"},
		{"create", "new", "link"},
		{"self_register", "", "code"},
		{"self_register", "", "link"},
	}
}

// party is who comes: one to three people, sometimes two with one address, sometimes one of them twice.
func (p plan) party(r *rand.Rand) []guest {
	var all []guest
	for i := range 1 + r.IntN(3) {
		g := guest{name: []string{"Ann", "Bea", "Cleo"}[i], comes: within(r, 0, 15*time.Second)}
		g.email = fmt.Sprintf("%s%d@example.com", g.name, p.seed)
		if i > 0 && r.IntN(4) == 0 {
			g.email = all[0].email
		}
		all = append(all, g.restless(r, p.flow))
	}
	if r.IntN(5) == 0 {
		twin := all[0]
		twin.comes += within(r, 0, 20*time.Second)
		twin = twin.restless(r, p.flow)
		all[0], twin = all[0].constant(), twin.constant()
		all = append(all, twin)
	}
	return all
}

// constant is g who changes no answer.
func (g guest) constant() guest {
	for i, m := range g.moods {
		if m.do == changesMail || m.do == changesName {
			g.moods[i].do = comesBack
		}
	}
	return g
}

// restless is g with moods.
func (g guest) restless(r *rand.Rand, f flow) guest {
	deeds := []deed{tryAgain, tryAgain, tryAgain, comesBack, changesName, changesMail}
	if f.api == "self_register" {
		deeds = deeds[:4] // what was sent first stays; the tenant does not say so
	}
	g.moods = nil
	for range r.IntN(5) {
		g.moods = append(g.moods, mood{pick(r, deeds), within(r, 0, pick(r, []time.Duration{2 * time.Second, 30 * time.Second, 3 * time.Minute}))})
	}
	g.patience = 0
	if r.IntN(4) == 0 {
		g.patience = within(r, 50*time.Millisecond, 30*time.Second)
	}
	g.quits = r.IntN(6) == 0
	return g
}

// An endpoint is a place where it can go wrong.
type endpoint struct {
	match string
	share float64 // of the runs in which it does
	work  bool    // whether more comes of it than an answer
}

// endpoints are those that a flow meets.
func (f flow) endpoints() []endpoint {
	all := []endpoint{
		{"GET " + wellKnown, 0.1, false}, {"POST /oauth2/token", 0.3, false}, {"GET /pools", 0.1, false}, {"GET /schemas", 0.1, false},
	}
	if f.api == "self_register" {
		return append(all, endpoint{"POST /user/register", 0.8, true}, endpoint{"/activate$", 0.5, true})
	}
	all = append(all, endpoint{"POST /users$", 0.8, true}, endpoint{"POST /users/by_key", 0.4, false}, endpoint{"DELETE /users/", 0.2, true})
	switch {
	case f.verification == "before":
		all = append(all, endpoint{"POST /otp/transient$", 0.4, true}, endpoint{"POST /otp/transient/", 0.5, true}, endpoint{"GET /otp/transient/", 0.3, false})
	case f.status == "new":
		all = append(all, endpoint{"POST /activation/send", 0.6, true}, endpoint{"/activate$", 0.5, true})
	case f.verification == "code":
		all = append(all, endpoint{"POST /verification/request", 0.6, true}, endpoint{"POST /verification/complete", 0.5, true})
	}
	return all
}

const wellKnown = "/.well-known/openid-configuration"

// trouble is what goes wrong at an endpoint, request by request, some of which go well.
func (e endpoint) trouble(r *rand.Rand) []sandbox.Fault {
	var all []sandbox.Fault
	for range 1 + r.IntN(pick(r, []int{1, 3, 8})) {
		f := sandbox.Fault{}
		if r.IntN(4) > 0 {
			f = mishap(r, e.work)
		}
		if f.Status == http.StatusUnauthorized && !strings.Contains(e.match, "/users") {
			f.Status = http.StatusServiceUnavailable // a client that is refused is not presented again, on purpose
		}
		f.Match, f.Times = e.match, 1
		all = append(all, f)
	}
	return all
}

// mishap is a fault of one request. Where there is work to be done, it comes before or after that. What says that nothing was done
// comes only before: a tenant that lies about that cannot be helped.
func mishap(r *rand.Rand, work bool) sandbox.Fault {
	after := work && r.IntN(2) == 0
	wait := pick(r, []time.Duration{0, 0, time.Second, 10 * time.Second, 2 * time.Minute})
	switch r.IntN(14) {
	case 0:
		return sandbox.Fault{Drop: sandbox.DropBefore}
	case 1:
		return sandbox.Fault{Drop: sandbox.DropAfter}
	case 2:
		return sandbox.Fault{Drop: sandbox.DropWithin}
	case 3:
		return sandbox.Fault{Hang: true, After: after}
	case 4, 5, 6:
		status := pick(r, []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout})
		return sandbox.Fault{Status: status, RetryAfter: wait, After: after, ErrorShape: pick(r, []sandbox.ErrorShape{"", sandbox.ShapeHTML, sandbox.ShapeEmpty})}
	case 7:
		return sandbox.Fault{Status: http.StatusRequestTimeout, After: after}
	case 8:
		return sandbox.Fault{Status: http.StatusTooManyRequests, RetryAfter: wait}
	case 9:
		return sandbox.Fault{Status: http.StatusUnauthorized}
	case 10:
		return sandbox.Fault{Page: true, After: after}
	case 11:
		return sandbox.Fault{Malformed: true}
	case 12:
		return sandbox.Fault{Oversized: true}
	default:
		return sandbox.Fault{Drip: within(r, time.Second, 40*time.Second)}
	}
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func within(r *rand.Rand, from, until time.Duration) time.Duration {
	return from + time.Duration(r.Int64N(int64(until-from)))
}
