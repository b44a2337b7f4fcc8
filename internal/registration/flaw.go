package registration

// A Flaw is what is wrong with one answer. The zero Flaw is none. Screens have words for each Rule; Arg is put into
// them and is either a number, an example, or a word of the configuration, never what the person typed.
type Flaw struct {
	Rule Rule
	Arg  string
}

// OK reports whether there is no flaw.
func (f Flaw) OK() bool { return f == Flaw{} }

// A Rule names a way in which an answer can be wrong. Rules of the payload schema have the names of payloadschema.Rule,
// those of the password policy the names of password.Rule.
type Rule string

// The rules for identifiers.
const (
	RuleRequired        Rule = "required"
	RuleEmailAt         Rule = "email_at"          // there is no @, or more than one
	RuleEmailName       Rule = "email_name"        // nothing stands before the @
	RuleEmailDomain     Rule = "email_domain"      // the part after the @ is no domain
	RuleEmailSpace      Rule = "email_space"       // there is a space within
	RuleEmailForm       Rule = "email_form"        // it is no address for another reason
	RuleEmailLong       Rule = "email_long"        // (largest number of characters)
	RuleMobileForm      Rule = "mobile_form"       // it is no telephone number
	RuleMobileShort     Rule = "mobile_short"      //
	RuleMobileLong      Rule = "mobile_long"       //
	RuleMobileCountry   Rule = "mobile_country"    // no country has such a code
	RuleIdentifierASCII Rule = "identifier_ascii"  // uid and external: letters, digits and signs of ASCII
	RuleIdentifierSpace Rule = "identifier_space"  // uid and external: no spaces
	RuleIdentifierLong  Rule = "identifier_long"   // (largest number of characters)
	RuleIdentifierType  Rule = "identifier_type"   // the kiosk does not ask for this type
	RuleTaken           Rule = "identifier_taken"  // somebody is registered with it
	RuleUnfinished      Rule = "unfinished"        // somebody began to register with it, and has not given the code back
	RuleBegun           Rule = "identifier_begun"  // the person has registered with it a moment ago
	RuleRecorded        Rule = "recorded"          // somebody with the same recorded identifier is registered
	RuleRejected        Rule = "rejected"          // the tenant refuses it and does not say why
	RulePasswordReject  Rule = "password_rejected" // the tenant refuses the password and does not say why
	RuleBreached        Rule = "breached"          // the password is known from a data breach
	RuleUnasked         Rule = "unknown"           // nobody asks for it
	RuleTOTPSecret      Rule = "totp_secret"       // it is not base32 of 128 bits or more
)

// The rules for codes.
const (
	RuleCodeWrong   Rule = "code_wrong"
	RuleCodeExpired Rule = "code_expired"
	RuleCodeUsed    Rule = "code_used"
	RuleCodeTries   Rule = "code_tries" // too many wrong ones
)

// A Finding is a flaw and where it is: a JSON Pointer (RFC 6901) into the Draft.
type Finding struct {
	Pointer string
	Flaw    Flaw
}
