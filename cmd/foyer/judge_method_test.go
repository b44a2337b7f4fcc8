package main

import "testing"

func TestEveryMethodRegistersAtACertifiedServer(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	for _, w := range ways() {
		for _, dpop := range []bool{false, true} {
			name := w.String()
			if dpop {
				name += " with DPoP"
			}
			if !offered(w, dpop) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := s.newClient(t, w, dpop, nil)
				for _, format := range c.formats() {
					k := api.kiosk(t, c, format)
					k.checks(t, 0, "✓ token", c.id)
					k.registers(t)
					k.keepsSecrets(t)
				}
			})
		}
	}
}

// offered are the ways that Foyer has so far.
func offered(w way, dpop bool) bool {
	return !dpop && (w.method == "client_secret_basic" || w.method == "client_secret_post")
}
