package identitypools

import (
	"context"
	"net/http"
	"net/url"

	"foyer/internal/registration"
)

// transientPath is where transient one-time passwords live, under a workspace.
func transientPath(segments ...string) []string {
	return append([]string{"authn", "otp", "transient"}, segments...)
}

// InitiateTransientOTP sends a one-time password to an address and returns what is known of it; its ID is never empty. It
// takes the scope transient_otp.
//
// Source: Public API, initiateTransientOTP (POST /authn/otp/transient).
func (c *Client) InitiateTransientOTP(ctx context.Context, request TransientOTPRequest) (TransientOTPResponse, error) {
	l := call{operation: opInitiateTransient, public: true, path: transientPath(), want: http.StatusOK}
	sent, a, err := post[TransientOTPResponse](ctx, c, l, request, registration.Keys{})
	if err == nil && sent.ID == "" {
		return TransientOTPResponse{}, broken(opInitiateTransient, a, errMalformed)
	}
	return sent, err
}

// VerifyTransientOTP gives a one-time password back. The address, its mechanism and the state are those it was sent with.
//
// Source: Public API, verifyTransientOTP (POST /authn/otp/transient/{otpID}).
func (c *Client) VerifyTransientOTP(ctx context.Context, id string, request TransientOTPRequest) error {
	l := call{operation: opVerifyTransient, public: true, code: true, path: transientPath(id), want: http.StatusNoContent}
	_, err := c.tell(ctx, l, request, registration.Keys{})
	return err
}

// GetTransientOTP reads whether a one-time password was given back already.
//
// Source: Public API, getTransientOTP (GET /authn/otp/transient/{otpID}).
func (c *Client) GetTransientOTP(ctx context.Context, id, state string) (TransientOTPResponse, error) {
	l := call{operation: opGetTransient, public: true, path: transientPath(id), query: url.Values{"state": {state}}}
	found, _, err := get[TransientOTPResponse](ctx, c, l)
	return found, err
}
