package ui_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/ui/gallery"
	"foyer/ui/theme"
)

// scenes lead to each screen: what is pressed, what the desk then answers, and what the screen says.
func scenes() map[string]func(d *driver, desk *desk) {
	after := func(keys, says string) func(*driver, *desk) {
		return func(d *driver, _ *desk) {
			d.until("Press Enter to begin")
			d.press("<enter>")
			d.until("Your details")
			d.press("<up>" + strings.TrimPrefix(keys, "<enter>"))
			d.until(says)
		}
	}
	failing := func(p registration.Problem, says string) func(*driver, *desk) {
		return func(d *driver, desk *desk) {
			after(good+"<enter>", "being created")(d, desk)
			desk.willFail(p)
			d.until(says)
		}
	}
	coding := func(status string, then func(d *driver, desk *desk, r registration.Receipt)) func(*driver, *desk) {
		return func(d *driver, desk *desk) {
			after(good+"<enter>", "being created")(d, desk)
			r := desk.willWait(d.clock, status)
			d.until("Type your code")
			then(d, desk, r)
		}
	}
	refused := func(d *driver, desk *desk, _ registration.Receipt) {
		desk.willTell(registration.Receipt{}, wrongCode(registration.RuleCodeWrong))
		d.press("471193<enter>")
		d.until("not the code")
	}
	linked := func(next registration.Next) func(*driver, *desk) {
		return func(d *driver, desk *desk) {
			after(good+"<enter>", "being created")(d, desk)
			desk.answers <- func(s *registration.Submission) (registration.Receipt, error) {
				return registration.Receipt{Status: "new", Next: next, Address: "ann@example.com", Reference: s.Reference}, nil
			}
			d.until("Almost done")
		}
	}
	taken := registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0", Flaw: registration.Flaw{Rule: registration.RuleTaken}}
	return map[string]func(d *driver, desk *desk){
		"welcome":          func(d *driver, _ *desk) { d.until("Press Enter to begin") },
		"invitation":       func(d *driver, _ *desk) { d.until("Registration by invitation") },
		"invitation-slip":  presenting(registration.ErrCodeMistyped, "has a slip in it"),
		"invitation-no":    presenting(registration.ErrCodeRefused, "cannot be used now"),
		"details":          after("<enter>ann@example.com<enter><tab>", "✓"),
		"details-invalid":  after("<enter>ann<enter>", "has one @"),
		"password":         after(strings.Split(good, "correct")[0]+"crowther", "names are guessed first"),
		"review":           after(good, "Is everything right?"),
		"submitting":       after(good+"<enter>", "being created"),
		"leaving":          after("<enter><leave>", "Leave the registration?"),
		"help":             after("<enter><f1>", "A tick says"),
		"conflict":         failing(taken, "Somebody is registered"),
		"unavailable":      failing(registration.Problem{Kind: registration.Unavailable, Unclear: true}, "does not answer"),
		"misconfigured":    failing(registration.Problem{Kind: registration.Misconfigured, Staff: "Check auth.client_secret: the tenant refuses the client."}, "needs attention"),
		"soon":             func(d *driver, _ *desk) { d.until("We will be back soon") },
		"verify":           coding("new", func(*driver, *desk, registration.Receipt) {}),
		"verify-wrong":     coding("new", refused),
		"later":            coding("new", func(d *driver, _ *desk, _ registration.Receipt) { d.press("<back>") }),
		"leaving-halfmade": coding("active", func(d *driver, _ *desk, _ registration.Receipt) { d.press("<leave>") }),
		"unfinished":       coding("new", func(d *driver, _ *desk, _ registration.Receipt) { d.press("<back><enter>") }),
		"unverified":       coding("active", func(d *driver, _ *desk, _ registration.Receipt) { d.press("<back><enter>") }),
		"linked":           linked(registration.NextFollowLink),
		"invited":          linked(registration.NextSetPassword),
		"known":            func(d *driver, _ *desk) { d.until("You are registered already"); d.until("enter leave") },
		"done": func(d *driver, desk *desk) {
			after(good+"<enter>", "being created")(d, desk)
			desk.willCreate()
			d.until("You are registered")
		},
	}
}

// deskOf is the desk of a scene: those with codes have another form.
func deskOf(t *testing.T, scene string) *desk {
	t.Helper()
	desk := newDesk(t)
	if staffed(scene) {
		desk.front = newFront(registration.SignInPrompt{})
	}
	if strings.HasPrefix(scene, "invitation") {
		desk.keeper = newKeeper()
	}
	switch scene {
	case "soon":
		desk.closes(registration.Problem{Kind: registration.Unavailable, Reference: "7KQ4-M2XW", Staff: "look up acme.eu.authz.example.com: no such host"})
	case "verify", "verify-wrong", "later", "unfinished", "mailbox", "confirming", "closed", "unsure":
		desk.form = formOf(t, coded(registration.New))
	case "known", "known-unfinished":
		desk.known = &registration.User{Status: "active", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
		if scene != "known" {
			desk.known.Status = "new"
		}
	case "totp", "totp-wrong":
		desk.form = formOf(t, registration.Settings{Status: registration.Active}, "password", "totp")
	case "leaving-halfmade", "unverified":
		desk.form = formOf(t, coded(registration.Active))
	}
	return desk
}

// colourless is a terminal that draws every sign and no colour.
func colourless() theme.Terminal { return theme.Terminal{Profile: colorprofile.NoTTY} }

// changing are scenes that no picture is kept of: what they show differs from run to run, or is a detail of another.
func changing() map[string]func(d *driver, desk *desk) {
	toTOTP := func(d *driver, keys string) {
		d.until("Press Enter to begin")
		d.press(good)
		d.until("Set up your authenticator app")
		d.press(keys)
	}
	coded := func(then func(d *driver, desk *desk, r registration.Receipt)) func(*driver, *desk) {
		return func(d *driver, desk *desk) {
			d.until("Press Enter to begin")
			d.press(good + "<enter>")
			r := desk.willWait(d.clock, "new")
			d.until("Type your code")
			then(d, desk, r)
		}
	}
	return map[string]func(d *driver, desk *desk){
		"known-unfinished": func(d *driver, _ *desk) { d.until("You have begun to register") },
		"recorded": func(d *driver, desk *desk) {
			d.until("Press Enter to begin")
			d.press(good + "<enter>")
			desk.willFail(registration.Problem{Kind: registration.Conflict, Flaw: registration.Flaw{Rule: registration.RuleRecorded}})
			d.until("You are registered already")
		},
		"invitation-looking":     func(d *driver, _ *desk) { d.press(typedCode + "<enter>") },
		"invitation-unavailable": presenting(registration.ErrCodeUnavailable, "not your fault"),
		"invitation-help":        func(d *driver, _ *desk) { d.press("<f1>") },
		"totp":                   func(d *driver, _ *desk) { toTOTP(d, "") },
		"totp-wrong":             func(d *driver, _ *desk) { toTOTP(d, "000000<enter>") },
		"mailbox":                coded(func(d *driver, _ *desk, _ registration.Receipt) { d.until("Your code is 471193") }),
		"confirming": coded(func(d *driver, _ *desk, _ registration.Receipt) {
			d.press("471193<enter>")
			d.until("Checking your code")
		}),
		"closed": coded(func(d *driver, desk *desk, _ registration.Receipt) {
			desk.willTell(registration.Receipt{}, &registration.Problem{
				Kind: registration.TooMany, RetryAfter: time.Hour, Flaw: registration.Flaw{Rule: registration.RuleCodeTries},
			})
			d.press("471193<enter>")
			d.until("in 60 minutes")
		}),
		"unsure": coded(func(d *driver, desk *desk, r registration.Receipt) {
			challenge := *r.Challenge
			challenge.Unsure, r.Challenge = true, &challenge
			desk.willTell(r, nil)
			d.clock.pass()
			d.wait("the offer of another code", func() bool { return !strings.Contains(d.view(), "(in ") })
			d.press("<down><enter>")
			d.until("It is not certain that the message went out")
		}),
	}
}

// TestNoFrameExceedsItsWindow draws each screen in every width and several heights, in each language.
func TestNoFrameExceedsItsWindow(t *testing.T) {
	for name, scene := range allScenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := deskOf(t, name)
			o := options(t, desk)
			o.Terminal = colourless()
			if name == "mailbox" {
				o.Mailbox = func(string) []string { return []string{"Your code is 471193. It is good for 10 minutes."} }
			}
			d := start(t, o)
			scene(d, desk)
			d.fits(t)
			d.press("<f2>")
			d.fits(t)
		})
	}
}

// fits draws the screen in every width and several heights.
func (d *driver) fits(t *testing.T) {
	t.Helper()
	for _, height := range []int{12, 15, 24, 50} {
		for width := theme.MinWidth; width <= 200; width += 3 {
			d.send(tea.WindowSizeMsg{Width: width, Height: height})
			if v := d.model.View(); lipgloss.Width(v) > width || lipgloss.Height(v) > height {
				t.Fatalf("at %dx%d the frame is %dx%d:\n%s", width, height, lipgloss.Width(v), lipgloss.Height(v), v)
			}
		}
	}
}

var update = flag.Bool("update", false, "write the golden screens anew") //nolint:gochecknoglobals // the flag package wants it

// TestGolden holds each screen against the picture that was reviewed.
func TestGolden(t *testing.T) {
	pictured := scenes()
	maps.Copy(pictured, staffScenes())
	for name, scene := range pictured {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := deskOf(t, name)
			o := options(t, desk)
			o.Terminal = colourless()
			d := start(t, o)
			scene(d, desk)
			got := trimmed(d.view())
			for _, sub := range desk.submissions() {
				got = strings.ReplaceAll(got, sub.Reference, "7KQ4-M2XW")
			}
			got = jitter.ReplaceAllString(got, "by itself in 3 seconds.")
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the screen changed; if that is right, run make golden. -want +got:\n%s", diff)
			}
		})
	}
}

// jitter is a wait that differs from run to run.
var jitter = regexp.MustCompile(`by itself in \d seconds?\.`)

// trimmed drops the spaces at the ends of lines, and the spinner's state.
func trimmed(frame string) string {
	lines := strings.Split(frame, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	text := strings.Join(lines, "\n") + "\n"
	for _, turn := range []string{"⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"} {
		text = strings.ReplaceAll(text, turn, "⠋")
	}
	return text
}

func TestAWindowThatIsTooSmallSaysSo(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	for _, size := range []tea.WindowSizeMsg{{Width: 39, Height: 24}, {Width: 80, Height: 11}, {Width: 1, Height: 1}, {Width: -5, Height: -5}} {
		d.send(size)
		v := d.model.View()
		if lipgloss.Width(v) > max(size.Width, 1) || lipgloss.Height(v) > max(size.Height, 1) {
			t.Errorf("at %dx%d the frame is %dx%d", size.Width, size.Height, lipgloss.Width(v), lipgloss.Height(v))
		}
	}
	d.send(tea.WindowSizeMsg{Width: 39, Height: 24})
	d.until("too small")
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	d.send(tea.WindowSizeMsg{}) // nobody knows
	d.until("Press Enter")
	d.send(tea.WindowSizeMsg{Width: 40, Height: 12})
	d.until("Press Enter")
}

func TestAnAbsurdWindowCostsNothing(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.send(tea.WindowSizeMsg{Width: 1<<32 - 1, Height: 1<<32 - 1})
	if v := d.model.View(); len(v) > 1<<20 {
		t.Errorf("the frame has %d bytes", len(v))
	}
}

func TestWideCharactersKeepTheFrame(t *testing.T) {
	for _, name := range []string{"李小龍", "👨\u200d👩\u200d👧 family", "e\u0301\u0302\u0303", "नमस्ते", "\u202eevil\u202c", "ｗｉｄｅ"} {
		d := start(t, options(t, newDesk(t)))
		d.begin()
		d.press("ann@example.com<enter><enter>" + name + strings.Repeat("字", 40) + "<left><left><del>")
		for _, width := range []int{40, 41, 80} {
			d.send(tea.WindowSizeMsg{Width: width, Height: 24})
			if v := d.model.View(); lipgloss.Width(v) > width {
				t.Errorf("%q at %d columns makes a frame of %d:\n%s", name, width, lipgloss.Width(v), v)
			}
		}
		if strings.ContainsRune(d.view(), '\u202e') {
			t.Errorf("%q: a bidi control reached the screen", name)
		}
	}
}

// TestPictures draws the screens that the README shows, when it is asked to by make pictures; otherwise it holds that each
// of them can be drawn.
func TestPictures(t *testing.T) {
	drawn := scenes()
	maps.Copy(drawn, staffScenes())
	for _, name := range []string{"welcome", "details-invalid", "password", "conflict", "verify-wrong", "done", "staff-phone", "invitation-slip"} {
		t.Run(name, func(t *testing.T) {
			desk := deskOf(t, name)
			o := options(t, desk)
			o.Terminal = theme.Terminal{Profile: colorprofile.TrueColor, Dark: true}
			d := start(t, o)
			drawn[name](d, desk)
			picture := gallery.SVG(d.model.View(), 80, 24)
			for _, sub := range desk.submissions() {
				picture = strings.ReplaceAll(picture, sub.Reference, "7KQ4-M2XW")
			}
			if !strings.Contains(picture, ">Foyer<") && !strings.Contains(picture, ">Staff sign-in<") {
				t.Errorf("the picture does not show the kiosk:\n%s", picture)
			}
			if *update {
				if err := os.WriteFile(filepath.Join("gallery", name+".svg"), []byte(picture), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
