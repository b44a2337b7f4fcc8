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
// none, or asks for what there is no answer to, or asks again.
func (b *webBrowser) visit(t *testing.T, address string, answers map[string]string) {
	t.Helper()
	at, page := b.fetch(t, http.MethodGet, address, nil)
	asked := map[string]bool{}
	for range pagesInARow {
		form := formIn(t, page)
		if form == nil {
			return
		}
		fields, ok := filled(form, answers), true
		for _, name := range visible(form) {
			ok = ok && !asked[name] && fields.Get(name) != ""
			asked[name] = true
		}
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

// filled returns the fields of a form with answers.
func filled(form *html.Node, answers map[string]string) url.Values {
	fields := url.Values{}
	for name, node := range inputs(form) {
		fields.Set(name, attribute(node, "value"))
		if answer, given := answers[name]; given {
			fields.Set(name, answer)
		}
	}
	return fields
}

// visible are the names of the fields that a person sees.
func visible(form *html.Node) []string {
	var names []string
	for name, node := range inputs(form) {
		if attribute(node, "type") != "hidden" {
			names = append(names, name)
		}
	}
	return names
}

// inputs are the fields of a form, by name.
func inputs(form *html.Node) map[string]*html.Node {
	found := make(map[string]*html.Node)
	for node := range form.Descendants() {
		if name := attribute(node, "name"); node.Data == "input" && name != "" {
			found[name] = node
		}
	}
	return found
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
