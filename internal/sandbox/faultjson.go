package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// faultJSON is a Fault as JSON has it.
type faultJSON struct {
	Latency    string     `json:"latency,omitempty"`
	Hang       bool       `json:"hang,omitempty"`
	Drop       Drop       `json:"drop,omitempty"`
	Status     int        `json:"status,omitempty"`
	Page       bool       `json:"page,omitempty"`
	After      bool       `json:"after,omitempty"`
	RetryAfter string     `json:"retry_after,omitempty"`
	ErrorShape ErrorShape `json:"error_shape,omitempty"`
	StripScope string     `json:"strip_scope,omitempty"`
	Malformed  bool       `json:"malformed,omitempty"`
	Oversized  bool       `json:"oversized,omitempty"`
	Drip       string     `json:"drip,omitempty"`
	Match      string     `json:"match,omitempty"`
	Times      int        `json:"times,omitempty"`
}

// MarshalJSON writes the fault as the control endpoint reads it.
func (f Fault) MarshalJSON() ([]byte, error) {
	return json.Marshal(faultJSON{
		Latency: duration(f.Latency), Hang: f.Hang, Drop: f.Drop, Status: f.Status, Page: f.Page, After: f.After,
		RetryAfter: duration(f.RetryAfter), ErrorShape: f.ErrorShape, StripScope: f.StripScope, Malformed: f.Malformed,
		Oversized: f.Oversized, Drip: duration(f.Drip),
		Match: f.Match, Times: f.Times,
	})
}

// UnmarshalJSON reads a fault. Unknown members and values that no fault can have are errors; the error shape
// "official" is the empty one.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var j faultJSON
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&j); err != nil {
		return fmt.Errorf("fault: %w", err)
	}
	if j.ErrorShape == "official" {
		j.ErrorShape = ShapeOfficial
	}
	latency, err := parseDuration(j.Latency)
	if err != nil {
		return fmt.Errorf("fault: latency: %w", err)
	}
	wait, err := parseDuration(j.RetryAfter)
	if err != nil {
		return fmt.Errorf("fault: retry_after: %w", err)
	}
	drip, err := parseDuration(j.Drip)
	if err != nil {
		return fmt.Errorf("fault: drip: %w", err)
	}
	read := Fault{
		Latency: latency, Hang: j.Hang, Drop: j.Drop, Status: j.Status, Page: j.Page, After: j.After, RetryAfter: wait,
		ErrorShape: j.ErrorShape, StripScope: j.StripScope, Malformed: j.Malformed, Oversized: j.Oversized, Drip: drip,
		Match: j.Match, Times: j.Times,
	}
	if err := read.check(); err != nil {
		return err
	}
	*f = read
	return nil
}

// duration writes d, and nothing for none.
func duration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// parseDuration reads what duration writes.
func parseDuration(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	return time.ParseDuration(s)
}
