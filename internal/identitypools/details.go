package identitypools

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Bounds of the search through details, which the tenant may nest as it likes.
const (
	maxDepth = 8
	maxPaths = 64
)

// locators are members whose value is a path, as in {"field": "payload.given_name", "message": "…"}.
func locators() []string {
	return []string{"field", "path", "pointer", "property", "param", "parameter", "name", "loc", "location", "instancePath", "instance_path"}
}

// inspect finds at what the details of an error point, and whether they speak of a password. No shape is promised;
// those that were seen are
//
//	{"payload/given_name": "…"}, {"/identifiers/0/identifier": "…"}, {"identifiers[0].identifier": "…"}
//	{"field": "payload.given_name", "message": "…"}
//	{"errors": [{"path": "identifiers.0.identifier", "message": "…"}]}
//	{"payload": {"given_name": ["…"]}}
//
// The details are hints: what is not understood is passed over.
func inspect(details any) (paths [][]string, password bool) {
	s := search{}
	s.walk(details, nil, 0)
	slices.SortFunc(s.paths, slices.Compare[[]string])
	return s.paths, s.password
}

// A search is a walk through details, and what it found.
type search struct {
	paths    [][]string
	password bool
}

func (s *search) walk(value any, at []string, depth int) {
	if depth > maxDepth || len(s.paths) >= maxPaths {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		s.object(v, at, depth)
	case []any:
		for i, item := range v {
			if _, text := item.(string); text { // a list of sentences about one thing
				s.leaf(item, at)
				continue
			}
			s.walk(item, append(slices.Clone(at), strconv.Itoa(i)), depth+1)
		}
	default:
		s.leaf(v, at)
	}
}

// object looks for a member that names the place; without one, the names of the members are themselves places.
func (s *search) object(members map[string]any, at []string, depth int) {
	located := false
	for _, name := range locators() {
		if text, ok := members[name].(string); ok && !strings.ContainsAny(text, " \t\n") {
			s.found(append(slices.Clone(at), split(text)...))
			s.found(append(slices.Clone(at), name)) // a property may have such a name itself
			located = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch {
		case !located:
			s.walk(members[name], append(slices.Clone(at), split(name)...), depth+1)
		case !slices.Contains(locators(), name):
			s.mention(members[name])
		}
	}
}

// leaf ends at what is said about a place.
func (s *search) leaf(value any, at []string) {
	s.mention(value)
	if len(at) > 0 {
		s.found(at)
	}
}

func (s *search) found(path []string) {
	if len(s.paths) < maxPaths {
		s.paths = append(s.paths, path)
	}
	s.mention(strings.Join(path, " "))
}

func (s *search) mention(value any) {
	text, _ := value.(string)
	s.password = s.password || strings.Contains(strings.ToLower(text), "password")
}

// split cuts a JSON Pointer (RFC 6901), also without its first slash or as a fragment, or a dotted path with indexes in
// brackets or without.
func split(path string) []string {
	path = strings.TrimLeft(path, "#$")
	if strings.Contains(path, "/") {
		segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
		for i, s := range segments {
			segments[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
		}
		return segments
	}
	return strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(`.[]'"`, r) })
}
