package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A crossing is a command at a tenant, which says something of the tenant's answers.
type crossing struct {
	name  string
	args  string
	fault string   // of the sandbox, in JSON
	env   []string // beside what leads to the tenant
	twice bool     // the person is registered before
	whole bool     // texts are poisoned all at once only
}

// crossings are all commands that ask the tenant, and all kinds of what it answers.
func crossings() []crossing {
	all := []crossing{
		{name: "check", args: "check"},
		{name: "register", args: "register"},
		{name: "conflict", args: "register", twice: true},
		{name: "sign up", args: "register", env: []string{"FOYER_REGISTRATION_API=self_register", "FOYER_REGISTRATION_VERIFICATION=code"}},
		{name: "code", args: "register", env: []string{"FOYER_REGISTRATION_STATUS=new", "FOYER_REGISTRATION_VERIFICATION=code"}},
		{name: "proof", args: "register", env: []string{"FOYER_REGISTRATION_VERIFICATION=before"}},
	}
	for _, where := range []string{"oauth2/token", "GET /api/identity/sandbox/system/pools", "GET /api/identity/sandbox/system/schemas", "/users"} {
		for _, status := range []int{400, 401, 403, 422, 429, 500} {
			for _, shape := range []string{"string_code", "numeric_code", "html"} {
				if status != 422 && shape == "numeric_code" || status != 500 && shape == "html" {
					continue // the shapes differ by what can be read, not by the status
				}
				all = append(all, crossing{
					name: fmt.Sprint(where, " ", status, " ", shape), args: "register",
					whole: status != 400 && status != 422,
					fault: fmt.Sprintf(`{"match": %q, "status": %d, "error_shape": %q}`, where, status, shape),
				})
			}
		}
	}
	return all
}

// TestNoTextOfTheTenantPassesUncleaned has each text in each answer of the tenant poisoned, one after the other, and looks at
// all that is printed, logged and recorded.
func TestNoTextOfTheTenantPassesUncleaned(t *testing.T) {
	if raced {
		t.Skip("it takes minutes, and has no races of its own")
	}
	t.Parallel()
	s := &survey{t: t, done: map[string]int{}}
	next := make(chan crossing)
	var all sync.WaitGroup
	for range 16 { // most of the time they wait
		all.Go(func() {
			tenant := serve(t, defaultPool)
			f := forge(t, tenant.url)
			for c := range next {
				s.cross(c, tenant, f)
			}
		})
	}
	for _, c := range crossings() {
		next <- c
	}
	close(next)
	all.Wait()
	if len(s.done) < 200 {
		t.Errorf("the tenant's answers had %d texts, which are not all", len(s.done))
	}
}

// A survey is of all crossings. It is safe for concurrent use.
type survey struct {
	t  *testing.T
	mu sync.Mutex
	// done is how often the text at a place was poisoned alone.
	done map[string]int
	runs int
}

// due reports whether the text at a place is to be poisoned alone: by a command that says what the tenant has, and by one that
// registers.
func (s *survey) due(place string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[place]++
	return s.done[place] == 1 || s.done[place] == 2 && !strings.Contains(place, "openid-configuration")
}

// cross goes through a crossing with nothing poisoned, which tells what texts there are, with all of them, and with each.
func (s *survey) cross(c crossing, tenant *tenantServer, f *forger) {
	tenant.fault(s.t, c.fault)
	f.places()
	s.run(c, tenant, f)
	places := f.places()
	s.run(c, tenant, f, places...)
	for _, p := range places {
		if s.due(p) && !c.whole {
			s.run(c, tenant, f, p)
		}
	}
}

// run runs the command of a crossing with texts poisoned.
func (s *survey) run(c crossing, tenant *tenantServer, f *forger, places ...string) {
	s.mu.Lock()
	s.runs++
	email := fmt.Sprintf("ann%d@example.com", s.runs)
	s.mu.Unlock()
	f.poison(places...)
	if c.twice {
		email = "ann@example.com"
	}
	var env []string
	for _, setting := range slices.Concat(tenant.env, c.env) {
		env = append(env, strings.ReplaceAll(setting, tenant.url, f.url))
	}
	_, left := ranHere(s.t, env, draftOf(email), c.args)
	isClean(s.t, fmt.Sprintf("%s, with %q", c.name, places), left)
}

// fault makes the sandbox misbehave; "" makes it behave.
func (s *tenantServer) fault(t *testing.T, fault string) {
	t.Helper()
	if fault == "" {
		fault = "{}"
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.url+"/sandbox/faults", strings.NewReader(fault))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("fault %s: status %d", fault, response.StatusCode)
	}
}
