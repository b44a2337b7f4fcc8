// Package noquery keeps the terminal from being questioned before main runs. Import it for its effect.
//
// Bubble Tea v1 asks Lip Gloss's default renderer for the background colour in an init function. On a terminal that does
// not answer, that blocks the start for five seconds, and on any it swallows what a person has typed by then. Telling the
// renderer the answer first prevents the question. Go initialises packages in the order of their import paths as soon as
// what they import is ready; this one imports nothing that Bubble Tea does not, and sorts before it.
package noquery

import "github.com/charmbracelet/lipgloss"

func init() { //nolint:gochecknoinits // only an init function can run before another
	lipgloss.SetHasDarkBackground(true)
}
