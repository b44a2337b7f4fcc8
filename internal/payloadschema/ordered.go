package payloadschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// An object is a JSON object whose members kept the order of the document. Members that are null are left out, as the
// vendor's own client writes null for absent ones.
type object struct {
	names   []string
	members map[string]any // *object, []any, or a scalar
}

// deepestDocument and mostObjects bound a document. The library compiles what is larger in minutes, not milliseconds; a
// schema of 2,000 questions has half as many objects, and one of 12 levels a third of the depth.
const (
	deepestDocument = 128
	mostObjects     = 10000
)

// A decoder reads a document in order.
type decoder struct {
	*json.Decoder
	depth, objects int
}

// decodeOrdered reads document as encoding/json would, but with *object for objects.
func decodeOrdered(document []byte) (any, error) {
	d := &decoder{Decoder: json.NewDecoder(bytes.NewReader(document))}
	d.UseNumber()
	return orderedValue(d)
}

func orderedValue(d *decoder) (any, error) {
	d.depth++
	defer func() { d.depth-- }()
	if d.depth > deepestDocument {
		return nil, fmt.Errorf("it is nested deeper than %d levels", deepestDocument)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return orderedObject(d)
	case json.Delim('['):
		return orderedList(d)
	}
	return token, nil
}

func orderedObject(d *decoder) (*object, error) {
	if d.objects++; d.objects > mostObjects {
		return nil, fmt.Errorf("it has more than %d objects", mostObjects)
	}
	o := &object{members: make(map[string]any)}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("got %v, want a name", token)
		}
		value, err := orderedValue(d)
		if err != nil {
			return nil, err
		}
		if value == nil {
			continue
		}
		if _, twice := o.members[name]; !twice {
			o.names = append(o.names, name)
		}
		o.members[name] = value
	}
	_, err := d.Token() // the closing brace
	return o, err
}

func orderedList(d *decoder) ([]any, error) {
	var list []any
	for d.More() {
		value, err := orderedValue(d)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.Token() // the closing bracket
	return list, err
}

// object returns the member of that name if it is an object, else an empty one.
func (o *object) object(name string) *object {
	if o != nil {
		if member, ok := o.members[name].(*object); ok {
			return member
		}
	}
	return &object{}
}

// lookup returns what stands at a JSON Pointer below value.
func lookup(value any, path []string) any {
	for _, token := range path {
		switch v := value.(type) {
		case *object:
			value = v.members[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// fragment is the path of a location of the library's: the part after #, which is a JSON Pointer.
func fragment(location string) []string {
	_, after, _ := strings.Cut(location, "#")
	return tokens(after)
}
