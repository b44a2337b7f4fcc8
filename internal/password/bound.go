package password

import (
	"maps"
	"math"
	"slices"

	"github.com/trustelem/zxcvbn/match"
	"github.com/trustelem/zxcvbn/scoring"
)

// How many guesses zxcvbn adds for what it knows nothing of, and the least that it counts for a part of a password.
const (
	blindGuesses  = 10 // a character that no match covers
	singleGuesses = scoring.MinSubmatchGuessesSingleChar
	partGuesses   = scoring.MinSubmatchGuessesMultiChar
	repeatGuesses = 2 // a repetition costs its base as often as it stands there
)

// slack is how far before the end of the head a cut may lie. What is longer and reaches over the end is looked for: see crossing.
const slack = 5

// A span is a part of the head that can be guessed as one.
type span struct {
	from, to int
	alone    float64 // guesses when it is all of a password
	part     float64 // guesses when it is a part of one
	run      run     // whether each part of it is a pattern too
	late     bool    // it is such a part that begins after its run does: possible where a base begins
	early    bool    // it is such a part that ends before its run does: possible where a base ends
}

// A run is a pattern of which each part of enough characters is one again. The zero run is none.
type run struct {
	least   int     // characters
	guesses float64 // the fewest for such a part
}

// runOf is how the parts of m are patterns: two characters of a sequence that begins at an obvious one are 8 guesses, four of a date are
// a year and a month.
func runOf(m *match.Match) run {
	switch m.Pattern {
	case "spatial", "sequence":
		return run{2, 8}
	case "date":
		return run{4, dateGuesses}
	}
	return run{}
}

// atLeast bounds from below how many guesses zxcvbn finds for text, given only what it found in the first n characters: however
// it divides text into matches, either one ends within the last few of these n, and those before it cost what they
// cost in the head, or one match reaches over their end, and crossing and repeats know those.
func atLeast(text string, n int, matches []*match.Match, own []string) float64 {
	spans := append(spansOf(matches), crossing(text, n, own)...)
	long := repeats(text, n)
	c := costsOf(text[:n], spans)
	add := func(r repeat, guesses float64) {
		s := span{from: r.from, to: n, alone: guesses, part: guesses}
		spans, c.ends[n] = append(spans, s), append(c.ends[n], s)
	}
	for _, r := range long {
		if end := r.from + r.period; end <= n {
			add(r, c.whole[r.from][end]*repeatGuesses)
		}
	}
	for _, r := range slices.Backward(long) {
		if r.from+r.period > n {
			add(r, additive(r.from, n, c.ends)) // of the base, only this is known
		}
	}
	return additive(0, n, byEnd(n, spans))
}

// growing is what zxcvbn adds for each part after the first: 10,000 guesses for one more, as much again for each further one. With four
// of them a password is very strong.
const (
	growing   = scoring.MinGuessesBeforeGrowingSequence
	mostParts = 3
)

// additive is the least that zxcvbn can find for what begins at from, divided so that a part ends within the last few of n
// characters: with l parts up to there, l! times the product of their guesses, and 10,000^(l-1).
func additive(from, n int, ends [][]span) float64 {
	least := math.Pow(growing, mostParts)
	before := fill(n+1, math.Inf(1)) // the least product of so many parts, by where they end
	before[from] = 1
	factorial := 1.0
	for l := 1; l <= mostParts; l++ {
		factorial *= float64(l)
		now := fill(n+1, math.Inf(1))
		blind := math.Inf(1)
		for k := from + 1; k <= n; k++ {
			blind = min(blind, before[k-1]) * blindGuesses
			now[k] = blind
			for _, s := range ends[k] {
				switch {
				case s.from < from, s.early, s.late && s.from > from:
				case s.from == from && k == n:
					now[k] = min(now[k], before[s.from]*s.alone)
				default:
					now[k] = min(now[k], before[s.from]*s.part)
				}
			}
			if k >= n-slack {
				least = min(least, factorial*now[k]+math.Pow(growing, float64(l-1)))
			}
		}
		before = now
	}
	return least
}

func fill(n int, value float64) []float64 { return slices.Repeat([]float64{value}, n) }

// spansOf are matches, the cheapest of those that cover the same.
func spansOf(matches []*match.Match) []span {
	best := make(map[[2]int]span, len(matches))
	for _, m := range matches {
		s := span{from: m.I, to: m.J + 1, run: runOf(m)}
		s.alone, s.part = guesses(m)
		if old, ok := best[[2]int{s.from, s.to}]; ok {
			s.alone, s.part = min(s.alone, old.alone), min(s.part, old.part)
			if s.run.least == 0 || old.run.least > 0 && old.run.least < s.run.least {
				s.run = old.run
			}
		}
		best[[2]int{s.from, s.to}] = s
	}
	return slices.Collect(maps.Values(best))
}

// guesses are what zxcvbn counts for m, as a whole password and as a part of one.
func guesses(m *match.Match) (alone, part float64) {
	fresh := *m
	fresh.Guesses = 0
	alone = max(scoring.EstimateGuesses(&fresh, fresh.Token), 1)
	if len(m.Token) == 1 {
		return alone, max(alone, singleGuesses)
	}
	return alone, max(alone, partGuesses)
}

// costs are the least products of guesses for each part of a head by its ends: as the beginning of something longer, and as a password
// of its own, as which zxcvbn judges the base of a repetition. Ends are the spans that such a password can be divided into, by where they
// end.
type costs struct {
	part, whole [][]float64
	ends        [][]span
}

// costsOf divides every part of head into spans in the cheapest way.
func costsOf(head string, spans []span) costs {
	n := len(head)
	ends := byEnd(n, withParts(spans))
	c := costs{square(n + 1), square(n + 1), ends}
	for i := n; i >= 0; i-- { // a repetition is a part of what begins before it
		period := periods(head[i:])
		c.part[i][i], c.whole[i][i] = 1, 1
		for j := i + 1; j <= n; j++ {
			part, whole := c.part[i][j-1]*blindGuesses, math.Inf(1)
			for _, s := range ends[j] {
				switch {
				case s.from == i:
					whole = min(whole, s.alone)
				case s.from < i || s.late:
					continue
				}
				if g := c.part[i][s.from] * s.part; s.early {
					whole = min(whole, g)
				} else {
					part = min(part, g)
				}
			}
			if p := period[j-i-1]; p < j-i && (j-i)%p == 0 {
				g := c.whole[i][i+p] * repeatGuesses
				part, whole = min(part, max(g, partGuesses)), min(whole, g)
				ends[j] = append(ends[j], span{from: i, to: j, alone: g, part: max(g, partGuesses)})
			}
			c.part[i][j], c.whole[i][j] = part, min(part, whole)
		}
	}
	return c
}

func square(n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n)
	}
	return rows
}

// withParts adds to spans the parts of those that are runs.
func withParts(spans []span) []span {
	all := slices.Clone(spans)
	added := make(map[span]bool)
	for _, s := range spans {
		if s.run.least == 0 {
			continue
		}
		for from := s.from; from < s.to; from++ {
			for to := from + s.run.least; to <= s.to; to++ {
				if from == s.from && to == s.to {
					continue
				}
				part := span{
					from: from, to: to, alone: s.run.guesses, part: max(s.run.guesses, partGuesses),
					late: from > s.from, early: to < s.to,
				}
				if !added[part] {
					added[part] = true
					all = append(all, part)
				}
			}
		}
	}
	return all
}

// byEnd sorts spans by where they end, those that end at most at n.
func byEnd(n int, spans []span) [][]span {
	ends := make([][]span, n+1)
	for _, s := range spans {
		if s.to <= n {
			ends[s.to] = append(ends[s.to], s)
		}
	}
	return ends
}

// periods is, for each beginning of text, the length of the shortest text that it repeats, the last time perhaps in part: its length
// less that of its longest border (Knuth, Morris and Pratt).
func periods(text string) []int {
	border := make([]int, len(text))
	period := make([]int, len(text))
	for i := range len(text) {
		k := 0
		if i > 0 {
			k = border[i-1]
			for k > 0 && text[i] != text[k] {
				k = border[k-1]
			}
			if text[i] == text[k] {
				k++
			}
		}
		border[i], period[i] = k, i+1-k
	}
	return period
}
