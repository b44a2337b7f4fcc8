package config

import "strings"

func tenantKeys() table {
	return table{
		{Key{
			Path: "tenant.url", Sample: "https://acme.eu.authz.cloudentity.io",
			Help: "address of the tenant: https, or http on loopback only",
		}, func(c *Config) value { return address{&c.Tenant.URL} }},
		{Key{
			Path: "tenant.id",
			Help: "id of the tenant; default: the first label of the host in tenant.url",
		}, func(c *Config) value { return (*text)(&c.Tenant.ID) }},
		{Key{
			Path: "tenant.path", Default: "auto", Values: names(PathAuto, PathAlways, PathNever),
			Help: "whether request paths have a segment for the tenant; auto: the discovery document decides",
		}, func(c *Config) value { return (*choice)(&c.Tenant.Path) }},
		{Key{
			Path: "tenant.pool", Sample: "customers",
			Help: "id of the identity pool that people are registered in",
		}, func(c *Config) value { return (*text)(&c.Tenant.Pool) }},
		{Key{
			Path: "tenant.workspace", Default: "system",
			Help: "id of the workspace that sends one-time passwords, for registration.verification before",
		}, func(c *Config) value { return (*text)(&c.Tenant.Workspace) }},
		{Key{
			Path: "tenant.ca_file",
			Help: "PEM file with roots to trust beside the system's",
		}, func(c *Config) value { return (*text)(&c.Tenant.CAFile) }},
		{Key{
			Path: "tenant.mtls_url",
			Help: "API address for certificate-bound tokens; default: the one that discovery names",
		}, func(c *Config) value { return address{&c.Tenant.MTLSURL} }},
	}
}

func registrationKeys() table {
	return table{
		{Key{
			Path: "registration.api", Default: "create", Values: names(APICreate, APISelfRegister),
			Help: "operation that registers a person",
		}, func(c *Config) value { return (*choice)(&c.Registration.API) }},
		{Key{
			Path: "registration.status", Default: "active", Values: names(StatusActive, StatusInactive, StatusNew),
			Help: "status that people are created with, for api create; new: until the code or link of a message is used",
		}, func(c *Config) value { return (*choice)(&c.Registration.Status) }},
		{Key{
			Path: "registration.mode", Default: "registration", Values: names(ModeRegistration, ModeInvitation),
			Help: "what the message to a new person is for; invitation: no password is asked, they set one where its link leads",
		}, func(c *Config) value { return (*choice)(&c.Registration.Mode) }},
		{Key{
			Path: "registration.verification", Default: "none",
			Values: names(VerificationNone, VerificationCode, VerificationLink, VerificationBefore),
			Help:   "how an address is proven: by a code entered on the screen, by a link sent to it, or by a code before anybody is registered; default for people who are new: code, of invitations: link",
		}, func(c *Config) value { return (*choice)(&c.Registration.Verification) }},
		{Key{
			Path: "registration.identifiers", Default: "[{type: email, required: true}]",
			Values: names(IdentifierEmail, IdentifierMobile, IdentifierUID, IdentifierExternal),
			Help:   "what people can sign in with, in the order asked; short form, as one text: 'email, mobile?' (the ? means optional)",
		}, func(c *Config) value { return (*identifiers)(&c.Registration.Identifiers) }},
		{Key{
			Path: "registration.metadata", Default: "{}",
			Help: "metadata that every registered person gets",
		}, func(c *Config) value { return (*object)(&c.Registration.Metadata) }},
		{Key{
			Path: "registration.mark", Default: "true", Values: booleans(),
			Help: "whether people get foyer_correlation_id in their metadata, where the pool's metadata schema allows it: by it a registration whose answer was lost is found again",
		}, func(c *Config) value { return (*toggle)(&c.Registration.Mark) }},
		{Key{
			Path: "registration.terms", Default: "[]",
			Help: "documents to accept, each {id, version, title, text_file}",
		}, func(c *Config) value { return (*terms)(&c.Registration.Terms) }},
		{Key{
			Path: "registration.fields", Default: "{}",
			Help: "how single questions are asked, by JSON Pointer into the payload (/address/zip; /contacts/*/phone for any entry of a list), each {" +
				strings.Join(fieldMembers(), ", ") + "}; a text can be given by language, {en: ..., de: ...}; widget is one of " + strings.Join(widgets(), ", "),
		}, func(c *Config) value { return (*fields)(&c.Registration.Fields) }},
		{Key{
			Path: "registration.phone_country", Default: "US",
			Help: "country of phone numbers typed without one, two capital letters (ISO 3166-1)",
		}, func(c *Config) value { return (*text)(&c.Registration.PhoneCountry) }},
	}
}
