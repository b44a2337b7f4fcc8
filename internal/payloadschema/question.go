package payloadschema

// Kinds beside those of a Field.
const (
	Shape Kind = "shape" // which of several shapes a value has: Options are their labels; the answer goes to Answers.Shapes
	Entry Kind = "entry" // heads one entry of a list: it can be removed or moved
	More  Kind = "more"  // ends a list: another entry can be added
	Extra Kind = "extra" // another property can be added, by its name
)

// A Widget is how a question is best asked.
type Widget string

// The widgets. All but WidgetPlain and WidgetCountry belong to questions of kind Text.
const (
	WidgetPlain      Widget = "plain"       // as its kind is
	WidgetDate       Widget = "date"        // YYYY-MM-DD
	WidgetEmail      Widget = "email"       //
	WidgetPhone      Widget = "phone"       //
	WidgetCountry    Widget = "country"     // Text or Choice
	WidgetPostalCode Widget = "postal_code" //
	WidgetMultiline  Widget = "multiline"   //
)

// A Question is one thing to ask now. Pointer and Kind together tell it from all others: the value of a list's entry
// stands at the pointer of its Entry, and a value at that of its Shape.
type Question struct {
	Pointer   string   // JSON Pointer (RFC 6901) into the payload of the value; for More and Extra of the list or object
	Section   string   // JSON Pointer of the object the question belongs to; "" for the top level
	Heading   string   // label of that section, such as "Address" or "Contacts 2"; "" at the top level
	Name      string   // property name; "" for an entry of a list
	Label     string   // title, else description, else the name made readable; of an entry that of its list and its number
	Help      string   // description, when it is not the label; may be ""
	Kind      Kind     //
	Widget    Widget   //
	Required  bool     // the payload is not valid without it now
	Options   []Option // for Choice and Shape, in the schema's order; shared, so not to be changed
	Chosen    int      // of a Shape: the alternative in force, also where it was inferred; -1 while there is none
	Example   string   // a value that the pattern takes; "" when there is no pattern
	MaxRunes  int      // maxLength; 0 when there is none
	Index     int      // of an Entry within its list, from 0
	Count     int      // of the entries of an Entry's or a More's list
	CanAdd    bool     // for More and Extra: maxItems or maxProperties allows another
	CanRemove bool     // for Entry: minItems allows one less
	Needed    bool     // the value around it is not valid without it; then it is Required once that is in the payload
	There     bool     // the object or list around it is in the payload
}

// An Option is one of the answers to a Choice or a Shape.
type Option struct {
	Value string // of a Choice what is sent; of a Shape its number for Answers.Shapes in decimal
	Label string
}
