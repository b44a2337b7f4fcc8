package sshserver_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

// reload puts in force what change makes of the configuration that the house was opened with.
func (h *house) reload(change func(*sshserver.Config)) {
	h.t.Helper()
	c := h.config
	change(&c)
	if err := h.server.Reload(c); err != nil {
		h.t.Fatal(err)
	}
}

func TestWhoIsInsideGoesOnAsTheyBegan(t *testing.T) {
	var released atomic.Int32
	h := open(t, func(c *sshserver.Config) {
		c.Options.Title, c.Release = "The old house", func() { released.Add(1) }
	})
	before := h.visit(usual())
	before.until("The old house")
	next, registry := newSigner(t), newRegistry(t)
	h.reload(func(c *sshserver.Config) {
		c.Options.Title, c.Options.Service, c.HostKeys, c.Release = "The new house", registry, []gossh.Signer{next}, nil
	})
	old := h.hostKey
	h.hostKey = next.PublicKey()
	after := h.visit(usual())
	after.until("The new house")
	before.press(answers("ann@example.com") + "\r")
	before.until("You are registered")
	after.press(answers("bob@example.com") + "\r")
	after.until("You are registered")
	if got := h.registry.registered(); !slices.Equal(got, []string{"ann@example.com"}) {
		t.Errorf("the old service registers %v, want who was inside", got)
	}
	if got := registry.registered(); !slices.Equal(got, []string{"bob@example.com"}) {
		t.Errorf("the new service registers %v, want who came later", got)
	}
	if released.Load() != 0 {
		t.Error("the old configuration is given back while somebody keeps to it")
	}
	before.until("enter finish")
	before.press("\r")
	before.exit()
	wait(t, "the old configuration to be given back", func() bool { return released.Load() == 1 })
	if h.hostKey.Type() != old.Type() {
		t.Errorf("the keys are of type %s and %s", old.Type(), h.hostKey.Type())
	}
}

func TestAReloadReleasesWhatNobodyKeepsTo(t *testing.T) {
	var released atomic.Int32
	h := open(t, func(c *sshserver.Config) { c.Release = func() { released.Add(1) } })
	for range 3 {
		h.reload(func(*sshserver.Config) {})
	}
	if got := released.Load(); got != 3 {
		t.Errorf("%d configurations are given back, want 3", got)
	}
	h.stop()
	h.closed()
	if got := released.Load(); got != 3 {
		t.Errorf("%d configurations are given back in the end, want 3: the last is its owner's", got)
	}
}

func TestLimitsHoldForAllFromAReloadOn(t *testing.T) {
	h := open(t, nil)
	first := h.visit(usual())
	first.until("Press Enter to begin")
	h.reload(func(c *sshserver.Config) { c.Limits.Sessions = 1 })
	second := h.visit(usual())
	second.until("Everybody is busy at the moment.")
	if status := second.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	h.reload(func(c *sshserver.Config) { c.Limits.Sessions = 2 })
	h.visit(usual()).until("Press Enter to begin")
}

func TestAConfigurationWithoutAHostKeyIsNotTaken(t *testing.T) {
	h := open(t, nil)
	c := h.config
	c.HostKeys = nil
	if err := h.server.Reload(c); err == nil {
		t.Error("Reload() = nil, want an error")
	}
	h.visit(usual()).until("Press Enter to begin")
}

func TestWhatIsCountedTellsOfTheServer(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.HostKeys = append(c.HostKeys, newSigner(t)) })
	wait(t, "the server to listen", func() bool { return h.server.Stats().Listening })
	g := h.visit(usual())
	g.until("Press Enter to begin")
	if s := h.server.Stats(); s.HostKeys != 1 || s.Draining || s.Sessions != 1 || s.Lasted.Count != 0 {
		t.Errorf("Stats() = %+v, want one key, one session and no end of any", s)
	}
	_ = h.pipe().Close()
	wait(t, "the handshake to fail", func() bool { return h.server.Stats().Failed == 1 })
	h.stop()
	g.exit()
	h.closed()
	s := h.server.Stats()
	if s.Listening || !s.Draining || s.Lasted.Count != 1 || s.Lasted.Sum <= 0 || s.Lasted.Within()[time.Hour] != 1 {
		t.Errorf("Stats() = %+v in the end, want one session that lasted less than an hour", s)
	}
}

func TestAllRefusalsAndOutcomesAreListed(t *testing.T) {
	declared := map[string][]string{}
	for _, file := range []string{"gate.go", "session.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				if of, ok := v.Type.(*ast.Ident); ok {
					value, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
					declared[of.Name] = append(declared[of.Name], value)
				}
			}
			return true
		})
	}
	if got := texts(sshserver.Refusals()); !slices.Equal(got, declared["Refusal"]) {
		t.Errorf("Refusals() = %v, want %v", got, declared["Refusal"])
	}
	if got := texts(sshserver.Outcomes()); !slices.Equal(got, declared["Outcome"]) {
		t.Errorf("Outcomes() = %v, want %v", got, declared["Outcome"])
	}
}

func texts[T ~string](list []T) []string {
	var all []string
	for _, v := range list {
		all = append(all, string(v))
	}
	return all
}
