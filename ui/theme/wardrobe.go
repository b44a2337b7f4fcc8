package theme

import "sync"

// A Wardrobe keeps the themes that were made, for sessions whose terminals are alike: making one takes a tenth of the CPU that
// a connection takes to its first frame. Terminals differ in so few ways that it stays small. It may be used by several
// goroutines; the zero value is empty, and nil keeps nothing.
type Wardrobe struct{ themes sync.Map }

// For returns the theme for a terminal.
func (w *Wardrobe) For(t Terminal) Theme {
	if w == nil {
		return New(t)
	}
	if kept, ok := w.themes.Load(t); ok {
		if theme, ok := kept.(Theme); ok {
			return theme
		}
	}
	theme := New(t)
	w.themes.Store(t, theme)
	return theme
}
