package forget

// A Hardening is what of the process can leave it without its doing. Each is an error where it may, with the reason.
type Hardening struct {
	Dumps error // whether a crash writes the memory to a file
	Swap  error // whether the system may write memory to a disk
}

// Harden forbids the process to be dumped and locks its memory, each as far as the system allows: where it does not, nothing else
// changes. Children inherit that their dumps are off.
//
// Memory is locked when it is used (MCL_ONFAULT), since the runtime reserves more than it uses. Under a limit (RLIMIT_MEMLOCK) the
// reservations would count, and the process would die of one that does not fit: it is locked only where there is none.
func Harden() Hardening { return Hardening{Dumps: forbidDumps(), Swap: lockMemory()} }
