//go:build unix && !aix && !solaris && !android

package bolt

import (
	"os"
	"syscall"
)

// unlock lets go of the lock bbolt has put on a file. Closing the file is not enough
// while it is still mapped.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
