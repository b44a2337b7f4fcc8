package lines

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

func TestATerminalThatTakesNothingIsNotWaitedForInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		r, w := io.Pipe() // nobody reads
		defer func() { _ = r.Close() }()
		time.AfterFunc(time.Hour, end)
		begun := time.Now()
		_, err := leash{ctx, w}.Write([]byte("Welcome"))
		if took := time.Since(begun); !errors.Is(err, errStuck) || took != time.Hour+patience {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

func TestATerminalIsWrittenToInTheEnd(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	end()
	var out bytes.Buffer
	if n, err := (leash{ctx, &out}).Write([]byte("Goodbye")); n != 7 || err != nil || out.String() != "Goodbye" {
		t.Errorf("Write() = %d, %v, and %q is written", n, err, out.String())
	}
}
