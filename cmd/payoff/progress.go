package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// progress says on a terminal how long something has been going on, once it takes longer than
// a second. The function it returns ends that, and may be called more than once.
func (p *program) progress(what string) (stop func()) {
	f, ok := p.err.(*os.File)
	if !ok || !isTerminal(f) {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		shown := false
		for begun := time.Now(); ; {
			select {
			case <-tick.C:
				shown = true
				fmt.Fprintf(f, "\r%s … %d s ", what, int(time.Since(begun).Seconds()))
			case <-done:
				if shown {
					fmt.Fprint(f, "\r\x1b[K") // back to the start, and the line away
				}
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(done)
		<-ended
	})
}

// isTerminal reports whether someone may be looking. The null device passes too, to no harm.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
