package identitypools

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"

	"foyer/internal/registration"
)

// postUser sends body and reads the user that comes back.
func (c *Client) postUser(ctx context.Context, l call, body any, keys registration.Keys) (UserWithData, error) {
	user, a, err := post[UserWithData](ctx, c, l, body, keys)
	if err != nil {
		return UserWithData{}, err
	}
	if user.ID == "" {
		return UserWithData{}, broken(l.operation, a, errMalformed)
	}
	user.ETag = a.header.Get("ETag")
	return user, nil
}

// post sends body and decodes the answer.
func post[T any](ctx context.Context, c *Client, l call, body any, keys registration.Keys) (T, answer, error) {
	var none T
	a, err := c.tell(ctx, l, body, keys)
	if err != nil {
		return none, a, err
	}
	v, err := decode[T](l.operation, a)
	return v, a, err
}

// tell sends message, whose bytes are overwritten afterwards. What comes back is not read any further.
func (c *Client) tell(ctx context.Context, l call, message any, keys registration.Keys) (answer, error) {
	encoded, err := json.Marshal(revealed(message))
	if err != nil { // without the encoder's words, which may quote the body
		return answer{}, &Error{Operation: l.operation, Err: errUnencodable}
	}
	l.method, l.body = http.MethodPost, &body{json: encoded}
	defer l.body.wipe()
	if !l.public { // its description declares none
		l.header = headers(keys)
	}
	a, failed := c.do(ctx, l)
	if failed != nil {
		return a, failed
	}
	return a, nil
}

// headers carry keys, made up where they are empty.
func headers(keys registration.Keys) http.Header {
	if keys.Idempotency == "" {
		keys.Idempotency = rand.Text() + rand.Text() // 52 characters; the API asks for 32 to 255
	}
	if keys.Correlation == "" {
		keys.Correlation = "foyer-" + rand.Text()
	}
	h := http.Header{}
	h.Set("X-Idempotency-Key", keys.Idempotency)
	h.Set("X-Correlation-Id", keys.Correlation)
	return h
}
