package breach_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"foyer/internal/breach"
	"foyer/internal/secret"
)

// many is how many passwords a generated file has: enough for some steps of the search.
const many = 5000

// hashFile writes a sorted file of the passwords "0" to "4999", each seen once more than its number when counted.
func hashFile(t *testing.T, end string, counted, ended bool) string {
	t.Helper()
	var lines []string
	for i := range many {
		line := hashOf(fmt.Sprint(i))
		if counted {
			line += fmt.Sprintf(":%d", i+1)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	text := strings.Join(lines, end)
	if ended {
		text += end
	}
	return file(t, text)
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hashes.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *breach.HashFile {
	t.Helper()
	f, err := breach.OpenHashFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestHashFileFindsEachPasswordAndNoOther(t *testing.T) {
	tests := []struct {
		name    string
		end     string
		counted bool
		ended   bool
	}{
		{"with counts and CRLF", "\r\n", true, true},
		{"with counts and LF", "\n", true, true},
		{"without counts", "\n", false, true},
		{"without an end of the last line", "\r\n", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t, hashFile(t, tt.end, tt.counted, tt.ended))
			for i := range many + 500 {
				want := 0
				if i < many {
					want = 1
					if tt.counted {
						want = i + 1
					}
				}
				if got, err := f.Breached(t.Context(), secret.New(fmt.Sprint(i))); got != want || err != nil {
					t.Fatalf("Breached(%d) = %d, %v, want %d", i, got, err, want)
				}
			}
		})
	}
}

func TestHashFileOfOneLine(t *testing.T) {
	f := open(t, file(t, hashOf(marker)))
	if got, err := f.Breached(t.Context(), secret.New(marker)); got != 1 || err != nil {
		t.Errorf("Breached = %d, %v, want 1", got, err)
	}
	if got, err := f.Breached(t.Context(), secret.New("other")); got != 0 || err != nil {
		t.Errorf("Breached of another = %d, %v, want 0", got, err)
	}
}

func TestOpenHashFileRefusesOtherFiles(t *testing.T) {
	var byCount, plain []string
	for i := range many {
		byCount = append(byCount, fmt.Sprintf("%s:%d", hashOf(fmt.Sprint(i)), many-i))
		plain = append(plain, fmt.Sprint("password", i))
	}
	descending := slices.Clone(byCount)
	slices.Sort(descending)
	slices.Reverse(descending)
	tests := []struct {
		name string
		give string
	}{
		{"an empty one", ""},
		{"one ordered by count", strings.Join(byCount, "\r\n")},
		{"one in descending order", strings.Join(descending, "\n")},
		{"one of passwords", strings.Join(plain, "\n")},
		{"one of NTLM hashes", strings.Repeat(hashOf("x")[:32]+":7\n", 100)},
		{"one of SHA-256 hashes", strings.Repeat(hashOf("x")+hashOf("y")[:24]+"\n", 100)},
		{"one long line", strings.Repeat("A", 10_000)},
		{"one with a byte order mark", "\ufeff" + hashOf("x")},
		{"binary data", string([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if f, err := breach.OpenHashFile(file(t, tt.give)); !errors.Is(err, breach.ErrFile) {
				t.Errorf("OpenHashFile = %v, %v, want %v", f, err, breach.ErrFile)
			}
		})
	}
}

func TestOpenHashFileWantsAFile(t *testing.T) {
	if _, err := breach.OpenHashFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("OpenHashFile of nothing = %v, want %v", err, os.ErrNotExist)
	}
	if _, err := breach.OpenHashFile(t.TempDir()); !errors.Is(err, breach.ErrFile) {
		t.Errorf("OpenHashFile of a folder = %v, want %v", err, breach.ErrFile)
	}
}

func TestHashFileSaysWhenALineIsBroken(t *testing.T) {
	path := hashFile(t, "\n", true, true)
	f := open(t, path)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	_, err := f.Breached(t.Context(), secret.New(marker))
	if err == nil {
		t.Fatal("Breached of a file that was emptied gave no error")
	}
	tellsNothing(t, err)
}

func TestHashFileEndsWithItsContext(t *testing.T) {
	f := open(t, hashFile(t, "\n", true, true))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Breached(ctx, secret.New(marker)); !errors.Is(err, context.Canceled) {
		t.Errorf("Breached = %v, want %v", err, context.Canceled)
	}
}

func TestHashFileIsSafeForConcurrentUse(t *testing.T) {
	f := open(t, hashFile(t, "\r\n", true, true))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				i := rand.IntN(many)
				if got, err := f.Breached(t.Context(), secret.New(fmt.Sprint(i))); got != i+1 || err != nil {
					t.Errorf("Breached(%d) = %d, %v, want %d", i, got, err, i+1)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkHashFile(b *testing.B) {
	var lines []string
	for i := range 1 << 17 {
		lines = append(lines, hashOf(fmt.Sprint(i))+":1")
	}
	slices.Sort(lines)
	path := filepath.Join(b.TempDir(), "hashes.txt")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\r\n")), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := breach.OpenHashFile(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for b.Loop() {
		if _, err := f.Breached(b.Context(), secret.New(marker)); err != nil {
			b.Fatal(err)
		}
	}
}
