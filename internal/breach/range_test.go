package breach_test

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/breach"
	"foyer/internal/secret"
)

const marker = "correct horse battery staple"

// hashOf is the SHA-1 of a password in capitals.
func hashOf(password string) string {
	sum := sha1.Sum([]byte(password))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// rangeOf is an answer that holds these passwords between others, each seen as often as it stands in the list.
func rangeOf(end string, passwords ...string) string {
	lines := []string{"0018A45C4D1DEF81644B54AB7F969B88D65:1"}
	for i, p := range passwords {
		lines = append(lines, fmt.Sprintf("%s:%d", hashOf(p)[5:], i+1))
	}
	lines = append(lines, "FFFFA45C4D1DEF81644B54AB7F969B88D65:100", "00D4F6E8FA6EECAD2A3AA415EEC418D38EC:0")
	return strings.Join(lines, end)
}

// client returns a client of a server that answers so, and its address.
func client(t *testing.T, answer http.HandlerFunc) *breach.RangeClient {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	c, err := breach.NewRangeClient(server.Client(), server.URL+"/range/")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func saying(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func TestRangeClientBreached(t *testing.T) {
	padding := strings.Replace(rangeOf("\n", marker), hashOf(marker)[5:]+":1", hashOf(marker)[5:]+":0", 1)
	tests := []struct {
		name   string
		answer string
		want   int
	}{
		{"finds the password", rangeOf("\r\n", "x", "y", marker), 3},
		{"finds it with other line ends", rangeOf("\n", marker) + "\n", 1},
		{"finds it in small letters", strings.ToLower(rangeOf("\n", marker)), 1},
		{"does not find another", rangeOf("\r\n", "x", "y"), 0},
		{"ignores padding", padding, 0},
		{"takes counts past counting", hashOf(marker)[5:] + ":99999999999999999999", 1<<32 - 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := client(t, saying(tt.answer)).Breached(t.Context(), secret.New(marker))
			if got != tt.want || err != nil {
				t.Errorf("Breached = %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

func TestRangeClientSendsFiveDigitsAndNothingElse(t *testing.T) {
	var seen []string
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, fmt.Sprintf("%s %s %q", r.Method, r.RequestURI, body))
		if r.Header.Get("Add-Padding") != "true" || r.Header.Get("User-Agent") != "foyer" {
			t.Errorf("the header is %v, want Add-Padding: true and User-Agent: foyer", r.Header)
		}
		if len(r.Header) > 3 { // the third is Accept-Encoding
			t.Errorf("the header says more than it has to: %v", r.Header)
		}
		_, _ = io.WriteString(w, rangeOf("\r\n", marker))
	})
	for range 3 {
		if _, err := c.Breached(t.Context(), secret.New(marker)); err != nil {
			t.Fatal(err)
		}
	}
	want := fmt.Sprintf("GET /range/%s %q", hashOf(marker)[:5], "")
	if len(seen) != 1 || seen[0] != want {
		t.Errorf("the server saw %q, want %q once", seen, want)
	}
}

func TestRangeClientRefusesOtherAnswers(t *testing.T) {
	line := "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n"
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   error
	}{
		{"a page of a proxy", saying("<html><body>Sign in to the hotel's network</body></html>"), breach.ErrAnswer},
		{"nothing", saying(""), breach.ErrAnswer},
		{"more than a mebibyte", saying(strings.Repeat(line, 1<<20/len(line)+1)), breach.ErrAnswer},
		{"a line that is cut", saying(line + line[:20]), breach.ErrAnswer},
		{"a count that is no number", saying("0018A45C4D1DEF81644B54AB7F969B88D65:many"), breach.ErrAnswer},
		{"an error of the service", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, breach.StatusError(500)},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, breach.StatusError(http.StatusFound)},
		{"a body that ends early", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, line)
		}, io.ErrUnexpectedEOF},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			count, err := client(t, tt.answer).Breached(t.Context(), secret.New(marker))
			if count != 0 || !errors.Is(err, tt.want) {
				t.Fatalf("Breached = %d, %v, want the error %v", count, err, tt.want)
			}
			tellsNothing(t, err)
		})
	}
}

func TestRangeClientEndsWithItsContext(t *testing.T) {
	stalled := make(chan struct{})
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n")
		w.(http.Flusher).Flush()
		close(stalled)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-stalled; cancel() }()
	_, err := c.Breached(ctx, secret.New(marker))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Breached = %v, want %v", err, context.Canceled)
	}
	tellsNothing(t, err)
}

func TestRangeClientTellsNothingWhenThereIsNoServer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c, err := breach.NewRangeClient(&http.Client{Transport: &http.Transport{}}, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Breached(t.Context(), secret.New(marker))
	if err == nil {
		t.Fatal("Breached gave no error")
	}
	tellsNothing(t, err)
}

// tellsNothing checks that neither the text of err nor what is in it holds the password or any of its hash.
func tellsNothing(t *testing.T, err error) {
	t.Helper()
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Error("breach", "err", err)
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), log.String()} {
		for _, hidden := range []string{marker, hashOf(marker), hashOf(marker)[:5], hashOf(marker)[5:]} {
			if strings.Contains(strings.ToUpper(text), strings.ToUpper(hidden)) {
				t.Errorf("the error %q tells %q", text, hidden)
			}
		}
	}
}

func TestNewRangeClientWantsAnAddress(t *testing.T) {
	for _, give := range []string{"", "api.example.com/range", "ftp://example.com", "https://", "http://[::1"} {
		if _, err := breach.NewRangeClient(&http.Client{}, give); err == nil {
			t.Errorf("NewRangeClient(%q) gave no error", give)
		}
	}
}

// A roundTripper answers in the process: sockets do not settle in a bubble of synctest.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func counting(asked *atomic.Int64) *http.Client {
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		asked.Add(1)
		body := io.NopCloser(strings.NewReader(rangeOf("\n", marker)))
		return &http.Response{StatusCode: 200, Body: body, Request: r}, nil
	})}
}

func TestRangeClientKeepsAnAnswerForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		c, err := breach.NewRangeClient(counting(&asked), "https://breach.example.com")
		if err != nil {
			t.Fatal(err)
		}
		for i, wait := range []time.Duration{0, time.Hour - 1, 1} {
			<-time.After(wait)
			if count, err := c.Breached(t.Context(), secret.New(marker)); count != 1 || err != nil {
				t.Fatalf("Breached = %d, %v, want 1", count, err)
			}
			if want := int64(1 + i/2); asked.Load() != want {
				t.Errorf("after %v more the service was asked %d times, want %d", wait, asked.Load(), want)
			}
		}
	})
}

func TestRangeClientForgetsTheOldestOfManyAnswers(t *testing.T) {
	var asked atomic.Int64
	c, err := breach.NewRangeClient(counting(&asked), "https://breach.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 600 {
		if _, err := c.Breached(t.Context(), secret.New(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	before := asked.Load()
	_, _ = c.Breached(t.Context(), secret.New("599"))
	if asked.Load() != before {
		t.Error("the newest answer was not kept")
	}
	_, _ = c.Breached(t.Context(), secret.New("0"))
	if asked.Load() == before {
		t.Error("the oldest answer was still kept")
	}
}

func TestRangeClientIsSafeForConcurrentUse(t *testing.T) {
	c := client(t, saying(rangeOf("\r\n", marker)))
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			give, want := marker, 1
			if i%2 == 0 {
				give, want = fmt.Sprint(i), 0
			}
			if got, err := c.Breached(t.Context(), secret.New(give)); got != want || err != nil {
				t.Errorf("Breached(%q) = %d, %v, want %d", give, got, err, want)
			}
		})
	}
	wg.Wait()
}
