package config_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"foyer/internal/config"
)

func TestLoadSecret(t *testing.T) {
	const inFile = complete + "  client_secret_file: secret.txt\n"
	tests := []struct {
		name, file, content string
		vars                map[string]string
		want, wantOrigin    string
	}{
		{"from a variable", complete, "", env(), marker, "FOYER_AUTH_CLIENT_SECRET"},
		{"from the configuration file", complete + "  client_secret: " + marker, "", nil, marker, "foyer.yaml:6"},
		{"from its own file", inFile, marker, nil, marker, "auth.client_secret_file"},
		{"without the line break at the end", inFile, marker + "\n", nil, marker, "auth.client_secret_file"},
		{"without the line break of Windows", inFile, marker + "\r\n", nil, marker, "auth.client_secret_file"},
		{"with the blanks around it", inFile, " " + marker + " \n", nil, " " + marker + " ", "auth.client_secret_file"},
		{"as large as may be", inFile, strings.Repeat("x", 64<<10), nil, strings.Repeat("x", 64<<10), "auth.client_secret_file"},
		{
			"from a file that a variable names", complete, marker,
			map[string]string{"FOYER_AUTH_CLIENT_SECRET_FILE": "secret.txt"},
			marker, "auth.client_secret_file",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, warnings, err := config.Load(source(map[string]string{"foyer.yaml": tt.file, "secret.txt": tt.content}, tt.vars))
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Auth.ClientSecret.Reveal(); got != tt.want {
				t.Errorf("Load gives the secret %q, want %q", got, tt.want)
			}
			if got := c.Origin("auth.client_secret"); got != tt.wantOrigin {
				t.Errorf("Origin = %q, want %q", got, tt.wantOrigin)
			}
			if len(warnings) > 0 {
				t.Errorf("Load warns %v, want nothing when modes are unknown", warnings)
			}
		})
	}
}

func TestLoadRejectsSecrets(t *testing.T) {
	const inFile = complete + "  client_secret_file: secret.txt\n"
	tests := []struct {
		name, file, content string
		vars                map[string]string
		want                string
	}{
		{
			"none", complete, "", nil,
			"auth.client_secret: is required by client_secret_basic; set FOYER_AUTH_CLIENT_SECRET, or name a file in auth.client_secret_file",
		},
		{
			"two", inFile, marker, env(),
			"auth.client_secret_file (foyer.yaml:6): auth.client_secret is given too (FOYER_AUTH_CLIENT_SECRET); keep one of them",
		},
		{"a missing file", complete + "  client_secret_file: " + marker, "", nil, "auth.client_secret_file (foyer.yaml:6): the file does not exist; name a file that holds the secret, as one line"},
		{"an empty file", inFile, "\n", nil, "auth.client_secret_file (foyer.yaml:6): the file is empty; name a file that holds the secret, as one line"},
		{"a file of two lines", inFile, marker + "\n\n", nil, "auth.client_secret_file (foyer.yaml:6): the file holds a control character or a line break; name a file that holds the secret, as one line"},
		{"a large file", inFile, marker + strings.Repeat("x", 64<<10), nil, "auth.client_secret_file (foyer.yaml:6): the file is larger than 64 KiB; name a file that holds the secret, as one line"},
		{"what is printed instead", complete + "  client_secret: '[redacted]'", "", nil, `auth.client_secret (foyer.yaml:6): is what "foyer config" prints in place of a secret; give the secret itself, as one line`},
		{"a mapping", complete + "  client_secret: {" + marker + ": x}", "", nil, "auth.client_secret (foyer.yaml:6): is a mapping but takes a single value; write one value"},
		{"a secret that YAML takes for a tag", complete + "  client_secret: !" + marker, "", nil, "auth.client_secret (foyer.yaml:6): has a YAML tag instead of a plain value; put a value that begins with ! or < in quotes"},
		{"a secret that YAML takes for an alias", complete + "  client_secret: *" + marker, "", nil, "foyer.yaml:6: uses a YAML anchor that is not defined; put a value that begins with * in quotes"},
		{"a secret that YAML takes for a part of the key", "auth: {client_secret:" + marker + "}", "", nil, "auth.client_secret… (foyer.yaml:1): unknown key; did you mean auth.client_secret?"},
		{"a section that is a text", "auth: client_secret=" + marker, "", nil, "auth (foyer.yaml:1): is a single value where a mapping belongs; write it as keys: method, grant, client_id, client_secret, client_secret_file, " +
			"certificate_file, key_file, signing_key_file, signing_key_id, signing_alg, scopes, audience, issuer_url, dpop, redirect_url, keep"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"foyer.yaml": tt.file}
			if tt.content != "" {
				files["secret.txt"] = tt.content
			}
			if got := mistakes(t, source(files, tt.vars)); got != tt.want {
				t.Errorf("Load =\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestLoadWarnsOfExposedSecrets(t *testing.T) {
	const inFile, inOwnFile = complete + "  client_secret: " + marker, complete + "  client_secret_file: secret.txt\n"
	tests := []struct {
		name, file string
		mode       fs.FileMode
		want       string
	}{
		{"nobody else reads the file", inFile, 0o640, "[]"},
		{"all read the configuration", inFile, 0o644, "[auth.client_secret (foyer.yaml:6): every user of this machine can read the secret; chmod 600 the file]"},
		{"all read the secret's file", inOwnFile, 0o644, "[auth.client_secret_file (foyer.yaml:6): every user of this machine can read the secret; chmod 600 the file]"},
		{"nobody else reads the secret's file", inOwnFile, 0o600, "[]"},
		{"all read a file without secrets", "ui: {theme: dark}", 0o644, "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(map[string]string{"foyer.yaml": tt.file, "secret.txt": marker}, nil)
			src.Mode = func(string) (fs.FileMode, error) { return tt.mode, nil }
			_, warnings, err := config.Load(src)
			if got := fmt.Sprint(warnings); err != nil || got != tt.want {
				t.Errorf("Load warns %s (error %v), want %s", got, err, tt.want)
			}
		})
	}
}

func TestConfigIsPrintedWithoutItsSecrets(t *testing.T) {
	c := load(t, complete+"kiosk: {locked: true, passcode_hash: '"+phc("m=65536,t=3,p=4")+"'}", env())
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	if err := c.WriteYAML(&written); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{
		"fmt": fmt.Sprintf("%v %+v %#v", c, c, c), "json": string(encoded), "WriteYAML": written.String(),
	} {
		if strings.Contains(got, marker) || strings.Contains(got, "argon2id") || name != "fmt" && !strings.Contains(got, "[redacted]") {
			t.Errorf("%s prints %s, want [redacted] and no secret", name, got)
		}
	}
}

// TestSystem reads real files: the bound and the modes of System are not those of a fake.
func TestSystem(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	ca := write("ca.pem", string(roots), 0o600)
	src := config.System()
	src.LookupEnv, src.Environ = nil, nil
	src.Set("tenant.ca_file", ca)
	src.Set("auth.client_secret_file", write("secret", marker+"\n", 0o600))

	src.File = write("foyer.yaml", complete, 0o600)
	c, warnings, err := config.Load(src)
	if err != nil || c.Auth.ClientSecret.Reveal() != marker || len(warnings) > 0 {
		t.Errorf("Load = %v, warnings %v, want the secret of the file", err, warnings)
	}

	if runtime.GOOS != "windows" {
		src.Set("auth.client_secret_file", write("exposed", marker, 0o644))
		if _, warnings, err := config.Load(src); err != nil || len(warnings) != 1 {
			t.Errorf("Load = %v, warnings %v, want one for a file that all can read", err, warnings)
		}
	}

	data, err := src.ReadFile(write("large", strings.Repeat("x", 2<<20), 0o600))
	if err != nil || len(data) != 1<<20+1 {
		t.Errorf("ReadFile of 2 MiB = %d bytes, %v, want 1 MiB and one byte", len(data), err)
	}

	src.File = dir
	if got := mistakes(t, src); !strings.HasSuffix(got, "cannot be read: is a directory; name a file that can be read") {
		t.Errorf("Load of a directory = %s, want a mistake that says so", got)
	}
}
