package wording_test

import (
	"testing"
	"time"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui/wording"
)

func TestWhatWasAlreadyDoneIsSaidWithItsTime(t *testing.T) {
	vienna := time.FixedZone("Vienna", 3600)
	at := time.Date(2026, 11, 24, 9, 42, 59, 0, time.UTC)
	now := time.Date(2026, 11, 24, 11, 0, 0, 0, vienna)
	chosen := registration.Draft{Password: secret.New("correct horse 7 battery")}
	tests := []struct {
		name     string
		draft    registration.Draft
		at, now  time.Time
		language string
		want     string
	}{
		{"today", chosen, at, now, "en", "This was already done at 10:42. You sign in with the password you chose then, and with:"},
		{"today in German", chosen, at, now, "de", "Das war schon um 10:42 Uhr erledigt. Sie melden sich mit dem Passwort an, das Sie damals gewählt haben, und mit:"},
		{"yesterday where the person is", chosen, time.Date(2026, 11, 23, 22, 59, 0, 0, time.UTC), now, "en", "This was already done on 23 November 2026 at 23:59. You sign in with the password you chose then, and with:"},
		{"today there, and yesterday elsewhere", chosen, time.Date(2026, 11, 23, 23, 5, 0, 0, time.UTC), now, "en", "This was already done at 00:05. You sign in with the password you chose then, and with:"},
		{"long ago in German", chosen, at, now.AddDate(1, 0, 0), "de", "Das war schon am 24. November 2026 um 10:42 Uhr erledigt. Sie melden sich mit dem Passwort an, das Sie damals gewählt haben, und mit:"},
		{"nobody knows when, and without a password", registration.Draft{}, time.Time{}, now, "en", "An earlier try had worked after all. You sign in with:"},
	}
	all, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := registration.Receipt{Status: "active", Next: registration.NextSignIn, At: tt.at}
			said := wording.OfReceipt(tt.draft, r, true, tt.now)
			if got := said.What.In(all.Words(tt.language)); got != tt.want {
				t.Errorf("it is said as %q, want %q", got, tt.want)
			}
		})
	}
}
