package identitypools

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"foyer/internal/registration"
)

// Bounds of a page of users, by the description.
const (
	minPage = 1
	maxPage = 100
)

// CreateUser creates a user and returns them with their id, which is never empty. Keys that are empty are made up. The
// error's Fields point into user.
//
// Source: systemCreateUser (POST /system/pools/{ipID}/users).
func (c *Client) CreateUser(ctx context.Context, user NewUser, keys registration.Keys) (UserWithData, error) {
	created, err := c.postUser(ctx, call{operation: opCreateUser, path: c.inPool("users"), want: http.StatusCreated}, reveal(user), keys)
	var failed *Error
	if errors.As(err, &failed) {
		failed.Fields = draftFields(failed.paths, user)
	}
	return created, err
}

// GetUserByKey looks a user up; by an address only when it is verified. Where there is none, the error's Status is 404.
//
// The look-up always has an idempotency key of its own. Under one key the tenant replays its first answer for a minute:
// with the submission's, it could answer with what the creation came to, or with what an earlier look-up saw.
//
// Source: systemGetUserByKey (POST /system/pools/{ipID}/users/by_key).
func (c *Client) GetUserByKey(ctx context.Context, key GetUserByKey, correlation string) (UserWithData, error) {
	l := call{operation: opGetUserByKey, path: c.inPool("users", "by_key"), want: http.StatusOK}
	return c.postUser(ctx, l, key, registration.Keys{Correlation: correlation})
}

// GetUser reads a user, with their ETag.
//
// Source: systemGetUser (GET /system/pools/{ipID}/users/{userID}).
func (c *Client) GetUser(ctx context.Context, id registration.UserID) (UserWithData, error) {
	user, a, err := get[UserWithData](ctx, c, call{operation: opGetUser, path: c.inPool("users", string(id))})
	user.ETag = a.header.Get("ETag")
	return user, err
}

// ListUsers reads the first users by id, at most limit, which is held between 1 and 100. The list is eventually
// consistent: it decides nothing about whether a user exists.
//
// Source: systemListUsers (GET /system/pools/{ipID}/users).
func (c *Client) ListUsers(ctx context.Context, limit int) ([]ExtendedUser, error) {
	query := url.Values{"limit": {strconv.Itoa(min(max(limit, minPage), maxPage))}}
	page, _, err := get[Users](ctx, c, call{operation: opListUsers, path: c.inPool("users"), query: query})
	return page.Users, err
}

// DeleteUser removes a user. With an ETag it does so only while the user is as they were then; otherwise the error's Status
// is 412.
//
// Source: systemDeleteUser (DELETE /system/pools/{ipID}/users/{userID}).
func (c *Client) DeleteUser(ctx context.Context, id registration.UserID, etag string, keys registration.Keys) error {
	l := call{operation: opDeleteUser, method: http.MethodDelete, path: c.inPool("users", string(id)), header: headers(keys), want: http.StatusNoContent}
	if etag != "" {
		l.header.Set("If-Match", etag)
	}
	if _, err := c.do(ctx, l); err != nil {
		return err
	}
	return nil
}

// postUser sends body and reads the user that comes back.
func (c *Client) postUser(ctx context.Context, l call, body any, keys registration.Keys) (UserWithData, error) {
	encoded, err := json.Marshal(body)
	if err != nil { // without the encoder's words, which may quote the body
		return UserWithData{}, &Error{Operation: l.operation, Err: errUnencodable}
	}
	l.method, l.header, l.body = http.MethodPost, headers(keys), encoded
	a, failed := c.do(ctx, l)
	if failed != nil {
		return UserWithData{}, failed
	}
	user, err := decode[UserWithData](l.operation, a)
	if err != nil {
		return UserWithData{}, err
	}
	if user.ID == "" {
		return UserWithData{}, broken(l.operation, a, errMalformed)
	}
	user.ETag = a.header.Get("ETag")
	return user, nil
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

// A revealed user is a NewUser that marshals with its password. It lives for the making of one request body.
type revealed struct {
	NewUser

	Credentials []revealedCredential `json:"credentials,omitempty"` // goes before NewUser's own
}

type revealedCredential struct {
	Type     string `json:"type"`
	Password string `json:"password,omitempty"`
}

func reveal(user NewUser) revealed {
	r := revealed{NewUser: user}
	for _, c := range user.Credentials {
		r.Credentials = append(r.Credentials, revealedCredential{c.Type, c.Password.Reveal()})
	}
	return r
}
