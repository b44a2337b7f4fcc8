package config

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest returns the one of known that is most like name, or "" when none is close. Capitals make no difference.
func nearest(name string, known []string) string {
	best, bestDistance := "", max(2, len(name)/4)+1
	for _, k := range known {
		d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(k))
		if d < bestDistance && d < len(name) {
			best, bestDistance = k, d
		}
	}
	return best
}

// instead says what to write for an unknown key path of the file or of a flag.
func (t table) instead(path string) string {
	if r, ok := t.find(path); ok { // the whole path stands where a section's name belongs
		section, leaf := r.split()
		return "write " + leaf + ": below " + nested(section)
	}
	if known := t.nearestPath(path); known != "" {
		return "did you mean " + known + "?"
	}
	return `see "foyer config example" for all keys`
}

// nearestPath returns the known key or section that path was most probably meant to be. People misspell a name, or
// put the right name into the wrong section.
func (t table) nearestPath(path string) string {
	dot := strings.LastIndexByte(path, '.')
	leaf := path[dot+1:]
	if dot < 0 {
		if s := nearest(leaf, t.sections()); s != "" {
			return s
		}
	} else if near := nearest(leaf, t.names(path[:dot])); near != "" {
		return path[:dot] + "." + near
	}
	i := slices.IndexFunc(t, func(r row) bool { return strings.HasSuffix(r.Path, "."+leaf) })
	if i < 0 {
		return ""
	}
	return t[i].Path
}

// suggest says what to write for name where only known names have a place.
func suggest(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "write " + either(known)
}

// insteadVariable says what to write for an unknown variable. The prefix, which all share, does not count.
func insteadVariable(name string, known []string) string {
	suffixes := make([]string, len(known))
	for i, k := range known {
		suffixes[i] = strings.TrimPrefix(k, envPrefix)
	}
	if near := nearest(strings.TrimPrefix(name, envPrefix), suffixes); near != "" {
		return "did you mean " + envPrefix + near + "?"
	}
	return "unset it; the variable of tenant.url is FOYER_TENANT_URL, and so on for all keys"
}
