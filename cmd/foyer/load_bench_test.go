//go:build linux

package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A subject is a server that is measured.
type subject struct {
	says    string   // before its address
	env     []string // by which the test binary is it
	args    []string
	first   string   // the first frame has this
	begin   string   // what is typed then
	form    string   // what has the fields has this
	person  []string // what is typed into them
	answers []string // what shows that each was taken; nothing to go on at once
}

func (of subject) start(tb testing.TB) *loaded {
	tb.Helper()
	return startLoaded(tb, of.says, of.env, of.args...)
}

func subjects(tenant []string) map[string]subject {
	plain := func(kind string) subject {
		return subject{
			says: rivalServes, env: []string{asRival + "=" + kind}, first: prompt,
			person: []string{"ann@example.com\rAnn\rLee\r" + marker + "\r" + marker}, answers: []string{""},
		}
	}
	return map[string]subject{
		"bare": plain("echo"), "bubbletea": plain("bubbletea"),
		"kiosk": {
			says: "foyer: serving at ", env: kioskEnv(tenant), args: []string{"serve"},
			first: "Press Enter to begin", begin: "\r", form: "E-mail address",
			person:  []string{"ann@example.com\rAnn\rLee\r", marker + "\r" + marker + "\r"},
			answers: []string{"same password again", "Press Enter to register"},
		},
	}
}

// kioskEnv has as many sessions as there are clients, from one address, for as long as it takes.
func kioskEnv(tenant []string) []string {
	return append([]string{
		asFoyer + "=1", "FOYER_SSH_LISTEN=127.0.0.1:0", "FOYER_SSH_CONNECTIONS_PER_MINUTE=0", "FOYER_SSH_MAX_SESSIONS=0",
		"FOYER_SSH_MAX_SESSIONS_PER_IP=0", "FOYER_SSH_MAX_SESSIONS_PER_NETWORK=0", "FOYER_SSH_REGISTRATIONS_PER_HOUR=0", "FOYER_SSH_MAX_HANDSHAKES=0", "FOYER_KIOSK_IDLE_TIMEOUT=1h", "FOYER_LOG_LEVEL=error",
	}, tenant...)
}

// BenchmarkServe opens FOYER_BENCH_SESSIONS (1000) sessions over SSH at "foyer serve", and as many at the least that a server
// can be and at a plain program of Bubble Tea v1. It prints what each costs, and the ratios to the least. Clients and servers
// share the machine, in processes of their own. Each server writes its profiles to the folder FOYER_BENCH_PROFILES, if that is set.
func BenchmarkServe(b *testing.B) {
	n := number(b, "FOYER_BENCH_SESSIONS", 1000)
	manyFiles(b, uint64(n+500)) // clients and server are two processes
	tenant := serve(b, "customers")
	of := map[string]figures{}
	for _, name := range []string{"bare", "bubbletea", "kiosk"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				of[name] = measure(b, subjects(tenant.env)[name], n, name == "kiosk")
			}
			for row, figure := range of[name] {
				b.ReportMetric(figure, row)
			}
		})
	}
	fmt.Printf("%d sessions, of %s\n%s", n, runtime.Version(), table(of)) // the log of a benchmark that has others is not shown
}

// number is the value of a variable, or otherwise what is usual.
func number(tb testing.TB, name string, usual int) int {
	tb.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		tb.Fatalf("%s=%s is not a number of sessions", name, text)
	}
	return n
}

// abreast is how many connect at a time.
const abreast = 16

// measure opens n sessions at a server and measures what they cost, through a visit from its beginning to its end.
func measure(b *testing.B, of subject, n int, many bool) figures {
	b.Helper()
	f := figures{}
	server := of.start(b)
	first := calls(b, server.address, 20, abreast, of.first) // what is made once is made
	of.open(b, first)
	of.register(b, first)
	hangUp(first)
	empty := of.emptied(b, server, 0)

	before := server.usage(false)
	callers := calls(b, server.address, n, abreast, of.first)
	after, _ := server.calm(time.Second)
	f[rowConnect] = per(after.cpu-before.cpu, n)
	of.open(b, callers)
	of.idle(b, server, f, empty, n)
	of.typing(server, f, callers)
	of.newcomer(b, server, f, callers)
	of.flood(b, server, f, callers)
	of.register(b, callers)
	f[rowTyped] = kib(server.settled(), empty, n)
	hangUp(callers)
	gone := of.emptied(b, server, empty.goroutines)
	f[rowAfter] = float64(gone.memory-empty.memory) / 1024
	if many {
		of.come(b, server, f)
	}
	return f
}

// per is a time for each of n, in µs.
func per(d time.Duration, n int) float64 { return float64(d.Microseconds()) / float64(max(n, 1)) }

// kib is the memory for each of n sessions.
func kib(with, without usage, n int) float64 { return float64(with.memory-without.memory) / float64(n) }

// open goes to the fields.
func (of subject) open(tb testing.TB, callers []*caller) {
	tb.Helper()
	if of.begin == "" {
		return
	}
	allOf(tb, callers, abreast, func(c *caller) error {
		if err := c.press(of.begin); err != nil {
			return err
		}
		return c.until(of.form)
	})
}

// register types all that a person has to, up to the last key.
func (of subject) register(tb testing.TB, callers []*caller) {
	tb.Helper()
	allOf(tb, callers, abreast, func(c *caller) error {
		for i, answer := range of.person {
			if err := c.press(answer); err != nil {
				return err
			}
			if err := c.until(of.answers[i]); err != nil {
				return fmt.Errorf("%q: %w", of.answers[i], err)
			}
		}
		return nil
	})
}

// visits has n people come, look at the fields and go, so many at a time.
func (of subject) visits(tb testing.TB, server *loaded, n, together int) {
	tb.Helper()
	for range n / together {
		callers := calls(tb, server.address, together, abreast, of.first)
		of.open(tb, callers)
		hangUp(callers)
	}
}

// emptied waits until everybody is gone, which is when there are no more goroutines than there were, and returns what is left.
// The first time nobody knows how many these are, and it waits until they do not change.
func (of subject) emptied(tb testing.TB, server *loaded, goroutines int) usage {
	tb.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	last, same := 0, 0
	for range 50 { // it may be that they never do
		n := server.usage(false).goroutines
		if same++; n != last {
			last, same = n, 0
		}
		if goroutines > 0 && n <= goroutines || goroutines == 0 && same > 5 {
			break
		}
		<-tick.C
	}
	return server.settled()
}

// settled is what the server uses once it has given back what it can.
func (s *loaded) settled() usage {
	s.calm(time.Second)
	return s.usage(true)
}

// idle measures what sessions cost in which nobody types.
func (of subject) idle(b *testing.B, server *loaded, f figures, empty usage, n int) {
	b.Helper()
	const seconds = 5
	now := server.settled()
	f[rowMemory], f[rowGoroutines] = kib(now, empty, n), float64(now.goroutines-empty.goroutines)/float64(n)
	before := server.usage(false)
	<-time.After(seconds * time.Second)
	after := server.usage(false)
	f[rowIdle] = 100 * (after.cpu - before.cpu).Seconds() / seconds
	f[rowWakeups] = float64(after.wakeups-before.wakeups) / seconds
}

// typing measures what a key costs while a tenth of the callers type as people do.
func (of subject) typing(server *loaded, f figures, callers []*caller) {
	typists := callers[:max(len(callers)/10, 1)]
	server.profiles()
	before := server.usage(false)
	r := typed(typists, 20)
	after := server.usage(false)
	keys := len(r.waits)
	idle := time.Duration(f[rowIdle] / 100 * float64(r.lasted))
	f[rowP50], f[rowP99] = r.percentile(50), r.percentile(99)
	f[rowBytes] = float64(r.bytes) / float64(max(keys, 1))
	f[rowKey] = per(max(after.cpu-before.cpu-idle, 0), keys)
}

// newcomer measures how long it takes to register for somebody who types everything at once, while others are there and type.
func (of subject) newcomer(b *testing.B, server *loaded, f figures, callers []*caller) {
	b.Helper()
	var others sync.WaitGroup
	others.Go(func() { typed(callers[:max(len(callers)/10, 1)], 10) })
	begun := time.Now()
	one := calls(b, server.address, 1, 1, of.first)
	of.open(b, one)
	of.register(b, one)
	f[rowNewcomer] = float64(time.Since(begun).Microseconds()) / 1000
	hangUp(one)
	others.Wait()
}

// A typedResult is what came of typing.
type typedResult struct {
	waits  []time.Duration
	bytes  int
	lasted time.Duration
}

// percentile is the echo that so many per cent were as fast as, in ms.
func (r typedResult) percentile(p int) float64 {
	if len(r.waits) == 0 {
		return 0
	}
	return float64(r.waits[min(len(r.waits)*p/100, len(r.waits)-1)].Microseconds()) / 1000
}

// pace is how fast a person types that is quick.
const pace = 200 * time.Millisecond

// typed has each of the callers type so many keys, by turns a letter and its deletion.
func typed(callers []*caller, keys int) typedResult {
	begun, came := time.Now(), 0
	for _, c := range callers {
		came -= c.count()
	}
	waits := make([][]time.Duration, len(callers))
	var all sync.WaitGroup
	for i, c := range callers {
		all.Go(func() {
			<-time.After(pace * time.Duration(i) / time.Duration(len(callers))) // not all at once
			tick := time.NewTicker(pace)
			defer tick.Stop()
			for k := range keys {
				wait, err := c.key([]string{"a", "\x7f"}[k%2])
				if err != nil {
					return
				}
				waits[i] = append(waits[i], wait)
				<-tick.C
			}
		})
	}
	all.Wait()
	r := typedResult{waits: slices.Concat(waits...), lasted: time.Since(begun)}
	slices.Sort(r.waits)
	for _, c := range callers {
		came += c.count()
	}
	r.bytes = came
	return r
}

// mostFlood is how long a server may take for a megabyte.
const mostFlood = 4 * time.Second

// flood measures what a megabyte costs that is written at once, and what others notice of it.
func (of subject) flood(b *testing.B, server *loaded, f figures, callers []*caller) {
	b.Helper()
	const megabyte = 1 << 20
	others := callers[1:min(21, len(callers))]
	for row, text := range map[string]string{
		rowPaste: "\x1b[200~" + strings.Repeat("a", megabyte) + "\x1b[201~", rowFlood: strings.Repeat("a", megabyte),
	} {
		victim := calls(b, server.address, 1, 1, of.first)
		of.open(b, victim)
		before := server.usage(false)
		go func() { _ = victim[0].press(text) }()
		r := typed(others, 10)
		f[rowOthers] = max(f[rowOthers], r.percentile(99))
		after, calm := server.calm(mostFlood)
		f[row] = max(after.cpu-before.cpu, 0).Seconds()
		hangUp(victim)
		if !calm && f[rowIdle] < 1 {
			b.Logf("%s: it is not done after %v", row, mostFlood)
		}
	}
}

// come has very many sessions come and go.
func (of subject) come(b *testing.B, server *loaded, f figures) {
	b.Helper()
	total := number(b, "FOYER_BENCH_VISITS", 10_000)
	of.visits(b, server, total/10, 100)
	first := of.emptied(b, server, 0)
	of.visits(b, server, total-total/10, 100)
	last := of.emptied(b, server, first.goroutines)
	f[rowCame] = float64(last.memory-first.memory) / 1024
	f[rowCameGoroutines] = float64(last.goroutines - first.goroutines)
	f[rowCameFiles] = float64(last.files - first.files)
}
