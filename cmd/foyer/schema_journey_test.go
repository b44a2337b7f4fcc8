package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A formCase is a file of testdata/schemas: a payload schema, what a person answers, and what must arrive.
//
// A key of Answers and Wrong is the JSON Pointer of a value in the payload, or the label of its question. What has no value is
// called by its kind: shape:/p, more:/p, extra:/p, and entry:/p/0, whose answer is what is done with the entry. Entries of
// lists and members of other names are added when there is an answer to them.
type formCase struct {
	Window     [2]int           `json:"window"` // columns and rows; 80 and 24 when it is left out
	Schema     json.RawMessage  `json:"schema"`
	SchemaFile string           `json:"schema_file"` // instead of Schema
	Answers    map[string]text  `json:"answers"`
	Wrong      map[string]wrong `json:"wrong"` // typed before the answer, and stopped on its field
	Payload    any              `json:"payload"`
}

// A wrong answer, and a part of the sentence that it is stopped with.
type wrong struct {
	Type text   `json:"type"`
	Says string `json:"says"`
}

// A text is typed; in a case it can be a number or a boolean, too.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(t))
	}
	*t = text(data)
	return nil
}

func readFormCase(t *testing.T, file string) formCase {
	t.Helper()
	c := formCase{Window: [2]int{80, 24}}
	d := json.NewDecoder(strings.NewReader(string(mustRead(t, file))))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if c.SchemaFile != "" {
		c.Schema = mustRead(t, c.SchemaFile)
	}
	return c
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEveryFormIsFilledInByHand fills the form of each schema of testdata/schemas through a pseudo-terminal, as a person would,
// and holds what arrived at the tenant against what was answered, and against another validator than ours.
func TestEveryFormIsFilledInByHand(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/schemas/*.json")
	if err != nil || len(files) < 25 {
		t.Fatalf("there are %d schemas (%v), want 25", len(files), err)
	}
	tenant := serve(t, "customers")
	pools := make(chan string, 2) // as many are filled in at once
	pools <- "customers"
	pools <- "closed"
	t.Run("each", func(t *testing.T) {
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".json")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				pool := <-pools
				defer func() { pools <- pool }()
				fillIn(t, tenant, pool, name, readFormCase(t, file))
			})
		}
	})
	wrongs := 0
	for _, file := range files {
		wrongs += min(len(readFormCase(t, file).Wrong), 1)
	}
	if 2*wrongs < len(files) {
		t.Errorf("only %d of %d schemas are given a wrong answer", wrongs, len(files))
	}
}

func fillIn(t *testing.T, tenant *tenantServer, pool, name string, c formCase) {
	t.Helper()
	tenant.takeSchema(t, pool, "case-"+name, c.Schema)
	address := strings.ReplaceAll(name, "_", "-") + "@example.com"
	p := meet(t, tenant, pool, address, c)
	p.fill()
	p.submit()
	p.arrived(tenant, pool)
}

// meet opens a kiosk on pool and goes to the questions.
func meet(t *testing.T, tenant *tenantServer, pool, address string, c formCase) *person {
	t.Helper()
	p := newPerson(t, address, c)
	p.s = open(t, c.Window[0], c.Window[1], tenant.envOf(pool))
	p.s.until("Press Enter to begin")
	p.s.press("\r")
	return p
}

// TestASchemaThatChangesIsAskedOfTheNextPerson changes the payload schema while somebody answers: they finish with the questions
// they began with, and the next person is asked the new ones.
func TestASchemaThatChangesIsAskedOfTheNextPerson(t *testing.T) {
	t.Parallel()
	tenant := serve(t, "customers")
	before := formCase{
		Window: [2]int{80, 24}, Answers: map[string]text{"Name": "Ann"}, Payload: map[string]any{"name": "Ann"},
		Schema: json.RawMessage(`{"type": "object", "properties": {"name": {"type": "string", "title": "Name"}}, "required": ["name"]}`),
	}
	after := formCase{
		Window: [2]int{80, 24}, Answers: map[string]text{"What are you called?": "Bo", "Badge": "1234"}, Payload: map[string]any{"name": "Bo", "badge": "1234"},
		Wrong: map[string]wrong{"Badge": {Type: "12", Says: "Write it in this form"}},
		Schema: json.RawMessage(`{"type": "object", "properties": {"name": {"type": "string", "title": "What are you called?"},
			"badge": {"type": "string", "title": "Badge", "pattern": "^\\d{4}$"}}, "required": ["name"]}`),
	}
	tenant.takeSchema(t, "customers", "changing", before.Schema)
	ann := meet(t, tenant, "customers", "ann@example.com", before)
	ann.answer(ann.questions[0])
	tenant.takeSchema(t, "customers", "changing", after.Schema)
	ann.fill()
	ann.submit()
	ann.arrived(tenant, "customers")
	for _, next := range []string{"bo@example.com", "cy@example.com"} {
		ann.s.until("Press Enter to begin")
		ann.s.press("\r")
		ann.s.until("Your details")
		asked := after
		if strings.Contains(ann.s.text(), "Name") { // they were quicker than the tenant
			asked = before
		}
		p := newPerson(t, next, asked)
		p.s = ann.s
		p.fill()
		p.submit()
		p.arrived(tenant, "customers")
		if asked.Answers["Badge"] != "" {
			return
		}
	}
	t.Error("the second person after the change is still asked what was asked before")
}

// envOf are the variables that point a kiosk at pool.
func (s *tenantServer) envOf(pool string) []string {
	env := []string{"FOYER_KIOSK_DONE_TIMEOUT=11s"} // a second more than a form is kept for
	for _, setting := range s.Settings(s.url, pool) {
		env = append(env, setting.Name+"="+setting.Value)
	}
	return env
}

// takeSchema makes document the payload schema of pool.
func (s *tenantServer) takeSchema(t *testing.T, pool, id string, document json.RawMessage) {
	t.Helper()
	s.put(t, "/sandbox/schemas/"+id, map[string]any{"id": id, "name": id, "schema": document})
	var definition map[string]any
	s.call(t, http.MethodGet, "/api/identity/sandbox/system/pools/"+pool, nil, &definition)
	definition["payload_schema_id"] = id
	s.put(t, "/sandbox/pools/"+pool, definition)
}

func (s *tenantServer) put(t *testing.T, path string, body any) {
	t.Helper()
	s.call(t, http.MethodPut, path, body, nil)
}

// call sends body and reads the answer into into.
func (s *tenantServer) call(t *testing.T, method, path string, body, into any) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: status %d, %v\n%s", method, path, response.StatusCode, err, answer)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatal(err)
	}
}

// payload is what the tenant knows about the user of pool with an address.
func (s *tenantServer) payload(t *testing.T, pool, address string) any {
	t.Helper()
	var user struct {
		Payload any `json:"payload"`
	}
	s.call(t, http.MethodPost, "/api/identity/sandbox/system/pools/"+pool+"/users/by_key", map[string]string{"identifier": address}, &user)
	return user.Payload
}
