package registration

// An IntentState is how much is known of an intent: the wish of one person to have one account. What was heard of the tenant, and
// what was looked up, are its events:
//
//	           send    accept  refuse   lose     find ours  find other  find none  lapse    tell  withdraw   crash
//	planned    sent    -       -        -        -          -           -          -        -     -          planned
//	sent       -       made    refused  unclear  -          -           -          -        -     -          unclear
//	unclear    resent  -       -        -        made       refused     unclear    planned  -     -          unclear
//	resent     -       made    unclear  unclear  -          -           -          -        -     -          unclear
//	refused    sent    -       -        -        made       -           -          -        -     -          refused
//	made       -       -       -        -        -          -           -          -        told  withdrawn  made
//	told       -       -       -        -        -          -           -          -        told  withdrawn  told
//	withdrawn  sent    -       -        -        -          -           -          -        -     -          withdrawn
//
// An intent is sent again with the key of the first time, whose answer the tenant replays for a minute. From unclear, a refusal of
// what was sent again says nothing of what was sent before: only the look-up does. When it finds nobody, the request may still be
// on its way, until the key has lapsed; then the intent is as new, with another key.
type IntentState string

// The states.
const (
	IntentPlanned   IntentState = "planned"   // nothing was sent
	IntentSent      IntentState = "sent"      // for the first time, and not answered yet
	IntentUnclear   IntentState = "unclear"   // an attempt had no answer that decides: the user may exist
	IntentResent    IntentState = "resent"    // once more, while an earlier attempt is unclear
	IntentRefused   IntentState = "refused"   // the user does not exist
	IntentMade      IntentState = "made"      // the user exists
	IntentTold      IntentState = "told"      // and the person knows
	IntentWithdrawn IntentState = "withdrawn" // the user was taken back
)

// An IntentEvent is something that changes what is known of an intent.
type IntentEvent string

// The events.
const (
	EventSend      IntentEvent = "send"       // an attempt begins
	EventAccept    IntentEvent = "accept"     // the tenant says that it created the user
	EventRefuse    IntentEvent = "refuse"     // it says that it did not
	EventLose      IntentEvent = "lose"       // no answer came that decides
	EventFindOurs  IntentEvent = "find_ours"  // a look-up finds the user of an attempt of ours
	EventFindOther IntentEvent = "find_other" // it finds somebody else's
	EventFindNone  IntentEvent = "find_none"  // it finds nobody
	EventLapse     IntentEvent = "lapse"      // it finds nobody, and the tenant has forgotten the key
	EventTell      IntentEvent = "tell"       // the person is told that they are registered
	EventWithdraw  IntentEvent = "withdraw"   // the user is taken back
	EventCrash     IntentEvent = "crash"      // whoever sent it is gone
)

// After returns the state after e; ok is false, and the state is s, when e cannot happen in it.
func (s IntentState) After(e IntentEvent) (next IntentState, ok bool) {
	switch e {
	case EventSend:
		return s.to(map[IntentState]IntentState{
			IntentPlanned: IntentSent, IntentRefused: IntentSent, IntentWithdrawn: IntentSent, IntentUnclear: IntentResent,
		})
	case EventAccept:
		return s.to(map[IntentState]IntentState{IntentSent: IntentMade, IntentResent: IntentMade})
	case EventRefuse:
		return s.to(map[IntentState]IntentState{IntentSent: IntentRefused, IntentResent: IntentUnclear})
	case EventLose:
		return s.to(map[IntentState]IntentState{IntentSent: IntentUnclear, IntentResent: IntentUnclear})
	case EventTell:
		return s.to(map[IntentState]IntentState{IntentMade: IntentTold, IntentTold: IntentTold})
	case EventWithdraw:
		return s.to(map[IntentState]IntentState{IntentMade: IntentWithdrawn, IntentTold: IntentWithdrawn})
	case EventCrash:
		if s == IntentSent || s == IntentResent {
			return IntentUnclear, true
		}
		return s, true
	case EventFindOurs, EventFindOther, EventFindNone, EventLapse:
		return s.found(e)
	}
	return s, false
}

// found is After for what a look-up tells, which is made only where it is needed.
func (s IntentState) found(e IntentEvent) (next IntentState, ok bool) {
	if s == IntentRefused && e == EventFindOurs { // an attempt that the tenant had not finished when it refused the next
		return IntentMade, true
	}
	if s != IntentUnclear {
		return s, false
	}
	next, decided := map[IntentEvent]IntentState{EventFindOurs: IntentMade, EventFindOther: IntentRefused, EventLapse: IntentPlanned}[e]
	if !decided {
		return s, true
	}
	return next, true
}

// to is where s leads by table.
func (s IntentState) to(table map[IntentState]IntentState) (next IntentState, ok bool) {
	next, ok = table[s]
	if !ok {
		return s, false
	}
	return next, true
}

// doubtful reports whether the user may exist or not.
func (s IntentState) doubtful() bool { return s == IntentUnclear || s == IntentResent }
