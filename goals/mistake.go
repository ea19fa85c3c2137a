package goals

import "fmt"

// A Mistake is an error a person may read: what was wrong, and what to type instead.
// It is the only kind of error whose text reaches a person; it is never logged as an error.
type Mistake struct {
	Code    Code
	Message string // what was wrong, one sentence: "I don't know the channel “BNII”."
	Hint    string // what to type instead, one sentence: "Did you mean BNI?"

	// Input is the text that was typed and Marked the part of it that was wrong,
	// as byte offsets; both are zero when nothing can be marked.
	Input  string
	Marked Span
}

// A Span is the part of a text from byte Start up to End.
type Span struct{ Start, End int }

// Code classifies mistakes for programs and tests.
type Code string

const (
	Unclear   Code = "unclear"   // the words were not understood
	Ambiguous Code = "ambiguous" // they can be read in two ways
	Unknown   Code = "unknown"   // it names something that does not exist
	Invalid   Code = "invalid"   // understood, and not possible
	Conflict  Code = "conflict"  // possible, but not beside what is already there
	Forbidden Code = "forbidden" // not this person's to do
)

func (m *Mistake) Error() string {
	if m.Hint == "" {
		return m.Message
	}
	return m.Message + " " + m.Hint
}

// Wrong makes a Mistake of a code, a message and a hint; the message may hold verbs for args.
func Wrong(code Code, hint, message string, args ...any) *Mistake {
	return &Mistake{Code: code, Message: fmt.Sprintf(message, args...), Hint: hint}
}
