package config_test

import (
	"io/fs"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"foyer/internal/config"
	"foyer/internal/secret"
)

func TestLoadDefaults(t *testing.T) {
	got := load(t, complete, env())
	want := &config.Config{
		Tenant: config.Tenant{ID: "acme", Path: config.PathAuto, Pool: "customers", Workspace: "system"},
		Auth: config.Auth{
			Method: config.MethodClientSecretBasic, Grant: config.GrantClientCredentials, ClientID: "kiosk",
			ClientSecret: secret.New(marker), Scopes: []string{"identity", "identity_self_registration"},
			RedirectURL: &url.URL{Scheme: "http", Host: "127.0.0.1", Path: "/callback"}, Keep: config.KeepMemory,
		},
		Registration: config.Registration{
			API: config.APICreate, Status: config.StatusActive, Mode: config.ModeRegistration, Verification: config.VerificationNone,
			Identifiers: []config.Identifier{{Type: config.IdentifierEmail, Required: true}},
			Metadata:    map[string]any{}, PhoneCountry: "US", Mark: true,
		},
		Intents:  config.Intents{Keep: 24 * time.Hour},
		Password: config.Password{BreachFail: config.BreachFailOpen},
		Audit:    config.Audit{Identifiers: config.AuditHashed, Fail: config.AuditFailClosed},
		Kiosk:    config.Kiosk{IdleTimeout: 90 * time.Second, IdleWarning: 20 * time.Second, DoneTimeout: 20 * time.Second},
		SSH: config.SSH{
			Listen: "127.0.0.1:2222", Access: config.AccessOpen, MaxSessions: 1000, MaxSessionsPerIP: 10, MaxSessionsPerNetwork: 100,
			MaxHandshakes: 200, ConnectionsPerMinute: 60, RegistrationsPerHour: 30, HandshakeTimeout: time.Minute,
			SessionTimeout: 30 * time.Minute, Grace: time.Minute, Limits: config.SSHLimits{RedisPrefix: "foyer"},
		},
		UI:  config.UI{Theme: config.ThemeAuto},
		Log: config.Log{Level: config.LevelInfo},
	}
	opts := cmp.Options{
		cmpopts.IgnoreUnexported(config.Config{}), cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(config.Tenant{}, "URL"), cmpopts.IgnoreFields(config.Auth{}, "IssuerURL"),
	}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Errorf("Load has other defaults (-want +got):\n%s", diff)
	}
	if got.Tenant.URL.String() != "https://acme.example.com" {
		t.Errorf("tenant.url = %q, want https://acme.example.com", got.Tenant.URL)
	}
	if !got.Configured() {
		t.Error("Configured() = false, want true when the file has a tenant")
	}
}

func TestLoadPrecedence(t *testing.T) {
	const file = complete + "ui:\n  title: from the file\n"
	set := config.Override{Key: "ui.title", Value: "from a flag"}
	tests := []struct {
		name       string
		file       string
		vars       map[string]string
		overrides  []config.Override
		want       string
		wantOrigin string
	}{
		{"nothing gives the default", complete, env(), nil, "", "default"},
		{"the file goes over the default", file, env(), nil, "from the file", "foyer.yaml:7"},
		{
			"a variable goes over the file", file, env("FOYER_UI_TITLE=from a variable"), nil,
			"from a variable", "FOYER_UI_TITLE",
		},
		{"an empty variable counts as not set", file, env("FOYER_UI_TITLE="), nil, "from the file", "foyer.yaml:7"},
		{
			"a flag goes over a variable", file, env("FOYER_UI_TITLE=from a variable"),
			[]config.Override{set},
			"from a flag", "--set",
		},
		{
			"a flag is named as it was typed", file, env(),
			[]config.Override{{Key: "ui.title", Value: "x", Flag: "--title"}},
			"x", "--title",
		},
		{"the last flag counts", file, env(), []config.Override{set, {Key: "ui.title", Value: "last"}}, "last", "--set"},
		{"an empty flag restores the default", file, env(), []config.Override{set, {Key: "ui.title"}}, "", "default"},
		{"an empty value in the file is the default", complete + "ui: {title: }\n", env(), nil, "", "default"},
		{"an empty text in the file is the default", complete + "ui: {title: ''}\n", env(), nil, "", "default"},
		{"an empty section has defaults", complete + "ui:\n", env(), nil, "", "default"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(map[string]string{"foyer.yaml": tt.file}, tt.vars)
			src.Overrides = tt.overrides
			c, _, err := config.Load(src)
			if err != nil {
				t.Fatal(err)
			}
			if c.UI.Title != tt.want || c.Origin("ui.title") != tt.wantOrigin {
				t.Errorf("Load gives ui.title = %q from %q, want %q from %q", c.UI.Title, c.Origin("ui.title"), tt.want, tt.wantOrigin)
			}
		})
	}
}

func TestLoadPassesOverAMistakeThatAFlagOverrides(t *testing.T) {
	src := source(map[string]string{"foyer.yaml": complete + "ui: {theme: pink}\n"}, env())
	src.Set("ui.theme", "dark")
	c, _, err := config.Load(src)
	if err != nil || c.UI.Theme != config.ThemeDark {
		t.Errorf("Load = %+v, %v, want theme dark", c, err)
	}
}

func TestLoadFindsItsFile(t *testing.T) {
	title := func(s string) string { return complete + "ui:\n  title: " + s + "\n" }
	all := map[string]string{
		"named.yaml": title("flag"), "env.yaml": title("env"), "foyer.yaml": title("here"),
		"/xdg/foyer/foyer.yaml": title("xdg"), "/home/ann/.config/foyer/foyer.yaml": title("home"),
		"/etc/foyer/foyer.yaml": title("etc"),
	}
	without := func(names ...string) map[string]string {
		files := map[string]string{}
		for name, data := range all {
			files[name] = data
		}
		for _, name := range names {
			delete(files, name)
		}
		return files
	}
	tests := []struct {
		name  string
		file  string
		files map[string]string
		vars  map[string]string
		want  string
	}{
		{"--config is first", "named.yaml", all, env("FOYER_CONFIG=env.yaml"), "flag"},
		{"then FOYER_CONFIG", "", all, env("FOYER_CONFIG=env.yaml"), "env"},
		{"then the working directory", "", all, env("FOYER_CONFIG=", "HOME=/home/ann"), "here"},
		{"then XDG_CONFIG_HOME", "", without("foyer.yaml"), env("XDG_CONFIG_HOME=/xdg", "HOME=/home/ann"), "xdg"},
		{"then .config without it", "", without("foyer.yaml"), env("HOME=/home/ann"), "home"},
		{"a relative XDG_CONFIG_HOME is ignored", "", without("foyer.yaml"), env("XDG_CONFIG_HOME=xdg", "HOME=/home/ann"), "home"},
		{"then /etc", "", without("foyer.yaml", "/xdg/foyer/foyer.yaml"), env("XDG_CONFIG_HOME=/xdg"), "etc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(tt.files, tt.vars)
			src.File = tt.file
			c, _, err := config.Load(src)
			if err != nil {
				t.Fatal(err)
			}
			if c.UI.Title != tt.want {
				t.Errorf("Load reads the file with title %q, want %q", c.UI.Title, tt.want)
			}
			if name := c.File(); tt.files[name] != title(tt.want) {
				t.Errorf("File() = %q, want the file with title %q", name, tt.want)
			}
		})
	}
}

func TestLoadReportsAFileItCannotRead(t *testing.T) {
	denied := source(nil, nil)
	denied.ReadFile = func(name string) ([]byte, error) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	missing := source(nil, env())
	missing.File = "absent.yaml"
	broken := source(map[string]string{"foyer.yaml": "tenant: ["}, env("FOYER_AUTH_CLIENT_ID=x"))
	tests := []struct {
		name string
		src  config.Source
		want string
	}{
		{"named by the flag and missing", missing, `--config: "absent.yaml" does not exist; name a file that can be read`},
		{
			"named by the variable and missing", source(nil, env("FOYER_CONFIG=absent.yaml")),
			`FOYER_CONFIG: "absent.yaml" does not exist; name a file that can be read`,
		},
		{
			"found and not readable", denied,
			"foyer.yaml: may not be read by this user; make it readable, or name another with --config",
		},
		{
			"broken, so that nothing is called missing", broken,
			"foyer.yaml:1: is not YAML: did not find expected node content; " +
				"look for a missing colon, quote or bracket, or wrong indentation",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mistakes(t, tt.src); got != tt.want {
				t.Errorf("Load = %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestConfigured(t *testing.T) {
	set := source(nil, nil)
	set.Set("tenant.pool", "customers")
	tests := []struct {
		name string
		src  config.Source
		want bool
	}{
		{"a zero source configures nothing", config.Source{}, false},
		{"no source configures nothing", source(nil, nil), false},
		{"other sections configure no tenant", source(map[string]string{"foyer.yaml": "ui: {theme: dark}"}, nil), false},
		{"empty keys configure no tenant", source(map[string]string{"foyer.yaml": "tenant: {url: , id: ''}"}, nil), false},
		{"the file configures", source(map[string]string{"foyer.yaml": "auth: {client_id: x}"}, nil), true},
		{"a variable configures", source(nil, map[string]string{"FOYER_TENANT_ID": "acme"}), true},
		{"a flag configures", set, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _, err := config.Load(tt.src)
			if !tt.want && (err != nil || c.Configured()) {
				t.Errorf("Load = %v, want neither a mistake nor a configured tenant", err)
			}
			if tt.want && err == nil {
				t.Error("Load requires nothing else of a tenant, want the missing keys reported")
			}
		})
	}
}

func TestLoadDerives(t *testing.T) {
	tests := []struct {
		name, give         string
		wantID, wantIssuer string
	}{
		{"id and issuer from the host", "https://acme.eu.example.com/", "acme", "https://acme.eu.example.com/acme/system"},
		{"all slashes at the end are dropped", "https://acme.example.com/base//", "acme", "https://acme.example.com/base/acme/system"},
		{"a given id", "https://id.example.com\n  id: acme", "acme", "https://id.example.com/acme/system"},
		{"a host without segment", "https://acme.example.com\n  path: never", "acme", "https://acme.example.com/system"},
		{"http on localhost", "http://localhost:8080\n  id: acme", "acme", "http://localhost:8080/acme/system"},
		{"http on 127.0.0.0/8", "http://127.1.2.3\n  id: acme", "acme", "http://127.1.2.3/acme/system"},
		{"http on ::1", "http://[::1]:80\n  id: acme", "acme", "http://[::1]:80/acme/system"},
		{"a given issuer", "https://a.example.com\nauth: {issuer_url: 'https://x.org/y/', client_id: c}", "a", "https://x.org/y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			vars := env("FOYER_TENANT_POOL=customers", "FOYER_AUTH_CLIENT_ID=kiosk")
			c := load(t, "tenant:\n  url: "+tt.give+"\n", vars)
			if c.Tenant.ID != tt.wantID || c.Auth.IssuerURL.String() != tt.wantIssuer {
				t.Errorf("Load gives id %q and issuer %q, want %q and %q", c.Tenant.ID, c.Auth.IssuerURL, tt.wantID, tt.wantIssuer)
			}
		})
	}
}
