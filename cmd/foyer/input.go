package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"foyer/internal/registration"
)

// maxInput bounds what is read from stdin, in bytes.
const maxInput = 1 << 20

// readInput reads one JSON value, which errors call name; unknown members and anything after it are errors. The error quotes
// nothing that was given: it may be a password.
func readInput[T any](r io.Reader, name string) (T, error) {
	var v, none T
	data, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	defer clear(data)
	switch {
	case err != nil:
		return none, fmt.Errorf("the %s cannot be read from stdin", name)
	case len(data) > maxInput:
		return none, fmt.Errorf("the %s is larger than %d bytes", name, maxInput)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return none, describeJSON(err, name)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return none, errors.New("there is more than one JSON value on stdin")
	}
	return v, nil
}

// describeJSON says what is wrong with an input without its contents.
func describeJSON(err error, name string) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Errorf("the %s's member %q has the wrong type: %s", name, wrongType.Field, wrongType.Value)
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return fmt.Errorf("the %s has an %s", name, strings.TrimPrefix(err.Error(), "json: "))
	case errors.Is(err, io.EOF):
		return fmt.Errorf("there is no %s on stdin", name)
	}
	return fmt.Errorf("the %s is not valid JSON", name)
}

// rejectInput prints what is wrong with an input as a problem; field is where, or "".
func (p *program) rejectInput(field string, err error) error {
	return p.problem(&registration.Problem{Kind: registration.DetailsRejected, Field: field, Reference: registration.NewReference()}, err.Error())
}
