//go:build !unix || aix || solaris || android

package bolt

import "os"

// unlock has nothing to do where closing a file releases its locks.
func unlock(*os.File) {}
