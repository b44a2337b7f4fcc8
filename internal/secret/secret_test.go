package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"foyer/internal/secret"
)

const marker = "hunter2-marker"

func TestTextIsNeverPrinted(t *testing.T) {
	type holder struct {
		Public  secret.Text
		private secret.Text
	}
	s := secret.New(marker)
	h := holder{s, s}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "holder", h)
	encoded, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"slog":       log.String(),
		"json":       string(encoded),
		"%v":         fmt.Sprintf("%v %v %v", s, h, &h),
		"%+v":        fmt.Sprintf("%+v %+v", s, h),
		"%#v":        fmt.Sprintf("%#v %#v", s, h),
		"%s":         fmt.Sprintf("%s %s", s, &s),
		"%d":         fmt.Sprintf("%d %x %q", s, s, s),
		"an error":   fmt.Errorf("with %v", s).Error(),
		"a map":      fmt.Sprint(map[string]any{"k": s, "p": &s}),
		"a nil copy": fmt.Sprint(secret.Text{}),
	}
	for _, verb := range []string{"%s", "%q", "%d", "%x", "%t"} { // of which some do not suit the holder
		tests[verb+" inside"] = fmt.Sprintf(verb+verb, h, &h)
	}
	hexed := fmt.Sprintf("%x", marker)
	decimal := strings.Trim(fmt.Sprintf("%d", []byte(marker)), "[]")
	for name, got := range tests {
		for _, leak := range []string{marker, hexed, decimal} {
			if strings.Contains(got, leak) {
				t.Errorf("%s prints the secret: %s", name, got)
			}
		}
	}
}

func TestWipeReachesCopies(t *testing.T) {
	s := secret.New(marker)
	c := s
	s.Wipe()
	if !c.IsZero() || c.Reveal() != "" {
		t.Errorf("after Wipe a copy holds %d bytes, want none", len(c.Reveal()))
	}
}

func TestEqual(t *testing.T) {
	if a := secret.New("a"); !a.Equal(secret.New("a")) || a.Equal(secret.New("b")) || a.Equal(secret.Text{}) {
		t.Error("Equal does not tell equal secrets from different ones")
	}
}

func TestUnmarshalJSON(t *testing.T) {
	var s secret.Text
	if err := json.Unmarshal([]byte(`"`+marker+`"`), &s); err != nil || s.Reveal() != marker {
		t.Errorf("Unmarshal = %q, %v, want %q", s.Reveal(), err, marker)
	}
}
