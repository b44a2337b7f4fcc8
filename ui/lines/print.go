package lines

import (
	"io"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"

	"foyer/internal/clean"
)

// A printer writes lines. Nothing that controls a terminal gets through it but what ends a line, what clears all after a
// person and, where keys are echoed, what takes a character back.
type printer struct {
	to    io.Writer
	end   string // of a line
	ascii bool   // the person's terminal, or what reads it out, knows no other signs
	width int    // in cells, at which lines are broken between words; 0 for never
	kept  []byte // not written yet
	open  bool   // the last line has not ended: keys were echoed in it
	err   error  // of the first write that failed; then nothing is written any more
}

// line writes text as a line, or as several where it has line feeds.
func (p *printer) line(text string) {
	p.close()
	for line := range strings.SplitSeq(text, "\n") {
		line = p.legible(line)
		if p.width > 1 {
			line = strings.ReplaceAll(ansi.Wrap(line, p.width-1, ""), "\n", p.end)
		}
		p.write(line + p.end)
	}
}

// echo writes a part of a line, as it was typed, and returns how many cells that takes.
func (p *printer) echo(text string) (cells int) {
	text = p.legible(text)
	p.write(text)
	p.open = true
	return ansi.StringWidth(text)
}

// erase takes cells back that were echoed.
func (p *printer) erase(cells int) { p.write(strings.Repeat("\b \b", cells)) }

// feed ends the line that was typed.
func (p *printer) feed() {
	p.write(p.end)
	p.open = false
}

// close ends the line, if something is in it.
func (p *printer) close() {
	if p.open {
		p.feed()
	}
}

// blank writes empty lines, which push what stands there out of sight.
func (p *printer) blank(lines int) {
	p.close()
	p.write(strings.Repeat(p.end, lines))
}

// wipe writes sequence, which clears the terminal.
func (p *printer) wipe(sequence string) {
	p.close()
	p.write(sequence)
}

// write keeps text until it is flushed, or there is much of it.
func (p *printer) write(text string) {
	if p.err != nil {
		return
	}
	if p.kept = append(p.kept, text...); len(p.kept) >= mostKept {
		p.flush()
	}
}

// mostKept is how much is kept before it is written, in bytes.
const mostKept = 32 << 10

// flush writes what was kept: all that is said between two answers at once, since each write is a packet of its own.
func (p *printer) flush() {
	if p.err == nil && len(p.kept) > 0 {
		_, p.err = p.to.Write(p.kept)
	}
	clear(p.kept)
	p.kept = p.kept[:0]
}

// legible is text with nothing in it but what can be seen and, where that is all there is, ASCII.
func (p *printer) legible(text string) string {
	text = clean.Keys(text)
	if p.ascii {
		return plain(text)
	}
	return text
}

// plain is text in ASCII: letters without their accents, and another sign where there is no better one.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < unicode.MaxASCII:
			b.WriteRune(r)
		case standIn(r) != "":
			b.WriteString(standIn(r))
		default:
			b.WriteString(bare(r))
		}
	}
	return b.String()
}

// bare is the letter that r is an accented or another form of; nothing for an accent alone.
func bare(r rune) string {
	if unicode.Is(unicode.Mn, r) {
		return ""
	}
	const fractionSlash = '\u2044'
	letters := strings.Map(func(r rune) rune {
		switch {
		case r < unicode.MaxASCII:
			return r
		case r == fractionSlash:
			return '/'
		}
		return -1
	}, norm.NFKD.String(string(r)))
	if letters == "" {
		return "?"
	}
	return letters
}

// standIn is how a sign is written where there is only ASCII; "" for one that has no custom.
func standIn(r rune) string {
	switch r {
	case 'ä':
		return "ae"
	case 'ö':
		return "oe"
	case 'ü':
		return "ue"
	case 'Ä':
		return "Ae"
	case 'Ö':
		return "Oe"
	case 'Ü':
		return "Ue"
	case 'ß':
		return "ss"
	case 'ø':
		return "o"
	case 'Ø':
		return "O"
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'đ', 'ð':
		return "d"
	case 'Đ', 'Ð':
		return "D"
	case 'ı':
		return "i"
	case 'æ':
		return "ae"
	case 'Æ':
		return "Ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case '„', '“', '”', '«', '»':
		return `"`
	case '‘', '’', '‚':
		return "'"
	case '–', '—', '‐', '‑', '·':
		return "-"
	case '…':
		return "..."
	case '€':
		return "EUR"
	}
	return ""
}
