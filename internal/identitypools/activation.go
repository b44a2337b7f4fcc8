package identitypools

import (
	"context"
	"net/http"
	"net/url"

	"foyer/internal/registration"
)

// Parameters of queries.
const (
	queryMode     = "mode"
	queryCodeType = "code_type_in_message"
	querySend     = "send_activation_message"
)

// SelfRegister registers a person as they would themselves, and returns an id, which is never empty. For an identifier that is
// taken it is that of the other user. Message is what the activation message brings; "" sends none. The error's Fields point
// into user.
//
// Source: selfRegisterUser (POST /system/pools/{ipID}/user/register).
func (c *Client) SelfRegister(ctx context.Context, user SelfRegisterUser, message registration.CodeType, keys registration.Keys) (registration.UserID, error) {
	query := url.Values{querySend: {"false"}}
	if message != "" {
		query = url.Values{querySend: {"true"}, queryCodeType: {string(message)}}
	}
	l := call{operation: opSelfRegister, path: c.inPool("user", "register"), query: query, want: http.StatusCreated}
	registered, a, err := post[userID](ctx, c, l, user, keys)
	if err != nil {
		return "", located(err, user.asNewUser())
	}
	if registered.ID == "" {
		return "", broken(opSelfRegister, a, errMalformed)
	}
	return registered.ID, nil
}

// userID is UserID of the description.
type userID struct {
	ID registration.UserID `json:"id"`
}

// SendActivation sends a user who is new an activation message. The code of the message before it works no more. The answer is
// the same whether there is such a user or not.
//
// Source: selfSendActivationMessage (POST /system/pools/{ipID}/users/{userID}/activation/send).
func (c *Client) SendActivation(ctx context.Context, id registration.UserID, m registration.ActivationMessage, keys registration.Keys) error {
	query := url.Values{queryMode: {string(m.Mode)}, queryCodeType: {string(m.As)}}
	l := call{operation: opSendActivation, path: c.inPool("users", string(id), "activation", "send"), query: query, want: http.StatusNoContent}
	_, err := c.tell(ctx, l, address{m.Address}, keys)
	return err
}

// address is RequestActivation, and RequestOTPForAddress, of the description.
type address struct {
	Address string `json:"address"`
}

// Activate gives an activation code back and returns the user, who is active now.
//
// Source: activateSelfRegisteredUser (POST /system/pools/{ipID}/users/{userID}/activate).
func (c *Client) Activate(ctx context.Context, id registration.UserID, a ActivateSelfRegisteredUser, keys registration.Keys) (UserWithData, error) {
	l := call{operation: opActivate, code: true, path: c.inPool("users", string(id), "activate"), want: http.StatusCreated}
	return c.postUser(ctx, l, a, keys)
}

// RequestAddressVerification sends a code or a link to an address of a user that is not verified yet.
//
// Source: requestAddressVerification (POST /system/pools/{ipID}/users/{userID}/address/verification/request).
func (c *Client) RequestAddressVerification(ctx context.Context, id registration.UserID, to string, as registration.CodeType, keys registration.Keys) error {
	l := call{
		operation: opRequestAddress, path: c.inPool("users", string(id), "address", "verification", "request"),
		query: url.Values{queryCodeType: {string(as)}}, want: http.StatusNoContent,
	}
	_, err := c.tell(ctx, l, address{to}, keys)
	return err
}

// CompleteAddressVerification gives the code back that was sent to an address, which is verified then.
//
// Source: completeAddressVerification (POST /system/pools/{ipID}/users/{userID}/address/verification/complete).
func (c *Client) CompleteAddressVerification(ctx context.Context, id registration.UserID, body CompleteAddressVerification, keys registration.Keys) error {
	l := call{
		operation: opCompleteAddress, code: true, path: c.inPool("users", string(id), "address", "verification", "complete"),
		want: http.StatusNoContent,
	}
	_, err := c.tell(ctx, l, body, keys)
	return err
}
