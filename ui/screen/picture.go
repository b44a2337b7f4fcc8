package screen

import "foyer/ui/qr"

// Room for what stands with a QR code, in cells.
const (
	leastText  = 28 // columns beside it
	besideGap  = 2  // columns between
	linesBelow = 10 // lines below it
)

// picture draws the first of texts that fits the frame as a QR code: beside the words, or else above them. It is "" where
// none fits.
func (f Frame) picture(texts ...string) (picture string, beside bool) {
	for _, text := range texts {
		if picture, ok := qr.Draw(text, f.Width-leastText-besideGap, f.Height, f.Theme); ok {
			return picture, true
		}
		if picture, ok := qr.Draw(text, f.Width, f.Height-linesBelow, f.Theme); ok {
			return picture, false
		}
	}
	return "", false
}
