package config

import (
	"net/url"
	"regexp"
	"strings"
)

// prefixPattern matches what the names of keys may begin with.
var prefixPattern = regexp.MustCompile(`^[A-Za-z0-9:_.{}-]{1,64}$`)

// databasePattern matches the path of a Redis URL: none, or the number of a database.
var databasePattern = regexp.MustCompile(`^(/[0-9]{0,5})?$`)

// checkRedis rejects what is not the address of a Redis. Its mistakes repeat nothing of it, since it has a password.
func (l *loader) checkRedis() {
	s := l.config.SSH.Limits
	const prefix = "ssh.limits.redis_prefix"
	if l.good(prefix) && !prefixPattern.MatchString(s.RedisPrefix) {
		l.reject(prefix, quote(s.RedisPrefix)+" cannot begin the name of a key", "write up to 64 letters, digits, and : _ . - { }")
	}
	path := redisURL
	if s.RedisURLFile != "" {
		path += fileSuffix
	}
	if s.RedisURL.IsZero() || !l.good(redisURL, redisURL+fileSuffix) {
		return
	}
	if problem, fix := redisProblem(s.RedisURL.Reveal()); problem != "" {
		l.reject(path, problem, fix)
	}
}

// redisProblem says what is wrong with the address of a Redis, and what to do; "" for nothing.
func redisProblem(address string) (problem, fix string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "":
		return "is not the URL of a Redis", "write redis://user:password@host:6379/0; in user and password, write %40 for @, %2F for / and so on"
	case u.Scheme != "redis" && u.Scheme != "rediss":
		return "is neither redis nor rediss", "write redis://, or rediss:// for TLS, and the host"
	case !portUsable(u):
		return "has no usable port", "write a port between 1 and 65535 after the host, or no colon"
	case u.RawQuery != "" || u.ForceQuery:
		return "has a query", "end it before the question mark; in a password, write %3F for ?"
	case strings.Contains(address, "#"):
		return "has a fragment", "end it before the #; in a password, write %23 for #"
	case !databasePattern.MatchString(u.Path):
		return "has a path that is not the number of a database", "write /0, or nothing, after the host"
	}
	return "", ""
}
