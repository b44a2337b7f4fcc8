package sshserver_test

import (
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

func TestWithKeysOnlyAnAuthorizedOneIsLetIn(t *testing.T) {
	friend, stranger := newSigner(t), newSigner(t)
	keys, err := sshserver.ParseAuthorizedKeys(gossh.MarshalAuthorizedKey(friend.PublicKey()))
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, func(c *sshserver.Config) { c.Allow = keys.Has })

	has := usual()
	has.auth = []gossh.AuthMethod{gossh.PublicKeys(stranger, friend)} // clients try one after the other
	g := h.visit(has)
	g.until("Press Enter to begin")
	g.press("\x03\x03")
	g.exit()
	wait(t, "the log", func() bool {
		return strings.Contains(h.log.String(), "key="+gossh.FingerprintSHA256(friend.PublicKey()))
	})

	tests := []struct {
		name   string
		auth   []gossh.AuthMethod
		banner bool
	}{
		{"no key", nil, false},
		{"a key that is not authorized", []gossh.AuthMethod{gossh.PublicKeys(stranger)}, true},
		{"an authorized key that is not proven", []gossh.AuthMethod{gossh.PublicKeys(impostor{stranger, friend.PublicKey()})}, false},
		{"a password", []gossh.AuthMethod{gossh.Password("x")}, false},
		{"answers to nothing", []gossh.AuthMethod{gossh.KeyboardInteractive(answerNothing)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, banners, err := h.dial(tt.auth...)
			if err == nil {
				t.Error("it is let in")
			}
			if got := strings.HasPrefix(banners, "This key is not known here."); got != tt.banner {
				t.Errorf("the banner is %q", banners)
			}
		})
	}
	const refused = 6 // two keys, and four that proved none
	wait(t, "the refusals to be counted", func() bool { return h.server.Stats().Refused[sshserver.RefusedKey] == refused })
	wait(t, "the log", func() bool { return strings.Count(h.log.String(), `msg="no key proven"`) == 4 })
	if got := strings.Count(h.log.String(), `level=INFO msg="no key proven"`); got != 1 {
		t.Errorf("%d records of a client without a key are for everybody, want one a minute", got)
	}
}

// An impostor offers a key that is not theirs.
type impostor struct {
	gossh.Signer
	offered gossh.PublicKey
}

func (i impostor) PublicKey() gossh.PublicKey { return i.offered }

func answerNothing(_, _ string, questions []string, _ []bool) ([]string, error) {
	return make([]string, len(questions)), nil
}

func TestOpenToEverybodyWithAnyKeyOrNone(t *testing.T) {
	h := open(t, nil)
	for name, auth := range map[string][]gossh.AuthMethod{
		"none": nil, "a key": {gossh.PublicKeys(newSigner(t))}, "answers": {gossh.KeyboardInteractive(answerNothing)},
	} {
		if _, _, _, err := h.dial(auth...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseAuthorizedKeys(t *testing.T) {
	key := strings.TrimSpace(string(gossh.MarshalAuthorizedKey(newSigner(t).PublicKey())))
	tests := []struct {
		name, give, want string
	}{
		{"nothing", "", ""},
		{"a key", key, ""},
		{"comments and blank lines", "# staff\n\n" + key + " ann@desk\n", ""},
		{"options that restrict what nobody can do", "restrict,pty,no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-user-rc " + key, ""},
		{"an address that is required", `from="10.0.0.1" ` + key, "line 1 has an option that Foyer does not keep to; take it out"},
		{"a command", "# x\n" + `command="id" ` + key, "line 2 has an option that Foyer does not keep to; take it out"},
		{"an expiry", `expiry-time="20200101" ` + key, "line 1 has an option that Foyer does not keep to; take it out"},
		{"an authority", "cert-authority " + key, "line 1 has an option that Foyer does not keep to; take it out"},
		{"something else", "hello", "line 1 is no public key; write one, or take the line out"},
		{"a line of no end", strings.Repeat("x", 1<<20), "a line is longer than 65536 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := sshserver.ParseAuthorizedKeys([]byte(tt.give))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("ParseAuthorizedKeys() = %q, want %q", got, tt.want)
			}
		})
	}
}
