package gallery_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"foyer/ui/gallery"
)

func TestSVG(t *testing.T) {
	got := gallery.SVG("a\x1b[1;38;2;255;0;16mb <&> c\x1b[0m\x1b[7m d \x1b[0m\x1b]0;title\x07\nsecond\nthird", 20, 2)
	for _, want := range []string{"#FF0010", `font-weight="bold"`, "b &lt;&amp;&gt; c", ">second<", "<rect x="} {
		if !strings.Contains(got, want) {
			t.Errorf("the picture lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "title") || strings.Contains(got, "third") || strings.Contains(got, "\x1b") {
		t.Errorf("the picture has what it should not have:\n%s", got)
	}
	d := xml.NewDecoder(strings.NewReader(got))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}
