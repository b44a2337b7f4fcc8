package registration_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// A foretold is a record that can say whether it can be written.
type foretold struct {
	full  bool
	asked int
}

var errFull = errors.New("no space left on device")

func (f *foretold) Ready(context.Context) error {
	f.asked++
	return f.Record(context.Background(), registration.Event{})
}

func (f *foretold) Record(context.Context, registration.Event) error {
	if f.full {
		return errFull
	}
	return nil
}

func TestWhatCannotBeRecordedIsToldBeforeAnybodyTypes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		record := &foretold{full: true}
		o := &office{}
		service := o.service(registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)})
		service.Recorder = record
		asks := func(want int, open bool) {
			t.Helper()
			_, err := service.Form(t.Context())
			if p := registration.AsProblem(err, ""); open != (p == nil) || p != nil && (p.Kind != registration.Misconfigured || p.Staff == "") {
				t.Errorf("Form = %v, want that it is open is %t", err, open)
			}
			if record.asked != want {
				t.Errorf("the record was asked %d times, want %d", record.asked, want)
			}
		}
		asks(1, false)
		asks(2, false)
		record.full = false
		asks(3, true)
		asks(3, true) // it is believed for a while
		<-time.After(time.Minute)
		asks(4, true)
		record.full = true
		form, err := service.Form(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sub := registration.NewSubmission(registration.Draft{Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: "ann@example.com"}}, Password: secret.New("correct horse 7 battery")})
		if _, err := service.Register(t.Context(), form, sub, nil); !errors.Is(err, errFull) {
			t.Errorf("Register = %v, want %v", err, errFull)
		}
		asks(5, false)
		service.Settings.RecordOptional = true
		asks(5, true)
	})
}
