package field

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/password"
	"foyer/internal/secret"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// A Password is a secret with a judgement: which rules of the pool's policy it meets, how strong it is, and what would make
// it stronger. Rules light up as the person types. The estimate takes a few milliseconds, so it is made outside Update, one
// at a time, and the last one made is shown meanwhile.
type Password struct {
	secret   Secret
	policy   password.Policy
	block    password.Blocklist
	own      []string // the person's own answers
	estimate password.Estimate
	blocked  password.Reason // why it may not be used, whatever the policy says; "" when it may
	judging  bool            // an estimate is being made
	strict   bool            // rules that are not met are marked as broken
	refusal  Say
}

// NewPassword returns a password that holds value; own are the person's other answers, which make a bad password.
func NewPassword(policy password.Policy, block password.Blocklist, own []string, value secret.Text) Password {
	p := Password{secret: NewSecret(value), policy: policy, block: block, own: own, strict: !value.IsZero()}
	p.estimate, p.blocked = p.weigh(p.secret.Value())
	return p
}

// weigh judges text in every way that there is.
func (p Password) weigh(text string) (password.Estimate, password.Reason) {
	reason, _ := p.block.Blocks(text, p.own)
	return password.Judge(text, p.own), reason
}

// Value returns the password, normalised.
func (p Password) Value() string { return p.secret.Value() }

// Replace returns p with value in place of what was typed, drawn as before.
func (p Password) Replace(value secret.Text) Password {
	next := NewPassword(p.policy, p.block, p.own, value)
	next.secret.line.hidden = p.secret.line.hidden
	return next
}

// Show returns p drawn as text or as masks.
func (p Password) Show(shown bool) Password {
	p.secret = p.secret.Show(shown)
	return p
}

// Estimated is an estimate and which password it is of.
type Estimated struct {
	estimate password.Estimate
	blocked  password.Reason
	of       secret.Text
}

// Update edits the password. Judge, when it is not nil, makes the estimate that is now wanted; its result goes to Settle.
func (p Password) Update(msg tea.KeyMsg) (updated Password, judge func() Estimated) {
	before := p.Value()
	p.secret, p.refusal = p.secret.Edit(msg)
	if p.judging || p.Value() == before {
		return p, nil
	}
	return p.judge()
}

// Settle takes an estimate that Update or Settle asked for. When the text has changed meanwhile it wants another.
func (p Password) Settle(e Estimated) (settled Password, judge func() Estimated) {
	p.judging = false
	if !e.of.Equal(secret.New(p.Value())) {
		return p.judge()
	}
	p.estimate, p.blocked = e.estimate, e.blocked
	return p, nil
}

func (p Password) judge() (Password, func() Estimated) {
	p.judging = true
	text := p.Value()
	return p, func() Estimated {
		estimate, blocked := p.weigh(text)
		return Estimated{estimate, blocked, secret.New(text)}
	}
}

// Insist judges the password here and now, marks the rules that it breaks, and reports whether it is good.
func (p Password) Insist() (insisted Password, good bool) {
	text := p.Value()
	p.estimate, p.blocked = p.weigh(text)
	p.strict = true
	return p, text != "" && p.blocked == "" && len(p.policy.Check(text, p.estimate)) == 0
}

// View draws the input, the meter, the rules and the advice, in lines of at most width cells.
func (p Password) View(width int, focused bool, words Words, th theme.Theme) string {
	bar := th.Faint.Render(th.Glyphs.Bar)
	if focused {
		bar = th.Accent.Render(th.Glyphs.BarOn)
	}
	typed := p.Value() != ""
	lines := []string{
		bar + " " + p.secret.View(width-2, focused, th),
		Meter(p.estimate, typed, p.policy.Strength, width, words, th),
		p.rules(width, words, th),
		p.advice(width, words, th),
	}
	return strings.Join(lines, "\n")
}

// rules draws each rule of the policy with its sign, in two columns where they fit.
func (p Password) rules(width int, words Words, th theme.Theme) string {
	var items []string
	for _, r := range p.requirements() {
		items = append(items, p.rule(r, words, th))
	}
	column := 0
	for _, item := range items {
		column = max(column, lipgloss.Width(item)+3)
	}
	var b strings.Builder
	for i, item := range items {
		switch {
		case i == 0:
		case i%2 == 1 && 2*column <= width:
			b.WriteString(strings.Repeat(" ", column-lipgloss.Width(items[i-1])))
		default:
			b.WriteByte('\n')
		}
		b.WriteString(item)
	}
	return b.String()
}

// requirements are the rules of the policy, that of the strength last.
func (p Password) requirements() []password.Requirement {
	all := p.policy.Requirements(p.Value())
	if need := p.policy.Strength; need > password.Any {
		met := p.Value() != "" && p.estimate.Strength >= need
		all = append(all, password.Requirement{Rule: password.RuleStrength, Need: int(need), Met: met})
	}
	return all
}

func (p Password) rule(r password.Requirement, words Words, th theme.Theme) string {
	text := wording.OfRule(r).In(words)
	switch {
	case r.Met:
		return th.Valid.Render(th.Glyphs.Tick) + " " + th.Text.Render(text)
	case p.strict:
		return th.Invalid.Render(th.Glyphs.Cross + " " + text)
	}
	return th.Faint.Render(th.Glyphs.Open + " " + text)
}

// advice is one line: why a key was refused, or how to make the password stronger.
func (p Password) advice(width int, words Words, th theme.Theme) string {
	switch {
	case !p.refusal.Silent():
		return complaint(p.refusal.In(words), width, th)
	case p.blocked != "":
		return complaint(wording.OfBlock(p.blocked).In(words), width, th)
	}
	return th.Faint.Wrap(wording.OfAdvice(p.estimate.Advice).In(words), width)
}
