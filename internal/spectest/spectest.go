// Package spectest holds HTTP exchanges in tests against the vendor's official API descriptions, which lie beside the
// repository in shared/specs. A request or an answer that the description does not allow fails the test, and so do a
// status that it does not list and a member that it does not know.
//
// The known slips of the files are corrected in memory; corrections.go lists them.
package spectest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// A Spec is one description, ready to hold exchanges against. It is safe for concurrent use.
type Spec struct {
	base   string // path under which its operations live, for the tenant "default"
	router routers.Router
}

// Load reads a description, as in Load(t, "identitysystem.yaml"). Its paths are those of a tenant called "default".
//
// Without the files the test is skipped; with FOYER_REQUIRE_SPECS=1 in the environment it fails instead.
func Load(tb testing.TB, file string) *Spec {
	tb.Helper()
	folder, err := folder()
	if err != nil {
		tb.Fatalf("find the repository: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(folder, filepath.Base(file))) // #nosec G304 -- a test reads its own material
	if errors.Is(err, os.ErrNotExist) && os.Getenv("FOYER_REQUIRE_SPECS") != "1" {
		tb.Skipf("the API descriptions are not here: no ../shared/specs/%s", file)
	}
	if err != nil {
		tb.Fatalf("read API description: %v", err)
	}
	spec, err := parse(data)
	if err != nil {
		tb.Fatalf("parse API description %s: %v", file, err)
	}
	return spec
}

// folder returns where the descriptions lie: beside the repository, which is the folder above that has go.mod.
func folder() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared", "specs"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in any folder above")
		}
		dir = parent
	}
}

// parse makes a Spec of a Swagger 2 description in YAML.
func parse(data []byte) (*Spec, error) {
	doc, base, err := convert(data)
	if err != nil {
		return nil, err
	}
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
	if err != nil {
		return nil, err
	}
	return &Spec{base: base, router: router}, nil
}

// Check fails the test for what the description does not allow in one exchange. The bodies are given apart, as those
// of req and resp have been read.
//
// An answer that turns the request away (400, 401, 413, 415, 422) excuses the request: tests send bad ones.
func (s *Spec) Check(tb testing.TB, req *http.Request, reqBody []byte, resp *http.Response, respBody []byte) {
	tb.Helper()
	name := req.Method + " " + req.URL.Path
	input, err := s.input(req, reqBody)
	if err != nil {
		tb.Errorf("%s is not described: %v", name, err)
		return
	}
	if !turnsAway(resp.StatusCode) {
		if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil {
			tb.Errorf("%s: request: %v", name, err)
		}
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input,
		Status:                 resp.StatusCode,
		Header:                 resp.Header,
		Options:                input.Options,
	}
	answer.SetBodyBytes(respBody)
	if err := openapi3filter.ValidateResponse(req.Context(), answer); err != nil {
		tb.Errorf("%s: answer %d: %v", name, resp.StatusCode, err)
	}
}

// input finds the operation of a request.
func (s *Spec) input(req *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	path, ok := strings.CutPrefix(req.URL.Path, s.base)
	if !ok {
		return nil, routers.ErrPathNotFound
	}
	bare := req.Clone(req.Context())
	bare.URL = &url.URL{Path: path, RawQuery: req.URL.RawQuery}
	bare.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := s.router.FindRoute(bare)
	if err != nil {
		return nil, err
	}
	return &openapi3filter.RequestValidationInput{
		Request: bare, PathParams: params, QueryParams: bare.URL.Query(), Route: route,
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true,
			SkipSettingDefaults:   true,
			AuthenticationFunc:    bearer,
		},
	}, nil
}

// bearer asks that an operation with a security requirement is called with an access token.
func bearer(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	if !strings.HasPrefix(input.RequestValidationInput.Request.Header.Get("Authorization"), "Bearer ") {
		return errors.New("no bearer token is sent")
	}
	return nil
}

func turnsAway(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
