package bolt

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when any test leaves a goroutine behind, be it a writer or a check of bbolt's.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
