package lines

import (
	"strings"

	"foyer/internal/i18n"
)

// A command is what a person can type instead of an answer: a sign, or a word after an exclamation mark.
type command string

// The commands. Help, back, leave and language work everywhere.
const (
	cmdNone       command = ""
	cmdHelp       command = "help"
	cmdBack       command = "back"
	cmdLeave      command = "leave"
	cmdLanguage   command = "language"
	cmdEmpty      command = "empty"      // takes an answer away
	cmdList       command = "list"       // reads out all there is to choose from
	cmdSuggest    command = "suggest"    // a password
	cmdAgain      command = "again"      // sends another code
	cmdAddress    command = "address"    // to another address
	cmdLink       command = "link"       // sends a link instead
	cmdLater      command = "later"      // leaves with the code outstanding
	cmdStaff      command = "staff"      // who is signed in, and out
	cmdUnknown    command = "unknown"    // an exclamation mark and a word that is none of these
	signHelp              = "?"          //
	signBack              = "<"          //
	signCommand           = "!"          // begins all others
	signVerbatim          = `\`          // begins an answer that would be a command
	keyOfCommands         = "lines.cmd." // where the catalogue has their words
)

// read is the command that text is, or cmdNone, and the answer that it is then. In every language of the catalogue the words of
// all are understood: somebody may hear the one and know the other. What only looks like a command is cmdUnknown, unless it is
// a secret, which may look like anything.
func (t *talk) read(text string, also []command, secret bool) (command, string) {
	trimmed := strings.TrimSpace(text)
	switch trimmed {
	case signHelp:
		return cmdHelp, ""
	case signBack:
		return cmdBack, ""
	}
	name, called := strings.CutPrefix(trimmed, signCommand)
	for _, c := range append([]command{cmdLeave, cmdLanguage}, also...) {
		if called && t.calls(c, name) {
			return c, ""
		}
	}
	switch {
	case secret:
		return cmdNone, text
	case called:
		return cmdUnknown, trimmed
	}
	if rest := strings.TrimLeft(trimmed, signVerbatim); rest != trimmed && (rest == signHelp || rest == signBack || strings.HasPrefix(rest, signCommand)) {
		return cmdNone, trimmed[len(signVerbatim):]
	}
	return cmdNone, text
}

// calls reports whether name is the word for c in any language.
func (t *talk) calls(c command, name string) bool {
	first := t.words.Words
	for words := first; ; {
		if strings.EqualFold(name, wordFor(words, c)) || strings.EqualFold(name, plain(wordFor(words, c))) {
			return true
		}
		if words = t.options.Catalogue.Next(words); words == first {
			return false
		}
	}
}

// wordFor is the word for c.
func wordFor(words *i18n.Words, c command) string { return words.Text(keyOfCommands + string(c)) }

// typed is how c is typed.
func (t *talk) typed(c command) string {
	if c == cmdHelp {
		return signHelp
	}
	if c == cmdBack {
		return signBack
	}
	return signCommand + wordFor(t.words.Words, c)
}
