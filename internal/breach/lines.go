package breach

import (
	"bytes"
	"encoding/hex"
	"math"
	"strconv"
)

// Lengths of a line, in bytes.
const (
	prefixDigits = 5
	hashDigits   = 40
	suffixDigits = hashDigits - prefixDigits
	maxCount     = 20 // digits of a count
)

// A suffix is what follows the first five digits of a hash, behind a zero that makes the number of digits even.
type suffix [(suffixDigits + 1) / 2]byte

// An entry is one hash of a range with the number of times that it was seen.
type entry struct {
	suffix suffix
	count  uint32
}

// parseRange reads the answer to a range query: lines "SUFFIX:COUNT", with CRLF or LF, the last of them perhaps without. Padding, which
// has the count 0, is left out. Anything else in the answer, or no line at all, is ErrAnswer: a page of a proxy must not pass for
// a list on which the password is not.
func parseRange(body []byte) ([]entry, error) {
	var entries []entry
	lines := 0
	for line := range bytes.Lines(body) {
		line = trimLine(line)
		if len(line) == 0 {
			continue
		}
		lines++
		digits, number, found := bytes.Cut(line, []byte(":"))
		count, ok := parseCount(number)
		var e entry
		if !found || !ok || !decodeSuffix(&e.suffix, digits) {
			return nil, ErrAnswer
		}
		if count > 0 {
			e.count = uint32(min(count, math.MaxUint32))
			entries = append(entries, e)
		}
	}
	if lines == 0 {
		return nil, ErrAnswer
	}
	return entries, nil
}

// decodeSuffix reads digits, in hexadecimal, into s.
func decodeSuffix(s *suffix, digits []byte) bool {
	if len(digits) != suffixDigits {
		return false
	}
	var even [suffixDigits + 1]byte
	even[0] = '0'
	copy(even[1:], digits)
	_, err := hex.Decode(s[:], even[:])
	return err == nil
}

// suffix is what follows the first five digits of d.
func (d digest) suffix() suffix {
	var s suffix
	copy(s[:], d[prefixDigits/2:])
	s[0] &= 0x0f
	return s
}

// prefix is the first five digits of d, in capitals.
func (d digest) prefix() string {
	const digits = "0123456789ABCDEF"
	var p [prefixDigits]byte
	for i := range p {
		p[i] = digits[d[i/2]>>(4*(1-i%2))&0x0f]
	}
	return string(p[:])
}

// parseHash reads a line "HASH:COUNT" or "HASH", the latter seen once.
func parseHash(line []byte) (d digest, count int, ok bool) {
	line = trimLine(line)
	if len(line) < hashDigits {
		return d, 0, false
	}
	if _, err := hex.Decode(d[:], line[:hashDigits]); err != nil {
		return d, 0, false
	}
	rest := line[hashDigits:]
	if len(rest) == 0 {
		return d, 1, true
	}
	n, ok := parseCount(rest[1:])
	return d, int(min(n, math.MaxInt32)), ok && rest[0] == ':'
}

// parseCount reads decimal digits. More than an uint64 holds is as much as it holds.
func parseCount(text []byte) (count uint64, ok bool) {
	if len(text) == 0 || len(text) > maxCount {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	count, _ = strconv.ParseUint(string(text), 10, 64) // out of range: the greatest
	return count, true
}

// trimLine is line without its end.
func trimLine(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}
