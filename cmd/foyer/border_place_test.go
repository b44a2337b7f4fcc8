package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

// TestNoTextOfWhoeverRunsFoyerPassesUncleaned has the environment, files, arguments and standard input poisoned.
func TestNoTextOfWhoeverRunsFoyerPassesUncleaned(t *testing.T) {
	tenant := serve(t, defaultPool)
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	inEnv := unended()
	quotedPoison := fmt.Sprintf("%+q", inEnv)
	bad := dir + "/" + strings.ReplaceAll(inEnv, "/", "")
	for name, tt := range map[string]struct {
		env   []string
		stdin string
		args  []string
	}{
		"a value":                      {env: []string{"FOYER_UI_THEME=" + inEnv}, args: []string{"check"}},
		"a title":                      {env: []string{"FOYER_UI_TITLE=" + inEnv}, args: []string{"config"}},
		"an unknown variable":          {env: []string{"FOYER_" + inEnv + "=x"}, args: []string{"check"}},
		"a tenant":                     {env: []string{"FOYER_TENANT_URL=https://x" + inEnv}, args: []string{"check"}},
		"a pool":                       {env: []string{"FOYER_TENANT_POOL=" + inEnv}, args: []string{"check"}},
		"a client":                     {env: []string{"FOYER_AUTH_CLIENT_ID=" + inEnv}, args: []string{"check"}},
		"a secret":                     {env: []string{"FOYER_AUTH_CLIENT_SECRET=" + inEnv}, args: []string{"register"}, stdin: "{}"},
		"a certificate file":           {env: []string{"FOYER_TENANT_CA_FILE=" + bad}, args: []string{"check"}},
		"a log file":                   {env: []string{"FOYER_LOG_FILE=" + bad + "/x"}, args: []string{"check"}},
		"an audit file":                {env: []string{"FOYER_AUDIT_FILE=" + bad + "/x/y"}, args: []string{"check"}},
		"a folder for keys":            {env: []string{"XDG_STATE_HOME=" + bad}, args: []string{"invite", "list"}},
		"no folder for keys":           {env: []string{"XDG_STATE_HOME=" + bad}, args: []string{"audit", "verify"}},
		"a configuration that is not":  {args: []string{"check", "--config", bad}},
		"a configuration by its name":  {args: []string{"config", "--config", file(filepath.Base(bad), "ui: {title: x}\n")}},
		"a file with an unknown key":   {args: []string{"check", "--config", file("key", quotedPoison+": 1\nui:\n  "+quotedPoison+": 2\n")}},
		"a file with metadata":         {args: []string{"config", "--config", file("metadata", "registration: {metadata: {"+quotedPoison+": "+quotedPoison+"}}\n")}},
		"a file with fields":           {args: []string{"config", "--config", file("fields", "registration: {fields: {"+fmt.Sprintf("%+q", "/"+inEnv)+": {label: "+quotedPoison+"}}}\n")}},
		"a file that is no YAML":       {args: []string{"check", "--config", file("raw", "ui: {"+poison+"\xff\x9b")}},
		"a setting":                    {args: []string{"check", "--set", inEnv + "=x"}},
		"a setting's value":            {args: []string{"check", "--set", "ui.theme=" + inEnv}},
		"a command":                    {args: []string{inEnv}},
		"a flag":                       {args: []string{"check", "--" + inEnv}},
		"a flag of one letter":         {args: []string{"check", "-" + inEnv}},
		"a time":                       {args: []string{"audit", "list", "--since", inEnv}},
		"a form":                       {args: []string{"audit", "export", "--format", inEnv}},
		"a help topic":                 {args: []string{"help", inEnv}},
		"a label":                      {args: []string{"invite", "--label", inEnv}},
		"an id":                        {args: []string{"invite", "revoke", inEnv}},
		"an address":                   {args: []string{"sandbox", "--listen", inEnv}},
		"a practice folder":            {args: []string{"sandbox", "--tls", "--listen", "127.0.0.1:0", "--dir", bad}},
		"a practice pool":              {args: []string{"serve", "--practice-pool", inEnv}, env: []string{"FOYER_TENANT_URL="}},
		"a draft that is none":         {args: []string{"register"}, stdin: poison},
		"a draft with unknown members": {args: []string{"register"}, stdin: `{` + jsonOf(poison) + `: 1}`},
		"a draft with wrong types":     {args: []string{"register"}, stdin: `{"payload": {` + jsonOf(poison) + `: 1}, "identifiers": ` + jsonOf(poison) + `}`},
		"a draft with answers": {args: []string{"register"}, stdin: `{"identifiers": [{"type": "email", "identifier": ` + jsonOf(poison+"@example.com") + `}],
			"payload": {"given_name": ` + jsonOf(poison) + `, "family_name": "Lee", ` + jsonOf(poison) + `: 1}, "password": ` + jsonOf(poison) + `}`},
		"a draft with a type": {args: []string{"register"}, stdin: `{"identifiers": [{"type": ` + jsonOf(poison) + `, "identifier": "x"}], "payload": {}}`},
		"an activation":       {args: []string{"activate"}, stdin: `{"user_id": ` + jsonOf(poison) + `, "code": ` + jsonOf(poison) + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, left := ranHere(t, slices.Concat(tt.env, tenant.env), tt.stdin, tt.args...)
			if left["stdout"]+left["stderr"] == "" {
				t.Error("it says nothing")
			}
			isClean(t, strings.Join(tt.args, " "), left)
		})
	}
}

// unended is the poison without the zero byte, which ends texts in an environment.
func unended() string { return strings.ReplaceAll(poison, "\x00", "") }

// jsonOf is text as JSON has it, with escapes for what it has to escape only.
func jsonOf(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r < ' ' {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String() + `"`
}

// TestNoTextOfAFileThatWasEditedPassesUncleaned has files poisoned that Foyer wrote.
func TestNoTextOfAFileThatWasEditedPassesUncleaned(t *testing.T) {
	dir := t.TempDir()
	all := jsonOf(poison)
	record := `{"number":1,"kind":` + all + `,"at":"2026-01-02T03:04:05Z","outcome":` + all + `,"operator":` + all + `,"remote":` + all + `,"pool":` + all +
		`,"user_id":` + all + `,"reference":"7KQ-4M2-XWG","identifiers":[{"type":` + all + `,"value":` + all + `}],"prev":"","mac":"00"}` + "\n"
	store := `{"version": 1, "invitations": [{"id": "AAAAAA", "sha256": "` + strings.Repeat("0", 64) + `", "label": ` + all + `, "uses": 2, "expires": "2126-01-02T03:04:05Z"}]}`
	for name, text := range map[string]string{"audit": record, "torn": record + poison + "\n", "key": poison, "store": store, "raw": poison} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := func(audit, key, invitations string) []string {
		return []string{"FOYER_AUDIT_FILE=" + filepath.Join(dir, audit), "FOYER_AUDIT_KEY_FILE=" + filepath.Join(dir, key), "FOYER_SSH_ACCESS=invite", "FOYER_SSH_INVITATIONS_FILE=" + filepath.Join(dir, invitations)}
	}
	for _, args := range []string{
		"audit list --outcome=", "audit list --json", "audit show 7KQ-4M2-XWG", "audit export", "audit export --format jsonl", "audit verify", "invite list", "invite list --json", "serve",
	} {
		for _, env := range [][]string{env("audit", "key", "store"), env("torn", "raw", "raw")} {
			if args == "serve" {
				env = append(env, "FOYER_SSH_LISTEN=256.0.0.1:x")
			}
			code, left := ranHere(t, env, "", strings.Fields(args)...)
			delete(left, "audit") // it was not written by this command
			shows := args != "audit verify" && args != "serve" && strings.Contains(env[0], "/audit")
			if shows && !strings.Contains(left["stdout"], "Q") || left["stdout"]+left["stderr"] == "" {
				t.Errorf("%s does not say what is in the file: %d, %s%s", args, code, left["stdout"], left["stderr"])
			}
			isClean(t, args, left)
		}
	}
}

// painted are the sequences that ui/paint sends: colours, the cursor, clearing, and modes.
var painted = regexp.MustCompile(`\x1b\[[0-9;?]*[ABCDGHJKXdfmhl]|\r`)

// shownClean complains of what is harmful in what was sent to a terminal.
func shownClean(t *testing.T, what, sent string) {
	t.Helper()
	if strings.Contains(sent, "\x1b[53m") {
		t.Errorf("%s: a sequence of the tenant's was sent", what)
	}
	if found := harm(painted.ReplaceAllString(sent, "")); found != "" {
		t.Errorf("%s: %s", what, found)
	}
}

// worded are the texts of the tenant's answers that change nothing of how they are understood.
var worded = regexp.MustCompile(`/schemas/.*/(title|description)$|/pools/[a-z]+ 200#/(name|description)$| 4\d\d#/`)

// TestNoTextOfTheTenantIsShownUncleaned has the words in the tenant's answers poisoned, on the screen, in plain lines and over SSH.
func TestNoTextOfTheTenantIsShownUncleaned(t *testing.T) {
	tenant := serve(t, defaultPool)
	f := forge(t, tenant.url)
	f.always = worded
	var env []string
	for _, setting := range tenant.env {
		env = append(env, strings.ReplaceAll(setting, tenant.url, f.url))
	}
	tenant.fault(t, `{"match": "/users", "status": 422, "error_shape": "string_code"}`)

	kiosk := open(t, 80, 24, append(env, "FOYER_LOG_FILE=log", "FOYER_LOG_LEVEL=debug"), "kiosk")
	kiosk.until("Press Enter to begin")
	kiosk.press("\r" + "ann@example.com")
	kiosk.until("ann@example.com")
	kiosk.press("\rAnn\rLee\r" + marker + "\r" + marker + "\r")
	kiosk.until("Is everything right?")
	kiosk.press("\r")
	kiosk.until("not accepted")
	shownClean(t, "the kiosk", kiosk.recorded())
	if log, err := os.ReadFile(filepath.Join(kiosk.home, "log")); err != nil || harmWithin(string(log)) != "" {
		t.Errorf("the log: %v, %s", err, harmWithin(string(log)))
	}

	server := startServe(t, append(env, "FOYER_LOG_LEVEL=debug")...)
	variables := map[string]string{"LANG": unended(), unended(): "x", "COLORTERM": unended()}
	told := server.call(tenant, callAs{user: "lines" + poison, env: variables})
	told.hears("connect with -t")
	shownClean(t, "a session without a terminal", told.heard.String())
	asked := server.call(tenant, callAs{user: "lines", terminal: true, env: variables})
	asked.types("bob@example.com\nBob\nLee\n" + marker + "\n" + marker + "\n")
	asked.hears("very strong")
	shownClean(t, "lines", takenBack.ReplaceAllString(asked.heard.String(), ""))
	_ = asked.session.Close()
	client, err := gossh.Dial("tcp", server.address, &gossh.ClientConfig{
		User: poison, HostKeyCallback: gossh.InsecureIgnoreHostKey(), ClientVersion: "SSH-2.0-x\u009b53m\u202e",
	})
	if err != nil {
		t.Fatal(err)
	}
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	_ = session.RequestPty(poison, 24, 80, nil)
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	_ = client.Close()
	server.eventually("three sessions in the log", func() bool { return strings.Count(server.stderr.String(), `"msg":"session"`) == 3 })
	if found := harm(server.stderr.String()); found != "" {
		t.Errorf("the server's log: %s", found)
	}
	if len(f.places()) < 50 {
		t.Error("the tenant said little")
	}
}
