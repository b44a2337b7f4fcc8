package forget

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// What the runtime is told by at the start of a process.
const (
	variable   = "GODEBUG"
	overwrites = "clobberfree"
)

// Refused reports whether the environment has the collector keep what it frees as it is, also when the process is started anew.
func Refused(environ []string) bool {
	said := setting(environ)
	return said != "" && said != "1"
}

// setting is what the environment says of overwriting; "" for nothing. The last word counts, as it does for the runtime.
func setting(environ []string) (value string) {
	for _, line := range environ {
		name, all, _ := strings.Cut(line, "=")
		if name != variable {
			continue
		}
		for s := range strings.SplitSeq(all, ",") {
			if key, v, _ := strings.Cut(s, "="); key == overwrites {
				value = v
			}
		}
	}
	return value
}

// forgetful is environ with what makes the collector overwrite what it frees, unless it says something of that already.
func forgetful(environ []string) []string {
	if setting(environ) != "" {
		return environ
	}
	environ = slices.Clone(environ)
	for i, line := range environ {
		if all, ok := strings.CutPrefix(line, variable+"="); ok {
			environ[i] = variable + "=" + strings.TrimPrefix(all+","+overwrites+"=1", ",")
			return environ
		}
	}
	return append(environ, variable+"="+overwrites+"=1")
}

// Respawn starts the process anew, as itself and with the same arguments and files, so that its collector overwrites what it
// frees. It returns only when there is no need, as it was started like that or GODEBUG says that it shall not (clobberfree=0), or when
// the system does not let it, for which it gives the reason. It is for the beginning: nothing that the process has done so far remains.
func Respawn() error {
	have := os.Environ()
	want := forgetful(have)
	if slices.Equal(have, want) {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start anew: %w", err)
	}
	if err := replace(program, os.Args, want); err != nil {
		return fmt.Errorf("start anew: %w", err)
	}
	return nil
}
