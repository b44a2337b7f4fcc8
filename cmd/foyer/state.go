package main

import (
	"fmt"
	"path/filepath"
)

// stateFile is the file that a setting names, or the one called name where programs of this user keep what is to last (XDG Base
// Directory Specification). It need not be there.
func (p *program) stateFile(setting, value, name string) (string, error) {
	if value != "" {
		return value, nil
	}
	folder := p.variable("XDG_STATE_HOME")
	if home := p.variable("HOME"); !filepath.IsAbs(folder) && home != "" {
		folder = filepath.Join(home, ".local", "state")
	}
	if !filepath.IsAbs(folder) {
		return "", &usageError{fmt.Errorf("%s is not set, and neither XDG_STATE_HOME nor HOME says where it could be", setting)}
	}
	return filepath.Join(folder, "foyer", name), nil
}
