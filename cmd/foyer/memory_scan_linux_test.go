package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// trace is the shortest piece of a secret that counts as found, in bytes, or in code points where each takes several.
const (
	trace     = 10
	wideTrace = 5
)

// A shape is a piece of a secret as it could lie in memory.
type shape struct {
	of    string // which secret
	name  string
	bytes []byte
}

// A hit is a shape that was found.
type hit struct {
	shape

	mapping string
	at      uint64
	around  string
}

func (h hit) String() string {
	return fmt.Sprintf("%s as %s at %x in %s: %s", h.of, h.name, h.at, h.mapping, h.around)
}

// shapes are all pieces of secrets, which are known by their names, in all the ways in which a program of ours could hold them.
func shapes(secrets map[string]string) []shape {
	var all []shape
	for name, text := range secrets {
		add := func(kind string, encoded []byte, size, step int) {
			for i := 0; i+size <= len(encoded); i += step {
				all = append(all, shape{name, kind, encoded[i : i+size]})
			}
		}
		add("UTF-8", []byte(text), trace, 1)
		quoted, _ := json.Marshal(text) //nolint:errchkjson // a string
		add("JSON", quoted[1:len(quoted)-1], trace, 1)
		var runes, units []byte
		for _, r := range text {
			runes = binary.LittleEndian.AppendUint32(runes, uint32(r))
		}
		for _, u := range utf16.Encode([]rune(text)) {
			units = binary.LittleEndian.AppendUint16(units, u)
		}
		add("UTF-32", runes, 4*wideTrace, 4)
		add("UTF-16", units, 2*wideTrace, 2)
		for skipped := range 3 { // wherever the text stands in what is encoded
			for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				add("base64", []byte(encoding.EncodeToString([]byte(text[skipped:len(text)-(len(text)-skipped)%3]))), 14, 1)
			}
		}
	}
	return all
}

// A searcher finds shapes in memory: by their first two bytes, then eight, then all.
type searcher struct {
	first [1 << 16]bool
	eight map[uint64][]shape
}

func newSearcher(all []shape) *searcher {
	s := &searcher{eight: make(map[uint64][]shape)}
	for _, shape := range all {
		s.first[binary.LittleEndian.Uint16(shape.bytes)] = true
		key := binary.LittleEndian.Uint64(shape.bytes)
		s.eight[key] = append(s.eight[key], shape)
	}
	return s
}

// find calls found with each shape in data and where that is.
func (s *searcher) find(data []byte, found func(shape, int)) {
	for i := 0; i+8 <= len(data); i++ {
		if !s.first[binary.LittleEndian.Uint16(data[i:])] {
			continue
		}
		for _, shape := range s.eight[binary.LittleEndian.Uint64(data[i:])] {
			if bytes.HasPrefix(data[i:], shape.bytes) {
				found(shape, i)
			}
		}
	}
}

// remembered are the shapes that a process holds in memory that it can write to; of several that overlap, the first. Where its memory
// may not be read, as by nobody but root, the test is skipped; with FOYER_REQUIRE_MEMORY=1 in the environment it fails instead.
func (s *searcher) remembered(tb testing.TB, pid int) []hit {
	tb.Helper()
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	switch {
	case err != nil && os.Getenv("FOYER_REQUIRE_MEMORY") == "1":
		tb.Fatal(err)
	case err != nil:
		tb.Skipf("the memory of another process cannot be read: %v", err)
	}
	defer func() { _ = memory.Close() }()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		tb.Fatal(err)
	}
	var hits []hit
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		var mode string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); err != nil {
			tb.Fatal(err)
		}
		if !strings.HasPrefix(mode, "rw") {
			continue
		}
		hits = append(hits, s.inMapping(memory, from, to, strings.Join(strings.Fields(line)[5:], " "))...)
	}
	return hits
}

// chunk is how much memory is looked at at once, in bytes, and overlap what is looked at twice.
const (
	chunk   = 1 << 20
	overlap = 256
)

// inMapping are the shapes in memory between two addresses. A piece that cannot be read, since it was given back meanwhile, counts as
// found: it is looked for anew.
func (s *searcher) inMapping(memory io.ReaderAt, from, to uint64, name string) (hits []hit) {
	data := make([]byte, chunk+overlap)
	last := uint64(0)
	for at := from; at < to; at += chunk {
		piece := data[:min(uint64(len(data)), to-at)]
		if n, err := memory.ReadAt(piece, int64(at)); n < len(piece) {
			return append(hits, hit{shape{"something", "unread", nil}, name, at + uint64(n), fmt.Sprint(err)})
		}
		s.find(piece, func(shape shape, i int) {
			where := at + uint64(i)
			if where <= last && last != 0 {
				return
			}
			last = where + overlap/2
			around := piece[max(i-48, 0):min(i+80, len(piece))]
			hits = append(hits, hit{shape, name, where, fmt.Sprintf("%q", around)})
		})
	}
	return hits
}

func TestTheSearchFindsEveryShape(t *testing.T) {
	const secret = `pass"<word>of-24-letters`
	s := newSearcher(shapes(map[string]string{"it": secret}))
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	var wide bytes.Buffer
	for _, r := range secret {
		_ = binary.Write(&wide, binary.LittleEndian, r)
	}
	tests := map[string]string{
		"UTF-8": secret, "a half": secret[12:], "JSON": string(quoted[:18]), "UTF-32": wide.String(),
		"base64": base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
	}
	for name, text := range tests {
		found := 0
		s.find([]byte(strings.Repeat("x", 100)+text+"x"), func(shape, int) { found++ })
		if found == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	s.find([]byte(strings.Repeat("password", 100)), func(got shape, _ int) { t.Errorf("%+v is found in something else", got) })
}
