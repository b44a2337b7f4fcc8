package lines

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/field"
	"foyer/ui/screen"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// A generator makes payload schemas, and answers to what they ask.
type generator struct{ *rand.Rand }

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }

// object is a schema of an object with a few properties.
func (g generator) object(depth int) map[string]any {
	properties, required := map[string]any{}, []any{}
	for i := range 1 + g.IntN(4) {
		name := "p" + strconv.Itoa(i)
		properties[name] = g.value(depth)
		if g.IntN(2) == 0 {
			required = append(required, name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "required": required}
	switch g.IntN(6) {
	case 0:
		s["additionalProperties"] = map[string]any{"type": "string"}
	case 1:
		s["if"] = map[string]any{"required": []any{"p0"}}
		s["then"] = map[string]any{"properties": map[string]any{"then": g.single()}, "required": []any{"then"}}
	case 2:
		s["dependentRequired"] = map[string]any{"p0": []any{g.one("p1", "p2", "p0")}}
	}
	return s
}

func (g generator) value(depth int) map[string]any {
	if depth <= 0 || g.IntN(3) > 0 {
		return g.single()
	}
	switch g.IntN(3) {
	case 0:
		return map[string]any{"type": "array", "title": "List", "items": g.value(depth - 1), "minItems": g.IntN(2), "maxItems": 1 + g.IntN(3), "uniqueItems": g.IntN(3) == 0}
	case 1:
		shape := func(tag string) map[string]any {
			s := g.object(depth - 1)
			properties, _ := s["properties"].(map[string]any)
			properties["tag"] = map[string]any{"const": tag}
			s["title"], s["required"] = "Shape "+tag, []any{"tag"}
			return s
		}
		return map[string]any{"oneOf": []any{shape("left"), shape("right")}}
	}
	return g.object(depth - 1)
}

func (g generator) single() map[string]any {
	switch g.IntN(8) {
	case 0:
		return map[string]any{"type": "boolean", "title": "A switch"}
	case 1:
		return map[string]any{"type": "integer", "minimum": g.IntN(5), "maximum": 12 + g.IntN(9)}
	case 2:
		return map[string]any{"type": "number", "exclusiveMinimum": 0}
	case 3:
		return map[string]any{"enum": []any{"red", "green", "blue", "grey", "green-grey"}[:2+g.IntN(4)], "title": "A colour"}
	case 4:
		options := []any{}
		for i := range 14 {
			options = append(options, fmt.Sprintf("option %d", i))
		}
		return map[string]any{"enum": options}
	case 5:
		return map[string]any{"type": "string", "format": "date"}
	case 6:
		return map[string]any{"type": "string", "pattern": g.one(`^\d{5}$`, `^[A-Z]{2}\d+$`)}
	}
	return map[string]any{"type": "string", "minLength": g.IntN(3), "maxLength": 3 + g.IntN(5)}
}

// answer is what somebody types at q, of a draft d: nothing, something that fits or something else.
func (g generator) answer(q registration.Question, d registration.Draft) string {
	fits := []string{"ab", "red", "12345", "AB12", "7", "3.5", "2026-01-31", "2026-1-3", " x ", "Żółć", q.Example}
	switch {
	case q.Identifier != "":
		return g.one("ann@example.com", "ann@example.com", "ann", "")
	case q.Kind == registration.Extra:
		return g.one("", "", "extra", "p0")
	case g.IntN(5) == 0:
		return ""
	case len(wording.OptionsOf(q)) > 0 && g.IntN(12) == 0:
		return "no such thing"
	case len(wording.OptionsOf(q)) > 0:
		return "" // chosen below, by its name
	case d.Answer(q) != "": // what is refused takes nothing away in lines; on a screen it is taken away first
		return q.Example
	}
	return g.one(fits...)
}

var asked = regexp.MustCompile(`Question (\d+) of (\d+)`)

// heard is the question of form that is asked as number of so many. One at which there is nothing to decide counts only
// where it is asked, as it is where it is wrong.
func heard(form *registration.Form, d registration.Draft, number, many string) (n int, q registration.Question) {
	n, _ = strconv.Atoi(number)
	all, _ := strconv.Atoi(many)
	questions := form.Questions(d)
	flaws := form.Flaws(d, questions, registration.Finding{})
	found := -1
	for i := range questions {
		place, count := places(questions, i)
		if place == n-1 && count+len(form.Credentials()) == all && (found < 0 || !flaws[i].OK()) {
			found = i
		}
	}
	return n, questions[found]
}

// A turn is what was typed at a question; back is going to the one before.
type turn struct {
	at   registration.Question
	text string
	back bool
}

// told are turns in short.
func told(turns []turn) string {
	var b strings.Builder
	for _, turn := range turns {
		fmt.Fprintf(&b, "%s %s: %q\n", turn.at.Kind, turn.at.Pointer, turn.text)
	}
	return b.String()
}

// inLines has somebody answer the questions of form, and returns what they typed where, what came of it, and whether they came to
// the end.
func (g generator) inLines(t *testing.T, form *registration.Form, catalogue *i18n.Catalogue) (turns []turn, draft registration.Draft, through bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	talk := newTalk(ctx, ui.Options{Catalogue: catalogue, Language: "en", Remote: true, Now: time.Now, IdleTimeout: time.Hour}, Line{In: strings.NewReader(""), Out: &out})
	pieces := make(chan []byte)
	talk.pieces, talk.form, talk.draft = pieces, form, form.Draft()
	over := make(chan error, 1)
	go func() { over <- talk.details(screen.Entry{}) }()
	for range 120 {
		select {
		case pieces <- nil: // it waits for an answer
		case err := <-over:
			if err != nil {
				t.Fatal(err)
			}
			return turns, talk.draft, true
		}
		found := asked.FindAllStringSubmatch(out.String(), -1)
		n, q := heard(form, talk.draft, found[len(found)-1][1], found[len(found)-1][2])
		next := turn{at: q, text: g.answer(q, talk.draft)}
		if options := wording.OptionsOf(q); next.text == "" && len(options) > 0 && g.IntN(3) > 0 {
			next.text = options[g.IntN(len(options))].Say.In(words{catalogue.Words("en")})
		}
		if n > 1 && g.IntN(15) == 0 {
			next = turn{at: q, text: signBack, back: true}
		}
		turns = append(turns, next)
		pieces <- []byte(next.text + "\n")
	}
	pieces <- nil
	return turns, talk.draft, false
}

// A sitter sits before the screen with the questions.
type sitter struct {
	t         *testing.T
	form      *registration.Form
	screen    screen.Screen
	intent    screen.Intent
	draft     registration.Draft // as it should be
	questions []registration.Question
	at        int
}

func sit(t *testing.T, form *registration.Form, catalogue *i18n.Catalogue) *sitter {
	t.Helper()
	draft := form.Draft()
	frame := screen.Frame{Width: 80, Height: 24, Theme: theme.New(theme.Terminal{}), Words: catalogue.Words("en")}
	return &sitter{t: t, form: form, screen: screen.NewDetails(form, draft, screen.Entry{}).Fit(frame), draft: draft, questions: form.Questions(draft)}
}

func (s *sitter) press(k tea.KeyMsg) {
	next, intent, _ := s.screen.Update(k)
	s.screen = next
	if intent.Go != screen.Stay {
		s.intent = intent
	}
}

// goes goes to the question of a turn, past those at which there is nothing to decide.
func (s *sitter) goes(to registration.Question, back bool) {
	s.t.Helper()
	for range len(s.questions) {
		switch q := s.questions[s.at]; {
		case q.Is(to):
			return
		case back:
			s.press(tea.KeyMsg{Type: tea.KeyShiftTab})
			s.at--
		case idle(q, registration.Flaw{}):
			s.press(tea.KeyMsg{Type: tea.KeyEnter})
			s.advance()
		default:
			s.t.Fatalf("the screen asks %s %s where lines ask %s %s", q.Kind, q.Pointer, to.Kind, to.Pointer)
		}
	}
}

// types types what somebody typed in lines, and knows where the cursor is then.
func (s *sitter) types(turn turn, english wording.Words) {
	q := s.questions[s.at]
	chooses := len(wording.OptionsOf(q)) > 0
	value, refused := turn.text, false
	switch {
	case turn.text == "":
	case chooses:
		found := field.Find(wording.OptionsOf(q), turn.text, english, few(q))
		if refused = len(found) != 1; !refused {
			value = wording.OptionsOf(q)[found[0]].Value
		}
	default:
		var refusal field.Say
		value, refusal = screen.Typed(q, turn.text, english)
		refused = !refusal.Silent()
		s.press(tea.KeyMsg{Type: tea.KeyCtrlU})
	}
	if turn.text != "" {
		s.press(field.Paste(turn.text))
	}
	s.press(tea.KeyMsg{Type: tea.KeyEnter})
	if refused {
		return
	}
	s.follow(q, value, turn.text != "")
}

// follow goes where the screen goes after value was given to q.
func (s *sitter) follow(q registration.Question, value string, typed bool) {
	if acted, ok := s.form.Act(s.draft, q, value); ok && typed {
		before := s.questions
		s.draft, s.questions = acted, s.form.Questions(acted)
		s.at = registration.After(before, s.questions, s.at)
		return
	}
	if typed && !q.Acts() {
		s.draft = s.form.Answer(s.draft, q, value)
		s.questions = s.form.Questions(s.draft)
		for i, other := range s.questions {
			if other.Is(q) {
				s.at = i
			}
		}
	}
	s.advance()
}

// advance goes on from where the cursor is, as enter does.
func (s *sitter) advance() {
	flaws := s.form.Flaws(s.draft, s.questions, registration.Finding{})
	switch {
	case !flaws[s.at].OK():
	case s.at < len(s.questions)-1:
		s.at++
	default:
		for i := len(flaws) - 1; i >= 0; i-- {
			if !flaws[i].OK() {
				s.at = i
			}
		}
	}
}

// TestLinesAndScreensAgree answers random forms in lines, and types the same on the screen: the same is asked in the same order,
// and the same comes of it.
func TestLinesAndScreensAgree(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	english := words{catalogue.Words("en")}
	through, forms := 0, 0
	for seed := range uint64(400) {
		g := generator{rand.New(rand.NewPCG(seed, 7))}
		schema, _ := json.Marshal(g.object(2))
		form, err := registration.NewForm(registration.Pool{ID: "p"}, schema, nil, registration.Settings{
			Status: registration.Active, Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}},
		})
		if err != nil {
			continue // nobody can be asked that
		}
		forms++
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			turns, draft, ended := g.inLines(t, form, catalogue)
			s := sit(t, form, catalogue)
			for i, turn := range turns {
				s.goes(turn.at, i > 0 && turns[i-1].back)
				if !turn.back {
					s.types(turn, english)
				}
			}
			for range s.questions { // what is left has nothing to decide
				if ended && s.intent.Go == screen.Stay {
					s.press(tea.KeyMsg{Type: tea.KeyEnter})
				}
			}
			if !ended {
				s.press(tea.KeyMsg{Type: tea.KeyEsc})
			} else {
				through++
			}
			if s.intent.Draft == nil || ended != (s.intent.Go == screen.Next) {
				t.Fatalf("lines came to the end: %t, the screen asks for %v; schema %s, turns %s", ended, s.intent.Go, schema, told(turns))
			}
			if diff := cmp.Diff(form.Payload(draft), form.Payload(*s.intent.Draft)); diff != "" {
				t.Errorf("the payloads, -lines +screen:\n%s\nof %s after %s", diff, schema, told(turns))
			}
			if diff := cmp.Diff(draft.Identifiers, s.intent.Draft.Identifiers); diff != "" {
				t.Errorf("the identifiers, -lines +screen:\n%s", diff)
			}
		})
	}
	if forms < 200 || through < forms/4 {
		t.Errorf("%d forms were asked and %d answered to the end, want 200 and a quarter of them", forms, through)
	}
}
