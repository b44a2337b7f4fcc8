package sandbox

import (
	"net/http"
	"strings"
)

// precondition holds If-Match (RFC 9110, 13.1.1) against the strong entity tag of the resource. What is not a list of
// entity tags matches nothing: a client that sends it does not know what version it means.
func (e *exchange) precondition(tag string) error {
	given := e.request.Header.Values("If-Match")
	if len(given) == 0 {
		return nil
	}
	for item := range strings.SplitSeq(strings.Join(given, ","), ",") {
		if item = strings.TrimSpace(item); item == "*" || item == tag {
			return nil
		}
	}
	return refuse(http.StatusPreconditionFailed, "The resource has another version than If-Match asks for")
}
