package sandbox

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// The paths where the sandbox itself is told what to do. They are beside a tenant that is called sandbox, whose own paths
// go on with /system/.
const (
	controlFaultsPath = "/sandbox/faults"
	controlPoolsPath  = "/sandbox/pools/"
)

// isControl reports whether path is the sandbox's own, and no tenant's.
func isControl(path string) bool {
	return path == controlFaultsPath || strings.HasPrefix(path, controlPoolsPath)
}

// control answers GET, PUT and DELETE /sandbox/faults and PUT /sandbox/pools/{id}. Only programs on this machine
// are heard: a page in somebody's browser is kept out by its Origin, and by the Host header when it comes by way of a
// rebound name.
func (t *Tenant) control(e *exchange) (reply, error) {
	if !local(e.request) {
		return reply{}, refuse(http.StatusForbidden, "The sandbox is controlled from this machine only")
	}
	if err := e.read(); err != nil {
		return reply{}, err
	}
	if id, ok := strings.CutPrefix(e.request.URL.Path, controlPoolsPath); ok {
		return t.controlPool(e, id)
	}
	return t.controlFaults(e)
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
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !remote.Addr().Unmap().IsLoopback() {
		return false
	}
	_, fromPage := r.Header["Origin"]
	return !fromPage && loopbackHost(r.Host)
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
