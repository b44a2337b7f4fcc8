package payloadschema

import (
	"strconv"
	"strings"
)

// pointer is the JSON Pointer to a top-level member (RFC 6901, section 3).
func pointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return "/" + name
	}
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// tokens splits a JSON Pointer into its names; nil for the whole document.
func tokens(pointer string) []string {
	if !strings.HasPrefix(pointer, "/") {
		return nil
	}
	all := strings.Split(pointer[1:], "/")
	for i, token := range all {
		if strings.Contains(token, "~") {
			all[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		}
	}
	return all
}

// cut splits pointer into that of the parent and the last name. ok is false for the whole document.
func cut(pointer string) (parent, name string, ok bool) {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return "", "", false
	}
	return pointer[:i], tokens(pointer[i:])[0], true
}

// Parent returns the pointer to what holds the value at pointer, which is "" for the root and for its members.
func Parent(pointer string) string {
	return pointer[:max(strings.LastIndexByte(pointer, '/'), 0)]
}

// index reads a name as an index into a list (RFC 6901, section 4). It is at most as large as a list may grow here.
func index(name string) (int, bool) {
	i, err := strconv.Atoi(name)
	if err != nil || i < 0 || i > mostQuestions || strconv.Itoa(i) != name {
		return 0, false
	}
	return i, true
}

// within reports whether pointer is that of inner or leads below it; the pointer of a further Shape counts as below.
func within(pointer, inner string) bool {
	rest, ok := strings.CutPrefix(pointer, inner)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '~' && len(rest) > 1 && rest[1] != '0' && rest[1] != '1')
}
