package clean

import (
	"unicode"
	"unicode/utf8"
)

// Visible reports whether r may stand on a screen as part of a text: it is neither a control nor an invisible
// format character (bidi controls, tags, zero-width spaces, fillers), nor without any meaning (private use, surrogates,
// noncharacters). Joiners and U+FFFD are: they belong to texts.
func Visible(r rune) bool {
	switch r {
	case zwnj, zwj, utf8.RuneError:
		return true
	case objectReplacement:
		return false
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point)
}

// Characters that have rules of their own.
const (
	zwnj              = '\u200c' // parts words in Persian, Indic and other scripts
	zwj               = '\u200d' // joins letters of some scripts, and the parts of an emoji
	objectReplacement = '\ufffc'
	brailleBlank      = '\u2800' // a space among Braille
)

// space reports whether r is white space, or looks like it.
func space(r rune) bool { return unicode.IsSpace(r) || r == brailleBlank }

// joiner reports whether r stays only between two that it joins.
func joiner(r rune) bool { return r == zwnj || r == zwj }

// joins reports whether there may be a joiner beside r: it is part of a letter, or of an emoji.
func joins(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.So, unicode.Sm, unicode.Sk)
}

// selects reports whether the variation selector r can follow a character: those for how emoji look follow no letter, and those for
// ideographs and Mongolian only theirs (Unicode, 23.4).
func selects(r, base rune) bool {
	switch {
	case r == '\ufe0e', r == '\ufe0f':
		return !unicode.IsLetter(base) || base == 'ℹ'
	case r > unicode.MaxLatin1 && r < '\ufe00':
		return unicode.Is(unicode.Mongolian, base)
	case r > '\ufe0f':
		return unicode.Is(unicode.Han, base)
	}
	return unicode.IsSymbol(base) || unicode.Is(unicode.Han, base)
}
