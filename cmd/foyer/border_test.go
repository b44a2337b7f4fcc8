package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"
)

// poison has one of each kind of what text from outside may not have. It stands before the text, so that no bound cuts it off.
const poison = "\x1b[53mQ\u009b53m\u202eQ\x7f\u200bQ\U000e0041\u3164\x08\x00\ufdd0\ue000\u00ad\x1b]0;Q\x07\r\n\u2066\ufffc"

// invalid stands for bytes that are no UTF-8, where JSON is written, which cannot hold them.
const invalid = "nUTFn"

// harmful reports whether r is something that no output may have, told in other words than the sanitiser's.
func harmful(r rune) bool {
	switch {
	case r < ' ' && r != '\n', r >= 0x7f && r <= 0x9f, r == 0x3164, r == 0xfffc, r >= 0xe000 && r <= 0xf8ff, r >= 0xfdd0 && r <= 0xfdef:
		return true
	case r == 0x200c, r == 0x200d:
		return false
	}
	return unicode.Is(unicode.Cf, r)
}

// harm is what is harmful in text, with what is around it; "" for nothing.
func harm(text string) string {
	if !utf8.ValidString(text) {
		return fmt.Sprintf("bytes that are no UTF-8: %.200q", text)
	}
	at := strings.IndexFunc(text, harmful)
	if at < 0 {
		return ""
	}
	return fmt.Sprintf("%+q", text[max(at-60, 0):min(at+60, len(text))])
}

// harmWithin is harm in the strings of JSON texts, one a line, and in the lines themselves.
func harmWithin(lines string) string {
	if found := harm(lines); found != "" {
		return found
	}
	for line := range strings.Lines(lines) {
		var v any
		if json.Unmarshal([]byte(line), &v) != nil {
			return "no JSON: " + line
		}
		found := ""
		rewrite("", v, func(_, text string) string {
			if found == "" {
				found = harm(text)
			}
			return text
		})
		if found != "" {
			return found + " in " + line
		}
	}
	return ""
}

// rewrite returns v, which was read from JSON, with each string and each name of a member as text gives it for where it is.
func rewrite(at string, v any, text func(at, text string) string) any {
	switch v := v.(type) {
	case string:
		return text(at, v)
	case []any:
		for i := range v {
			v[i] = rewrite(at+"/*", v[i], text) // the first of a list is as good as the next
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			member := rewrite(at+"/"+name, v[name], text)
			delete(v, name)
			v[text(at+"/"+name+" (name)", name)] = member
		}
	}
	return v
}

// A forger stands between a tenant and its clients. In what the tenant answers it puts the poison before some of the texts, and it
// takes it out of what comes back, so that ids lead where they led. It is safe for concurrent use.
type forger struct {
	url, tenant string
	always      *regexp.Regexp // places that are poisoned whatever poison says; nil for none

	mu       sync.Mutex
	poisoned map[string]bool // places, as METHOD path#pointer
	seen     map[string]bool // all there were
}

// forge starts a forger before a tenant.
func forge(tb testing.TB, tenant string) *forger {
	tb.Helper()
	target, err := url.Parse(tenant)
	if err != nil {
		tb.Fatal(err)
	}
	f := &forger{tenant: tenant, poisoned: map[string]bool{}, seen: map[string]bool{}}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding")
			r.Out.URL.Path, r.Out.URL.RawPath = strings.ReplaceAll(r.Out.URL.Path, poison, ""), ""
			f.undo(r.Out)
		},
		ModifyResponse: f.answer,
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	})
	tb.Cleanup(server.Close)
	f.url = server.URL
	return f
}

// undo takes the poison out of the body of a request.
func (f *forger) undo(r *http.Request) {
	if r.Body == nil {
		return
	}
	body, _ := io.ReadAll(r.Body)
	var v any
	if json.Unmarshal(body, &v) == nil {
		body, _ = json.Marshal(rewrite("", v, func(_, text string) string { return strings.ReplaceAll(text, poison, "") }))
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		for _, values := range form {
			for i := range values {
				values[i] = strings.ReplaceAll(values[i], poison, "")
			}
		}
		body = []byte(form.Encode())
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// spotOf is where a text of an answer stands. Ids in paths are left out.
func spotOf(r *http.Response, at string) string {
	steps := strings.Split(r.Request.URL.Path, "/")
	for i, s := range steps {
		if len(s) > 16 && strings.ContainsAny(s, "0123456789") {
			steps[i] = "*"
		}
	}
	return r.Request.Method + " " + strings.Join(steps, "/") + " " + strconv.Itoa(r.StatusCode) + "#" + at
}

// text is a text of an answer as it is sent on.
func (f *forger) text(place, text string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[place] = true
	if f.poisoned[place] || f.always != nil && f.always.MatchString(place) {
		return poison + text
	}
	return text
}

// answer poisons an answer.
func (f *forger) answer(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, []byte(f.tenant), []byte(f.url))
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) == nil {
		v = rewrite("", v, func(at, text string) string { return f.text(spotOf(r, at), text) })
		body, err = json.Marshal(v)
		body = bytes.ReplaceAll(body, []byte(invalid), []byte("\xff\x9b"))
	} else if len(body) > 0 {
		body = []byte(f.text(spotOf(r, "body"), string(body)))
	}
	for _, name := range append(slices.Sorted(maps.Keys(r.Header)), "Retry-After", "Www-Authenticate", "X-Trace-Id") {
		if name != "Content-Length" && name != "Content-Type" {
			if value, was := f.text(spotOf(r, "header "+name), r.Header.Get(name)), r.Header.Get(name); value != was {
				r.Header.Set(name, strings.Map(inHeader, value))
			}
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return err
}

// inHeader leaves out what makes a header malformed (RFC 9110, 5.5): then nobody looks at its value.
func inHeader(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// poison poisons these places and no others.
func (f *forger) poison(places ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.poisoned)
	for _, p := range places {
		f.poisoned[p] = true
	}
}

// places are where texts were since it was called last.
func (f *forger) places() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer clear(f.seen)
	return slices.Sorted(maps.Keys(f.seen))
}

// ranHere runs a command, and returns what it left behind, by where.
func ranHere(tb testing.TB, env []string, stdin string, args ...string) (code int, left map[string]string) {
	tb.Helper()
	home := tb.TempDir()
	var stdout, stderr bytes.Buffer
	env = slices.Concat(env, []string{ // the first of a name counts
		"HOME=" + home, "FOYER_LOG_FILE=" + home + "/log", "FOYER_LOG_LEVEL=debug", "FOYER_AUDIT_FILE=" + home + "/audit", "FOYER_AUDIT_IDENTIFIERS=plain",
	})
	p := &program{stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr, environ: func() []string { return env }}
	code = p.main(args)
	left = map[string]string{"stdout": stdout.String(), "stderr": stderr.String()}
	for _, name := range []string{"log", "audit"} {
		text, _ := os.ReadFile(home + "/" + name)
		left[name] = string(text)
	}
	return code, left
}

// isClean complains of what is harmful in what was left.
func isClean(tb testing.TB, what string, left map[string]string) {
	tb.Helper()
	for where, text := range left {
		look := harm
		if where == "log" || where == "audit" {
			look = harmWithin
		}
		if found := look(text); found != "" {
			tb.Errorf("%s: in %s: %s", what, where, found)
		}
	}
}
