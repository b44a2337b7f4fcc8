package payloadschema

import "slices"

// infer returns the alternative that what was answered so far fits, if it fits only one best; else -1. It is remembered,
// as the answers to p do not change.
func (p *place) infer(c *alternatives) int {
	if inferred, ok := p.inferred[c]; ok {
		return inferred
	}
	if p.inferred == nil {
		p.inferred = make(map[*alternatives]int, 1)
	}
	inferred := -1
	if !empty(p.raw) {
		inferred = c.infer(p.raw)
	}
	p.inferred[c] = inferred
	return inferred
}

// infer looks first at what can be told without going deep.
func (c *alternatives) infer(raw any) int {
	var possible []int
	for _, i := range c.askable {
		if n := c.list[i]; covered(n, raw) > 0 && compatible(n, raw) {
			possible = append(possible, i)
		}
	}
	if len(possible) == 1 {
		return possible[0]
	}
	whole := cleaned(raw)
	valid := slices.DeleteFunc(slices.Clone(possible), func(i int) bool { return c.list[i].compiled.Validate(whole) != nil })
	if len(valid) > 0 {
		best, tied := c.best(valid, raw)
		if tied && c.one {
			return -1
		}
		return best
	}
	best, tied := c.best(possible, raw)
	if tied {
		return -1
	}
	return best
}

// best is that of some alternatives that speaks of most of raw, and whether there are others like it.
func (c *alternatives) best(some []int, raw any) (best int, tied bool) {
	best, cover := -1, 0
	for _, i := range some {
		switch covers := covered(c.list[i], raw); {
		case covers > cover:
			best, cover, tied = i, covers, false
		case covers == cover:
			tied = true
		}
	}
	return best, tied
}

// covered counts how much of raw n speaks of.
func covered(n *node, raw any) int {
	object, ok := raw.(map[string]any)
	if !ok {
		return 1
	}
	count := 0
	own := spread(n)
	for name, value := range object {
		if empty(value) {
			continue
		}
		for _, s := range own {
			if _, ok := s.byName[name]; ok || slices.Contains(s.required, name) {
				count++
				break
			}
		}
	}
	return count
}

// compatible reports whether n can still hold when more is answered.
func compatible(n *node, raw any) bool {
	object, isObject := raw.(map[string]any)
	for _, s := range spread(n) {
		if !isObject && !s.fits(raw) || isObject && (s.never || s.types != 0 && s.types&typeObject == 0) {
			return false
		}
		for name, value := range object {
			if empty(value) {
				continue
			}
			m, ok := s.byName[name]
			if !ok && s.closed && len(s.patterns) == 0 {
				return false
			}
			if ok && slices.ContainsFunc(spread(m), func(m *node) bool { return !m.fits(value) }) {
				return false
			}
		}
	}
	return true
}

// fits reports whether value is of the type, and one of the values, that n takes.
func (n *node) fits(value any) bool {
	switch {
	case n.never, n.types != 0 && n.types&typeOf(value) == 0:
		return false
	case n.hasEnum && optionOf(n, value) == nil:
		return false
	case n.hasConst:
		return optionValue(n.constant) == optionValue(tame(value))
	}
	return true
}
