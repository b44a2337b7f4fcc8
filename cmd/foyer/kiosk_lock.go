package main

import (
	"context"
	"time"

	"foyer/internal/passcode"
	"foyer/internal/registration"
	"foyer/ui/screen"
)

// lock is that of a locked kiosk at a place. Each passcode that is tried is in the log and in the record, under one reference.
func (t *tenant) lock(at registration.Origin) screen.Lock {
	h, err := passcode.Parse(t.config.Kiosk.PasscodeHash)
	if err != nil { // the configuration was read without: then nothing opens it
		t.logger.Error("kiosk.passcode_hash", "error", err)
	}
	return passcode.NewLock(h, time.Now, func(ctx context.Context, opened bool) { t.tried(ctx, at, opened) })
}

// recordPatience is how long staff, or a visitor who was curious, waits for others to let go of the record.
const recordPatience = 3 * time.Second

// tried tells that a passcode was tried. Staff leaves also when that cannot be recorded.
func (t *tenant) tried(ctx context.Context, at registration.Origin, opened bool) {
	e := registration.Event{
		At: time.Now(), Operation: registration.StaffExit, Outcome: registration.Refused, Origin: at, Reference: registration.NewReference(),
	}
	if who, ok := t.service.Operator(); ok {
		e.Operator = who.Subject
	}
	if opened {
		e.Outcome = registration.Done
		t.logger.InfoContext(ctx, "staff leaves the locked kiosk", "reference", e.Reference, "terminal", at.Terminal)
	} else {
		t.logger.WarnContext(ctx, "a wrong passcode at the locked kiosk", "reference", e.Reference, "terminal", at.Terminal)
	}
	if t.service.Recorder == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, recordPatience)
	defer cancel()
	if err := t.service.Recorder.Record(ctx, e); err != nil {
		t.logger.ErrorContext(ctx, "keep the audit record", "reference", e.Reference, "outcome", e.Outcome, "error", err)
	}
}
