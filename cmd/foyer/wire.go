package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"

	"foyer/internal/breach"
	"foyer/internal/config"
	"foyer/internal/identitypools"
	"foyer/internal/registration"
)

// load reads the configuration, and prints its warnings.
func (p *program) load() (*config.Config, error) {
	cfg, warnings, err := p.read(nil)
	for _, w := range warnings {
		p.say("warning: %v", w)
	}
	return cfg, err
}

// read is load that prints nothing; extra variables stand before those of the process.
func (p *program) read(extra map[string]string) (*config.Config, []config.Warning, error) {
	source := config.System()
	source.LookupEnv = func(name string) (string, bool) { return p.lookup(extra, name) }
	source.Environ = p.environ
	source.File, source.Overrides = p.file, p.override
	cfg, warnings, err := config.Load(source)
	if err != nil {
		return nil, warnings, fmt.Errorf("the configuration has mistakes:\n%w", err)
	}
	return cfg, warnings, nil
}

func (p *program) lookup(extra map[string]string, name string) (string, bool) {
	if value, ok := extra[name]; ok {
		return value, true
	}
	for _, line := range p.environ() {
		if n, value, ok := strings.Cut(line, "="); ok && n == name {
			return value, true
		}
	}
	return "", false
}

// variable is the value of an environment variable; "" when it is not set.
func (p *program) variable(name string) string {
	value, _ := p.lookup(nil, name)
	return value
}

// settings are the administrator's part of the form.
func settings(cfg *config.Config) registration.Settings {
	c := cfg.Registration
	s := registration.Settings{
		Specials: cfg.Password.Specials, ServiceWords: []string{"foyer", cfg.Tenant.ID, cfg.Tenant.Pool, cfg.UI.Title},
		API: registration.API(c.API), Status: registration.UserStatus(c.Status), Mode: registration.Mode(c.Mode),
		Verification: registration.Verification(c.Verification), Metadata: c.Metadata, Mark: c.Mark, Country: c.PhoneCountry,
	}
	s.RecordOptional = cfg.Audit.Fail == config.AuditFailOpen
	s.Fields = fieldSettings(c.Fields)
	for _, id := range c.Identifiers {
		s.Identifiers = append(s.Identifiers, registration.IdentifierSetting{
			Type: registration.IdentifierType(id.Type), Required: id.Required,
		})
	}
	return s
}

// breaches says where passwords are looked up; the look-up goes through its own connections, with the system's roots.
func breaches(c config.Password) (registration.Breaches, func(), error) {
	b := registration.Breaches{FailClosed: c.BreachFail == config.BreachFailClosed}
	switch {
	case c.BreachURL != nil:
		client, err := breach.NewRangeClient(identitypools.NewHTTPClient(identitypools.NewTransport(nil)), c.BreachURL.String())
		if err != nil {
			return b, nil, &usageError{fmt.Errorf("password.breach_url: %w", err)}
		}
		b.Checker = client
	case c.BreachFile != "":
		file, err := breach.OpenHashFile(c.BreachFile)
		if err != nil {
			return b, nil, &usageError{fmt.Errorf("password.breach_file: %w; name a file of SHA-1 hashes, ordered by hash", err)}
		}
		b.Checker = file
		return b, func() { _ = file.Close() }, nil
	}
	return b, func() {}, nil
}

// trustRoots are the system's roots and those of file (PEM); nil, for the system's alone, when there is none.
func trustRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read tenant.ca_file: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	roots.AppendCertsFromPEM(pem)
	return roots, nil
}
