package payloadschema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Answers are what was answered so far. They are a value: what changes them copies what it changes.
type Answers struct {
	Payload map[string]any // as JSON: nested map[string]any, []any, string, json.Number, bool; an entry of a list not answered yet is nil
	Shapes  map[string]int // by Pointer of the Shape question: which alternative of its oneOf or anyOf was chosen, from 0
}

// Get returns the value at pointer, a JSON Pointer (RFC 6901), and whether there is one.
func Get(payload map[string]any, pointer string) (any, bool) {
	var value any = payload
	for _, token := range tokens(pointer) {
		switch v := value.(type) {
		case map[string]any:
			member, ok := v[token]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			i, ok := index(token)
			if !ok || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// Set returns a with value at pointer, making objects and lists on the way: a list where the next name is an index, and
// longer by entries without an answer where it does not reach. A nil value removes a member; in a list it leaves an
// entry that is not answered. The payload as a whole can only be replaced by an object.
func (a Answers) Set(pointer string, value any) Answers {
	path := tokens(pointer)
	if len(path) == 0 {
		if whole, ok := value.(map[string]any); ok || value == nil {
			a.Payload = whole
		}
		return a
	}
	if _, ok := Get(a.Payload, pointer); !ok && value == nil {
		return a
	}
	a.Payload, _ = with(a.Payload, path, value).(map[string]any)
	return a
}

// with returns a copy of container with value at path.
func with(container any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	i, isIndex := index(path[0])
	list, isList := container.([]any)
	object, isObject := container.(map[string]any)
	if isIndex && (isList || !isObject) {
		return withEntry(list, i, path[1:], value)
	}
	object = maps.Clone(object)
	if object == nil {
		object = make(map[string]any)
	}
	if len(path) == 1 && value == nil {
		delete(object, path[0])
		return object
	}
	object[path[0]] = with(object[path[0]], path[1:], value)
	return object
}

func withEntry(list []any, i int, path []string, value any) []any {
	list = slices.Clone(list)
	for len(list) <= i {
		list = append(list, nil)
	}
	list[i] = with(list[i], path, value)
	return list
}

// Remove returns a without the entry of a list at pointer entry. Later entries and their Shapes move up.
func (a Answers) Remove(entry string) Answers {
	at, list, i, ok := a.entry(entry)
	if !ok {
		return a
	}
	a = a.Set(at, slices.Delete(slices.Clone(list), i, i+1))
	return a.reshape(at, func(from int) int {
		switch {
		case from == i:
			return -1
		case from > i:
			return from - 1
		}
		return from
	})
}

// Move returns a with the entry of a list at pointer entry by that many places later, or earlier when by is negative,
// as far as the list goes.
func (a Answers) Move(entry string, by int) Answers {
	at, list, i, ok := a.entry(entry)
	if !ok {
		return a
	}
	to := min(max(i+by, 0), len(list)-1)
	moved := slices.Delete(slices.Clone(list), i, i+1)
	a = a.Set(at, slices.Insert(moved, to, list[i]))
	return a.reshape(at, func(from int) int {
		switch {
		case from == i:
			return to
		case i < from && from <= to:
			return from - 1
		case to <= from && from < i:
			return from + 1
		}
		return from
	})
}

// entry finds the list at, and the index in it, that pointer leads to.
func (a Answers) entry(pointer string) (at string, list []any, i int, ok bool) {
	at, name, ok := cut(pointer)
	if !ok {
		return "", nil, 0, false
	}
	value, _ := Get(a.Payload, at)
	list, isList := value.([]any)
	i, isIndex := index(name)
	return at, list, i, isList && isIndex && i < len(list)
}

// reshape gives the Shapes of the entries of a list the index that move returns; below 0 they are dropped.
func (a Answers) reshape(list string, move func(int) int) Answers {
	shapes := make(map[string]int, len(a.Shapes))
	for at, shape := range a.Shapes {
		if moved, ok := movedPointer(at, list, move); ok {
			shapes[moved] = shape
		}
	}
	a.Shapes = shapes
	return a
}

func movedPointer(at, list string, move func(int) int) (string, bool) {
	if !strings.HasPrefix(at, list+"/") {
		return at, true
	}
	rest := at[len(list)+1:]
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	from, ok := index(rest[:end])
	if !ok || end < len(rest) && rest[end] != '/' && rest[end] != '~' {
		return at, true
	}
	to := move(from)
	return list + "/" + strconv.Itoa(to) + rest[end:], to >= 0
}
