package breach

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"foyer/internal/secret"
)

// Bounds of reading a file, in bytes.
const (
	maxLine = hashDigits + 1 + maxCount + 2
	window  = 4 << 10 // from here on a part of the file is read whole
	samples = 512
)

// A HashFile is a file of breached passwords: a line "HASH:COUNT" or "HASH" for each, HASH the SHA-1 in hexadecimal, in
// ascending order, CRLF or LF. It is searched where it lies, some 25 reads of a few hundred bytes in one of 40 GB, and never loaded.
// It is safe for concurrent use until it is closed.
//
// Source: the download of Pwned Passwords, "ordered by hash".
type HashFile struct {
	file io.ReaderAt
	size int64
	done func() error
}

// OpenHashFile opens the file at path. A file of another kind, or in another order, such as by count, is ErrFile; that is found
// out by samples, of which no more is read than of a few searches.
func OpenHashFile(path string) (*HashFile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("breach: hash file: %w", err)
	}
	f := &HashFile{file: file, done: file.Close}
	if err := f.examine(file); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("breach: hash file %s: %w", path, err)
	}
	return f, nil
}

// Close closes the file.
func (f *HashFile) Close() error { return f.done() }

// examine reads lines from all over the file, which have to be hashes in ascending order.
func (f *HashFile) examine(file fs.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return ErrFile
	}
	f.size = info.Size()
	var last digest
	lastAt := int64(-1)
	for i := range int64(samples) {
		at := int64(0)
		if i > 0 {
			if at, err = f.lineAfter(f.size * i / samples); err != nil {
				return err
			}
		}
		if at <= lastAt || at >= f.size {
			continue
		}
		d, err := f.line(at)
		if err != nil {
			return err
		}
		if lastAt >= 0 && bytes.Compare(last[:], d[:]) >= 0 {
			return ErrFile
		}
		last, lastAt = d, at
	}
	return nil
}

// Breached returns how often password was seen in breaches; 0 is never. An error says that it is not known: ErrFile where a line
// that was read is no hash, the context's, or that of reading.
func (f *HashFile) Breached(ctx context.Context, password secret.Text) (count int, err error) {
	count, err = f.search(ctx, digestOf(password))
	if err != nil {
		return 0, fmt.Errorf("breach: hash file: %w", err)
	}
	return count, nil
}

// search looks for want. Its line, if there is one, always begins in low to high, both of which are beginnings of lines or the end.
func (f *HashFile) search(ctx context.Context, want digest) (int, error) {
	low, high := int64(0), f.size
	for high-low > window {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		at, err := f.lineAfter(low + (high-low)/2)
		if err != nil {
			return 0, err
		}
		if at >= high { // lines are far shorter than half of the window
			return 0, ErrFile
		}
		d, err := f.line(at)
		if err != nil {
			return 0, err
		}
		if bytes.Compare(d[:], want[:]) <= 0 {
			low = at
		} else {
			high = at
		}
	}
	return f.scan(low, high, want)
}

// scan reads the lines from low to high and returns the count of want among them.
func (f *HashFile) scan(low, high int64, want digest) (int, error) {
	text := make([]byte, high-low)
	if n, err := f.file.ReadAt(text, low); n < len(text) {
		return 0, err
	}
	found := 0
	for line := range bytes.Lines(text) {
		if len(trimLine(line)) == 0 {
			continue
		}
		d, count, ok := parseHash(line)
		if !ok {
			return 0, ErrFile
		}
		found |= -subtle.ConstantTimeCompare(d[:], want[:]) & count
	}
	return found, nil
}

// lineAfter returns where the first line begins that begins after at; the size of the file when none does.
func (f *HashFile) lineAfter(at int64) (int64, error) {
	text, err := f.read(at)
	if err != nil {
		return 0, err
	}
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return at + int64(i) + 1, nil
	}
	if len(text) == maxLine {
		return 0, ErrFile
	}
	return f.size, nil
}

// line reads the hash in the line that begins at at.
func (f *HashFile) line(at int64) (digest, error) {
	text, err := f.read(at)
	if err != nil {
		return digest{}, err
	}
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i+1]
	}
	d, _, ok := parseHash(text)
	if !ok {
		return digest{}, ErrFile
	}
	return d, nil
}

// read returns as much as a line may have from at on, less at the end of the file.
func (f *HashFile) read(at int64) ([]byte, error) {
	text := make([]byte, maxLine)
	n, err := f.file.ReadAt(text, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return text[:n], nil
}
