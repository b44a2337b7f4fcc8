package config

import (
	"net/netip"
	"regexp"
	"strings"
	"time"
)

var (
	// idPattern matches the ids of tenants and pools; they become segments of paths, so "." and ".." are none.
	idPattern = regexp.MustCompile(`^([A-Za-z0-9_-]|\.+[A-Za-z0-9_-])[A-Za-z0-9._-]*$`)
	// countryPattern matches a country code (ISO 3166-1 alpha-2).
	countryPattern = regexp.MustCompile(`^[A-Z]{2}$`)
)

// check applies the rules that go beyond the type of one value, and derives what depends on other values.
func (l *loader) check() {
	l.checkAvailable()
	l.checkID("tenant.id", l.config.Tenant.ID)
	l.checkID("tenant.pool", l.config.Tenant.Pool)
	l.checkID("tenant.workspace", l.config.Tenant.Workspace)
	l.checkCAFile()
	l.checkGrant()
	l.checkScopes()
	l.checkIdentifiers()
	l.checkFlow()
	l.checkBreach()
	l.checkCountry()
	l.checkDurations()
	l.checkLock()
	l.checkSSH()
	if l.config.Configured() && !l.blind {
		l.checkTenant()
		l.checkClient()
	}
}

// require rejects a key that has no value.
func (l *loader) require(path string, missing bool) {
	if missing && l.good(path) {
		l.reject(path, "is required", l.keys.howToSet(path))
	}
}

// checkID rejects what cannot be an id.
func (l *loader) checkID(path, id string) {
	if id != "" && l.good(path) && !idPattern.MatchString(id) {
		l.reject(path, quote(id)+" is not an id", "write letters, digits, dots, dashes and underscores only")
	}
}

// checkTenant requires what is needed to reach the tenant.
func (l *loader) checkTenant() {
	t := &l.config.Tenant
	l.require("tenant.url", t.URL == nil)
	if t.URL != nil && t.ID == "" && l.good("tenant.url", "tenant.id") {
		l.deriveID()
	}
	l.require("tenant.pool", t.Pool == "")
	if a := &l.config.Auth; t.URL != nil && a.IssuerURL == nil && l.good("tenant.id", "auth.issuer_url") {
		a.IssuerURL = t.URL.JoinPath(t.ID, "system")
		if t.Path == PathNever {
			a.IssuerURL = t.URL.JoinPath("system")
		}
	}
}

// deriveID takes the tenant's id from the host.
func (l *loader) deriveID() {
	host := l.config.Tenant.URL.Hostname()
	label, _, _ := strings.Cut(host, ".")
	if _, err := netip.ParseAddr(host); err == nil || !idPattern.MatchString(label) {
		l.reject("tenant.id", "is required, since the host in tenant.url does not begin with an id", l.keys.howToSet("tenant.id"))
		return
	}
	l.config.Tenant.ID = label
}

// checkIdentifiers rejects lists that register nobody, or ask for the same twice.
func (l *loader) checkIdentifiers() {
	const path = "registration.identifiers"
	if !l.good(path) {
		return
	}
	required := false
	seen := map[IdentifierType]bool{}
	for _, i := range l.config.Registration.Identifiers {
		if seen[i.Type] {
			l.reject(path, "asks for "+string(i.Type)+" more than once", "keep one")
		}
		required, seen[i.Type] = required || i.Required, true
	}
	if !required {
		l.reject(path, "asks for no identifier that is required", "make one required")
	}
}

// checkCountry rejects what is not written like a country code.
func (l *loader) checkCountry() {
	const path = "registration.phone_country"
	if country := l.config.Registration.PhoneCountry; l.good(path) && !countryPattern.MatchString(country) {
		l.reject(path, quote(country)+" is not a country code", "write two capital letters, such as US")
	}
}

// checkDurations rejects times in which nobody can do anything.
func (l *loader) checkDurations() {
	k := l.config.Kiosk
	l.checkLasting("intents.keep", l.config.Intents.Keep)
	l.checkLasting("kiosk.idle_timeout", k.IdleTimeout)
	l.checkLasting("kiosk.idle_warning", k.IdleWarning)
	if l.good("kiosk.done_timeout") && k.DoneTimeout < time.Second {
		l.reject("kiosk.done_timeout", "is too short to read anything", "write 1s or more")
	}
	if l.good("kiosk.idle_timeout", "kiosk.idle_warning") && k.IdleWarning >= k.IdleTimeout {
		l.reject("kiosk.idle_warning", "is not shorter than kiosk.idle_timeout ("+k.IdleTimeout.String()+")", "shorten it, or lengthen the other")
	}
}

// checkLasting rejects a duration that is over before it begins.
func (l *loader) checkLasting(path string, d time.Duration) {
	if l.good(path) && d <= 0 {
		l.reject(path, "is not longer than nothing", "write a duration such as 90s")
	}
}

// checkBreach rejects two places to look a password up in.
func (l *loader) checkBreach() {
	p := l.config.Password
	if l.good("password.breach_url", "password.breach_file") && p.BreachURL != nil && p.BreachFile != "" {
		l.reject("password.breach_file", "is set beside password.breach_url", "keep one")
	}
}
