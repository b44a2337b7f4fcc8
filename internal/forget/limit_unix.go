//go:build unix

package forget

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// limitDumps lets a dump have no bytes.
func limitDumps() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("setrlimit RLIMIT_CORE: %w", err)
	}
	return nil
}
