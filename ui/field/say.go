// Package field is the inputs of the screens: a line of text, several lines, a date, a number, a secret with its strength
// meter, a choice, a switch. A field owns its text, its validation and when it complains; screens own which field has the cursor.
package field

import "foyer/ui/wording"

// Words gives the text under a key of the catalogue.
type Words = wording.Words

// Say is something to be said in the person's language when it is drawn.
type Say = wording.Say
