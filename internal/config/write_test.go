package config_test

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"foyer/internal/clean"
	"foyer/internal/config"
)

// same compares two configurations but for where their values came from.
func same() cmp.Options {
	return cmp.Options{
		cmpopts.IgnoreUnexported(config.Config{}), cmpopts.EquateEmpty(),
		cmpopts.EquateComparable(netip.Prefix{}),
		cmp.Comparer(func(a, b *url.URL) bool { return (a == nil) == (b == nil) && (a == nil || a.String() == b.String()) }),
	}
}

func TestWriteYAML(t *testing.T) {
	src := source(map[string]string{"foyer.yaml": complete + "registration:\n  metadata:\n    desk: north\n"}, env("FOYER_UI_THEME=dark"))
	src.Set("ui.title", "x # y: z")
	c, _, err := config.Load(src)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := c.WriteYAML(&b); err != nil {
		t.Fatal(err)
	}
	const want = `tenant:
  url: https://acme.example.com  # foyer.yaml:2
  id: acme  # default
  path: auto  # default
  pool: customers  # foyer.yaml:3
  workspace: system  # default
  ca_file:  # default
  mtls_url:  # default
auth:
  method: client_secret_basic  # default
  grant: client_credentials  # default
  client_id: kiosk  # foyer.yaml:5
  client_secret: '[redacted]'  # FOYER_AUTH_CLIENT_SECRET
  client_secret_file:  # default
  certificate_file:  # default
  key_file:  # default
  signing_key_file:  # default
  signing_key_id:  # default
  signing_alg:  # default
  scopes: [identity, identity_self_registration]  # default
  audience:  # default
  issuer_url: https://acme.example.com/acme/system  # default
  dpop: false  # default
  redirect_url: http://127.0.0.1/callback  # default
  keep: memory  # default
registration:
  api: create  # default
  status: active  # default
  mode: registration  # default
  verification: none  # default
  identifiers: [{type: email, required: true}]  # default
  metadata: {desk: north}  # foyer.yaml:7
  mark: true  # default
  terms: []  # default
  fields: {}  # default
  phone_country: US  # default
password:
  specials:  # default
  breach_url:  # default
  breach_file:  # default
  breach_fail: open  # default
kiosk:
  locked: false  # default
  passcode_hash:  # default
  terminal:  # default
  idle_timeout: 1m30s  # default
  idle_warning: 20s  # default
  done_timeout: 20s  # default
ssh:
  listen: 127.0.0.1:2222  # default
  host_key_file:  # default
  host_key_files: []  # default
  monitor_listen:  # default
  access: open  # default
  authorized_keys_file:  # default
  invitations_file:  # default
  record_key: false  # default
  max_sessions: 1000  # default
  max_sessions_per_ip: 10  # default
  max_sessions_per_network: 100  # default
  max_handshakes: 200  # default
  connections_per_minute: 60  # default
  registrations_per_hour: 30  # default
  proxy_protocol_from: []  # default
  handshake_timeout: 1m0s  # default
  session_timeout: 30m0s  # default
  grace: 1m0s  # default
  limits:
    redis_url:  # default
    redis_url_file:  # default
    redis_prefix: foyer  # default
ui:
  lang:  # default
  theme: dark  # FOYER_UI_THEME
  title: 'x # y: z'  # --set
  accessible: false  # default
audit:
  file:  # default
  key_file:  # default
  identifiers: hashed  # default
  fail: closed  # default
intents:
  file:  # default
  key_file:  # default
  keep: 24h0m0s  # default
log:
  file:  # default
  level: info  # default
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("WriteYAML (-want +got):\n%s", diff)
	}
}

// TestWriteYAMLIsReadBack takes values that YAML would read as something else.
func TestWriteYAMLIsReadBack(t *testing.T) {
	long := strings.Repeat("long words ", 40) + "end"
	for _, title := range []string{"plain", "yes", "007", "null", "~", "a: b", "#x", "- x", "[a]", "'", `"\`, "*x", "!x", "é😀", long} {
		src := source(map[string]string{"foyer.yaml": complete, "secret.txt": marker}, nil)
		src.Set("ui.title", title)
		src.Set("auth.client_secret_file", "secret.txt")
		src.Set("ssh.proxy_protocol_from", "192.0.2.1, 2001:db8::/32")
		src.Set("registration.identifiers", "uid,email?")
		src.Set("registration.fields", `{/a: {label: 7, help: {de: "#x", en: 'a: b'}, order: -1, default: 007, prefill: [yes, 1]}, "/b/*/c": {hidden: true, widget: date, default: ["~"]}}`)
		src.Set("registration.metadata", `{"a": "x\ny", "b": ["1", 1, true, null, {}], "`+"é"+`": 1.5}`)
		want, _, err := config.Load(src)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := want.WriteYAML(&b); err != nil {
			t.Fatal(err)
		}
		got, _, err := config.Load(source(map[string]string{"foyer.yaml": b.String(), "secret.txt": marker}, nil))
		if err != nil {
			t.Fatalf("Load of what WriteYAML writes with title %q: %v\n%s", title, err, b.String())
		}
		if diff := cmp.Diff(want, got, same()); diff != "" {
			t.Errorf("with title %q it reads back differently (-want +got):\n%s", title, diff)
		}
	}
}

// A broken writer is one that cannot write.
type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestWriteYAMLReportsItsWriter(t *testing.T) {
	full := errors.New("disk full")
	if err := new(config.Config).WriteYAML(brokenWriter{full}); !errors.Is(err, full) {
		t.Errorf("WriteYAML to a broken writer = %v, want %v", err, full)
	}
}

func TestExample(t *testing.T) {
	commented := regexp.MustCompile(`(?m)^(\s*)#([a-z_]+:)`)
	example := config.Example()
	defaults := load(t, "", nil)

	asItStands := load(t, example, nil)
	if asItStands.Configured() {
		t.Error("the example configures a tenant as it stands, want the sandbox")
	}
	if diff := cmp.Diff(defaults, asItStands, same()); diff != "" {
		t.Errorf("the example is not the defaults (-want +got):\n%s", diff)
	}

	minimal := regexp.MustCompile(`(?m)^(\s*)#((url|pool|client_id):)`).ReplaceAllString(example, "$1$2")
	want := load(t, "tenant: {url: 'https://acme.eu.authz.cloudentity.io', pool: customers}\nauth: {client_id: foyer-kiosk}", env())
	if diff := cmp.Diff(want, load(t, minimal, env()), same()); diff != "" {
		t.Errorf("with three keys set the example differs (-want +got):\n%s", diff)
	}

	all := commented.ReplaceAllString(example, "$1$2")
	if diff := cmp.Diff(want, load(t, all, env()), same()); diff != "" {
		t.Errorf("with all keys set the example differs from the defaults (-want +got):\n%s", diff)
	}
	if got, want := len(commented.FindAllString(example, -1)), len(config.Keys()); got != want {
		t.Errorf("the example has %d keys, want %d", got, want)
	}
}

func TestExampleSaysWhatThisVersionCanDo(t *testing.T) {
	for _, want := range []string{
		"  # Colours; auto: as the terminal's background.\n  # Values: auto, dark, light.\n  #theme: auto\n",
		"  # Documents to accept, each {id, version, title, text_file}.\n  # Not available in this version.\n  #terms: []\n",
	} {
		if !strings.Contains(config.Example(), want) {
			t.Errorf("Example() lacks\n%s", want)
		}
	}
}

func TestWriteYAMLShowsWhatNobodySeesAndIsReadBack(t *testing.T) {
	const metadata = `registration:
  metadata: {"a\u202eb\e[31m": ["c\x7f\U000E0041", "d\u202e e"]}
`
	src := source(map[string]string{"foyer.yaml": complete + metadata}, env())
	c, _, err := config.Load(src)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := c.WriteYAML(&b); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(b.String(), func(r rune) bool { return r != '\n' && !clean.Visible(r) }) {
		t.Errorf("it writes what nobody sees: %q", b.String())
	}
	again, _, err := config.Load(source(map[string]string{"foyer.yaml": strings.ReplaceAll(b.String(), "'[redacted]'", "")}, env()))
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if diff := cmp.Diff(c.Registration.Metadata, again.Registration.Metadata); diff != "" {
		t.Errorf("metadata, -written +read:\n%s", diff)
	}
}
