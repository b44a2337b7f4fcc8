package main

import (
	"crypto/tls"
	"testing"
)

// An API that judges certificates in the handshake, as proxies do, refuses with an alert and not with an answer.
func TestAnAPIThatRefusesTheCertificateInTheHandshake(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	api.mtls = api.listen(t, tls.RequireAndVerifyClientCert)
	c := s.newClient(t, way{"self_signed_tls_client_auth", ""}, false, nil)
	k := api.kiosk(t, c, "")
	k.checks(t, 2, "✗ mTLS", "refuses the client certificate", "auth.certificate_file")
	k.registersNobody(t, 2)
	k.keepsSecrets(t)
}

func TestAnAPIThatAsksForNoCertificate(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	api.mtls = api.url
	c := s.newClient(t, way{"tls_client_auth", ""}, false, nil)
	k := api.kiosk(t, c, "")
	k.checks(t, 2, "✗ mTLS", "asks for no client certificate", "tenant.mtls_url")
	k.registersNobody(t, 2)
}
