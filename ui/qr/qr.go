// Package qr draws QR codes on a terminal, two modules to a cell, so that a telephone's camera reads them off the screen.
package qr

import (
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"foyer/ui/theme"
)

// quietZones are the widths of the quiet zone around a code, in modules, best first. ISO/IEC 18004 asks for four; cameras make
// do with less where there is no room.
func quietZones() []int { return []int{4, 3, 2} }

// Draw returns text as a QR code of at most width by height cells, with its quiet zone, dark on light on every terminal. Ok is
// false when it does not fit, or when the terminal has no signs for it.
func Draw(text string, width, height int, th theme.Theme) (picture string, ok bool) {
	if th.Glyphs.Half.Full == "" {
		return "", false
	}
	code, err := qr.Encode(text, qr.L, qr.Auto) // the least redundancy makes the smallest code, and a screen has no scratches
	if err != nil {
		return "", false
	}
	modules := code.Bounds().Dx()
	for _, quiet := range quietZones() {
		if side := modules + 2*quiet; side <= width && (side+1)/2 <= height {
			return paint(code, quiet, th), true
		}
	}
	return "", false
}

// paint draws code with so many quiet modules around it.
func paint(code barcode.Barcode, quiet int, th theme.Theme) string {
	modules := code.Bounds().Dx()
	dark := func(x, y int) bool {
		inside := x >= 0 && y >= 0 && x < modules && y < modules
		return inside && code.At(x, y) == color.Black
	}
	var lines []string
	for y := -quiet; y < modules+quiet; y += 2 {
		var line strings.Builder
		for x := -quiet; x < modules+quiet; x++ {
			line.WriteString(sign(dark(x, y) != th.Negative, dark(x, y+1) != th.Negative, th.Glyphs.Half))
		}
		lines = append(lines, th.Paper.Render(line.String()))
	}
	return strings.Join(lines, "\n")
}

// sign fills the halves of a cell.
func sign(upper, lower bool, half theme.Half) string {
	switch {
	case upper && lower:
		return half.Full
	case upper:
		return half.Upper
	case lower:
		return half.Lower
	}
	return " "
}
