package config

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"foyer/internal/clean"
)

// WriteYAML writes the configuration as a file: every key, and as a comment where its value came from. Secrets are
// "[redacted]", which Load refuses; without secrets, or when they come from the environment, Load reads it back.
func (c *Config) WriteYAML(w io.Writer) error {
	var b strings.Builder
	for section, rows := range keyTable().bySection() {
		fmt.Fprintf(&b, "%s:\n", section)
		for r, indent := range indented(&b, section, rows) {
			_, leaf := r.split()
			text, err := flow(c.shown(r))
			if err != nil {
				return fmt.Errorf("write %s: %w", r.Path, err)
			}
			fmt.Fprintf(&b, "%s%s  # %s\n", indent, setting(leaf, text), clean.Line(c.Origin(r.Path), maxPath))
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	return nil
}

// indented yields the rows of a section with how their lines are indented. A section in it gets its heading before the first.
func indented(b *strings.Builder, section string, rows table) iter.Seq2[row, string] {
	return func(yield func(row, string) bool) {
		const step = "  "
		indent, at := step, section
		for _, r := range rows {
			if inner, _ := r.split(); inner != at {
				at, indent = inner, strings.Repeat(step, 1+strings.Count(inner, "."))
				fmt.Fprintf(b, "%s%s:\n", indent[len(step):], inner[strings.LastIndexByte(inner, '.')+1:])
			}
			if !yield(r, indent) {
				return
			}
		}
	}
}

// shown returns the value of a key for WriteYAML. A secret that was read from a file was not given by its own key.
func (c *Config) shown(r row) any {
	if r.Secret && c.Origin(r.Path) == r.Path+fileSuffix {
		return nil
	}
	return r.field(c).get()
}

// setting returns a key and its value as a line of YAML.
func setting(leaf, value string) string { return strings.TrimSuffix(leaf+": "+value, " ") }

// flow returns v as YAML on one line; "" for what is absent or empty.
func flow(v any) (string, error) {
	if v == nil || v == "" {
		return "", nil
	}
	var n yaml.Node
	if err := n.Encode(v); err != nil {
		return "", err
	}
	n.Style |= yaml.FlowStyle
	quoteUnseen(&n)
	text, err := yaml.Marshal(&n)
	return escapeUnseen(strings.TrimSuffix(string(text), "\n")), err
}

// quoteUnseen puts the scalars of n in double quotes that hold what nobody sees: there it can be escaped.
func quoteUnseen(n *yaml.Node) {
	if strings.ContainsFunc(n.Value, unseen) {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, inner := range n.Content {
		quoteUnseen(inner)
	}
}

// escapeUnseen escapes what nobody sees (YAML 1.2, 5.7).
func escapeUnseen(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case !unseen(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	return b.String()
}

// Example returns a commented configuration file with every key. As it stands it sets nothing; a line without a blank
// after its '#' becomes a setting, at its default or at a sample, when the '#' is taken away.
func Example() string {
	var b strings.Builder
	b.WriteString(`# The configuration of Foyer. To set a key, take the '#' before it away; what stands there is its default, or an
# example where it has none. An empty value means the default. Every key also has an environment variable
# (tenant.pool has FOYER_TENANT_POOL) and, unless it is a secret, a flag (--set tenant.pool=customers); a flag counts
# more than a variable, and a variable more than this file.
`)
	for section, rows := range keyTable().bySection() {
		fmt.Fprintf(&b, "\n%s:\n", section)
		for r, indent := range indented(&b, section, rows) {
			_, leaf := r.split()
			fmt.Fprintf(&b, "%s# %s.\n", indent, sentence(r.Help))
			if limits := r.limits(); limits != "" {
				fmt.Fprintf(&b, "%s# %s.\n", indent, limits)
			}
			fmt.Fprintf(&b, "%s#%s\n", indent, setting(leaf, r.Default+r.Sample))
		}
	}
	return b.String()
}

// sentence returns s with a capital.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// limits says which values a key accepts.
func (k Key) limits() string {
	switch {
	case slices.ContainsFunc(gaps(), func(g gap) bool { return g.path == k.Path }):
		return "Not available in this version"
	case len(k.Values) == 0:
		return ""
	}
	return "Values: " + strings.Join(k.Values, ", ")
}
