// Package i18n holds the words of the screens, by key and language. Translators edit the YAML files in catalogue; the
// first line of each names its language in that language.
package i18n

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed catalogue/*.yaml
var files embed.FS

// fallback is the language that has every key.
const fallback = "en"

// nameKey is the key under which a catalogue names its language.
const nameKey = "language"

// A message is what stands under a key: one text, or a text for each plural form.
type message struct {
	one, other string
}

// UnmarshalYAML takes a text, or a mapping with the members one and other.
func (m *message) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&m.other)
	}
	var forms struct {
		One   string `yaml:"one"`
		Other string `yaml:"other"`
	}
	if err := node.Decode(&forms); err != nil {
		return err
	}
	*m = message{forms.One, forms.Other}
	return nil
}

// A Catalogue is the words of all languages. It does not change and is safe for concurrent use.
type Catalogue struct {
	words []*Words // the fallback first, then by tag
}

// Load reads the catalogues that are built in.
func Load() (*Catalogue, error) {
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		return nil, fmt.Errorf("read the catalogues: %w", err)
	}
	c := &Catalogue{}
	for _, entry := range entries {
		w, err := load(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", entry.Name(), err)
		}
		c.words = append(c.words, w)
	}
	i := slices.IndexFunc(c.words, func(w *Words) bool { return w.Tag == fallback })
	if i < 0 {
		return nil, fmt.Errorf("there is no catalogue %s", fallback)
	}
	c.words[0], c.words[i] = c.words[i], c.words[0]
	for _, w := range c.words[1:] {
		w.fallback = c.words[0]
	}
	return c, nil
}

func load(name string) (*Words, error) {
	data, err := files.ReadFile(path.Join("catalogue", name))
	if err != nil {
		return nil, err
	}
	w := &Words{Tag: strings.TrimSuffix(name, ".yaml")}
	if err := yaml.Unmarshal(data, &w.messages); err != nil {
		return nil, err
	}
	w.language, err = language.Parse(w.Tag)
	w.Name = w.messages[nameKey].other
	return w, err
}

// Words returns the words of the language that fits tag (BCP 47, or a POSIX locale such as de_AT.UTF-8) best.
func (c *Catalogue) Words(tag string) *Words {
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	wanted, err := language.Parse(tag)
	if err != nil {
		return c.words[0]
	}
	known := make([]language.Tag, len(c.words))
	for i, w := range c.words {
		known[i] = w.language
	}
	_, i, confidence := language.NewMatcher(known).Match(wanted)
	if confidence == language.No {
		return c.words[0]
	}
	return c.words[i]
}

// Next returns the words of the language after w, the first after the last.
func (c *Catalogue) Next(w *Words) *Words {
	return c.words[(slices.Index(c.words, w)+1)%len(c.words)]
}

// Words are the texts of one language.
type Words struct {
	Tag  string // BCP 47
	Name string // of the language, in the language

	language language.Tag
	messages map[string]message
	fallback *Words
}

// Text returns the text under key with args put in as fmt.Sprintf does. An int as the first argument chooses the plural
// form. A key without a text in this language has that of the fallback, and without any is returned itself.
func (w *Words) Text(key string, args ...any) string {
	m, ok := w.messages[key]
	switch {
	case ok:
	case w.fallback != nil:
		return w.fallback.Text(key, args...)
	default:
		return key
	}
	if len(args) == 0 {
		return m.other
	}
	return fmt.Sprintf(w.form(m, args[0]), args...)
}

// Language is the tag (BCP 47) of the language.
func (w *Words) Language() string { return w.Tag }

// Has reports whether there is a text under key, in this language or the fallback.
func (w *Words) Has(key string) bool {
	_, ok := w.messages[key]
	return ok || w.fallback != nil && w.fallback.Has(key)
}

// form chooses between the plural forms of m.
func (w *Words) form(m message, first any) string {
	n, ok := first.(int)
	if ok && m.one != "" && plural.Cardinal.MatchPlural(w.language, n, 0, 0, 0, 0) == plural.One {
		return m.one
	}
	return m.other
}
