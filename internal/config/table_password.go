package config

// passwordKeys are the keys of what is asked of a password beyond the pool's policy.
func passwordKeys() table {
	return table{
		{Key{
			Path: "password.specials",
			Help: "characters that the tenant counts as special; default: every punctuation mark and symbol",
		}, func(c *Config) value { return (*text)(&c.Password.Specials) }},
		{Key{
			Path: "password.breach_url",
			Help: "address of a range query for breached passwords, to which five digits of a hash are sent; empty: none",
		}, func(c *Config) value { return address{&c.Password.BreachURL} }},
		{Key{
			Path: "password.breach_file",
			Help: "file with the SHA-1 hashes of breached passwords in ascending order; empty: none",
		}, func(c *Config) value { return (*text)(&c.Password.BreachFile) }},
		{Key{
			Path: "password.breach_fail", Default: "open", Values: names(BreachFailOpen, BreachFailClosed),
			Help: "what happens when a password cannot be looked up; closed: nobody is registered",
		}, func(c *Config) value { return (*choice)(&c.Password.BreachFail) }},
	}
}
