package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"foyer/internal/clean"
)

// But for the screens, which write to their terminal, and for CSV, all that this package prints goes through this file
// (see output_test.go). So it has been cleaned, whoever it came from.

// Bounds of what is said at once, in lines and code points: a configuration may have many mistakes, and an address where staff
// signs in is long.
const (
	mostSaid    = 500
	longestSaid = 10000
)

// say prints a line, or several, on standard error for whoever runs the program.
func (p *program) say(format string, args ...any) { said(p.stderr, "foyer: "+format, args...) }

// print prints a line, or several, on standard output.
func (p *program) print(format string, args ...any) { said(p.stdout, format, args...) }

func said(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintln(w, clean.Text(fmt.Sprintf(format, args...), mostSaid, longestSaid))
}

// jsonTo returns what writes values to w as JSON, each as a line of its own.
func jsonTo(w io.Writer) *json.Encoder { return json.NewEncoder(clean.JSON(w)) }

// columns writes texts to w, which aligns them, as a row of a table.
func columns(w io.Writer, texts ...string) {
	for i, text := range texts {
		texts[i] = clean.Line(text, longestSaid)
	}
	_, _ = fmt.Fprintln(w, strings.Join(texts, "\t")) // what goes wrong, the end of the table tells
}

// write writes to w what is the program's own, or clean already, as it stands.
func write(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}
