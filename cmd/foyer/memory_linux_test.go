package main

import (
	"crypto/rand"
	"os"
	"strings"
	"syscall"
	"testing"

	"foyer/internal/termtest"
)

// A planted person has a password and an address that stand nowhere else, and a key for their app where there is one.
type planted struct{ email, password, app string }

// plant makes one up. Under the race detector, which keeps what it wants, the test is skipped before it has done anything.
func plant(t *testing.T) *planted {
	t.Helper()
	if raced {
		t.Skip("the race detector keeps what it wants")
	}
	r := rand.Text()
	return &planted{email: strings.ToLower(r[:12]) + "@" + strings.ToLower(r[12:20]) + ".example.com", password: `Zq7"<` + rand.Text()[:18] + "&'é"}
}

// details are the first three answers in the pool customers.
func (p *planted) details() string { return p.email + "\rAnn\rLee\r" }

// answers is a whole registration up to the review.
func (p *planted) answers() string { return "\r" + p.details() + p.password + "\r" + p.password + "\r" }

func (p *planted) searcher() *searcher {
	secrets := map[string]string{"the password": p.password, "the e-mail": strings.TrimSuffix(p.email, ".example.com")}
	if p.app != "" {
		secrets["the app's key"] = p.app
	}
	return newSearcher(shapes(secrets))
}

// forgotten waits until nothing of p is in the memory of a process.
func (p *planted) forgotten(t *testing.T, pid int) {
	t.Helper()
	s := p.searcher()
	var hits []hit
	gone := func() bool {
		hits = s.remembered(t, pid)
		return len(hits) == 0
	}
	termtest.Await(t, termtest.Patience, "a process that remembers nothing", gone, func() string {
		var lines []string
		for _, h := range hits {
			lines = append(lines, h.String())
		}
		return strings.Join(lines, "\n")
	})
}

// unrecorded fails the test where p is in what the program left behind, but for the address on the terminal.
func (p *planted) unrecorded(t *testing.T, left map[string]string) {
	t.Helper()
	search := p.searcher()
	for where, text := range left {
		search.find([]byte(text), func(found shape, at int) {
			if where != "the terminal" || found.of == "the password" {
				t.Errorf("%s as %s at %d in %s", found.of, found.name, at, where)
			}
		})
	}
}

// typed presses one key after the other, as a person does.
func (s *terminal) typed(text string) {
	s.t.Helper()
	for _, r := range text {
		s.press(string(r))
	}
}

// finish sends the answers, and says that the person is done.
func (s *terminal) finish() {
	s.t.Helper()
	s.until("Is everything right?")
	s.press("\r")
	s.until("enter finish")
	s.press("\r")
}

// A departure is a way to be at the kiosk and to go.
type departure struct {
	name string
	pool string // customers unless said
	env  []string
	live func(*testing.T, *terminal, *planted)
}

func departures() []departure {
	return []departure{
		{"registered", "", nil, func(_ *testing.T, s *terminal, p *planted) {
			s.press("\r")
			s.until("Your details")
			s.typed(p.details())
			s.until("Your password")
			s.typed(p.password)
			s.until("✓ strength")
			s.typed("\r" + p.password + "\r")
			s.finish()
		}},
		{"registered in one write", "", nil, func(_ *testing.T, s *terminal, p *planted) {
			s.press(p.answers())
			s.finish()
		}},
		{"with an app", "totp", nil, func(t *testing.T, s *terminal, p *planted) {
			t.Helper()
			s.until("authenticator") // the form is there
			s.press(p.answers())
			s.until("The code that the app shows")
			p.app = s.scan(false).Query().Get("secret")
			s.press(appCode(t, p.app) + "\r")
			s.finish()
		}},
		{"left at the review", "", nil, func(_ *testing.T, s *terminal, p *planted) {
			s.press(p.answers())
			s.until("Is everything right?")
			s.press("\x1b")
			s.until("Your password")
			s.press("\x1b")
			s.until("Your details")
			s.press("\x1b")
			s.until("Start over?")
			s.press("\r")
		}},
		{"with another address after a conflict", "", nil, func(_ *testing.T, s *terminal, p *planted) {
			taken := "\rann@example.com\rAnn\rLee\r" + p.password + "\r" + p.password + "\r"
			s.press(taken)
			s.finish()
			s.until("Press Enter to begin")
			s.press(taken + "\r")
			s.until("Somebody is registered with this already")
			s.press("\r")
			s.until("This is registered already")
			s.press("\x15" + p.email + "\r")
			s.finish()
		}},
		{"idle", "", []string{"FOYER_KIOSK_IDLE_TIMEOUT=10s", "FOYER_KIOSK_IDLE_WARNING=5s"}, func(_ *testing.T, s *terminal, p *planted) {
			s.press(p.answers())
			s.until("Is everything right?")
		}},
		{"with another password after a slip", "", nil, func(_ *testing.T, s *terminal, p *planted) {
			s.press("\r" + p.details())
			s.until("Your password")
			s.typed(p.password + "\r" + p.password + "x\r")
			s.until("not the same")
			s.typed("\x15" + p.password + "\r")
			s.finish()
		}},
	}
}

// TestTheSearchFindsWhoIsThere shows that the tests below could fail.
func TestTheSearchFindsWhoIsThere(t *testing.T) {
	s := open(t, 80, 24, serve(t, "customers").env, "kiosk")
	s.until("Press Enter to begin")
	p := plant(t)
	s.press(p.answers())
	s.until("Is everything right?")
	found := make(map[string]bool)
	for _, h := range p.searcher().remembered(t, s.cmd.Process.Pid) {
		found[h.of] = true
	}
	if !found["the password"] || !found["the e-mail"] {
		t.Errorf("while a person is there the search finds %v, want their password and their address", found)
	}
}

// TestTheNextPersonFindsNothingInMemory reads the memory of a kiosk when a person is gone, however they went.
func TestTheNextPersonFindsNothingInMemory(t *testing.T) {
	for _, d := range departures() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			pool := d.pool
			if pool == "" {
				pool = "customers"
			}
			tenant := serve(t, pool)
			s := open(t, 80, 24, append(append(tenant.env, "FOYER_LOG_FILE=log.json", "FOYER_LOG_LEVEL=debug", "FOYER_AUDIT_FILE=audit.jsonl"), d.env...), "kiosk")
			s.until("Press Enter to begin")
			p := plant(t)
			d.live(t, s, p)
			s.until("Press Enter to begin")
			p.forgotten(t, s.cmd.Process.Pid)
			p.unrecorded(t, s.left())
		})
	}
}

func TestTheNextPersonFindsNothingInMemoryAfterLines(t *testing.T) {
	tenant := serve(t, "customers")
	s := open(t, 80, 24, append(tenant.env, "FOYER_UI_ACCESSIBLE=true", "FOYER_KIOSK_DONE_TIMEOUT=1s", "FOYER_LOG_FILE=log.json", "FOYER_LOG_LEVEL=debug"), "kiosk")
	p := plant(t)
	s.hears("Press Enter to begin")
	s.press("\r" + p.details())
	s.hears("What you type is not shown")
	s.press(p.password + "\r" + p.password + "\r")
	s.hears("Press Enter to register")
	s.press("\r")
	s.wait("the next person", func() bool { return strings.Count(s.recorded(), "Press Enter to begin") == 2 })
	p.forgotten(t, s.cmd.Process.Pid)
	p.unrecorded(t, s.left())
}

func TestTheNextPersonFindsNothingInAServersMemory(t *testing.T) {
	tenant := serve(t, "customers")
	server := startServe(t, append(tenant.env, "FOYER_LOG_LEVEL=debug")...)
	for _, as := range []string{"screens", "lines"} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			p := plant(t)
			s := server.ssh("-l", as)
			if as == "screens" {
				s.until("Press Enter to begin")
				s.press(p.answers())
				s.finish()
			} else {
				s.hears("E-mail address")
				s.press(p.details())
				s.hears("What you type is not shown")
				s.press(p.password + "\r" + p.password + "\r")
				s.hears("Press Enter to register")
				s.press("\r")
				s.hears("You are registered")
			}
			s.exit()
			p.forgotten(t, server.cmd.Process.Pid)
			p.unrecorded(t, map[string]string{"the terminal": s.recorded(), "the log": server.stderr.String()})
		})
	}
}

// TestACrashTellsNothing ends kiosks in the middle of a registration as whoever is at the machine can.
func TestACrashTellsNothing(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			tenant := serve(t, "customers")
			s := openProgram(t, 80, 24, append(tenant.env, asFoyer+"=1", "GOTRACEBACK=crash"), "/bin/sh", "-c", `ulimit -c unlimited && exec "$0" kiosk`, os.Args[0])
			s.until("Press Enter to begin")
			p := plant(t)
			s.press(p.answers())
			s.until("Is everything right?")
			if err := s.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			s.exit()
			if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.CoreDump() {
				t.Error("the kernel has dumped its memory")
			}
			p.unrecorded(t, s.left())
		})
	}
}
