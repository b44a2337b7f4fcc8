package paint

import (
	"strconv"
	"strings"

	"foyer/ui/theme"
)

// unknown stands for a row or column that the cursor may be in.
const unknown = -1

// A drawing is the bytes that turn one frame into another. The cursor is taken to be nowhere when it begins, since others
// may write on a terminal, too; the style is the terminal's own then and in the end.
type drawing struct {
	out        []byte
	size       theme.Size
	attributes attributes // that the terminal knows
	y, x       int        // of the cursor
	pen        style

	blankFrom, blankTo int    // columns that are to become blank, once it is known how; none when they are the same
	kept               []byte // what stands between the cursor and the cell that comes next, where sending it is shorter than moving
	keptTo             int
	buffer             [mostKept]byte
}

// mostKept is the bytes of a short movement of the cursor.
const mostKept = 4

// frame turns a screen that shows was into one that shows is.
func (d *drawing) frame(was, is string) {
	for y := 0; y < d.size.Height && (was != "" || is != ""); y++ {
		if is == "" && strings.Contains(was, "\n") {
			d.clear(y, 0, clearBelow)
			break
		}
		var before, after string
		before, was, _ = strings.Cut(was, "\n")
		after, is, _ = strings.Cut(is, "\n")
		if before != after {
			d.line(y, before, after)
		}
	}
	d.change(style{})
}

// line turns row y, which shows was, into one that shows is.
func (d *drawing) line(y int, was, is string) {
	if disputed(was) || disputed(is) {
		d.clear(y, 0, clearToRight)
		was = ""
	}
	old, new := d.read(was), d.read(is)
	d.blankFrom, d.blankTo, d.kept, d.keptTo = 0, 0, d.buffer[:0], unknown
	before, inBefore := old.next()
	for {
		c, in := new.next()
		for before.at < c.at {
			before, inBefore = old.next()
		}
		if !in && !inBefore && before.at == c.at || c.at >= d.size.Width {
			break
		}
		switch {
		case c == before:
			d.keep(y, c)
		case c.blank():
			d.erase(c)
		default:
			d.put(y, c)
		}
	}
	d.finish(y)
}

func (d *drawing) read(text string) *line {
	return &line{rest: text, attributes: d.attributes, width: d.size.Width}
}

// keep passes a cell that stays. It is remembered when sending it again is shorter than moving over it.
func (d *drawing) keep(y int, c cell) {
	if !c.blank() {
		d.flush(y)
	}
	at := d.x
	if len(d.kept) > 0 {
		at = d.keptTo
	}
	alike := c.style == d.pen || c.text == " " && c.style == d.pen.onSpace()
	if d.y == y && c.at == at && alike && len(d.kept)+len(c.text) <= mostKept {
		d.kept = append(d.kept, c.text...)
		d.keptTo = c.at + c.width
	}
}

// erase notes that c becomes blank.
func (d *drawing) erase(c cell) {
	if d.blankFrom == d.blankTo {
		d.blankFrom = c.at
	}
	d.blankTo = c.at + 1
}

// flush sends the blanks that were noted.
func (d *drawing) flush(y int) {
	if d.blankFrom == d.blankTo {
		return
	}
	d.move(y, d.blankFrom)
	d.space(style{})
	for range d.blankTo - d.blankFrom {
		d.out = append(d.out, ' ')
	}
	d.advance(d.blankTo - d.blankFrom)
	d.blankFrom, d.blankTo = 0, 0
}

// finish blanks the end of the line, if that was noted.
func (d *drawing) finish(y int) {
	if d.blankTo-d.blankFrom <= len(clearToRight) {
		d.flush(y)
		return
	}
	d.clear(y, d.blankFrom, clearToRight)
	d.blankFrom, d.blankTo = 0, 0
}

// clear clears from row y and column x on, in no colour.
func (d *drawing) clear(y, x int, sequence string) {
	d.move(y, x)
	d.change(style{})
	d.out = append(d.out, sequence...)
}

// put sends a cell.
func (d *drawing) put(y int, c cell) {
	d.flush(y)
	d.move(y, c.at)
	if c.text == " " {
		d.space(c.style)
	} else {
		d.change(c.style)
	}
	d.out = append(d.out, c.text...)
	d.advance(c.width)
	if disputed(c.text) {
		d.y = unknown
	}
}

// change has what follows look like s.
func (d *drawing) change(s style) {
	d.out = s.appendChange(d.out, d.pen)
	d.pen = s
}

// space has a space look like s, on which the ink of what stood before is not seen.
func (d *drawing) space(s style) {
	if d.pen.onSpace() != s {
		d.change(s)
	}
}

// advance notes that the cursor moved by what was sent. At the right edge terminals disagree where it is.
func (d *drawing) advance(columns int) {
	d.x += columns
	if d.x >= d.size.Width {
		d.y = unknown
	}
	d.kept = d.buffer[:0]
}

// move sends the cursor to row y and column x in few bytes.
func (d *drawing) move(y, x int) {
	switch {
	case d.y != y:
		d.out = append(d.out, "\x1b["...)
		d.out = strconv.AppendInt(d.out, int64(y+1), 10)
		if x > 0 {
			d.out = append(d.out, ';')
			d.out = strconv.AppendInt(d.out, int64(x+1), 10)
		}
		d.out = append(d.out, 'H')
	case x == d.x:
	case len(d.kept) > 0 && d.keptTo == x:
		d.out = append(d.out, d.kept...)
	default: // a line is drawn from the left to the right
		d.out = append(d.out, "\x1b["...)
		d.out = strconv.AppendInt(d.out, int64(x-d.x), 10)
		d.out = append(d.out, 'C')
	}
	d.y, d.x, d.kept = y, x, d.buffer[:0]
}
