package identitypools

import (
	"context"
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
	created, err := c.postUser(ctx, call{operation: opCreateUser, path: c.inPool("users"), want: http.StatusCreated}, user, keys)
	return created, located(err, user)
}

// located is err, whose Fields point into user, which was sent.
func located(err error, user NewUser) error {
	var failed *Error
	if errors.As(err, &failed) {
		failed.Fields = draftFields(failed.paths, user)
	}
	return err
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
