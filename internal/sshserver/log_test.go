package sshserver_test

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

// hostile is what may stand in a text of a client's: escape sequences, line breaks by which records could be forged, what is no
// UTF-8, what turns the direction of writing, and 64 KB.
const hostile = "\x1b[31mred\x1b]0;title\x07\x1b]52;c;cGF5bG9hZA==\x1b\\\r\n" +
	`{"level":"ERROR","msg":"forged","session":"x"}` + "\ntime=2026-01-01 level=ERROR msg=forged\n" +
	"\x00\x7f\xff\xfe\u0085\u009b31m\u2028\u2029\u202e\u2066\ufeff\U000e0041"

// long is hostile, 64 KB of it.
func long() string { return strings.Repeat(hostile, 16<<10/len(hostile)) }

// attack visits with hostile text in all that a client says.
func (h *house) attack(signer gossh.Signer) {
	h.t.Helper()
	conn, err := new(net.Dialer).DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	joined, channels, requests, err := gossh.NewClientConn(conn, h.address, &gossh.ClientConfig{
		User: long(), ClientVersion: "SSH-2.0-x\x7f\xff\xfe\u009b31m\u202e\u2066" + strings.Repeat("y", 200), // no more is a version
		Auth: []gossh.AuthMethod{gossh.PublicKeys(signer)}, HostKeyCallback: gossh.FixedHostKey(h.hostKey),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	client := gossh.NewClient(joined, channels, requests)
	defer func() { _ = client.Close() }()
	if _, _, err := client.OpenChannel(long(), []byte(long())); err == nil {
		h.t.Error("a channel of no type is opened")
	}
	_, _, _ = client.SendRequest(long(), true, []byte(long())) // refused, as all are
	files, err := client.NewSession()
	if err != nil {
		h.t.Fatal(err)
	}
	_, _ = files.SendRequest("subsystem", true, gossh.Marshal(struct{ Name string }{long()}))
	_ = files.Close()
	var session *gossh.Session
	wait(h.t, "another channel", func() bool {
		session, err = client.NewSession()
		return err == nil
	})
	_ = session.Setenv("LANG", long())
	_ = session.Setenv(long(), "x")
	_, _ = session.SendRequest(long(), true, []byte(long()))
	if err := session.RequestPty(long(), 24, 80, nil); err != nil {
		h.t.Fatal(err)
	}
	session.Stdout = io.Discard
	keys, err := session.StdinPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		h.t.Fatal(err)
	}
	_, _ = io.WriteString(keys, "\x03\x03")
	_ = session.Wait()
}

// hangUp leaves in the middle of a handshake, saying why (RFC 4253, 11.1).
func (h *house) hangUp() {
	h.t.Helper()
	conn, err := new(net.Dialer).DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	payload := gossh.Marshal(struct {
		Reason         uint32 `sshtype:"1"`
		Text, Language string
	}{11, strings.Repeat(hostile, 20), ""})
	padding := 16 - (5+len(payload))%8 // RFC 4253, 6
	packet := binary.BigEndian.AppendUint32([]byte("SSH-2.0-x\r\n"), uint32(1+len(payload)+padding))
	packet = append(append(append(packet, byte(padding)), payload...), make([]byte, padding)...)
	if _, err := conn.Write(packet); err != nil {
		h.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, conn) // until the server hangs up, too
}

func TestHostileTextIsHarmlessInTheLog(t *testing.T) {
	both := &lockedBuffer{}
	h := open(t, func(c *sshserver.Config) {
		c.Logger = slog.New(slog.NewJSONHandler(both, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.Allow = func(gossh.PublicKey) bool { return true } // else no key is asked for
	})
	signer := newSigner(t)
	h.attack(signer)
	h.hangUp()
	wait(t, "the log", func() bool {
		return strings.Contains(both.String(), `"outcome"`) && strings.Contains(both.String(), `"handshake"`)
	})
	found := map[string]map[string]any{}
	for line := range strings.Lines(both.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%q is no record: %v", line, err)
		}
		message, _ := record["msg"].(string)
		found[message] = record
		for name, value := range record {
			if text, ok := value.(string); ok && !harmless(text) {
				t.Errorf("%s of %q has %q", name, message, text)
			}
		}
	}
	if found["forged"] != nil {
		t.Errorf("a record is forged: %v", found["forged"])
	}
	for _, message := range []string{"channel refused", "request refused", "session", "handshake"} {
		if r := found[message]; r == nil || r["session"] == nil || r["remote"] == nil {
			t.Errorf("the record %q is %v, want one with session and remote", message, r)
		}
	}
	session := found["session"]
	if session["key"] != gossh.FingerprintSHA256(signer.PublicKey()) || session["outcome"] == nil || session["terminal"] != "dumb" {
		t.Errorf("the session is %v, want one with its key, terminal and outcome", session)
	}
}

func TestHostileTextIsHarmlessInALogOfText(t *testing.T) {
	h := open(t, nil)
	h.attack(newSigner(t))
	h.hangUp()
	wait(t, "the log", func() bool {
		return strings.Contains(h.log.String(), "outcome=") && strings.Contains(h.log.String(), "msg=handshake")
	})
	for line := range strings.Lines(h.log.String()) {
		text := strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(text, "time=") || strings.HasPrefix(text, "time=2026-01-01 level") || !printable(text) {
			t.Errorf("a line of the log is %q", line)
		}
	}
}

// longestText bounds what one attribute may have of a client's text, in code points.
const longestText = 80

// harmless reports whether text is one short line.
func harmless(text string) bool {
	return printable(text) && utf8.RuneCountInString(text) <= longestText
}

// printable reports whether text moves no cursor and turns no direction.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
	})
}
