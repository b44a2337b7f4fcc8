package config

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"
)

// shortestSession is too short to register, but long enough to be told so.
const shortestSession = 10 * time.Second

// checkSSH rejects settings by which nobody could connect, or others than were meant.
func (l *loader) checkSSH() {
	s := l.config.SSH
	l.checkListen("ssh.listen", s.Listen)
	l.checkMonitor()
	l.checkHostKeys()
	l.checkLasting("ssh.handshake_timeout", s.HandshakeTimeout)
	if l.good("ssh.session_timeout") && s.SessionTimeout < shortestSession {
		l.reject("ssh.session_timeout", "is too short to register in", "write "+shortestSession.String()+" or more")
	}
	if l.good("ssh.grace") && s.Grace < 0 {
		l.reject("ssh.grace", "is less than nothing", "write a duration such as 1m, or 0s to let nobody finish")
	}
	if l.good("ssh.record_key", "registration.api") && s.RecordKey && l.config.Registration.API == APISelfRegister {
		l.reject("ssh.record_key", "cannot be true with registration.api self_register, which takes what a person signs in with and nothing else",
			"set registration.api to create, or take ssh.record_key out")
	}
	l.checkRedis()
	l.checkAccess()
}

// checkAccess rejects files that do not go with who may connect.
func (l *loader) checkAccess() {
	const keys, invitations = "ssh.authorized_keys_file", "ssh.invitations_file"
	s := l.config.SSH
	if !l.good("ssh.access") {
		return
	}
	if l.good(keys) && s.Access == AccessKeys && s.AuthorizedKeysFile == "" {
		l.reject(keys, "is required by ssh.access keys", l.keys.howToSet(keys))
	}
	for _, file := range []struct {
		path, name string
		with       Access
	}{{keys, s.AuthorizedKeysFile, AccessKeys}, {invitations, s.InvitationsFile, AccessInvite}} {
		if l.good(file.path) && s.Access != file.with && file.name != "" {
			l.reject(file.path, "is set, but with ssh.access "+string(s.Access)+" "+s.Access.who(), "set ssh.access to "+string(file.with)+", or take the file out")
		}
	}
}

// who says who may connect, to somebody who may have meant others.
func (a Access) who() string {
	switch a {
	case AccessKeys:
		return "those with a key may connect"
	case AccessInvite:
		return "those with an invitation may register"
	case AccessOpen:
	}
	return "anybody may connect"
}

// checkMonitor rejects an address at which others could read how the server does: what is read there asks nobody who they are.
func (l *loader) checkMonitor() {
	const path = "ssh.monitor_listen"
	address := l.config.SSH.MonitorListen
	if address == "" || !l.good(path) {
		return
	}
	host, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	ip, noIP := netip.ParseAddr(host)
	if err != nil || host != "localhost" && (noIP != nil || !ip.IsLoopback()) {
		l.reject(path, quote(address)+" is not an address and a port on the loopback", "write one such as 127.0.0.1:9222; what is elsewhere reads it by an agent or a proxy on this machine")
	}
}

// checkHostKeys rejects a key that is named twice.
func (l *loader) checkHostKeys() {
	const path = "ssh.host_key_files"
	files := l.config.SSH.HostKeyFiles
	for i, file := range files {
		switch {
		case !l.good(path):
			return
		case file == "":
			l.reject(path, "has an entry without a name", "write the name of a file, or take the entry out")
		case file == l.config.SSH.HostKeyFile || slices.Contains(files[:i], file):
			l.reject(path, quote(file)+" is named twice, or as ssh.host_key_file too", "keep one")
		}
	}
}

// checkListen rejects what cannot be listened on.
func (l *loader) checkListen(path, address string) {
	if !l.good(path) {
		return
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		l.reject(path, quote(address)+" is not an address to listen on", "write a host and a port, such as 127.0.0.1:2222, or :2222 for every network")
	}
}
