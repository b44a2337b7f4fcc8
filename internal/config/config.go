// Package config reads the settings of the foyer program, once, into one struct.
//
// A setting comes from a flag, an environment variable, the configuration file or its default, in this order of
// precedence. Everything outside the process (variables, files) is reached through an injected Source. Load reports
// all that is wrong in one go, and each Mistake names the key, where its value came from, and what to do.
//
// All that is known about a key stands in one table, keyTable; the names of the variables, the example file, the
// suggestions for misspelt keys and the documentation derive from it.
package config

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"foyer/internal/secret"
)

// defaultOrigin is what Origin says of a key that no source gives.
const defaultOrigin = "default"

// A Config is the effective configuration. The values a loaded Config holds have passed every rule of this package.
// It is not changed after Load and safe to read concurrently.
type Config struct {
	Tenant       Tenant
	Auth         Auth
	Registration Registration
	Password     Password
	Kiosk        Kiosk
	SSH          SSH
	UI           UI
	Audit        Audit
	Intents      Intents
	Log          Log

	file     string            // that was read; "" for none
	origins  map[string]string // by key path; a key that has its default is missing
	practice bool
}

// ForPractice returns c for a tenant that is inside the program, and ends with it.
func (c *Config) ForPractice() *Config {
	practice := *c
	practice.practice = true
	return &practice
}

// Practice reports whether the tenant is inside the program: nothing that is kept of it has to last longer.
func (c *Config) Practice() bool { return c.practice }

// Tenant says where people are registered.
type Tenant struct {
	URL       *url.URL   // without a slash at its end, query, fragment or userinfo; nil unless configured
	ID        string     // [A-Za-z0-9._-]+; the first label of URL's host unless given
	Path      TenantPath // whether request paths have a segment for the tenant
	Pool      string     // identity pool id, [A-Za-z0-9._-]+
	Workspace string     // whose Public API proves addresses, [A-Za-z0-9._-]+
	CAFile    string     // PEM trust roots beside the system's; "" for none
	MTLSURL   *url.URL   // API host for certificate-bound tokens; nil: discovery's mtls_endpoint_aliases
}

// Auth says how this client gets its tokens (RFC 6749).
type Auth struct {
	Method           AuthMethod
	Grant            Grant
	ClientID         string
	ClientSecret     secret.Text // also when it was read from ClientSecretFile
	ClientSecretFile string
	CertificateFile  string
	KeyFile          string
	SigningKeyFile   string
	SigningKeyID     string
	SigningAlg       string   // a JWS algorithm name (RFC 7518, 3.1); "": from the key
	Scopes           []string // scope tokens (RFC 6749, 3.3); always holds "identity", and for staff "openid"
	Audience         string   // of the client assertion; "": the issuer
	IssuerURL        *url.URL // as Tenant.URL; nil unless configured. Origin tells a given one from a derived one
	DPoP             bool     // whether tokens are bound to a key of this process (RFC 9449)
	RedirectURL      *url.URL // on the loopback (RFC 8252, 7.3); without a port: a free one
	Keep             Keep     // of the refresh token
}

// Registration says what a person is asked for and what becomes of it.
type Registration struct {
	API          API
	Status       UserStatus // of a created user, with API create
	Mode         Mode       // of the activation message
	Verification Verification
	Identifiers  []Identifier   // in the order asked; each type at most once, at least one required
	Mark         bool           // users get a mark in their metadata
	Metadata     map[string]any // what encoding/json can marshal; never nil after Load
	Terms        []Term
	Fields       map[string]Field // by JSON Pointer (RFC 6901) into the payload, where * is any entry of a list
	PhoneCountry string           // ISO 3166-1 alpha-2, capitals: the country of phone numbers typed without one
}

// An Identifier is something a person can sign in with.
type Identifier struct {
	Type     IdentifierType `yaml:"type"`
	Required bool           `yaml:"required"`
}

// A Term is a document that a person accepts in order to register.
type Term struct {
	ID       string `yaml:"id"`
	Version  string `yaml:"version"`
	Title    string `yaml:"title"`
	TextFile string `yaml:"text_file"`
}

// Password says what is asked of a password beyond the pool's policy.
type Password struct {
	Specials   string     // what the tenant counts as special characters; "": every punctuation mark and symbol
	BreachURL  *url.URL   // of a range query for breached passwords; nil: none
	BreachFile string     // a sorted file of their hashes; "" for none
	BreachFail BreachFail // what happens when a password cannot be looked up
}

// Kiosk says how the screens behave between two people. The durations are positive and IdleWarning is shorter than
// IdleTimeout.
type Kiosk struct {
	Locked       bool
	PasscodeHash secret.Text // a secret too: a short passcode is soon found from its hash; passcode.Parse takes it, and Locked has it
	Terminal     string      // an absolute name of the terminal; "" for the one that the kiosk is started on
	IdleTimeout  time.Duration
	IdleWarning  time.Duration // how long before IdleTimeout the person is warned
	DoneTimeout  time.Duration // how long a finished registration stays on the screen; at least 1 s
}

// SSH says how the screens are served over SSH.
type SSH struct {
	Listen                string   // host:port
	HostKeyFile           string   // of the private key; "" for the one in the state directory
	HostKeyFiles          []string // of further private keys, no two the same
	MonitorListen         string   // host:port on the loopback; "" for nothing
	Access                Access
	AuthorizedKeysFile    string         // with access keys; "" otherwise
	InvitationsFile       string         // with access invite, where "" is the one in the state directory; "" otherwise
	RecordKey             bool           // the fingerprint of a client's key, as an external identifier of the user
	MaxSessions           int            // never negative; 0: no limit
	MaxSessionsPerIP      int            // never negative; 0: no limit
	MaxSessionsPerNetwork int            // of an IPv4 /24 or an IPv6 /48; never negative; 0: no limit
	MaxHandshakes         int            // never negative; 0: no limit
	ConnectionsPerMinute  int            // from one address; never negative; 0: no limit
	RegistrationsPerHour  int            // from one address; never negative; 0: no limit
	ProxyProtocolFrom     []netip.Prefix // whose connections begin with a header of the PROXY protocol; masked
	HandshakeTimeout      time.Duration  // from the connection to the first screen; positive
	SessionTimeout        time.Duration  // positive
	Grace                 time.Duration  // never negative
	Limits                SSHLimits
}

// SSHLimits say where several servers count together.
type SSHLimits struct {
	RedisURL     secret.Text // redis://, rediss://; also when it was read from RedisURLFile; empty: each counts by itself
	RedisURLFile string
	RedisPrefix  string // of the names of all keys in there, before a colon
}

// UI says how the screens look.
type UI struct {
	Lang       string // "en", "de" (BCP 47), or "": from the terminal's locale
	Theme      Theme
	Title      string
	Accessible bool
}

// Audit says where the record of registrations goes.
type Audit struct {
	File        string           // "" for none
	KeyFile     string           // of the key that protects it; "" for the one in the state directory
	Identifiers AuditIdentifiers // how they stand in it
	Fail        AuditFail        // what happens when nothing can be recorded
}

// Intents says how the journal of intents is kept.
type Intents struct {
	File    string // "" for the one in the state directory
	KeyFile string // of the key that hashes identifiers; "" likewise
	Keep    time.Duration
}

// Log says where the log goes; File is "" for none.
type Log struct {
	File  string
	Level Level
}

// BySecret reports whether the client has a secret.
func (a Auth) BySecret() bool {
	return a.Method == MethodClientSecretBasic || a.Method == MethodClientSecretPost || a.Method == MethodClientSecretJWT
}

// ByCertificate reports whether the client has a TLS certificate, which its tokens can be bound to: one of the methods that it
// proves itself by (RFC 8705, 2), or any other beside it (RFC 8705, 3 and 4).
func (a Auth) ByCertificate() bool { return a.needsCertificate() || a.CertificateFile != "" }

// needsCertificate reports whether the client proves itself by a certificate.
func (a Auth) needsCertificate() bool {
	return a.Method == MethodTLSClientAuth || a.Method == MethodSelfSignedTLSClientAuth
}

// ByStaff reports whether the client acts for a member of staff, who has to sign in.
func (a Auth) ByStaff() bool { return a.Grant == GrantAuthorizationCode || a.Grant == GrantDeviceCode }

// Configured reports whether any source gives a value to a key of tenant or auth. When none does there is no tenant
// to talk to, so their required keys are not required, and the kiosk runs on the sandbox.
func (c *Config) Configured() bool {
	return c.Sets("tenant") || c.Sets("auth")
}

// Sets reports whether a source sets anything in a section, such as ssh.
func (c *Config) Sets(section string) bool {
	for path := range c.origins {
		if strings.HasPrefix(path, section+".") {
			return true
		}
	}
	return false
}

// File is the configuration file that was read, as it was named or searched for; "" when there was none.
func (c *Config) File() string { return c.file }

// Origin says where the value of the key with this path came from: "foyer.yaml:3" (file and line),
// "FOYER_TENANT_URL" (variable), "--set" (flag) or "default"; for a client secret that was read from its file,
// "auth.client_secret_file", and so for the other secrets with a file. A value derived from other keys, such as the issuer's address, has origin "default".
func (c *Config) Origin(path string) string {
	if origin, ok := c.origins[path]; ok {
		return origin
	}
	return defaultOrigin
}
