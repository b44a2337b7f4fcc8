package sandbox

import "strings"

// A Setting is one line of configuration for Foyer, as an environment variable.
type Setting struct{ Name, Value string }

// Settings returns, in the order to print them, what Foyer has to be told to register people in pool through baseURL
// (scheme, host and port, no path) as the tenant's first client. The client secret is among them, if it has one; what
// is in files is not.
func (t *Tenant) Settings(baseURL, pool string) []Setting {
	c := t.clients[0]
	settings := []Setting{
		{"FOYER_TENANT_URL", strings.TrimSuffix(baseURL, "/")},
		{"FOYER_TENANT_ID", t.id},
		{"FOYER_TENANT_POOL", pool},
		{"FOYER_AUTH_CLIENT_ID", c.ID},
	}
	if c.hasSecret() {
		settings = append(settings, Setting{"FOYER_AUTH_CLIENT_SECRET", c.Secret})
	}
	method := c.Method
	if method == MethodBasicOrPost {
		method = MethodClientSecretBasic
	}
	settings = append(settings, Setting{"FOYER_AUTH_METHOD", string(method)})
	if c.staffed() {
		settings = append(settings, Setting{"FOYER_AUTH_GRANT", c.staffGrant()})
	}
	if c.DPoP {
		settings = append(settings, Setting{"FOYER_AUTH_DPOP", "true"})
	}
	return settings
}

// staffGrant is the grant that staff take part in, as Foyer calls it.
func (c Client) staffGrant() string {
	if c.may(GrantAuthorizationCode) {
		return string(GrantAuthorizationCode)
	}
	return "device_code"
}
