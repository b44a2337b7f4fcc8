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
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := s.newClient(t, w, dpop, nil)
				for _, format := range c.formats() {
					k := api.kiosk(t, c, format)
					k.checks(t, 0, "✓ client", c.id)
					k.registers(t)
					k.keepsSecrets(t)
				}
			})
		}
	}
}
