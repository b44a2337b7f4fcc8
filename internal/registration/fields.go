package registration

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"foyer/internal/payloadschema"
)

// A FieldSetting is how the administrator wants the value at one place of the payload asked. What it leaves open is as the
// schema has it.
type FieldSetting struct {
	Label, Help, Placeholder Texts
	Order                    *int // among the questions of the same section; nil for none
	Widget                   Widget
	Default                  Preset // what is sent where a person answers nothing
	Prefill                  Preset // what stands in the field from the start
	Hidden                   bool   // it is not asked
}

// Texts are the words for one thing, by language (BCP 47); those under "" are for all other languages.
type Texts map[string]string

// A Preset is an answer that the administrator gives: a text as a person would type it, or one for each entry of a list.
type Preset struct {
	Text    string
	Entries []string
}

// IsZero reports whether there is none.
func (p Preset) IsZero() bool { return p.Text == "" && len(p.Entries) == 0 }

// suits reports whether p can answer a question of that kind.
func (p Preset) suits(kind Kind) bool {
	if kind == More {
		return len(p.Entries) > 0
	}
	return p.Text != "" && slices.Contains([]Kind{Text, Choice, Number, Integer, Switch}, kind)
}

// A fieldTable finds the settings that hold at a pointer into the payload.
type fieldTable struct {
	exact                           map[string]FieldSetting
	patterns                        []string // those with a *, the most exact ones first
	presets, prefills, hides, ranks bool     // whether any setting has one
}

func newFieldTable(settings map[string]FieldSetting) fieldTable {
	t := fieldTable{exact: settings}
	for _, pattern := range slices.Sorted(maps.Keys(settings)) {
		s := settings[pattern]
		t.presets = t.presets || !s.Default.IsZero() || !s.Prefill.IsZero()
		t.prefills, t.hides, t.ranks = t.prefills || !s.Prefill.IsZero(), t.hides || s.Hidden, t.ranks || s.Order != nil
		if slices.Contains(strings.Split(pattern, "/"), payloadschema.AnyEntry) {
			t.patterns = append(t.patterns, pattern)
		}
	}
	slices.SortStableFunc(t.patterns, func(a, b string) int {
		return cmp.Compare(strings.Count(a, "/"+payloadschema.AnyEntry), strings.Count(b, "/"+payloadschema.AnyEntry))
	})
	return t
}

// at is the setting that holds at pointer; the zero one when none does.
func (t fieldTable) at(pointer string) FieldSetting {
	if s, ok := t.exact[pointer]; ok {
		return s
	}
	for _, pattern := range t.patterns {
		if matches(pattern, pointer) {
			return t.exact[pattern]
		}
	}
	return FieldSetting{}
}

// hidden reports whether the value at pointer, or one around it, is hidden.
func (t fieldTable) hidden(pointer string) bool {
	for t.hides && pointer != "" {
		if t.at(pointer).Hidden {
			return true
		}
		pointer = payloadschema.Parent(pointer)
	}
	return false
}

// defaults reports whether the value at pointer, or the list that it is an entry of, has a default.
func (t fieldTable) defaults(pointer string) bool {
	return !t.at(pointer).Default.IsZero() || len(t.at(payloadschema.Parent(pointer)).Default.Entries) > 0
}

// rank is the order that the setting at pointer asks for.
func (t fieldTable) rank(pointer string) (int, bool) {
	if order := t.at(pointer).Order; order != nil {
		return *order, true
	}
	return 0, false
}

// matches reports whether pattern, in which * stands for any entry of a list, is of pointer.
func matches(pattern, pointer string) bool {
	for pattern != "" && pointer != "" {
		var want, have string
		want, pattern = cutToken(pattern)
		have, pointer = cutToken(pointer)
		number := have != "" && strings.Trim(have, "0123456789") == ""
		if want != have && (want != payloadschema.AnyEntry || !number) {
			return false
		}
	}
	return pattern == pointer
}

// cutToken takes the first token off a JSON Pointer.
func cutToken(pointer string) (token, rest string) {
	pointer = strings.TrimPrefix(pointer, "/")
	if i := strings.IndexByte(pointer, '/'); i >= 0 {
		return pointer[:i], pointer[i:]
	}
	return pointer, ""
}

// fits reports whether questions of kind k can be asked with w.
func fits(w Widget, k Kind) bool {
	return w != "" && (k == Text || k == Choice && (w == WidgetCountry || w == WidgetPlain))
}
