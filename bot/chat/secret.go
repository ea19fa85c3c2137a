package chat

import (
	"fmt"
	"log/slog"
)

// A Secret is a value that must not be read by anyone looking over a shoulder or through a
// log. However it is printed, formatted or encoded, it comes out as [redacted].
type Secret struct {
	// A pointer, because fmt calls no method of a value in an unexported field, and would
	// print a string there. Of a pointer it prints the address.
	value *string
}

const redacted = "[redacted]"

// NewSecret keeps a value secret. Of an empty one there is none.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// IsSet reports whether there is one.
func (s Secret) IsSet() bool { return s.value != nil }

// Reveal is the secret itself, "" when there is none. Each call is a place to look at in a review.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Format covers every verb of fmt, whatever its flags.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

func (s Secret) String() string               { return redacted }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
