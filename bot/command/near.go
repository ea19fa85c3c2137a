package command

import (
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// nearest is the one of names that a misspelt word is nearest to, at most two letters away, or
// one when the word is short. A near name is only ever offered, never taken for the word.
func nearest(word string, names []string) string {
	limit := 2
	switch n := utf8.RuneCountInString(word); {
	case n < 3 || n > 60:
		return ""
	case n < 6:
		limit = 1
	}
	best, found := limit+1, ""
	for _, name := range names {
		if n := levenshtein.ComputeDistance(fold(word), fold(name)); n < best && n > 0 {
			best, found = n, name
		}
	}
	return found
}
