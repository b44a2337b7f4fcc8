package config

// sshKeys are the keys of what is served over SSH.
func sshKeys() table {
	return table{
		{Key{
			Path: "ssh.listen", Default: "127.0.0.1:2222",
			Help: "address and port to serve the screens on",
		}, func(c *Config) value { return (*text)(&c.SSH.Listen) }},
		{Key{
			Path: "ssh.host_key_file",
			Help: "private key of the SSH server, made when there is none; default: foyer/ssh_host_ed25519_key in $XDG_STATE_HOME or ~/.local/state",
		}, func(c *Config) value { return (*text)(&c.SSH.HostKeyFile) }},
		{Key{
			Path: "ssh.host_key_files", Default: "[]",
			Help: "further private keys; the first of each type serves, and clients are told of the others, which are to serve one day",
		}, func(c *Config) value { return (*words)(&c.SSH.HostKeyFiles) }},
		{Key{
			Path: "ssh.monitor_listen",
			Help: "loopback address and port for /metrics, /healthz and /readyz, such as 127.0.0.1:9222; empty: none",
		}, func(c *Config) value { return (*text)(&c.SSH.MonitorListen) }},
		{Key{
			Path: "ssh.access", Default: "open", Values: names(AccessOpen, AccessKeys, AccessInvite),
			Help: "who may connect: anybody, without being asked for a key, who has an authorized key, or who has the code of an invitation",
		}, func(c *Config) value { return (*choice)(&c.SSH.Access) }},
		{Key{
			Path: "ssh.authorized_keys_file",
			Help: "public keys for access keys, one a line as in OpenSSH's authorized_keys but without options such as from=; read again when it changes, and not taken while a line is wrong",
		}, func(c *Config) value { return (*text)(&c.SSH.AuthorizedKeysFile) }},
		{Key{
			Path: "ssh.invitations_file",
			Help: "invitations for access invite, made by 'foyer invite'; default: foyer/invitations.json in $XDG_STATE_HOME or ~/.local/state",
		}, func(c *Config) value { return (*text)(&c.SSH.InvitationsFile) }},
		{Key{
			Path: "ssh.record_key", Default: "false", Values: booleans(),
			Help: "record the fingerprint of a client's key as an external identifier of the user, so that who comes with it again is told that they are registered",
		}, func(c *Config) value { return (*toggle)(&c.SSH.RecordKey) }},
		{Key{
			Path: "ssh.max_sessions", Default: "1000",
			Help: "how many sessions there may be at a time; 0: no limit",
		}, func(c *Config) value { return (*count)(&c.SSH.MaxSessions) }},
		{Key{
			Path: "ssh.max_sessions_per_ip", Default: "10",
			Help: "how many of these from one address, which is a /64 of IPv6; 0: no limit",
		}, func(c *Config) value { return (*count)(&c.SSH.MaxSessionsPerIP) }},
		{Key{
			Path: "ssh.max_sessions_per_network", Default: "100",
			Help: "how many of these from one network, which is a /24 of IPv4 or a /48 of IPv6; 0: no limit",
		}, func(c *Config) value { return (*count)(&c.SSH.MaxSessionsPerNetwork) }},
		{Key{
			Path: "ssh.max_handshakes", Default: "200",
			Help: "how many may be connected without a session yet; 0: no limit",
		}, func(c *Config) value { return (*count)(&c.SSH.MaxHandshakes) }},
		{Key{
			Path: "ssh.connections_per_minute", Default: "60",
			Help: "how often one address may connect; 0: no limit",
		}, func(c *Config) value { return (*count)(&c.SSH.ConnectionsPerMinute) }},
		{Key{
			Path: "ssh.registrations_per_hour", Default: "30",
			Help: "how many people one address may register within an hour, whoever is registering counted in; 0: no limit",
		}, func(c *Config) value { return (*count)(&c.SSH.RegistrationsPerHour) }},
		{Key{
			Path: "ssh.proxy_protocol_from", Default: "[]",
			Help: "balancers in front, as networks such as 10.1.2.0/24: their connections begin with a header of the PROXY protocol (1 or 2), which nobody else is believed",
		}, func(c *Config) value { return (*networks)(&c.SSH.ProxyProtocolFrom) }},
		{Key{
			Path: "ssh.handshake_timeout", Default: "1m",
			Help: "how long a connection may take to begin a session; a newcomer reads the host key's fingerprint meanwhile",
		}, func(c *Config) value { return (*duration)(&c.SSH.HandshakeTimeout) }},
		{Key{
			Path: "ssh.session_timeout", Default: "30m",
			Help: "how long a session may last, at least 10s",
		}, func(c *Config) value { return (*duration)(&c.SSH.SessionTimeout) }},
		{Key{
			Path: "ssh.grace", Default: "1m",
			Help: "how long those who have begun may go on when the server is told to end; who has not is sent away at once",
		}, func(c *Config) value { return (*duration)(&c.SSH.Grace) }},
		{Key{
			Path: redisURL, Secret: true,
			Help: "Redis or Valkey where several servers count their sessions, connections and registrations together; redis:// or rediss:// (TLS), with user and password",
		}, func(c *Config) value { return (*hidden)(&c.SSH.Limits.RedisURL) }},
		{Key{
			Path: redisURL + fileSuffix,
			Help: "file that holds nothing but that address",
		}, func(c *Config) value { return (*text)(&c.SSH.Limits.RedisURLFile) }},
		{Key{
			Path: "ssh.limits.redis_prefix", Default: "foyer",
			Help: "what the names of all keys in there begin with, before a colon; servers that count together have the same",
		}, func(c *Config) value { return (*text)(&c.SSH.Limits.RedisPrefix) }},
	}
}
