package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"foyer/internal/clean"
)

// fileVariable names the configuration file.
const fileVariable = envPrefix + "CONFIG"

// A Source is where settings come from. A function that is nil has nothing to say. System returns the process's own.
type Source struct {
	LookupEnv func(name string) (string, bool)
	Environ   func() []string                        // "name=value" each, to find variables that no key has
	ReadFile  func(name string) ([]byte, error)      // need not read further than 1 MiB and one byte
	Mode      func(name string) (fs.FileMode, error) // to warn of secrets that others can read
	File      string                                 // the configuration file; "": FOYER_CONFIG, else searched for
	Overrides []Override                             // in order; of those for one key the last counts
}

// An Override is a value given by a flag.
type Override struct {
	Key   string // path of the key
	Value string // as in a variable; "" restores the default
	Flag  string // what the person typed, to be named in mistakes; "" is "--set"
}

// System returns the environment and the files of this process. Files are read up to 1 MiB and one byte, so that
// Load can tell a file that is too large, and an endless one does no harm.
func System() Source {
	s := Source{LookupEnv: os.LookupEnv, Environ: os.Environ, ReadFile: readFile}
	if runtime.GOOS != "windows" { // where modes say nothing about other users
		s.Mode = fileMode
	}
	return s
}

// Set adds an Override, as --set key=value does.
func (s *Source) Set(key, value string) {
	s.Overrides = append(s.Overrides, Override{Key: key, Value: value})
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return data, nil
}

func fileMode(name string) (fs.FileMode, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, fmt.Errorf("mode: %w", err)
	}
	return info.Mode(), nil
}

// variable returns the value of an environment variable. An empty one counts as not set.
func (s Source) variable(name string) string {
	if s.LookupEnv == nil {
		return ""
	}
	v, _ := s.LookupEnv(name)
	return v
}

// read returns what a file holds; a file without bytes is no error.
func (s Source) read(name string) ([]byte, error) {
	if s.ReadFile == nil {
		return nil, fs.ErrNotExist
	}
	return s.ReadFile(name)
}

// exposed reports whether any user of the machine can read a file.
func (s Source) exposed(name string) bool {
	if s.Mode == nil {
		return false
	}
	mode, err := s.Mode(name)
	return err == nil && mode.Perm()&0o004 != 0
}

// named returns the file that the operator names and how; "" if none.
func (s Source) named() (file, by string) {
	if s.File != "" {
		return s.File, "--config"
	}
	return s.variable(fileVariable), fileVariable
}

// searched returns the files to look for when none is named, most specific first (XDG Base Directory Specification).
func (s Source) searched() []string {
	files := []string{"foyer.yaml"}
	home := s.variable("XDG_CONFIG_HOME")
	if !filepath.IsAbs(home) { // the specification has relative ones ignored
		home = ""
		if user := s.variable("HOME"); user != "" {
			home = filepath.Join(user, ".config")
		}
	}
	if home != "" {
		files = append(files, filepath.Join(home, "foyer", "foyer.yaml"))
	}
	return append(files, "/etc/foyer/foyer.yaml")
}

// reason says why a file could not be read, without its name.
func reason(err error) string {
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read by this user"
	case errors.As(err, &pathError):
		return "cannot be read: " + clean.Line(pathError.Err.Error(), maxQuoted)
	default:
		return "cannot be read"
	}
}
