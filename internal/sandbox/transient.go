package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"time"
)

// Bounds of transient codes.
const (
	transientTTL   = 10 * time.Minute
	maxTransients  = 20_000
	maxState       = 512 // bytes
	transientWrong = 5   // tries that end one
)

// A transientOTP is TransientOTPResponse of the public API: a code that proves an address before there is a user.
type transientOTP struct {
	ID        string    `json:"id"`
	TenantID  string    `json:"tenant_id"`
	Address   string    `json:"address"`
	Mechanism string    `json:"mechanism"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	ExpiresIn string    `json:"expires_in"` // from created_at on, as Go writes durations
	Verified  bool      `json:"verified"`

	digest [sha256.Size]byte
	state  string
	wrong  int
}

// A transientRequest is TransientOTPRequest of the public API, to start one and to verify it.
type transientRequest struct{ Mechanism, Address, State, OTP string }

// startTransient sends a code (initiateTransientOTP of the public API).
func (t *Tenant) startTransient(e *exchange) (reply, error) {
	var in transientRequest
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	if details := in.validate(); len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	text, now := digits(otpLength), t.now().UTC()
	o := transientOTP{
		ID: newID(), TenantID: t.id, Address: in.Address, Mechanism: in.Mechanism, CreatedAt: now, UpdatedAt: now,
		ExpiresIn: transientTTL.String(), digest: t.codes.digest(text), state: in.State,
	}
	t.transients.put(o)
	m := Message{To: o.Address, Kind: MessageTransientOTP, Code: text, ExpiresAt: now.Add(transientTTL)}
	m.Text = wording(m, "", transientTTL)
	t.post(m)
	return jsonReply(http.StatusOK, o)
}

// validate returns what is wrong with a request, whatever it is about.
func (in transientRequest) validate() flaws {
	details := flaws{}
	if details.choice("/mechanism", in.Mechanism, MediumSMS, MediumEmail) {
		want := map[string]string{MediumSMS: typeMobile, MediumEmail: typeEmail}[in.Mechanism]
		if !wellFormed(want, in.Address) {
			details["/address"] = "is not well-formed for the mechanism"
		}
	}
	if in.Address == "" {
		details["/address"] = "is required"
	}
	if len(in.State) > maxState {
		details["/state"] = "is too long"
	}
	return details
}

// getTransient says whether a code was verified (getTransientOTP of the public API). With another state than it was
// started with there is none.
func (t *Tenant) getTransient(e *exchange) (reply, error) {
	o, ok := t.transients.get(e.params["otpID"])
	if !ok || !sameSecret(o.state, e.request.URL.Query().Get("state")) {
		return reply{}, transientNotFound()
	}
	return jsonReply(http.StatusOK, o)
}

// verifyTransient takes a code (verifyTransientOTP of the public API). The mechanism, the address and the state must
// be those that it was started with. The fifth wrong try ends it; a right code is right once.
func (t *Tenant) verifyTransient(e *exchange) (reply, error) {
	var in transientRequest
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	details := in.validate()
	if in.OTP == "" {
		details["/otp"] = "is required"
	}
	if len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	digest := t.codes.digest(in.OTP)
	known, ok := t.transients.verify(e.params["otpID"], func(o transientOTP) bool {
		return hmac.Equal(o.digest[:], digest[:]) && in.Mechanism == o.Mechanism && in.Address == o.Address &&
			sameSecret(in.State, o.state)
	})
	switch {
	case !known:
		return reply{}, transientNotFound()
	case !ok:
		return reply{}, wrongCode()
	}
	return reply{status: http.StatusNoContent}, nil
}

func transientNotFound() *httpError {
	return refuse(http.StatusNotFound, "The one-time password could not be found")
}
