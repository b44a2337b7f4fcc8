package qr_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"foyer/ui/qr"
	"foyer/ui/theme"
)

const uri = "otpauth://totp/ann@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Foyer%20Sandbox"

func TestDraw(t *testing.T) {
	tests := []struct {
		name          string
		terminal      theme.Terminal
		width, height int
		quiet         int // modules around the code; -1 when it does not fit
		inverted      bool
	}{
		{"with room", theme.Terminal{Profile: colorprofile.NoTTY}, 100, 50, 4, false},
		{"with just enough room", theme.Terminal{Profile: colorprofile.NoTTY}, 45, 23, 4, false},
		{"with a little less", theme.Terminal{Profile: colorprofile.NoTTY}, 45, 22, 3, false},
		{"with the least room", theme.Terminal{Profile: colorprofile.NoTTY}, 41, 21, 2, false},
		{"in too low a window", theme.Terminal{Profile: colorprofile.NoTTY}, 100, 20, -1, false},
		{"in too narrow a window", theme.Terminal{Profile: colorprofile.NoTTY}, 40, 50, -1, false},
		{"without colours on a dark background", theme.Terminal{Profile: colorprofile.ASCII, Dark: true}, 100, 50, 4, true},
		{"without colours on a light background", theme.Terminal{Profile: colorprofile.ASCII}, 100, 50, 4, false},
		{"without signs for it", theme.Terminal{Charset: theme.ASCII}, 100, 50, -1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			picture, ok := qr.Draw(uri, tt.width, tt.height, theme.New(tt.terminal))
			if ok != (tt.quiet >= 0) {
				t.Fatalf("Draw fits = %t", ok)
			}
			if !ok {
				return
			}
			const modules = 37 // version 5
			if w, h := lipgloss.Width(picture), lipgloss.Height(picture); w != modules+2*tt.quiet || h != (w+1)/2 || w > tt.width || h > tt.height {
				t.Errorf("the picture is %dx%d, want a quiet zone of %d in %dx%d", w, h, tt.quiet, tt.width, tt.height)
			}
			if got := read(t, picture, tt.inverted); got != uri {
				t.Errorf("a decoder reads %q", got)
			}
		})
	}
}

func TestTheColoursArePaperAndInk(t *testing.T) {
	for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI} {
		for _, dark := range []bool{true, false} {
			picture, _ := qr.Draw(uri, 100, 50, theme.New(theme.Terminal{Profile: profile, Dark: dark}))
			want := map[colorprofile.Profile]string{
				colorprofile.TrueColor: "\x1b[38;2;0;0;0;48;2;255;255;255m", colorprofile.ANSI256: "\x1b[38;5;16;48;5;231m", colorprofile.ANSI: "\x1b[30;47m",
			}[profile]
			for _, line := range strings.Split(picture, "\n") {
				if !strings.HasPrefix(line, want) {
					t.Fatalf("%v, dark %t: a line begins with %.40q, want %q", profile, dark, line, want)
				}
			}
		}
	}
}

func TestWhatIsTooLongForACodeIsNotDrawn(t *testing.T) {
	if _, ok := qr.Draw(strings.Repeat("x", 10_000), 1000, 1000, theme.New(theme.Terminal{})); ok {
		t.Error("Draw drew 10,000 characters")
	}
}

// read decodes a picture with a library that is not ours. Inverted is for a terminal that draws light signs on black.
func read(t *testing.T, picture string, inverted bool) string {
	t.Helper()
	const scale = 4
	lines := strings.Split(picture, "\n")
	side := len([]rune(lines[0]))
	img := image.NewGray(image.Rect(0, 0, side*scale, 2*len(lines)*scale))
	for y, line := range lines {
		for x, sign := range []rune(line) {
			upper, lower := sign == '█' || sign == '▀', sign == '█' || sign == '▄'
			for i, drawn := range []bool{upper, lower} {
				fill(img, x, 2*y+i, scale, drawn == inverted)
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	text, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("no decoder reads it: %v\n%s", err, picture)
	}
	return text.GetText()
}

func fill(img *image.Gray, x, y, scale int, white bool) {
	shade := color.Gray{}
	if white {
		shade.Y = 255
	}
	for dy := range scale {
		for dx := range scale {
			img.SetGray(x*scale+dx, y*scale+dy, shade)
		}
	}
}
