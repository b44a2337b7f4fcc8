package registration

// A Receipt says what is true now and what comes next. It marshals to the shape of the contract.
type Receipt struct {
	UserID    UserID `json:"user_id"`
	Status    string `json:"status"` // of the user, in the words of the specification
	Flow      string `json:"flow"`   // "create"
	Next      Next   `json:"next"`
	Reference string `json:"reference"`

	// Identifiers are what the user signs in with, as the tenant tells it; empty when it does not.
	Identifiers []Identifier `json:"-"`
}

// Next is what the person does after a registration.
type Next string

// What can come next.
const (
	NextSignIn Next = "sign_in" // the account is ready
	NextWait   Next = "wait"    // somebody has to enable the account first
)

const flowCreate = "create"

// newReceipt tells of a created user.
func newReceipt(u User, reference string) Receipt {
	r := Receipt{UserID: u.ID, Status: u.Status, Flow: flowCreate, Next: NextSignIn, Reference: reference, Identifiers: u.Identifiers}
	if u.Status != string(Active) {
		r.Next = NextWait
	}
	return r
}
