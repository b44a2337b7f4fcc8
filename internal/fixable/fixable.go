// Package fixable marks the errors that an administrator can mend: a file that is missing, a key that does not suit, a
// setting that contradicts another. They are told apart from what goes wrong on the way to the tenant.
package fixable

import "fmt"

// An Error says in one sentence for staff what is wrong with the configuration and what to do. The sentence names the
// configuration's keys. It quotes neither secrets nor the contents of files.
type Error struct{ Staff string }

// Error returns the sentence.
func (e *Error) Error() string { return e.Staff }

// Errorf returns an *Error whose sentence is formatted as fmt.Sprintf has it. It wraps nothing: a cause's text may quote.
func Errorf(format string, args ...any) error { return &Error{Staff: fmt.Sprintf(format, args...)} }
