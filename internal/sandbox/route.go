package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A handler answers an exchange or refuses it with a *httpError.
type handler func(*exchange) (reply, error)

// A route is one operation of the tenant.
type route struct {
	method string
	path   []string // segments; "{name}" takes any one segment
	scope  string   // what the access token must grant; "" asks for no token
	handle handler
}

// oauthBase is the path under which the OAuth endpoints live.
func (t *Tenant) oauthBase() string { return "/" + t.id + "/system" }

// apiBase is the path under which the Identity System API lives.
func (t *Tenant) apiBase() string { return "/api/identity/" + t.id }

// table lists every operation that is served.
func (t *Tenant) table() []route {
	const (
		pools = "/system/pools"
		pool  = pools + "/{ipID}"
		users = pool + "/users"
	)
	oauth := func(method, path string, h handler) route {
		return route{method, segments(t.oauthBase() + path), "", h}
	}
	api := func(method, path string, h handler) route {
		return route{method, segments(t.apiBase() + path), ScopeIdentity, h}
	}
	return []route{
		oauth(http.MethodGet, "/.well-known/openid-configuration", t.wellKnown),
		oauth(http.MethodGet, "/.well-known/jwks.json", t.jwks),
		oauth(http.MethodPost, "/oauth2/token", t.token),
		api(http.MethodGet, pools, t.listPools),
		api(http.MethodGet, pool, t.getPool),
		api(http.MethodGet, "/system/schemas", t.listSchemas),
		api(http.MethodGet, "/system/schemas/{schID}", t.getSchema),
		api(http.MethodPost, users, t.createUser),
		api(http.MethodGet, users, t.listUsers),
		api(http.MethodPost, users+"/by_key", t.getUserByKey),
		api(http.MethodGet, users+"/{userID}", t.getUser),
		api(http.MethodDelete, users+"/{userID}", t.deleteUser),
		api(http.MethodPost, pool+"/user/password/verify", t.verifyPassword),
		api(http.MethodPost, pool+"/user/password/v2/verify", t.verifyPasswordV2),
	}
}

// segments cuts a path at its slashes, the leading one aside.
func segments(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// dispatch finds the operation, asks for authorization, and runs it.
func (t *Tenant) dispatch(e *exchange) (reply, error) {
	r, err := t.find(e)
	if err != nil {
		return reply{}, err
	}
	if r.scope != "" {
		if e.grant, err = t.authorize(e.request, r.scope); err != nil {
			return reply{}, err
		}
		if e.request.Method == http.MethodPost {
			return t.idempotent(e, r.handle)
		}
	}
	return r.handle(e)
}

// find returns the route of the exchange and fills in its parameters.
func (t *Tenant) find(e *exchange) (route, error) {
	path := segments(e.request.URL.EscapedPath())
	var allowed []string
	for _, r := range t.routes {
		params, ok := r.match(path)
		switch {
		case ok && r.method == e.request.Method:
			e.params = params
			return r, nil
		case ok && !slices.Contains(allowed, r.method):
			allowed = append(allowed, r.method)
		}
	}
	if len(allowed) > 0 {
		return route{}, notAllowed(allowed...)
	}
	r := refuse(http.StatusNotFound, "The requested resource could not be found")
	r.generic = strings.HasPrefix(e.request.URL.Path, t.oauthBase()+"/")
	return route{}, r
}

// match compares the route with the segments of an escaped path.
func (r route) match(path []string) (map[string]string, bool) {
	if len(path) != len(r.path) {
		return nil, false
	}
	params := map[string]string{}
	for i, want := range r.path {
		got, err := url.PathUnescape(path[i])
		switch {
		case err != nil:
			return nil, false
		case strings.HasPrefix(want, "{"):
			params[strings.Trim(want, "{}")] = got
		case got != want:
			return nil, false
		}
	}
	return params, true
}
