package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A webBrowser is that of a member of staff: it keeps cookies, follows redirects and sends forms.
type webBrowser struct{ client *http.Client }

// newBrowser is a browser in which nobody has signed in yet.
func (s *authServer) newBrowser(t *testing.T) *webBrowser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := s.client(tls.Certificate{})
	client.Jar = jar
	return &webBrowser{client}
}

// pagesInARow bounds how many forms lie between an address and the end.
const pagesInARow = 8

// visit opens an address and sends each form that comes, with answers in the fields that have these names, until a page has
// none, or asks for what there is no answer to.
func (b *webBrowser) visit(t *testing.T, address string, answers map[string]string) {
	t.Helper()
	at, page := b.fetch(t, http.MethodGet, address, nil)
	for range pagesInARow {
		form := formIn(t, page)
		if form == nil {
			return
		}
		fields, ok := filled(form, answers)
		if !ok {
			return
		}
		to, err := at.Parse(attribute(form, "action"))
		if err != nil {
			t.Fatal(err)
		}
		at, page = b.fetch(t, http.MethodPost, to.String(), fields)
	}
	t.Fatalf("after %d forms there is still one:\n%s", pagesInARow, page)
}

func (b *webBrowser) fetch(t *testing.T, method, address string, fields url.Values) (*url.URL, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if fields != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.Request.URL, string(page)
}

// formIn returns the first form in a page; nil if there is none.
func formIn(t *testing.T, page string) *html.Node {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for node := range document.Descendants() {
		if node.Type == html.ElementNode && node.Data == "form" {
			return node
		}
	}
	return nil
}

// filled returns the fields of a form with answers; not ok says that a field which a person sees stays empty.
func filled(form *html.Node, answers map[string]string) (fields url.Values, ok bool) {
	fields, ok = url.Values{}, true
	for node := range form.Descendants() {
		name := attribute(node, "name")
		if node.Data != "input" || name == "" {
			continue
		}
		value := attribute(node, "value")
		if answer, given := answers[name]; given {
			value = answer
		}
		fields.Set(name, value)
		ok = ok && (value != "" || attribute(node, "type") == "hidden")
	}
	return fields, ok
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
