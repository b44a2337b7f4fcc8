//go:build !unix

package forget

import "errors"

// replace is for systems that cannot put a program in the place of a process.
func replace(string, []string, []string) error { return errors.ErrUnsupported }
