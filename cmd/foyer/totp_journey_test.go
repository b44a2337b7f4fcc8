package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/pquerna/otp/totp"
)

// TestAPhoneReadsTheAuthenticatorsSecret points a camera at the screen: a decoder that is not ours reads the QR code off the
// cells as a terminal draws them, and the code it gives is accepted, here and at the sign-in.
func TestAPhoneReadsTheAuthenticatorsSecret(t *testing.T) {
	tests := []struct {
		name          string
		env           string
		width, height int
		light         bool // the terminal's own background
	}{
		{"in colour", "COLORTERM=truecolor", 80, 24, false},
		{"in colour on a light background", "COLORFGBG=0;15", 80, 24, true},
		{"without colour", "NO_COLOR=1", 80, 24, false},
		{"without colour on a light background", "NO_COLOR=1 COLORFGBG=0;15", 80, 24, true},
		{"on the Linux console", "TERM=linux", 80, 24, false},
		{"in a large window", "NO_COLOR=1", 200, 50, false},
		{"in a narrow and tall window", "TERM=xterm-256color", 60, 48, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tenant := serve(t, "totp")
			s := open(t, tt.width, tt.height, append(tenant.env, strings.Fields(tt.env)...))
			s.until("Press Enter to begin")
			s.until("authenticator") // the form is there
			s.press(answers("ann@example.com"))
			s.until("The code that the app shows")
			uri := s.scan(tt.light)
			secret := uri.Query().Get("secret")
			if uri.Scheme != "otpauth" || uri.Host != "totp" || !strings.Contains(uri.Path, "ann@example.com") || uri.Query().Get("issuer") == "" || len(secret) != 32 {
				t.Fatalf("the phone reads %q", uri.Redacted())
			}
			s.press("000000\r")
			s.until("This is not the code")
			s.press(appCode(t, secret) + "\r")
			s.until("Is everything right?")
			s.press("\r")
			s.until("You are registered")
			if got := tenant.signInWith(t, "totp", "ann@example.com", appCode(t, secret)); got != "signed_in" {
				t.Errorf("signing in with password and code: %s", got)
			}
			if got := tenant.signInWith(t, "totp", "ann@example.com", "000000"); got != "totp_incorrect" {
				t.Errorf("signing in with another code: %s", got)
			}
			if strings.Contains(tenant.log.String(), secret) {
				t.Error("the secret is in the tenant's log")
			}
		})
	}
}

func appCode(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// signInWith signs in with the marker password and a code of the app.
func (s *tenantServer) signInWith(t *testing.T, pool, identifier, code string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"pool": pool, "identifier": identifier, "password": marker, "totp": code})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/sandbox/sign-in", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var verdict struct{ Result string }
	if err := json.NewDecoder(response.Body).Decode(&verdict); err != nil {
		t.Fatal(err)
	}
	return verdict.Result
}

// scan reads the QR code on the screen, which may be half drawn at first, from several distances, as a hand-held camera would.
func (s *terminal) scan(light bool) *url.URL {
	s.t.Helper()
	var text string
	s.wait("a QR code that a phone can read", func() bool {
		for _, size := range []int{3, 4, 5, 6, 7, 8, 10, 12} {
			if text = decode(s.t, s.photograph(size, light)); text != "" {
				return true
			}
		}
		return false
	})
	u, err := url.Parse(text)
	if err != nil {
		s.t.Fatal("the code holds no URI")
	}
	return u
}

// decode returns the text of the QR code in a picture; "" when there is none.
func decode(tb testing.TB, picture image.Image) string {
	tb.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		tb.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return read.GetText()
}

// photograph draws the screen as a terminal does: a cell is size pixels wide and twice as high.
func (s *terminal) photograph(size int, light bool) (picture image.Image) {
	s.screen.Look(func(e *vt.Emulator) { picture = photographOf(e, size, light) })
	return picture
}

func photographOf(e *vt.Emulator, size int, light bool) image.Image {
	columns, rows := e.Width(), e.Height()
	picture := image.NewRGBA(image.Rect(0, 0, columns*size, 2*rows*size))
	for y := range rows {
		for x := range columns {
			cell := e.CellAt(x, y)
			if cell == nil {
				cell = &uv.Cell{Content: " "}
			}
			upper, lower := halves(cell, light)
			paint(picture, x*size, 2*y*size, size, upper)
			paint(picture, x*size, (2*y+1)*size, size, lower)
		}
	}
	return picture
}

// paint fills a square.
func paint(picture *image.RGBA, x, y, size int, c color.Color) {
	for dy := range size {
		for dx := range size {
			picture.Set(x+dx, y+dy, c)
		}
	}
}

// halves are the colours of the halves of a cell. Other signs than blocks are taken for background: letters are thin.
func halves(cell *uv.Cell, light bool) (upper, lower color.Color) {
	front, back := color.Color(color.White), color.Color(color.Black)
	if light {
		front, back = back, front
	}
	if cell.Style.Fg != nil {
		front = cell.Style.Fg
	}
	if cell.Style.Bg != nil {
		back = cell.Style.Bg
	}
	switch cell.Content {
	case "█":
		return front, front
	case "▀":
		return front, back
	case "▄":
		return back, front
	}
	return back, back
}
