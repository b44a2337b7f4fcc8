package config

// authKeys are the keys of how Foyer gets its tokens.
func authKeys() table {
	return table{
		{Key{
			Path: "auth.method", Default: "client_secret_basic",
			Values: names(MethodClientSecretBasic, MethodClientSecretPost, MethodClientSecretJWT, MethodPrivateKeyJWT,
				MethodTLSClientAuth, MethodSelfSignedTLSClientAuth, MethodNone),
			Help: "how Foyer proves itself at the token endpoint",
		}, func(c *Config) value { return (*choice)(&c.Auth.Method) }},
		{Key{
			Path: "auth.grant", Default: "client_credentials",
			Values: names(GrantClientCredentials, GrantAuthorizationCode, GrantDeviceCode),
			Help:   "how Foyer obtains its token; authorization_code: a member of staff signs in with a browser on this machine, device_code: with their phone",
		}, func(c *Config) value { return (*choice)(&c.Auth.Grant) }},
		{Key{
			Path: "auth.client_id", Sample: "foyer-kiosk",
			Help: "id of the OAuth client that the tenant knows Foyer by",
		}, func(c *Config) value { return (*text)(&c.Auth.ClientID) }},
		{Key{
			Path: "auth.client_secret", Secret: true,
			Help: "secret of that client; better given by the variable or by client_secret_file",
		}, func(c *Config) value { return (*hidden)(&c.Auth.ClientSecret) }},
		{Key{
			Path: "auth.client_secret_file",
			Help: "file that holds nothing but the secret; one line break at its end does not count",
		}, func(c *Config) value { return (*text)(&c.Auth.ClientSecretFile) }},
		{Key{
			Path: "auth.certificate_file",
			Help: "PEM file with the client certificate, for the tls methods, or to bind tokens to it with any other; read again when it changes",
		}, func(c *Config) value { return (*text)(&c.Auth.CertificateFile) }},
		{Key{
			Path: "auth.key_file",
			Help: "PEM file with the key of that certificate",
		}, func(c *Config) value { return (*text)(&c.Auth.KeyFile) }},
		{Key{
			Path: "auth.signing_key_file",
			Help: "PEM or JWK file with the key that signs, for private_key_jwt; read again when it changes",
		}, func(c *Config) value { return (*text)(&c.Auth.SigningKeyFile) }},
		{Key{
			Path: "auth.signing_key_id",
			Help: "id of that key; default: the one in a JWK file",
		}, func(c *Config) value { return (*text)(&c.Auth.SigningKeyID) }},
		{Key{
			Path: "auth.signing_alg",
			Help: "signature algorithm, such as ES256; default: from the key",
		}, func(c *Config) value { return (*text)(&c.Auth.SigningAlg) }},
		{Key{
			Path: "auth.scopes", Default: "[identity, identity_self_registration]",
			Help: "scopes to ask for; identity must be among them; registration.verification before adds transient_otp, the grants of staff openid, profile and offline_access",
		}, func(c *Config) value { return (*words)(&c.Auth.Scopes) }},
		{Key{
			Path: "auth.audience",
			Help: "audience of the client assertion; default: the issuer",
		}, func(c *Config) value { return (*text)(&c.Auth.Audience) }},
		{Key{
			Path: "auth.issuer_url",
			Help: "address of the issuer, whose discovery document is read; default: from tenant.url and tenant.id",
		}, func(c *Config) value { return address{&c.Auth.IssuerURL} }},
		{Key{
			Path: "auth.dpop", Default: "false", Values: booleans(),
			Help: "whether tokens are bound to a key that Foyer makes at each start (DPoP)",
		}, func(c *Config) value { return (*toggle)(&c.Auth.DPoP) }},
		{Key{
			Path: "auth.redirect_url", Default: "http://127.0.0.1/callback",
			Help: "where a sign-in with grant authorization_code comes back, on the loopback; without a port: a free one",
		}, func(c *Config) value { return address{&c.Auth.RedirectURL} }},
		{Key{
			Path: "auth.keep", Default: "memory", Values: names(KeepMemory, KeepKeyring),
			Help: "where the sign-in of a member of staff is kept; memory: until Foyer ends, keyring: encrypted, by the operating system",
		}, func(c *Config) value { return (*choice)(&c.Auth.Keep) }},
	}
}
