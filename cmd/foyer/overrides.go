package main

import (
	"fmt"
	"strings"

	"foyer/internal/config"
)

// overrides collects the --set flags; it is a pflag.Value.
type overrides struct{ list *[]config.Override }

// String is the default that the help shows: none.
func (o *overrides) String() string { return "" }

// Type names the value in the help.
func (o *overrides) Type() string { return "key=value" }

// Set takes one "key=value".
func (o *overrides) Set(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return fmt.Errorf("want key=value, such as ui.lang=en")
	}
	*o.list = append(*o.list, config.Override{Key: key, Value: value, Flag: "--set"})
	return nil
}
