package sshserver

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAClientMaySendSoMuchASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := throttle(nil)
		th.begin()
		sent, begun := 0, time.Now()
		for range 1000 { // as bufio reads
			if err := th.wait(); err != nil {
				t.Fatal(err)
			}
			th.took(4096)
			sent += 4096
		}
		least := time.Duration(sent-inputBurst-4096) * time.Second / inputPerSecond
		if took := time.Since(begun); took < least || took > least+time.Second {
			t.Errorf("%d bytes took %v, want %v", sent, took, least)
		}
		time.Sleep(time.Hour) //nolint:forbidigo // of the bubble's clock
		if th.pause(time.Now()); th.left != inputBurst {
			t.Errorf("after an hour %d may be sent at once, want %d", th.left, inputBurst)
		}
	})
}

func TestBeforeASessionAClientMaySendLittle(t *testing.T) {
	th := throttle(nil)
	if !th.took(inputBefore - 1) {
		t.Error("what a handshake takes is too much")
	}
	if th.took(1) {
		t.Error("there is no bound")
	}
	th.begin()
	if !th.took(inputBefore) {
		t.Error("there is a bound in a session")
	}
}
