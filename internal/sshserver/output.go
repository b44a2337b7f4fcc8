package sshserver

import (
	"context"
	"io"
	"time"
)

// An output is what a session writes to. A write waits for the client to read, and for no longer than timeout: then stuck is
// called, which has to make the write fail. So a client that does not read costs one frame.
type output struct {
	to      io.Writer
	timeout time.Duration // 0 for ever
	stuck   func()
	lost    func() // called when a write failed
}

// Write writes p.
func (o *output) Write(p []byte) (int, error) {
	if o.timeout > 0 {
		defer time.AfterFunc(o.timeout, o.stuck).Stop()
	}
	n, err := o.to.Write(p)
	if err != nil {
		o.lost()
	}
	return n, err
}

// output is where the session that cancel ends writes.
func (c *channel) output(cancel context.CancelCauseFunc) io.Writer {
	return &output{
		to: c.Channel, timeout: c.visit.config.Limits.WriteTimeout, lost: func() { cancel(errGone) },
		stuck: func() {
			cancel(errStalled)
			_ = c.visit.Close()
		},
	}
}
