package identitypools

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"foyer/internal/registration"
)

// The operations of an Error.
const (
	opGetPool           = "get pool"
	opGetSchema         = "get schema"
	opCreateUser        = "create user"
	opGetUser           = "get user"
	opGetUserByKey      = "get user by key"
	opListUsers         = "list users"
	opDeleteUser        = "delete user"
	opSelfRegister      = "self register user"
	opSendActivation    = "send activation message"
	opActivate          = "activate user"
	opRequestAddress    = "request address verification"
	opCompleteAddress   = "complete address verification"
	opInitiateTransient = "initiate transient OTP"
	opVerifyTransient   = "verify transient OTP"
	opGetTransient      = "get transient OTP"
)

// Operations are all that requests are for.
func Operations() []string {
	return []string{
		opGetPool, opGetSchema, opCreateUser, opGetUser, opGetUserByKey, opListUsers, opDeleteUser, opSelfRegister, opSendActivation,
		opActivate, opRequestAddress, opCompleteAddress, opInitiateTransient, opVerifyTransient, opGetTransient,
	}
}

// GetPool reads the client's pool.
//
// Source: systemGetPool (GET /system/pools/{ipID}).
func (c *Client) GetPool(ctx context.Context) (PoolResponse, error) {
	pool, _, err := get[PoolResponse](ctx, c, call{operation: opGetPool, path: c.inPool()})
	return pool, err
}

// GetSchema reads a schema. Its document is always there.
//
// Source: systemGetSchema (GET /system/schemas/{schID}).
func (c *Client) GetSchema(ctx context.Context, id registration.SchemaID) (Schema, error) {
	schema, a, err := get[Schema](ctx, c, call{operation: opGetSchema, path: []string{"system", "schemas", string(id)}})
	if err == nil && !bytes.HasPrefix(schema.Schema, []byte("{")) {
		return Schema{}, broken(opGetSchema, a, errMalformed)
	}
	return schema, err
}

// inPool are the segments of a path under the pool.
func (c *Client) inPool(segments ...string) []string {
	return append([]string{"system", "pools", string(c.pool)}, segments...)
}

// get makes a call that reads, and decodes its answer.
func get[T any](ctx context.Context, c *Client, l call) (T, answer, error) {
	var none T
	l.method, l.want = http.MethodGet, http.StatusOK
	a, failed := c.do(ctx, l)
	if failed != nil {
		return none, a, failed
	}
	v, err := decode[T](l.operation, a)
	return v, a, err
}

// decode reads the body of an answer of success. The decoder's own words are left out: they may quote the body.
func decode[T any](operation string, a answer) (T, error) {
	var v, none T
	if json.Unmarshal(a.body, &v) != nil {
		return none, broken(operation, a, errMalformed)
	}
	return v, nil
}
