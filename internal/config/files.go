package config

import (
	"crypto/x509"
	"errors"
	"strconv"
	"strings"

	"foyer/internal/secret"
)

// maxSecretFile is how large a file with a secret may be, in bytes.
const maxSecretFile = 64 << 10

// fileSuffix is what the key of a secret has more when it names the file of that secret.
const fileSuffix = "_file"

// The keys that give the client secret, one or the other.
const (
	inline   = "auth.client_secret"
	fromFile = inline + fileSuffix
)

// redisURL is the key of where replicas count together; a file of its own may have it, too.
const redisURL = "ssh.limits.redis_url"

// readSecretFiles reads secrets from their files.
func (l *loader) readSecretFiles() {
	a, s := &l.config.Auth, &l.config.SSH.Limits
	l.readSecretFile(inline, a.ClientSecretFile, &a.ClientSecret)
	l.readSecretFile(redisURL, s.RedisURLFile, &s.RedisURL)
}

// readSecretFile reads the secret of the key inline from its file, if there is one.
func (l *loader) readSecretFile(inline, name string, into *secret.Text) {
	fromFile := inline + fileSuffix
	if name == "" || !l.good(inline, fromFile) {
		return
	}
	if _, both := l.given[inline]; both {
		l.reject(fromFile, inline+" is given too ("+l.config.Origin(inline)+")", "keep one of them")
		return
	}
	text, problem := l.src.secretIn(name)
	if problem != "" {
		l.reject(fromFile, "the file "+problem, "name a file that holds the secret, as one line")
		return
	}
	*into = secret.New(text)
	l.config.origins[inline] = fromFile
	if l.src.exposed(name) {
		l.warn(fromFile, l.config.Origin(fromFile))
	}
}

// Secret reads a secret from its file again, as Load has read it: one line, whose line break does not count. The error says
// what is wrong with the file, and quotes neither its name nor what it holds.
func (s Source) Secret(name string) (secret.Text, error) {
	text, problem := s.secretIn(name)
	if problem != "" {
		return secret.Text{}, errors.New("the file " + problem)
	}
	return secret.New(text), nil
}

// secretIn returns the secret that a file holds, or what is wrong with the file. That is told without the file's name,
// since some people write the secret there.
func (s Source) secretIn(name string) (text, problem string) {
	data, err := s.read(name)
	if err != nil {
		return "", reason(err)
	}
	if len(data) > maxSecretFile {
		return "", "is larger than " + strconv.Itoa(maxSecretFile>>10) + " KiB"
	}
	text = strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if text == "" {
		return "", "is empty"
	}
	return text, secretProblem(text)
}

// checkCAFile rejects a file of trust roots without any.
func (l *loader) checkCAFile() {
	const path = "tenant.ca_file"
	name := l.config.Tenant.CAFile
	if name == "" || !l.good(path) {
		return
	}
	data, err := l.src.read(name)
	switch {
	case err != nil:
		l.reject(path, quote(name)+" "+reason(err), "name a file that Foyer can read")
	case len(data) > maxFile:
		l.reject(path, quote(name)+" is larger than 1 MiB", "keep the certificates that are needed")
	case !x509.NewCertPool().AppendCertsFromPEM(data):
		l.reject(path, quote(name)+" holds no certificate", "name a PEM file with -----BEGIN CERTIFICATE-----")
	}
}

// warnOfKeys warns of private keys that every user of the machine can read.
func (l *loader) warnOfKeys() {
	a := l.config.Auth
	for _, file := range []struct{ path, name string }{{"auth.key_file", a.KeyFile}, {"auth.signing_key_file", a.SigningKeyFile}} {
		if file.name != "" && l.good(file.path) && l.src.exposed(file.name) {
			l.warn(file.path, l.config.Origin(file.path))
		}
	}
}
