package forget

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// errLimited says that no more than a part of the memory may be locked.
var errLimited = errors.New("RLIMIT_MEMLOCK is limited")

// forbidDumps switches core dumps off. The limit alone does not: it is not asked where a program takes the dumps (core(5)). A process
// that is not dumpable is not read by other processes of its user either (prctl(2), ptrace(2)).
func forbidDumps() error {
	if err := limitDumps(); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("prctl PR_SET_DUMPABLE: %w", err)
	}
	return nil
}

// lockMemory keeps all memory, also what is to come, out of the swap.
func lockMemory() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
		return fmt.Errorf("getrlimit RLIMIT_MEMLOCK: %w", err)
	}
	if limit.Cur != unix.RLIM_INFINITY && limit.Max == unix.RLIM_INFINITY {
		limit.Cur = limit.Max
		_ = unix.Setrlimit(unix.RLIMIT_MEMLOCK, &limit) // otherwise mlockall refuses
	}
	if limit.Cur != unix.RLIM_INFINITY && !unlimited() {
		return errLimited
	}
	if err := unix.Mlockall(unix.MCL_CURRENT | unix.MCL_FUTURE | unix.MCL_ONFAULT); err != nil {
		return fmt.Errorf("mlockall: %w", err)
	}
	return nil
}

// unlimited reports whether the process has the capability to lock memory beyond the limit, CAP_IPC_LOCK (capabilities(7)).
func unlimited() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	return unix.Capget(&header, &sets[0]) == nil && sets[0].Effective&(1<<unix.CAP_IPC_LOCK) != 0
}
