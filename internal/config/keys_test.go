package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// leaves calls visit for every field of a configuration that is no section.
func leaves(c *Config, visit func(name string, v reflect.Value)) {
	config := reflect.ValueOf(c).Elem()
	for i := range config.NumField() {
		if !config.Type().Field(i).IsExported() {
			continue
		}
		section := config.Field(i)
		for j := range section.NumField() {
			name, field := config.Type().Field(i).Name+"."+section.Type().Field(j).Name, section.Field(j)
			if _, inner := field.Interface().(SSHLimits); !inner {
				visit(name, field)
				continue
			}
			for k := range field.NumField() {
				visit(name+"."+field.Type().Field(k).Name, field.Field(k))
			}
		}
	}
}

// TestKeysCoverTheConfig sets every key by itself, and finds out which field it sets.
func TestKeysCoverTheConfig(t *testing.T) {
	samples := map[string]string{
		"address": "https://example.com", "*config.text": "x", "*config.hidden": "x", "*config.words": "x",
		"*config.toggle": "true", "*config.count": "7", "*config.duration": "7s",
		"*config.identifiers": "uid", "*config.terms": "[{id: a}]", "*config.object": "{a: b}", "*config.networks": "192.0.2.0/24", "*config.fields": "{/a: {label: b}}",
	}
	setBy := map[string]string{}
	for _, r := range keyTable() {
		var c Config
		field := r.field(&c)
		sample, ok := samples[strings.TrimPrefix(fmt.Sprintf("%T", field), "config.")]
		if !ok {
			sample = r.Values[0]
		}
		if faults := field.set(plain(sample), r.Values); faults != nil {
			t.Fatalf("%s does not take %s: %v", r.Path, sample, faults)
		}
		leaves(&c, func(name string, v reflect.Value) {
			if v.IsZero() {
				return
			}
			if other, twice := setBy[name]; twice {
				t.Errorf("%s and %s both set %s", other, r.Path, name)
			}
			setBy[name] = r.Path
			if got, want := strings.ReplaceAll(r.Path, "_", ""), strings.ToLower(name); got != want {
				t.Errorf("%s sets %s, want the field of the same name", r.Path, name)
			}
		})
	}
	leaves(new(Config), func(name string, _ reflect.Value) {
		if setBy[name] == "" {
			t.Errorf("no key sets %s", name)
		}
	})
}

func TestKeysAreTheContract(t *testing.T) {
	want := strings.Fields(`
		tenant.url tenant.id tenant.path tenant.pool tenant.workspace tenant.ca_file tenant.mtls_url
		auth.method auth.grant auth.client_id auth.client_secret auth.client_secret_file auth.certificate_file
		auth.key_file auth.signing_key_file auth.signing_key_id auth.signing_alg auth.scopes auth.audience auth.issuer_url
		auth.dpop auth.redirect_url auth.keep
		registration.api registration.status registration.mode registration.verification registration.identifiers registration.metadata
		registration.mark registration.terms registration.fields registration.phone_country
		password.specials password.breach_url password.breach_file password.breach_fail
		kiosk.locked kiosk.passcode_hash kiosk.terminal kiosk.idle_timeout kiosk.idle_warning kiosk.done_timeout
		ssh.listen ssh.host_key_file ssh.host_key_files ssh.monitor_listen ssh.access ssh.authorized_keys_file ssh.invitations_file ssh.record_key ssh.max_sessions ssh.max_sessions_per_ip
		ssh.max_sessions_per_network ssh.max_handshakes ssh.connections_per_minute ssh.registrations_per_hour
		ssh.proxy_protocol_from ssh.handshake_timeout ssh.session_timeout ssh.grace
		ssh.limits.redis_url ssh.limits.redis_url_file ssh.limits.redis_prefix
		ui.lang ui.theme ui.title ui.accessible audit.file audit.key_file audit.identifiers audit.fail intents.file intents.key_file intents.keep log.file log.level`)
	var got []string
	for _, k := range Keys() {
		got = append(got, k.Path)
		if env := "FOYER_" + strings.ToUpper(strings.ReplaceAll(k.Path, ".", "_")); k.Env != env {
			t.Errorf("the variable of %s is %s, want %s", k.Path, k.Env, env)
		}
		if k.Help == "" || strings.HasSuffix(k.Help, ".") || strings.Contains(k.Help, "\n") {
			t.Errorf("the help of %s is %q, want one line without a full stop", k.Path, k.Help)
		}
		if k.Default != "" && k.Sample != "" {
			t.Errorf("%s has a default and a sample, want one of them", k.Path)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("Keys() = %v, want %v", got, want)
	}
}

func TestGapsNameKeys(t *testing.T) {
	for _, g := range gaps() {
		if _, ok := keyTable().find(g.path); !ok {
			t.Errorf("%s is no key", g.path)
		}
	}
}
