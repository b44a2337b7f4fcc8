package payloadschema

import (
	"slices"
	"strconv"
)

// fillList finds the entries of p.
func (r *resolver) fillList(p *place) {
	raw, ok := entriesOf(p.raw)
	if !ok {
		p.value, p.begun, p.has = tame(p.raw), true, true
		return
	}
	var items []*node
	for _, n := range p.view.nodes {
		if n.items != nil {
			items = append(items, n.items)
		}
	}
	least, most := entryLimits(p.view.nodes)
	p.least = least
	shown := len(raw)
	if p.required || shown > 0 {
		shown = max(shown, least)
	}
	if len(items) > 0 && cannot(items) || p.depth >= deepest {
		shown = 0
	}
	for i := range shown {
		if r.left <= 0 {
			break
		}
		e := &place{
			pointer: p.pointer + "/" + strconv.Itoa(i), label: p.label + " " + strconv.Itoa(i+1), base: items,
			depth: p.depth + 1, entry: true, group: i,
		}
		if i < len(raw) {
			e.raw = raw[i]
		}
		r.place(e)
		p.entries = append(p.entries, e)
	}
	p.full = most >= 0 && shown >= most || shown >= mostQuestions
	r.gather(p, len(raw))
}

// gather makes the value of a list from its entries: those that were answered, and as many more as it needs. given is how
// many entries were made.
func (r *resolver) gather(p *place, given int) {
	there := 0
	for i, e := range p.entries {
		p.begun = p.begun || e.begun
		e.has = e.begun || e.nature == natureConstant && i < given
		if e.has {
			there++
		}
	}
	p.has = p.begun || p.required
	if !p.has {
		return
	}
	value := make([]any, 0, len(p.entries))
	scarce, missing := there <= p.least, p.least-there
	for _, e := range p.entries {
		switch {
		case e.has:
			e.required = scarce
		case missing > 0:
			missing--
			e.required = true
			r.place(e) // anew: a list that is needed has its own least number of entries
		}
		if e.has {
			value = append(value, e.value)
		}
	}
	p.value = value
}

// entriesOf reads raw as a list. An object is one that was made for indexes.
func entriesOf(raw any) ([]any, bool) {
	switch raw := raw.(type) {
	case nil:
		return nil, true
	case string:
		return nil, raw == ""
	case []any:
		return raw, len(raw) <= mostQuestions
	}
	return nil, false
}

// entryLimits are the least and the largest number of entries; -1 when there is no largest.
func entryLimits(nodes []*node) (least, most int) {
	most = -1
	for _, n := range nodes {
		s := n.compiled
		if s.MinItems != nil {
			least = max(least, *s.MinItems)
		}
		if n.contains != nil {
			matching := 1
			if s.MinContains != nil {
				matching = *s.MinContains
			}
			least = max(least, matching)
		}
		if s.MaxItems != nil && (most < 0 || *s.MaxItems < most) {
			most = *s.MaxItems
		}
	}
	return min(least, mostQuestions), most
}

// present are the entries of p that are in the payload.
func (p *place) present() []*place {
	return slices.DeleteFunc(slices.Clone(p.entries), func(e *place) bool { return !e.has })
}
