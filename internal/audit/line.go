package audit

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
)

// longestLine bounds a line, in bytes.
const longestLine = 64 << 10

// beforeMAC is what stands between the record and its MAC in a line.
const beforeMAC = `,"mac":"`

// encode returns r as a line, with its MAC set.
func (k Key) encode(r *Record) ([]byte, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if len(body) > longestLine-2*keySize-len(beforeMAC)-3 {
		return nil, fmt.Errorf("a record of %d bytes is too long", len(body))
	}
	r.MAC = mac(k.chain, body)
	line := append(body[:len(body)-1], beforeMAC+r.MAC+"\"}\n"...)
	return line, nil
}

// errMAC says that a line is not as it was written.
var errMAC = errors.New("the line is not as it was written")

// decode reads a line, without its end. It is errMAC unless the line was written with this key.
func (k Key) decode(line []byte) (Record, error) {
	at := bytes.LastIndex(line, []byte(beforeMAC))
	if at < 0 || !bytes.HasSuffix(line, []byte(`"}`)) {
		return Record{}, errMAC
	}
	body := append(bytes.Clone(line[:at]), '}')
	given := string(line[at+len(beforeMAC) : len(line)-2])
	if !hmac.Equal([]byte(given), []byte(mac(k.chain, body))) {
		return Record{}, errMAC
	}
	var r Record
	if err := json.Unmarshal(body, &r); err != nil {
		return Record{}, fmt.Errorf("%w: %w", errMAC, err)
	}
	r.MAC = given
	return r, nil
}
