package config_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"foyer/internal/config"
)

// redisMarker is an address with a password that no text may hold.
const redisMarker = "rediss://foyer:" + marker + "@redis.example.com:6380/2"

func TestLoadNetworks(t *testing.T) {
	c := load(t, "ssh: {proxy_protocol_from: [10.1.2.0/24, 192.0.2.7, '::ffff:192.0.2.8', '2001:db8:1::/48', '2001:db8::1']}", nil)
	want := []netip.Prefix{
		netip.MustParsePrefix("10.1.2.0/24"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("192.0.2.8/32"),
		netip.MustParsePrefix("2001:db8:1::/48"), netip.MustParsePrefix("2001:db8::1/128"),
	}
	if got := c.SSH.ProxyProtocolFrom; !slices.Equal(got, want) {
		t.Errorf("ssh.proxy_protocol_from = %v, want %v", got, want)
	}
}

func TestLoadRejectsNetworks(t *testing.T) {
	const example = "; write an address and how many bits of it count, such as 10.1.2.0/24 or 2001:db8:1::/48"
	tests := []struct{ name, give, want string }{
		{"a name", "balancer", `"balancer" is not a network` + example},
		{"too many bits", "10.0.0.0/33", `"10.0.0.0/33" is not a network` + example},
		{"a zone", "fe80::1%eth0", `"fe80::1%eth0" is not a network` + example},
		{"everybody", "0.0.0.0/0", `"0.0.0.0/0" is everybody; name the networks of the balancers only`},
		{"everybody of IPv6", "::/0", `"::/0" is everybody; name the networks of the balancers only`},
		{"an address in a network", "10.1.2.3/24", `"10.1.2.3/24" is an address in a network; write 10.1.2.0/24 for the network, or the address alone`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(nil, nil)
			src.Set("ssh.proxy_protocol_from", tt.give)
			if got, want := mistakes(t, src), "ssh.proxy_protocol_from (--set): "+tt.want; got != want {
				t.Errorf("Load =\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestLoadRedis(t *testing.T) {
	tests := []struct {
		name, file, secret string
		vars               map[string]string
		want, wantOrigin   string
	}{
		{"nothing", "", "", nil, "", "default"},
		{"from a variable", "", "", map[string]string{"FOYER_SSH_LIMITS_REDIS_URL": redisMarker}, redisMarker, "FOYER_SSH_LIMITS_REDIS_URL"},
		{"from the configuration file", "ssh:\n  limits:\n    redis_url: " + redisMarker, "", nil, redisMarker, "foyer.yaml:3"},
		{"from its own file", "ssh: {limits: {redis_url_file: secret.txt}}", redisMarker + "\n", nil, redisMarker, "ssh.limits.redis_url_file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _, err := config.Load(source(map[string]string{"foyer.yaml": tt.file, "secret.txt": tt.secret}, tt.vars))
			if err != nil {
				t.Fatal(err)
			}
			if got := c.SSH.Limits.RedisURL.Reveal(); got != tt.want || c.Origin("ssh.limits.redis_url") != tt.wantOrigin {
				t.Errorf("Load gives %q from %s, want %q from %s", got, c.Origin("ssh.limits.redis_url"), tt.want, tt.wantOrigin)
			}
			if c.Configured() {
				t.Error("a Redis configures a tenant")
			}
			var b strings.Builder
			if err := c.WriteYAML(&b); err != nil || strings.Contains(b.String(), marker) {
				t.Errorf("WriteYAML = %v\n%s\nwant no secret", err, b.String())
			}
		})
	}
}

func TestLoadRejectsRedis(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"nonsense", "redis://foyer:" + marker + "%zz@host", "is not the URL of a Redis; write redis://user:password@host:6379/0; in user and password, write %40 for @, %2F for / and so on"},
		{"no host", "redis://foyer:" + marker + "@/0", "is not the URL of a Redis; write redis://user:password@host:6379/0; in user and password, write %40 for @, %2F for / and so on"},
		{"another scheme", "http://" + marker + "@host", "is neither redis nor rediss; write redis://, or rediss:// for TLS, and the host"},
		{"a port of no use", "redis://:" + marker + "@host:0", "has no usable port; write a port between 1 and 65535 after the host, or no colon"},
		{"a query", "redis://:" + marker + "@host?skip_verify=true", "has a query; end it before the question mark; in a password, write %3F for ?"},
		{"a fragment", "redis://:" + marker + "@host#x", "has a fragment; end it before the #; in a password, write %23 for #"},
		{"a path", "redis://:" + marker + "@host/zero", "has a path that is not the number of a database; write /0, or nothing, after the host"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := mistakes(t, source(nil, map[string]string{"FOYER_SSH_LIMITS_REDIS_URL": tt.give}))
			if want := "ssh.limits.redis_url (FOYER_SSH_LIMITS_REDIS_URL): " + tt.want; got != want {
				t.Errorf("Load =\n%s\nwant\n%s", got, want)
			}
			got = mistakes(t, source(map[string]string{"foyer.yaml": "ssh: {limits: {redis_url_file: s}}", "s": tt.give}, nil))
			if want := "ssh.limits.redis_url_file (foyer.yaml:1): " + tt.want; got != want {
				t.Errorf("Load of a file =\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestASectionInASection(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"a key that is misspelt", "ssh: {limits: {redis_ulr: x}}", "ssh.limits.redis_ulr (foyer.yaml:1): unknown key; did you mean ssh.limits.redis_url?"},
		{"a key with its path", "ssh: {limits.redis_prefix: x}", "ssh.limits.redis_prefix (foyer.yaml:1): unknown key; write redis_prefix: below ssh: limits:"},
		{"a section that is a text", "ssh: {limits: x}", "ssh.limits (foyer.yaml:1): is a single value where a mapping belongs; write it as keys: redis_url, redis_url_file, redis_prefix"},
		{"a section that is misspelt", "ssh: {limit: {redis_prefix: x}}", "ssh.limit (foyer.yaml:1): unknown key; did you mean ssh.limits?"},
		{"a prefix of blanks", "ssh: {limits: {redis_prefix: a b}}", `ssh.limits.redis_prefix (foyer.yaml:1): "a b" cannot begin the name of a key; write up to 64 letters, digits, and : _ . - { }`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mistakes(t, source(map[string]string{"foyer.yaml": tt.give}, nil)); got != tt.want {
				t.Errorf("Load =\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
