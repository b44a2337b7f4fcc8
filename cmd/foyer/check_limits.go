package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/internal/config"
	"foyer/internal/exchange"
	"foyer/internal/redislimits"
	"foyer/internal/registration"
)

// redisTime is how long a Redis may take to be checked.
const redisTime = 5 * time.Second

// sharingSteps are the steps by which servers are to count together; none when each counts by itself.
func sharingSteps(c config.SSH) []checkStep {
	if c.Limits.RedisURL.IsZero() {
		return nil
	}
	return []checkStep{{"shared limits", (*checkup).sharedLimits}}
}

// sharedLimits proves that servers can count together.
func (c *checkup) sharedLimits(ctx context.Context) (finding, error) {
	l, err := redisLimits(c.config.SSH.Limits)
	if err != nil {
		return finding{}, err
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithTimeout(ctx, redisTime)
	defer cancel()
	if err := l.Check(ctx); err != nil {
		kind, text := redisTrouble(err, l.Address())
		return finding{}, failed(kind, err, "%s", text)
	}
	found := finding{text: "the Redis at " + l.Address() + " takes the password and runs the scripts; keys begin with " + c.config.SSH.Limits.RedisPrefix + ":"}
	if l.Exposed() {
		found.look = "the password of the Redis crosses the network unencrypted; write rediss:// in ssh.limits.redis_url if it speaks TLS"
	}
	return found, nil
}

// redisTrouble says why servers cannot count together in the Redis at address, and what to do.
func redisTrouble(err error, address string) (registration.ProblemKind, string) {
	var trouble *redislimits.Error
	if !errors.As(err, &trouble) {
		return registration.Unexpected, err.Error()
	}
	reason := exchange.Reason(trouble.Cause)
	switch trouble.Trouble {
	case redislimits.NoConnection:
		return registration.Unavailable, fmt.Sprintf("no connection to the Redis at %s (%s); check ssh.limits.redis_url, redis:// or rediss:// for TLS, the network and its firewalls", address, reason)
	case redislimits.NoEntry:
		return registration.Misconfigured, fmt.Sprintf("the Redis at %s refuses the user or the password (%s); check them in ssh.limits.redis_url", address, reason)
	case redislimits.NoPermission:
		return registration.Misconfigured, fmt.Sprintf("the Redis at %s does not let the user count (%s); grant ~foyer:* +@read +@write +@connection +@scripting +time, with the prefix in ssh.limits.redis_prefix", address, reason)
	case redislimits.NoScript:
	}
	return registration.Misconfigured, fmt.Sprintf("the Redis at %s does not run the scripts (%s); use Redis 7 or Valkey, and one that takes writes", address, reason)
}
