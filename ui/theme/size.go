package theme

// The windows that the screens work in.
const (
	MinWidth  = 40
	MinHeight = 12
	MaxWidth  = 76 // of the content; a wider window centres it
	MaxHeight = 30 // of the content; a taller window centres it

	posterWidth  = 100
	posterHeight = 40

	// A window is clamped to these before anything is laid out: some clients report 4 billion columns.
	largestWidth  = 500
	largestHeight = 200
)

// A Size is a window in cells.
type Size struct{ Width, Height int }

// Clamp returns s within what is laid out.
func (s Size) Clamp() Size {
	return Size{min(max(s.Width, 0), largestWidth), min(max(s.Height, 0), largestHeight)}
}

// TooSmall reports whether no screen fits.
func (s Size) TooSmall() bool { return s.Width < MinWidth || s.Height < MinHeight }

// Content is the part that the screens are drawn in.
func (s Size) Content() Size { return Size{min(s.Width, MaxWidth), min(s.Height, MaxHeight)} }

// Poster is the part that a picture is drawn in, which needs more room than text that is to be read.
func (s Size) Poster() Size { return Size{min(s.Width, posterWidth), min(s.Height, posterHeight)} }

// Short reports whether lines have to be saved.
func (s Size) Short() bool { return s.Height < 20 }
