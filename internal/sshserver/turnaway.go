package sshserver

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// softwareVersion is the server's (RFC 4253, 4.2).
const softwareVersion = "Foyer"

// Bounds of what is done for those who are turned away.
const (
	parting      = time.Second // to be told why, and to hang up
	mostParting  = 64          // who have that at a time; others are told and cut off
	mostFarewell = 64 << 10    // bytes that they may send meanwhile
)

// turnAway says why a client is not served, in the two ways that there are before the handshake: a line before the identification
// (RFC 4253, 4.2), for people without an SSH client, and a message of disconnection (11.1), which SSH clients show.
func (s *Server) turnAway(v *visit, why Refusal) {
	_ = v.SetDeadline(time.Now().Add(parting))
	text := v.config.words(nil).Text(why.key())
	_, err := fmt.Fprintf(v, "%s\r\nSSH-2.0-%s\r\n%s", text, softwareVersion, disconnection(text))
	if s.parting.Add(1) <= mostParting && err == nil {
		hearOut(v.Conn)
	}
	s.parting.Add(-1)
}

// disconnection is an SSH_MSG_DISCONNECT with the reason SSH_DISCONNECT_TOO_MANY_CONNECTIONS, as a packet that is not encrypted
// (RFC 4253, 6 and 11.1).
func disconnection(text string) []byte {
	const block, leastPadding, header = 8, 4, 5
	payload := gossh.Marshal(struct {
		Reason         uint32 `sshtype:"1"`
		Text, Language string
	}{12, text, ""})
	padding := leastPadding + (block-(header+len(payload)+leastPadding)%block)%block
	packet := binary.BigEndian.AppendUint32(nil, uint32(1+len(payload)+padding)) //nolint:gosec // a line of the catalogue is short
	packet = append(append(packet, byte(padding)), payload...)
	return append(packet, make([]byte, padding)...)
}

// hearOut reads what a client sends until it hangs up: a connection that is closed with something unread is reset, and what was
// sent to the client last is lost with it.
func hearOut(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.CopyN(io.Discard, conn, mostFarewell)
}
