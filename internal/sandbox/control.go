package sandbox

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// The paths where the sandbox itself is told what to do and what was done. They are beside a tenant that is called
// sandbox, whose own paths go on with a workspace.
const (
	controlFaultsPath = "/sandbox/faults"
	controlPoolsPath  = "/sandbox/pools/"
	controlSchemaPath = "/sandbox/schemas/"
	controlUsersPath  = "/sandbox/users/"
	controlSignInPath = "/sandbox/sign-in"
	controlOutboxPath = "/sandbox/outbox"
	shortOutboxPath   = "/outbox"
	controlLinksPath  = "/sandbox/links/"
	controlTokensPath = "/sandbox/tokens"
	devicePath        = "/device" // short, as it is typed (RFC 8628, 6.1)

	controlAuthorizePath = "/sandbox/authorize/"
)

// controlled returns what answers a path that is the sandbox's own, and no tenant's; rest is what follows the path of
// those that end with a slash.
func (t *Tenant) controlled(path string) (h func(e *exchange, rest string) (reply, error), rest string) {
	whole := func(h handler) func(*exchange, string) (reply, error) {
		return func(e *exchange, _ string) (reply, error) { return h(e) }
	}
	switch path {
	case controlFaultsPath:
		return whole(t.controlFaults), ""
	case controlSignInPath:
		return whole(t.controlSignIn), ""
	case controlOutboxPath, shortOutboxPath:
		return whole(t.controlOutbox), ""
	case controlTokensPath:
		return whole(t.controlTokens), ""
	case devicePath:
		return whole(t.controlDevice), ""
	}
	if id, ok := strings.CutPrefix(path, controlPoolsPath); ok {
		return t.controlPool, id
	}
	if id, ok := strings.CutPrefix(path, controlSchemaPath); ok {
		return t.controlSchema, id
	}
	if id, ok := strings.CutPrefix(path, controlUsersPath); ok {
		return t.controlUsers, id
	}
	if link, ok := strings.CutPrefix(path, controlLinksPath); ok {
		return t.controlLink, link
	}
	if id, ok := strings.CutPrefix(path, controlAuthorizePath); ok {
		return t.controlAuthorize, id
	}
	return nil, ""
}

// control answers the sandbox's own paths: faults, tokens, pools/{id}, schemas/{id}, users/{pool}, sign-in, outbox, links/{pool}/{code}, authorize/{id}
// and /device. Only programs on this machine are heard: a page in somebody's browser is kept out by its Origin, and by
// the Host header when it comes by way of a rebound name. The sandbox's own pages are themselves in a browser; they may
// send what they ask for.
func (t *Tenant) control(e *exchange) (reply, error) {
	if !local(e.request) && (!isPage(e.request.URL.Path) || !ownPage(e.request)) {
		return reply{}, refuse(http.StatusForbidden, "The sandbox is controlled from this machine only")
	}
	if err := e.read(); err != nil {
		return reply{}, err
	}
	h, rest := t.controlled(e.request.URL.Path)
	return h(e, rest)
}

// isPage reports whether a path is that of a page.
func isPage(path string) bool {
	return path == devicePath || strings.HasPrefix(path, controlLinksPath) || strings.HasPrefix(path, controlAuthorizePath)
}

// controlTokens answers DELETE /sandbox/tokens, which ends all access tokens, and those to refresh with ?refresh=true.
func (t *Tenant) controlTokens(e *exchange) (reply, error) {
	if e.request.Method != http.MethodDelete {
		return reply{}, notAllowed(http.MethodDelete)
	}
	switch e.request.URL.RawQuery {
	case "":
		t.RevokeTokens()
	case "refresh=true":
		t.RevokeRefreshTokens()
	default:
		return reply{}, refuse(http.StatusBadRequest, "The query is refresh=true or nothing")
	}
	return reply{status: http.StatusNoContent}, nil
}

func (t *Tenant) controlFaults(e *exchange) (reply, error) {
	switch e.request.Method {
	case http.MethodGet:
		return jsonReply(http.StatusOK, t.faults.snapshot())
	case http.MethodPut:
		list, err := readFaults(e.body)
		if err != nil {
			return reply{}, refuse(http.StatusBadRequest, err.Error())
		}
		t.Misbehave(list...)
		return jsonReply(http.StatusOK, list)
	case http.MethodDelete:
		t.Misbehave()
		return reply{status: http.StatusNoContent}, nil
	}
	return reply{}, notAllowed(http.MethodGet, http.MethodPut, http.MethodDelete)
}

// readFaults reads one fault or a list of them.
func readFaults(body []byte) ([]Fault, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		body = bytes.Join([][]byte{[]byte("["), body, []byte("]")}, nil)
	}
	list := []Fault{}
	return list, json.Unmarshal(body, &list)
}

// controlPool replaces a pool's definition; its users stay.
func (t *Tenant) controlPool(e *exchange, id string) (reply, error) {
	if e.request.Method != http.MethodPut {
		return reply{}, notAllowed(http.MethodPut)
	}
	p, ok := t.pools[id]
	if !ok {
		return reply{}, refuse(http.StatusNotFound, "The pool could not be found")
	}
	d, err := t.parsePool(e.body)
	switch {
	case err != nil:
		return reply{}, refuse(http.StatusUnprocessableEntity, err.Error())
	case d.ID != id:
		return reply{}, refuse(http.StatusUnprocessableEntity, "The id in the body is another one than in the path")
	}
	p.define(d)
	return d.reply()
}

// notAllowed refuses a method and names the ones that are allowed.
func notAllowed(allowed ...string) *httpError {
	r := refuse(http.StatusMethodNotAllowed, "The method is not allowed for this resource")
	r.header = http.Header{"Allow": {strings.Join(allowed, ", ")}}
	return r
}

// local reports whether a program on this machine, and not a web page, sent r.
func local(r *http.Request) bool {
	_, fromPage := r.Header["Origin"]
	return !fromPage && onThisMachine(r)
}

// ownPage reports whether a page of the sandbox itself, in a browser on this machine, sent r.
func ownPage(r *http.Request) bool {
	from := r.Header.Values("Origin")
	return len(from) == 1 && from[0] == origin(r) && onThisMachine(r)
}

// onThisMachine reports whether r came from this machine to a name of this machine.
func onThisMachine(r *http.Request) bool {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && remote.Addr().Unmap().IsLoopback() && loopbackHost(r.Host)
}

// loopbackHost reports whether a Host header, with a port or without, names this machine.
func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}
