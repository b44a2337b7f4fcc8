package password

import (
	"crypto/rand"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A plan is a policy made ready for suggestions.
type plan struct {
	capitals, lowercase, digits, specials int
	least                                 int    // code points
	marks                                 []rune // those that count as special
}

// plan is p made ready; false when nothing can meet it.
func (p Policy) plan() (plan, bool) {
	n := plan{
		capitals: max(p.CapitalLetters, 0), lowercase: max(p.LowercaseLetters, 0),
		digits: max(p.Digits, 0), specials: max(p.SpecialCharacters, 0), marks: p.marks(),
	}
	for _, count := range []int{n.capitals, n.lowercase, n.digits, n.specials, p.MinLength} {
		if count > MaxLength { // also keeps the sum small
			return plan{}, false
		}
	}
	sum := n.capitals + n.lowercase + n.digits + n.specials
	n.least = max(sum, p.MinLength)
	return n, n.least <= MaxLength && (n.specials == 0 || len(n.marks) > 0)
}

// marks are the special characters to draw from: of those in p's set, the ones that are easiest to type.
func (p Policy) marks() []rune {
	if p.Specials == "" {
		return []rune(marks)
	}
	var ascii, visible, rest []rune
	for _, r := range p.Specials {
		switch {
		case !Acceptable(r) || unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsDigit(r):
		case r > ' ' && r < utf8.RuneSelf:
			ascii = append(ascii, r)
		case unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r):
			visible = append(visible, r)
		default:
			rest = append(rest, r)
		}
	}
	for _, set := range [][]rune{ascii, visible, rest} {
		if len(set) > 0 {
			return set
		}
	}
	return nil
}

// phrase is a passphrase of count words, or more where the plan needs more letters: the words, joined by marks, then digits, then the marks
// that are still missing. False when it gets too long.
func (n plan) phrase(count int) (string, bool) {
	list := words()
	var chosen []string
	letters, length := 0, 0
	for len(chosen) < count || letters < n.capitals+n.lowercase || length < n.least {
		word := list[draw(len(list))]
		chosen = append(chosen, word)
		letters += len(word)
		length = letters + len(chosen) - 1 + n.digits + max(n.specials-len(chosen)+1, 0)
		if length > MaxLength {
			return "", false
		}
	}
	text := n.capitalised(chosen)
	var b strings.Builder
	joint := n.joint()
	for i, word := range text {
		if i > 0 {
			b.WriteRune(joint)
		}
		b.WriteString(word)
	}
	for range n.digits {
		b.WriteByte(digits[draw(len(digits))])
	}
	for range n.specials - len(text) + 1 {
		b.WriteRune(n.marks[draw(len(n.marks))])
	}
	return b.String(), utf8.RuneCountInString(b.String()) <= MaxLength
}

// joint joins words: a hyphen where it counts as special or nothing has to.
func (n plan) joint() rune {
	if n.specials == 0 || strings.ContainsRune(string(n.marks), '-') {
		return '-'
	}
	return n.marks[draw(len(n.marks))]
}

// capitalised makes as many letters capital as the plan asks: first those that begin a word, then the next ones.
func (n plan) capitalised(chosen []string) []string {
	text, left := make([][]byte, len(chosen)), n.capitals
	for i, word := range chosen {
		text[i] = []byte(word)
	}
	for at := 0; left > 0; at++ {
		for _, word := range text {
			if at < len(word) && left > 0 {
				word[at] -= 'a' - 'A'
				left--
			}
		}
	}
	made := make([]string, len(text))
	for i, word := range text {
		made[i] = string(word)
	}
	return made
}

// secure is how many code points make 60 bits: those that the plan asks for, each drawn from its own class, and free ones. What the
// order adds is not counted.
func (n plan) secure() int {
	bits, fixed := 0.0, 0
	for _, class := range n.classes() {
		bits += float64(class.count) * math.Log2(float64(len(class.from)))
		fixed += class.count
	}
	each := math.Log2(float64(len(smallLetters + capitalLetters + digits)))
	return fixed + int(math.Ceil(max(leastBits-bits, 0)/each))
}

// A class is how many characters have to be among some.
type class struct {
	count int
	from  []rune
}

// classes are the classes that the plan asks for.
func (n plan) classes() []class {
	all := []class{{n.capitals, []rune(capitalLetters)}, {n.lowercase, []rune(smallLetters)}, {n.digits, []rune(digits)}, {n.specials, n.marks}}
	return slices.DeleteFunc(all, func(c class) bool { return c.count == 0 })
}

// random is a random password of length code points, at least as long as the plan needs.
func (n plan) random(length int) string {
	all := []rune(smallLetters + capitalLetters + digits)
	if n.specials > 0 {
		all = append(all, n.marks...)
	}
	var text []rune
	fixed := n.capitals + n.lowercase + n.digits + n.specials
	for _, class := range append(n.classes(), class{length - fixed, all}) {
		for range class.count {
			text = append(text, class.from[draw(len(class.from))])
		}
	}
	for i := len(text) - 1; i > 0; i-- {
		j := draw(i + 1)
		text[i], text[j] = text[j], text[i]
	}
	return string(text)
}

// draw returns a number from 0 to n-1, each as likely.
func draw(n int) int {
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(n))) // never fails, see crypto/rand
	return int(i.Int64())
}
