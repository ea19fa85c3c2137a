package chat

import (
	"fmt"
	"time"
)

// An Error is what sending can fail with, whatever the platform. It holds no secret.
type Error struct {
	Kind       ErrorKind
	RetryAfter time.Duration // with RateLimited
	Err        error
}

// An ErrorKind says what to do about an Error.
type ErrorKind string

const (
	RateLimited ErrorKind = "rate limited" // send again after RetryAfter
	Transient   ErrorKind = "transient"    // send again later
	Gone        ErrorKind = "gone"         // the person or room cannot be reached; stop
	Invalid     ErrorKind = "invalid"      // the message will never be accepted
)

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Kind, e.Err) }
func (e *Error) Unwrap() error { return e.Err }
