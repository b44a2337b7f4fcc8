package config

// kioskKeys are the keys of what happens between two people.
func kioskKeys() table {
	return table{
		{Key{
			Path: "kiosk.locked", Default: "false", Values: booleans(),
			Help: "whether leaving needs the staff passcode, and nothing else ends the kiosk; see 'foyer passcode'",
		}, func(c *Config) value { return (*toggle)(&c.Kiosk.Locked) }},
		{Key{
			Path: "kiosk.passcode_hash", Secret: true,
			Help: "hash of the staff passcode, as 'foyer passcode' prints it; required by kiosk.locked",
		}, func(c *Config) value { return (*hidden)(&c.Kiosk.PasscodeHash) }},
		{Key{
			Path: "kiosk.terminal",
			Help: "terminal that the kiosk is shown on, such as /dev/tty1; default: the one that it is started on. When it hangs up, a locked kiosk opens it again by this name",
		}, func(c *Config) value { return (*text)(&c.Kiosk.Terminal) }},
		{Key{
			Path: "kiosk.idle_timeout", Default: "90s",
			Help: "how long nobody may type before everything is cleared",
		}, func(c *Config) value { return (*duration)(&c.Kiosk.IdleTimeout) }},
		{Key{
			Path: "kiosk.idle_warning", Default: "20s",
			Help: "how long before that the warning shows",
		}, func(c *Config) value { return (*duration)(&c.Kiosk.IdleWarning) }},
		{Key{
			Path: "kiosk.done_timeout", Default: "20s",
			Help: "how long the last screen stays, at least 1s",
		}, func(c *Config) value { return (*duration)(&c.Kiosk.DoneTimeout) }},
	}
}

// screenKeys are the keys of what the screens look like.
func screenKeys() table {
	return table{
		{Key{
			Path: "ui.lang", Values: languages(),
			Help: "language of the screens; default: from the locale",
		}, func(c *Config) value { return (*choice)(&c.UI.Lang) }},
		{Key{
			Path: "ui.theme", Default: "auto", Values: names(ThemeAuto, ThemeDark, ThemeLight),
			Help: "colours; auto: as the terminal's background",
		}, func(c *Config) value { return (*choice)(&c.UI.Theme) }},
		{Key{
			Path: "ui.title",
			Help: "name shown at the top of every screen",
		}, func(c *Config) value { return (*text)(&c.UI.Title) }},
		{Key{
			Path: "ui.accessible", Default: "false", Values: booleans(),
			Help: "whether to ask in plain lines, for screen readers, here and in every session over SSH",
		}, func(c *Config) value { return (*toggle)(&c.UI.Accessible) }},
	}
}

// languages are those of the screens (BCP 47).
func languages() []string { return []string{"en", "de"} }

// recordKeys are the keys of what Foyer writes.
func recordKeys() table {
	return table{
		{Key{
			Path: "audit.file",
			Help: "file for the record of who was registered when; empty: none",
		}, func(c *Config) value { return (*text)(&c.Audit.File) }},
		{Key{
			Path: "audit.key_file",
			Help: "key that protects the record, made when there is none; default: foyer/audit.key in $XDG_STATE_HOME or ~/.local/state",
		}, func(c *Config) value { return (*text)(&c.Audit.KeyFile) }},
		{Key{
			Path: "audit.identifiers", Default: "hashed", Values: names(AuditHashed, AuditPlain),
			Help: "how what people sign in with stands in the record",
		}, func(c *Config) value { return (*choice)(&c.Audit.Identifiers) }},
		{Key{
			Path: "audit.fail", Default: "closed", Values: names(AuditFailClosed, AuditFailOpen),
			Help: "what happens when nothing can be recorded; closed: nobody is registered",
		}, func(c *Config) value { return (*choice)(&c.Audit.Fail) }},
		{Key{
			Path: "intents.file",
			Help: "journal of registrations that nobody was told the end of, for the next start; default: foyer/intents.jsonl in $XDG_STATE_HOME or ~/.local/state",
		}, func(c *Config) value { return (*text)(&c.Intents.File) }},
		{Key{
			Path: "intents.key_file",
			Help: "key that hashes identifiers in it, made when there is none; default: foyer/intents.key, likewise",
		}, func(c *Config) value { return (*text)(&c.Intents.KeyFile) }},
		{Key{
			Path: "intents.keep", Default: "24h",
			Help: "how long somebody who was cut off is told that they are registered already when they come again, at least 1s",
		}, func(c *Config) value { return (*duration)(&c.Intents.Keep) }},
		{Key{
			Path: "log.file",
			Help: "file for the log; empty: none",
		}, func(c *Config) value { return (*text)(&c.Log.File) }},
		{Key{
			Path: "log.level", Default: "info", Values: names(LevelDebug, LevelInfo, LevelWarn, LevelError),
			Help: "least severe level that is logged",
		}, func(c *Config) value { return (*choice)(&c.Log.Level) }},
	}
}
