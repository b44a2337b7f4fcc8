//go:build linux

package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// The rows of the table, by their units.
const (
	rowMemory         = "KiB/session"
	rowTyped          = "KiB/typed"
	rowGoroutines     = "goroutines/session"
	rowIdle           = "%idle"
	rowWakeups        = "wakeups/s"
	rowP50            = "ms/p50"
	rowP99            = "ms/p99"
	rowNewcomer       = "ms/newcomer"
	rowBytes          = "B/key"
	rowKey            = "µs/key"
	rowConnect        = "µs/connect"
	rowPaste          = "s/MBpasted"
	rowFlood          = "s/MBtyped"
	rowOthers         = "ms/p99others"
	rowAfter          = "MiB/after"
	rowCame           = "MiB/came"
	rowCameGoroutines = "goroutines/came"
	rowCameFiles      = "files/came"
)

// figures are what was measured, by row.
type figures map[string]float64

// A row says what is printed, and what is aimed at.
type row struct{ unit, says, target string }

func rows() []row {
	return []row{
		{rowMemory, "memory of an idle session on the details, KiB", "2.0 × bare"},
		{rowTyped, "memory after a whole registration was typed, KiB", "3.0 × bare"},
		{rowGoroutines, "goroutines of a session", ""},
		{rowIdle, "CPU of all sessions while nobody types, % of a core", "0"},
		{rowWakeups, "times a second that a thread wakes meanwhile", "0"},
		{rowP50, "echo while a tenth type, p50, ms", ""},
		{rowP99, "the same, p99, ms", "3 × bare"},
		{rowNewcomer, "from the connection to the review meanwhile, all typed at once, ms", ""},
		{rowBytes, "bytes sent for a key", "40 bytes"},
		{rowKey, "CPU of a key, µs", "3 × bare"},
		{rowConnect, "CPU from the connection to the first frame, µs", "1.5 × bare"},
		{rowPaste, "CPU of 1 MB pasted in one write, s", "0.5 s"},
		{rowFlood, "CPU of 1 MB typed in one write, s", "0.5 s"},
		{rowOthers, "echo of others meanwhile, p99, ms", "as without"},
		{rowAfter, "memory that stays when all have gone, MiB", "0"},
		{rowCame, "growth from the first tenth of the visits to the last, MiB", "0"},
		{rowCameGoroutines, "the same, goroutines", "0"},
		{rowCameFiles, "the same, open files", "0"},
	}
}

// table prints the figures beside each other, with the ratios to the bare server's and the targets, which nothing holds them to.
func table(of map[string]figures) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\tbare\tbubbletea\t\tkiosk\t\ttarget")
	for _, r := range rows() {
		bare := of["bare"][r.unit]
		_, _ = fmt.Fprintf(w, "%s\t%s", r.says, cell(of["bare"], r.unit))
		for _, name := range []string{"bubbletea", "kiosk"} {
			_, _ = fmt.Fprintf(w, "\t%s\t%s", cell(of[name], r.unit), ratio(of[name], r.unit, bare))
		}
		_, _ = fmt.Fprintf(w, "\t%s\n", r.target)
	}
	_ = w.Flush()
	return text.String()
}

func cell(f figures, unit string) string {
	value, ok := f[unit]
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.4g", value)
}

func ratio(f figures, unit string, bare float64) string {
	value, ok := f[unit]
	if !ok || bare <= 0 || strings.Contains(unit, "after") {
		return ""
	}
	return fmt.Sprintf("× %.2f", value/bare)
}
