package main

import (
	"fmt"
	"time"

	"foyer/internal/config"
	"foyer/internal/redislimits"
	"foyer/internal/sshserver"
)

// writeTimeout is how long a client may leave what it is sent unread.
const writeTimeout = 30 * time.Second

// limitsOf are the limits that the configuration sets.
func limitsOf(s config.SSH) sshserver.Limits {
	return sshserver.Limits{
		Sessions: s.MaxSessions, SessionsPerAddress: s.MaxSessionsPerIP, SessionsPerNetwork: s.MaxSessionsPerNetwork,
		Handshakes: s.MaxHandshakes, ConnectionsPerMinute: s.ConnectionsPerMinute, RegistrationsPerHour: s.RegistrationsPerHour,
		HandshakeTimeout: s.HandshakeTimeout, SessionTimeout: s.SessionTimeout, WriteTimeout: writeTimeout,
	}
}

// sharedLimits is where servers count together; nil when each counts by itself. Release ends the connections to it.
func sharedLimits(c config.SSHLimits) (shared sshserver.Shared, release func(), err error) {
	if c.RedisURL.IsZero() {
		return nil, func() {}, nil
	}
	l, err := redisLimits(c)
	if err != nil {
		return nil, nil, err
	}
	return l, func() { _ = l.Close() }, nil
}

func redisLimits(c config.SSHLimits) (*redislimits.Limits, error) {
	l, err := redislimits.New(redislimits.Options{URL: c.RedisURL, Prefix: c.RedisPrefix})
	if err != nil {
		return nil, &usageError{fmt.Errorf("ssh.limits.redis_url: %w", err)}
	}
	return l, nil
}
