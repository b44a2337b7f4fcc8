package sshserver

import (
	"context"
	"errors"
	"slices"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
)

// A tally is a service that notes, for the registrations an hour, what a session has the tenant do. To go by who was told that they
// are registered would be to let anybody have accounts made, and codes sent, without end: they hang up before the answer.
type tally struct {
	ui.Service
	visit *visit
}

// mostNoted is how many registrations a session has the tenant begin: a person corrects their address a few times, and each time a
// code is sent to somebody.
const mostNoted = 10

// Register is ui.Service's.
func (t tally) Register(ctx context.Context, form *registration.Form, sub *registration.Submission, notify func(registration.Progress)) (registration.Receipt, error) {
	reference := sub.Reference
	first, room := t.visit.note(reference) // also when the session ends before the call does
	if !room {
		return registration.Receipt{}, &registration.Problem{Kind: registration.TooMany, Reference: reference, RetryAfter: time.Hour, Staff: "one session had as many registrations begun as it may"}
	}
	receipt, err := t.Service.Register(ctx, form, sub, notify)
	if became := fateOf(ctx, sub, receipt, err); first && (became == nothing || became == unanswered) {
		t.visit.unnote(reference)
	}
	return receipt, err
}

// A fate is what became of a call by which somebody is registered.
type fate int

// The fates.
const (
	nothing    fate = iota
	proving         // a code was sent to an address that is to be proven before there is an account
	made            // there is an account, perhaps one that waits for its code
	unclear         // the call was cut off, and nobody knows
	unanswered      // nobody knows either, and it is the tenant's doing: nobody can have that happen at will
)

// fateOf tells what became of a call: also when an account was made, and what comes after that failed.
func fateOf(ctx context.Context, sub *registration.Submission, receipt registration.Receipt, err error) fate {
	half, known := sub.HalfMade()
	if !known && err == nil {
		half, known = receipt, true
	}
	before := half.Challenge != nil && half.Challenge.Purpose == registration.AddressProof
	var problem *registration.Problem
	isProblem := errors.As(err, &problem)
	switch {
	case known && !before, isProblem && (problem.Made || problem.Kind == registration.AlreadyDone):
		return made
	case err != nil && ctx.Err() != nil && (!isProblem || problem.Unclear):
		return unclear
	case isProblem && problem.Unclear:
		return unanswered
	case known:
		return proving
	}
	return nothing
}

// note notes a registration by its reference, and reports whether it is the first of that, and whether there was room for it.
func (v *visit) note(reference string) (first, room bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case slices.Contains(v.noted, reference):
		return false, true
	case len(v.noted) >= mostNoted:
		return true, false
	}
	v.noted = append(v.noted, reference)
	return true, true
}

// unnote takes back a registration of which nothing became.
func (v *visit) unnote(reference string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.noted = slices.DeleteFunc(v.noted, func(r string) bool { return r == reference })
}

// tallied are the names of the registrations that were noted, of which there were told at least so many.
func (v *visit) tallied(told int) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	names := []string{v.id}
	for i := 1; i < len(v.noted); i++ {
		names = append(names, v.id+"/"+v.noted[i])
	}
	return names[:max(min(told, 1), len(v.noted))]
}
