package forget

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// variable is what the runtime is told by at the start of a process.
const variable = "GODEBUG"

// A setting is a word of it.
type setting struct{ name, value string }

// settings are what makes a process forgetful: its collector overwrites what it frees, and it takes no goroutine from its thread by a
// signal, for which the runtime keeps vector registers, with text in them, where nothing overwrites them (runtime.xRegState). Goroutines
// give way where they call functions.
func settings() []setting { return []setting{{"clobberfree", "1"}, {"asyncpreemptoff", "1"}} }

// said is what the environment says of a setting; "" for nothing. The last word counts, as it does for the runtime.
func said(environ []string, of string) (value string) {
	for _, line := range environ {
		name, all, _ := strings.Cut(line, "=")
		if name != variable {
			continue
		}
		for word := range strings.SplitSeq(all, ",") {
			if key, v, _ := strings.Cut(word, "="); key == of {
				value = v
			}
		}
	}
	return value
}

// Refused reports whether the environment has a process be less forgetful, also when it is started anew.
func Refused(environ []string) bool {
	return slices.ContainsFunc(settings(), func(s setting) bool {
		v := said(environ, s.name)
		return v != "" && v != s.value
	})
}

// forgetful is environ with what makes a process forgetful, where it does not speak of it already.
func forgetful(environ []string) []string {
	var words []string
	for _, s := range settings() {
		if said(environ, s.name) == "" {
			words = append(words, s.name+"="+s.value)
		}
	}
	if len(words) == 0 {
		return environ
	}
	environ = slices.Clone(environ)
	at := slices.IndexFunc(environ, func(line string) bool { return strings.HasPrefix(line, variable+"=") })
	if at < 0 {
		return append(environ, variable+"="+strings.Join(words, ","))
	}
	if before := strings.TrimPrefix(environ[at], variable+"="); before != "" {
		words = append([]string{before}, words...)
	}
	environ[at] = variable + "=" + strings.Join(words, ",")
	return environ
}

// Respawn starts the process anew, as itself and with the same arguments and files, but forgetful. It returns only when there is no
// need, as it was started like that or GODEBUG says that it shall not, or when the system does not let it, for which it gives the
// reason. It is for the beginning: nothing that the process has done so far remains.
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
