package config_test

import (
	"strings"
	"testing"

	"foyer/internal/config"
)

// TestLoadReportsEveryMistakeAtOnce compares the whole text that an operator reads.
func TestLoadReportsEveryMistakeAtOnce(t *testing.T) {
	const file = `tenant:
  url: http://acme.example.com
  urll: x
  pool: my pool
auth:
  method: private_key_jwt
  scopes: [identity]
  scopes: [transient_otp]
registration:
  identifiers:
    - {type: email, requird: true}
    - federated
kiosk:
  idle_timeout: 90
  done_timeout: 10ms
  locked: yes
ui: dark
colours: {}
`
	src := source(map[string]string{"foyer.yaml": file}, env("FOYER_TENANT_ULR=x", "FOYER_LOG_LEVEL=verbose"))
	src.Set("auth.client_secret", marker)
	const want = `tenant.urll (foyer.yaml:3): unknown key; did you mean tenant.url?
auth.scopes (foyer.yaml:8): is given twice; keep one of lines 7 and 8
ui (foyer.yaml:17): is a single value where a mapping belongs; write it as keys: lang, theme, title, accessible
colours (foyer.yaml:18): unknown key; see "foyer config example" for all keys
FOYER_TENANT_ULR: unknown variable; did you mean FOYER_TENANT_URL?
auth.client_secret (--set): secrets never come from a flag; set FOYER_AUTH_CLIENT_SECRET
tenant.url (foyer.yaml:2): http is allowed on loopback only; write https://acme.example.com
registration.identifiers.requird (foyer.yaml:11): unknown key; did you mean required?
registration.identifiers (foyer.yaml:12): a person cannot type a federated identifier; write email, mobile, uid or external
kiosk.locked (foyer.yaml:16): "yes" is not allowed; write false or true
kiosk.idle_timeout (foyer.yaml:14): "90" is not a duration; write a number with a unit, such as 90s or 2m
log.level (FOYER_LOG_LEVEL): "verbose" is not allowed; write debug, info, warn or error
tenant.pool (foyer.yaml:4): "my pool" is not an id; write letters, digits, dots, dashes and underscores only
kiosk.done_timeout (foyer.yaml:15): is too short to read anything; write 1s or more
auth.client_id: is required; write client_id: below auth: in the file, or set FOYER_AUTH_CLIENT_ID
auth.signing_key_file: is required by private_key_jwt; write signing_key_file: below auth: in the file, or set FOYER_AUTH_SIGNING_KEY_FILE`
	if got := mistakes(t, src); got != want {
		t.Errorf("Load =\n%s\nwant\n%s", got, want)
	}
}

func TestLoadRejects(t *testing.T) {
	tests := []struct{ name, give, want string }{
		// Types.
		{"a list for a text", "ui: {title: [a]}", "ui.title (foyer.yaml:1): is a list but takes a single value; write one value"},
		{"a mapping for a text", "ui: {title: {a: b}}", "ui.title (foyer.yaml:1): is a mapping but takes a single value; write one value"},
		{"a tag", "ui: {title: !vault x}", "ui.title (foyer.yaml:1): has a YAML tag instead of a plain value; put a value that begins with ! or < in quotes"},
		{"two lines", "ui: {title: \"a\\nb\"}", "ui.title (foyer.yaml:1): holds a control character, another that nobody sees, or a line break; write it as one line of plain text"},
		{"a number with words", "ssh: {max_sessions: many}", `ssh.max_sessions (foyer.yaml:1): "many" is not a number of things; write a whole number, 0 or more`},
		{"a list for a number", "ssh: {max_sessions: []}", "ssh.max_sessions (foyer.yaml:1): is a list but takes a single value; write one value"},
		{"a negative number", "ssh: {max_sessions: -1}", `ssh.max_sessions (foyer.yaml:1): "-1" is not a number of things; write a whole number, 0 or more`},
		{"a switch of YAML 1.1", "ui: {accessible: on}", `ui.accessible (foyer.yaml:1): "on" is not allowed; write false or true`},
		{"an unknown choice", "ui: {theme: pink}", `ui.theme (foyer.yaml:1): "pink" is not allowed; write auto, dark or light`},
		{"a misspelt choice", "ui: {theme: drak}", `ui.theme (foyer.yaml:1): "drak" is not allowed; did you mean dark?`},
		{"an unknown language", "ui: {lang: fr}", `ui.lang (foyer.yaml:1): "fr" is not allowed; write en or de`},
		{"a mapping for a list", "registration: {terms: {a: b}}", "registration.terms (foyer.yaml:1): is a mapping but takes a list; write [a, b]"},
		{"a term that is a text", "registration: {terms: [a]}", "registration.terms (foyer.yaml:1): is a single value where a mapping belongs; write it as keys: id, version, title, text_file"},
		{"a text for a mapping", "registration: {metadata: x}", "registration.metadata (foyer.yaml:1): is a single value but takes a mapping; write {name: value}"},
		{"a name twice in metadata", "registration: {metadata: {a: 1, a: 2}}", "registration.metadata (foyer.yaml:1): is not a mapping of names to values; write {name: value}, each name once"},
		{"metadata that contains itself", "registration: {metadata: &a {b: *a}}", "registration.metadata (foyer.yaml:1): is not a mapping of names to values; write {name: value}, each name once"},
		{"metadata that JSON lacks", "registration: {metadata: {a: .nan}}", "registration.metadata (foyer.yaml:1): holds what JSON cannot hold; write texts, finite numbers, true, false, lists and mappings by name"},
		// Durations.
		{"no time to idle", "kiosk: {idle_timeout: 0s, idle_warning: 0s}", "kiosk.idle_timeout (foyer.yaml:1): is not longer than nothing; write a duration such as 90s\n" +
			"kiosk.idle_warning (foyer.yaml:1): is not longer than nothing; write a duration such as 90s"},
		{"a warning as long as the timeout", "kiosk: {idle_timeout: 20s}", "kiosk.idle_warning: is not shorter than kiosk.idle_timeout (20s); shorten it, or lengthen the other"},
		// Registration.
		{"no identifier", "registration: {identifiers: []}", "registration.identifiers (foyer.yaml:1): asks for no identifier that is required; make one required"},
		{"only optional ones", "registration: {identifiers: 'email?'}", "registration.identifiers (foyer.yaml:1): asks for no identifier that is required; make one required"},
		{"one twice", "registration: {identifiers: [email, uid, email]}", "registration.identifiers (foyer.yaml:1): asks for email more than once; keep one"},
		{"one without a type", "registration: {identifiers: [{required: true}]}", "registration.identifiers (foyer.yaml:1): has an element without a type; write type: and email, mobile, uid or external"},
		{"one of no known type", "registration: {identifiers: [phone]}", `registration.identifiers (foyer.yaml:1): "phone" is not allowed; write email, mobile, uid or external`},
		{"a country in small letters", "registration: {phone_country: us}", `registration.phone_country (foyer.yaml:1): "us" is not a country code; write two capital letters, such as US`},
		// What later versions bring.
		{"terms", "registration: {terms: [{id: a, version: 1, title: b, text_file: c}]}", "registration.terms (foyer.yaml:1): accepting terms is not available in this version of Foyer; take the setting out"},
		{"invitations that nobody asks for", "ssh: {invitations_file: a}", "ssh.invitations_file (foyer.yaml:1): is set, but with ssh.access open anybody may connect; set ssh.access to invite, or take the file out"},
		{"invitations beside keys", "ssh: {access: keys, authorized_keys_file: a, invitations_file: b}", "ssh.invitations_file (foyer.yaml:1): is set, but with ssh.access keys those with a key may connect; set ssh.access to invite, or take the file out"},
		{"keys beside invitations", "ssh: {access: invite, authorized_keys_file: a}", "ssh.authorized_keys_file (foyer.yaml:1): is set, but with ssh.access invite those with an invitation may register; set ssh.access to keys, or take the file out"},
		{"another access", "ssh: {access: closed}", `ssh.access (foyer.yaml:1): "closed" is not allowed; write open, keys or invite`},
		{"keys without their file", "ssh: {access: keys}", "ssh.authorized_keys_file: is required by ssh.access keys; write authorized_keys_file: below ssh: in the file, or set FOYER_SSH_AUTHORIZED_KEYS_FILE"},
		{"a file of keys that nobody asks for", "ssh: {authorized_keys_file: a}", "ssh.authorized_keys_file (foyer.yaml:1): is set, but with ssh.access open anybody may connect; set ssh.access to keys, or take the file out"},
		{"a recorded key that cannot be kept", "ssh: {record_key: true}\nregistration: {api: self_register}", "ssh.record_key (foyer.yaml:1): cannot be true with registration.api self_register, which takes what a person signs in with and nothing else; set registration.api to create, or take ssh.record_key out"},
		{"an address without a port", "ssh: {listen: localhost}", `ssh.listen (foyer.yaml:1): "localhost" is not an address to listen on; write a host and a port, such as 127.0.0.1:2222, or :2222 for every network`},
		{"a port that is none", "ssh: {listen: ':ssh'}", `ssh.listen (foyer.yaml:1): ":ssh" is not an address to listen on; write a host and a port, such as 127.0.0.1:2222, or :2222 for every network`},
		{"a monitor for everybody", "ssh: {monitor_listen: ':9222'}", `ssh.monitor_listen (foyer.yaml:1): ":9222" is not an address and a port on the loopback; write one such as 127.0.0.1:9222; what is elsewhere reads it by an agent or a proxy on this machine`},
		{"a monitor for a network", "ssh: {monitor_listen: '192.0.2.1:9222'}", `ssh.monitor_listen (foyer.yaml:1): "192.0.2.1:9222" is not an address and a port on the loopback; write one such as 127.0.0.1:9222; what is elsewhere reads it by an agent or a proxy on this machine`},
		{"a monitor at a name", "ssh: {monitor_listen: 'localhost.example.com:9222'}", `ssh.monitor_listen (foyer.yaml:1): "localhost.example.com:9222" is not an address and a port on the loopback; write one such as 127.0.0.1:9222; what is elsewhere reads it by an agent or a proxy on this machine`},
		{"a monitor without a port", "ssh: {monitor_listen: localhost}", `ssh.monitor_listen (foyer.yaml:1): "localhost" is not an address and a port on the loopback; write one such as 127.0.0.1:9222; what is elsewhere reads it by an agent or a proxy on this machine`},
		{"a host key twice", "ssh: {host_key_files: [a, b, a]}", `ssh.host_key_files (foyer.yaml:1): "a" is named twice, or as ssh.host_key_file too; keep one`},
		{"a host key that is the first, too", "ssh: {host_key_file: a, host_key_files: a}", `ssh.host_key_files (foyer.yaml:1): "a" is named twice, or as ssh.host_key_file too; keep one`},
		{"a host key without a name", "ssh: {host_key_files: ['']}", "ssh.host_key_files (foyer.yaml:1): has an entry without a name; write the name of a file, or take the entry out"},
		{"a session of no length", "ssh: {session_timeout: 9s}", "ssh.session_timeout (foyer.yaml:1): is too short to register in; write 10s or more"},
		{"a negative grace", "ssh: {grace: -1s}", "ssh.grace (foyer.yaml:1): is less than nothing; write a duration such as 1m, or 0s to let nobody finish"},
		{"no time for a handshake", "ssh: {handshake_timeout: 0s}", "ssh.handshake_timeout (foyer.yaml:1): is not longer than nothing; write a duration such as 90s"},
		// A locked kiosk.
		{"a lock that nobody can open", "kiosk: {locked: true}", "kiosk.passcode_hash: is required by kiosk.locked; run 'foyer passcode', which asks for a passcode and prints its hash; set FOYER_KIOSK_PASSCODE_HASH"},
		{"a passcode in the place of its hash", "kiosk: {passcode_hash: open sesame}", "kiosk.passcode_hash (foyer.yaml:1): is not the hash of a passcode (argon2id, as a PHC string); run 'foyer passcode', and put what it prints here, in single quotes"},
		{"a hash that is soon searched", "kiosk: {passcode_hash: '" + phc("m=4096,t=1,p=1") + "'}", "kiosk.passcode_hash (foyer.yaml:1): is a hash that is too quickly searched for its passcode; run 'foyer passcode', and put what it prints here, in single quotes"},
		{"a hash that takes the machine's memory", "kiosk: {locked: true, passcode_hash: '" + phc("m=4194304,t=3,p=4") + "'}", "kiosk.passcode_hash (foyer.yaml:1): is a hash that asks for more memory or time than a kiosk has; run 'foyer passcode', and put what it prints here, in single quotes"},
		{"a terminal that depends on the folder", "kiosk: {terminal: tty1}", `kiosk.terminal (foyer.yaml:1): "tty1" is not the whole name of a terminal; write one such as /dev/tty1`},
		// Names.
		{"a key in the wrong section", "tenant: {client_id: x}", "tenant.client_id (foyer.yaml:1): unknown key; did you mean auth.client_id?"},
		{"a key without its section", "client_id: x", "client_id (foyer.yaml:1): unknown key; did you mean auth.client_id?"},
		{"a key in capitals", "ui: {THEME: dark}", "ui.THEME (foyer.yaml:1): unknown key; did you mean ui.theme?"},
		{"a whole path as a key", "tenant.url: x", "tenant.url (foyer.yaml:1): unknown key; write url: below tenant:"},
		{"a misspelt section", "tennant: {url: x}", "tennant (foyer.yaml:1): unknown key; did you mean tenant?"},
		{"a section twice", "ui: {theme: dark}\nui: {lang: de}", "ui (foyer.yaml:2): is given twice; keep one of lines 1 and 2"},
		{"a key that is no name", "? [a]\n: b", `foyer.yaml:1: unknown key; see "foyer config example" for all keys`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mistakes(t, source(map[string]string{"foyer.yaml": tt.give}, nil)); got != tt.want {
				t.Errorf("Load(%s) =\n%s\nwant\n%s", tt.give, got, tt.want)
			}
		})
	}
}

func TestLoadRejectsTenantsAndClients(t *testing.T) {
	const roots = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	tests := []struct{ name, give, want string }{
		{"no address and no pool", "auth: {client_id: x}", "tenant.url: is required; write url: below tenant: in the file, or set FOYER_TENANT_URL\n" +
			"tenant.pool: is required; write pool: below tenant: in the file, or set FOYER_TENANT_POOL"},
		{"an IP address without an id", strings.Replace(complete, "acme.example.com", "192.0.2.1", 1), "tenant.id: is required, since the host in tenant.url does not begin with an id; write id: below tenant: in the file, or set FOYER_TENANT_ID"},
		{"a pool that climbs", strings.Replace(complete, "customers", "..", 1), `tenant.pool (foyer.yaml:3): ".." is not an id; write letters, digits, dots, dashes and underscores only`},
		{"no roots in a file", strings.Replace(complete, "auth:", "  ca_file: ca.pem\nauth:", 1), `tenant.ca_file (foyer.yaml:4): "ca.pem" holds no certificate; name a PEM file with -----BEGIN CERTIFICATE-----`},
		{"no file of roots", strings.Replace(complete, "auth:", "  ca_file: no.pem\nauth:", 1), `tenant.ca_file (foyer.yaml:4): "no.pem" does not exist; name a file that Foyer can read`},
		{"scopes without identity", complete + "  scopes: []", "auth.scopes (foyer.yaml:6): lacks the scope identity; add identity"},
		{"two scopes in one", complete + "  scopes: [identity, 'a b']", `auth.scopes (foyer.yaml:6): "a b" is not a scope; write one scope an element, without blanks and quotes`},
		{"a client without proof that acts for itself", complete + "  method: none", "auth.grant: is client_credentials, but a client with auth.method none proves nothing by itself; write device_code or authorization_code, or another auth.method"},
		{"a certificate without its files", complete + "  method: tls_client_auth", "auth.certificate_file: is required by tls_client_auth; write certificate_file: below auth: in the file, or set FOYER_AUTH_CERTIFICATE_FILE\n" +
			"auth.key_file: is required by tls_client_auth; write key_file: below auth: in the file, or set FOYER_AUTH_KEY_FILE"},
		{
			"a certificate without TLS", strings.Replace(complete, "https://acme.example.com", "http://127.0.0.1\n  id: acme", 1) + "  method: tls_client_auth\n  certificate_file: c\n  key_file: k",
			"auth.certificate_file (foyer.yaml:8): is named, but tenant.url is http, where there are no certificates; write an https address in tenant.url",
		},
		{"a certificate without its key", complete + "  certificate_file: c", "auth.key_file: is required by auth.certificate_file; write key_file: below auth: in the file, or set FOYER_AUTH_KEY_FILE"},
		{"a sign-in to keep that nobody makes", complete + "  keep: keyring", "auth.keep (foyer.yaml:6): is keyring, but nobody signs in with auth.grant client_credentials; take it out, or write device_code or authorization_code in auth.grant"},
		{"a signature without a key", complete + "  method: private_key_jwt", "auth.signing_key_file: is required by private_key_jwt; write signing_key_file: below auth: in the file, or set FOYER_AUTH_SIGNING_KEY_FILE"},
		{"staff who stay unknown", complete + "  grant: device_code\n  scopes: [identity]", "auth.scopes (foyer.yaml:7): lacks the scope openid, which tells who of the staff signed in; add openid, profile for a name, and offline_access to stay signed in"},
		{"a sign-in that comes back elsewhere", complete + "  grant: authorization_code\n  redirect_url: https://kiosk.example.com/callback", "auth.redirect_url (foyer.yaml:7): is not an http address on the loopback; write http://127.0.0.1/callback, with a port if the tenant insists on one"},
		{"a kept sign-in that would be of no use", complete + "  method: none\n  grant: device_code\n  dpop: true\n  keep: keyring", "auth.keep (foyer.yaml:9): is keyring, but with auth.dpop the refresh token of a public client is bound to a key that ends with Foyer (RFC 9449, 5); write memory, or set auth.dpop to false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"foyer.yaml": tt.give, "ca.pem": roots}
			if got := mistakes(t, source(files, env())); got != tt.want {
				t.Errorf("Load(%s) =\n%s\nwant\n%s", tt.give, got, tt.want)
			}
		})
	}
}

func TestLoadRejectsAddresses(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"no scheme", "acme.example.com", "is not a URL; write https:// and the host"},
		{"no host", "https://", "is not a URL; write https:// and the host"},
		{"a port for a host", "https://:443", "is not a URL; write https:// and the host"},
		{"nonsense", "https://a b", "is not a URL; write https:// and the host"},
		{"another scheme", "ftp://acme.example.com", "is neither https nor http; write https:// and the host"},
		{"http", "http://acme.example.com:80/x", "http is allowed on loopback only; write https://acme.example.com:80/x"},
		{"http on a name like loopback", "http://localhost.example.com", "http is allowed on loopback only; write https://localhost.example.com"},
		{"http on an address like loopback", "http://128.0.0.1", "http is allowed on loopback only; write https://128.0.0.1"},
		{"a query", "https://acme.example.com/?a=b", "has a query; end it before the question mark"},
		{"an empty query", "https://acme.example.com/?", "has a query; end it before the question mark"},
		{"a fragment", "https://acme.example.com/#", "has a fragment; end it before the #"},
		{"an empty port", "https://acme.example.com:", "has no usable port; write a port between 1 and 65535 after the host, or no colon"},
		{"a large port", "https://acme.example.com:65536", "has no usable port; write a port between 1 and 65535 after the host, or no colon"},
		{"a user", "https://ann:" + marker + "@acme.example.com", "holds a user name; write the address without it; credentials belong into auth"},
		{"a user in nonsense", "https://ann:" + marker + "@acme:x", "is not a URL; write https:// and the host"},
	}
	for _, key := range []string{"tenant.url", "tenant.mtls_url", "auth.issuer_url"} {
		for _, tt := range tests {
			t.Run(key+" with "+tt.name, func(t *testing.T) {
				src := source(map[string]string{"foyer.yaml": complete}, env())
				src.Set(key, tt.give)
				if got, want := mistakes(t, src), key+" (--set): "+tt.want; got != want {
					t.Errorf("Load =\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

func TestLoadRejectsVariablesAndFlags(t *testing.T) {
	tests := []struct{ name, variable, key, value, want string }{
		{"an unknown variable", "FOYER_SOMETHING=x", "", "", "FOYER_SOMETHING: unknown variable; unset it; the variable of tenant.url is FOYER_TENANT_URL, and so on for all keys"},
		{"a misspelt variable", "FOYER_AUTH_CLIENTID=x", "", "", "FOYER_AUTH_CLIENTID: unknown variable; did you mean FOYER_AUTH_CLIENT_ID?"},
		{"a list that is not YAML", "FOYER_REGISTRATION_IDENTIFIERS=[email", "", "", "registration.identifiers (FOYER_REGISTRATION_IDENTIFIERS): is not YAML: did not find expected ',' or ']'; look for a missing colon, quote or bracket, or wrong indentation"},
		{"a variable that is not UTF-8", "FOYER_UI_TITLE=\xff", "", "", "ui.title (FOYER_UI_TITLE): is not UTF-8; write it in UTF-8"},
		{"an unknown key", "", "tenant.poool", "x", "tenant.poool (--set): unknown key; did you mean tenant.pool?"},
		{"the hash of the passcode", "", "kiosk.passcode_hash", marker, "kiosk.passcode_hash (--set): secrets never come from a flag; set FOYER_KIOSK_PASSCODE_HASH"},
		{"a text with an escape sequence", "", "ui.theme", "\u202edark\u00ad", "ui.theme (--set): holds a control character, another that nobody sees, or a line break; write it as one line of plain text"},
		{"a long text", "", "ui.theme", strings.Repeat("x", 100), `ui.theme (--set): "` + strings.Repeat("x", 79) + `…" is not allowed; write auto, dark or light`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			vars := map[string]string{"FOYER_REQUIRE_SPECS": "1", "HOME": "/home/ann"}
			if name, value, ok := strings.Cut(tt.variable, "="); ok {
				vars[name] = value
			}
			src := source(nil, vars)
			if tt.key != "" {
				src.Set(tt.key, tt.value)
			}
			if got := mistakes(t, src); got != tt.want {
				t.Errorf("Load =\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestMistakeString(t *testing.T) {
	tests := []struct {
		give config.Mistake
		want string
	}{
		{config.Mistake{Key: "a.b", Source: "f:1", Problem: "is wrong", Fix: "mend it"}, "a.b (f:1): is wrong; mend it"},
		{config.Mistake{Key: "a.b", Problem: "is wrong"}, "a.b: is wrong"},
		{config.Mistake{Source: "f", Problem: "is wrong"}, "f: is wrong"},
	}
	for _, tt := range tests {
		if got := tt.give.String(); got != tt.want {
			t.Errorf("(%+v).String() = %q, want %q", tt.give, got, tt.want)
		}
	}
}
