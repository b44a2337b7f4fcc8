//go:build unix

package forget

import "golang.org/x/sys/unix"

// replace puts program in the place of this process.
func replace(program string, args, environ []string) error {
	return unix.Exec(program, args, environ)
}
