package token

import (
	"fmt"
	"io"
	"log/slog"
)

// String tells whose tokens s gets. A Source prints as this wherever it is printed.
func (s *Source) String() string {
	return "tokens of client " + s.clientID() + " by " + string(s.config.Grant)
}

// Format prints what String returns, whatever the verb.
func (s *Source) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is what log/slog records.
func (s *Source) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns what String does, so that no encoder looks further.
func (s *Source) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String tells whose sign-in it is. A SignIn prints as this wherever it is printed, without what the browser proves it by.
func (i *SignIn) String() string { return "sign-in for " + i.source.String() }

// Format prints what String returns, whatever the verb.
func (i *SignIn) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, i.String()) }

// LogValue is what log/slog records.
func (i *SignIn) LogValue() slog.Value { return slog.StringValue(i.String()) }

// MarshalText returns what String does, so that no encoder looks further.
func (i *SignIn) MarshalText() ([]byte, error) { return []byte(i.String()), nil }
