package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"foyer/internal/clean"

	"go.yaml.in/yaml/v3"
)

// maxFile is how large a configuration file may be, in bytes.
const maxFile = 1 << 20

// maxSearch is how many bytes may be parsed again to find the line of a mistake.
const maxSearch = 16 << 20

// parserMessage takes apart what the YAML parser says: the line, if it has one, and the message.
var parserMessage = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// A severalError says that a text goes on after its first document, in this line.
type severalError struct{ line int }

func (e severalError) Error() string { return fmt.Sprintf("line %d: a second document", e.line) }

// parse reads one YAML document and returns its root. It reports at most one fault, and then there is no root.
func parse(data []byte) (*yaml.Node, []fault) {
	if f := unreadable(data); f != nil {
		return nil, []fault{*f}
	}
	root, err := document(data)
	var several severalError
	switch {
	case err == nil:
		return root, nil
	case errors.As(err, &several):
		return nil, []fault{{line: several.line, problem: "a second YAML document begins", fix: "keep one document"}}
	default:
		return nil, []fault{syntaxFault(data, err)}
	}
}

// document parses data and insists on a single document. One that holds nothing is an empty mapping.
func document(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := decoder.Decode(&first); errors.Is(err, io.EOF) {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	} else if err != nil {
		return nil, err
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, severalError{second.Line}
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(first.Content) == 0 || empty(first.Content[0]) {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	return first.Content[0], nil
}

// unreadable returns what keeps data from being parsed as text, nil if nothing does.
func unreadable(data []byte) *fault {
	if len(data) > maxFile {
		return &fault{problem: "is larger than 1 MiB", fix: "take out what is not a setting"}
	}
	lineOf := func(i int) int { return 1 + bytes.Count(data[:i], []byte("\n")) }
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return &fault{line: lineOf(i), problem: "is not UTF-8", fix: "write it in UTF-8"}
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return &fault{line: lineOf(i), problem: "holds a control character", fix: "take it out"}
		}
		i += size
	}
	return nil
}

// syntaxFault makes a fault of an error of the parser. There is nothing but its text to go by.
func syntaxFault(data []byte, err error) fault {
	number, message := 0, err.Error()
	if m := parserMessage.FindStringSubmatch(message); m != nil {
		number, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	if bytes.Count(data, []byte("\n"))*len(data) <= maxSearch {
		number = badLine(data)
	}
	f := fault{
		line: max(number, 1), problem: "is not YAML: " + clean.Line(message, maxQuoted),
		fix: "look for a missing colon, quote or bracket, or wrong indentation",
	}
	switch {
	case tabIndented(data, f.line):
		f.problem, f.fix = "is indented with a tab", "indent with spaces"
	case strings.HasPrefix(message, "unknown anchor"): // the message repeats the value
		f.problem, f.fix = "uses a YAML anchor that is not defined", "put a value that begins with * in quotes"
	case strings.HasPrefix(message, "found character that cannot start"):
		f.problem, f.fix = "has a value that begins with a character YAML reserves", "put the value in quotes"
	case strings.HasPrefix(message, "mapping values are not allowed"):
		f.problem, f.fix = "has a colon where none can be", "check the indentation, or put the value in quotes"
	}
	return f
}

// badLine returns the line that the parser cannot get past, counted from 1: the one after the longest run of lines
// from the start that parses. The parser's own numbers are off by one at times, or name the start of the section.
func badLine(data []byte) int {
	for end := len(data); end > 0; {
		end = bytes.LastIndexByte(data[:end-1], '\n') + 1
		if _, err := document(data[:end]); err == nil {
			return 1 + bytes.Count(data[:end], []byte("\n"))
		}
	}
	return 1
}

// tabIndented reports whether white space at the start of this line holds a tab.
func tabIndented(data []byte, number int) bool {
	lines := bytes.Split(data, []byte("\n"))
	if number < 1 || number > len(lines) {
		return false
	}
	text := lines[number-1]
	return bytes.ContainsRune(text[:len(text)-len(bytes.TrimLeft(text, " \t"))], '\t')
}
