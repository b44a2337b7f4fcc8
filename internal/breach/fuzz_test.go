package breach

import (
	"bytes"
	"testing"
)

// FuzzParseRange holds that whatever is read is 35 digits and a count, and that nothing else is.
func FuzzParseRange(f *testing.F) {
	const line = "0018A45C4D1DEF81644B54AB7F969B88D65:1"
	for _, seed := range []string{"", line, line + "\r\n" + line + "\n", line + "0:0", "<html>", line[:35], line + ":2", "\r\n\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := parseRange(body)
		if err != nil && entries != nil {
			t.Fatalf("parseRange gave %d entries and %v", len(entries), err)
		}
		if len(entries) > bytes.Count(body, []byte(":")) {
			t.Fatalf("parseRange(%q) gave %d entries", body, len(entries))
		}
		for _, e := range entries {
			if e.count == 0 || e.suffix[0] > 0x0f {
				t.Fatalf("parseRange(%q) gave the entry %v", body, e)
			}
			if find(entries, e.suffix) == 0 {
				t.Fatalf("find does not find %v of %q", e, body)
			}
		}
	})
}

func FuzzParseHash(f *testing.F) {
	f.Add([]byte("0018A45C4D1DEF81644B54AB7F969B88D6500000:17\r\n"))
	f.Add([]byte("0018A45C4D1DEF81644B54AB7F969B88D6500000"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if _, count, ok := parseHash(line); ok && count < 0 || ok && len(trimLine(line)) < hashDigits {
			t.Fatalf("parseHash(%q) = %d, %v", line, count, ok)
		}
	})
}
