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
		user  = pool + "/user"
		one   = users + "/{userID}"
	)
	oauth := func(method, path string, h handler) route {
		return route{method, segments(t.oauthBase() + path), "", h}
	}
	api := func(method, path string, h handler) route {
		return route{method, segments(t.apiBase() + path), ScopeIdentity, h}
	}
	generating := func(method, path string, h handler) route {
		return route{method, segments(t.apiBase() + path), ScopeSelfRegistration, h}
	}
	return append([]route{
		oauth(http.MethodGet, pathWellKnown, t.wellKnown),
		oauth(http.MethodGet, pathJWKS, t.jwks),
		oauth(http.MethodPost, pathToken, t.token),
		oauth(http.MethodGet, pathAuthorize, t.authorization),
		oauth(http.MethodPost, pathDevice, t.device),
		oauth(http.MethodPost, pathIntrospect, t.introspect),
		oauth(http.MethodPost, pathRevoke, t.revoke),
		oauth(http.MethodGet, pathUserinfo, t.userinfo),
		api(http.MethodGet, pools, t.listPools),
		api(http.MethodGet, pool, t.getPool),
		api(http.MethodGet, "/system/schemas", t.listSchemas),
		api(http.MethodGet, "/system/schemas/{schID}", t.getSchema),
		api(http.MethodPost, users, t.createUser),
		api(http.MethodGet, users, t.listUsers),
		api(http.MethodPost, users+"/by_key", t.getUserByKey),
		api(http.MethodGet, one, t.getUser),
		api(http.MethodDelete, one, t.deleteUser),
		api(http.MethodPost, user+"/password/verify", t.verifyPassword),
		api(http.MethodPost, user+"/password/v2/verify", t.verifyPasswordV2),
		api(http.MethodPost, user+"/register", t.register),
		api(http.MethodPost, user+"/activate", t.activateByCode),
		api(http.MethodPost, one+"/activate", t.activateUser),
		api(http.MethodPost, one+"/activation/send", t.sendActivation),
		generating(http.MethodPost, one+"/activation/generate", t.generateActivation),
		generating(http.MethodPost, one+"/code/generate", t.generateCode),
		generating(http.MethodPost, user+"/code/generate", t.generateUserCode),
		api(http.MethodPost, user+"/otp/request", t.requestOTP),
		api(http.MethodPost, user+"/otp/verify", t.verifyOTP),
		api(http.MethodPost, user+"/otp/inspect", t.inspectOTP),
		api(http.MethodPost, user+"/authentication-code/verify", t.verifyAuthenticationCode),
		api(http.MethodPost, one+"/address/verification/request", t.requestVerification),
		api(http.MethodPost, one+"/address/verification/complete", t.completeVerification),
		api(http.MethodPost, user+"/totp/reset/request", t.requestTOTPReset),
		api(http.MethodPost, user+"/totp/reset/complete", t.completeTOTPReset),
		api(http.MethodPost, one+"/totp/change", t.changeTOTP),
	}, t.publicTable()...)
}

// publicTable lists what is served of the public API, which every workspace of the tenant has.
func (t *Tenant) publicTable() []route {
	var table []route
	for _, workspace := range []string{"system", "default"} {
		path := "/" + t.id + "/" + workspace + "/authn/otp/transient"
		table = append(table,
			route{http.MethodPost, segments(path), ScopeTransientOTP, t.startTransient},
			route{http.MethodGet, segments(path + "/{otpID}"), ScopeTransientOTP, t.getTransient},
			route{http.MethodPost, segments(path + "/{otpID}"), ScopeTransientOTP, t.verifyTransient},
		)
	}
	return table
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
		if e.grant, err = t.authorize(e, r.scope); err != nil {
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
