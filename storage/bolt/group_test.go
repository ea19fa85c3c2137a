package bolt

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/storage/kv"
)

// A step is a write of a closure, and how the closure ends after it, if it does.
type step struct {
	Key    string
	Value  string // empty: the key is deleted
	Ending string // "", "fails" or "panics"
}

var stepsGen = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
	return step{
		Key:    rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, "key"),
		Value:  rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "value"),
		Ending: rapid.SampledFrom([]string{"", "", "", "", "", "fails", "panics"}).Draw(t, "ending"),
	}
}), 1, 6)

// A closure is the steps of one, and the states it has seen after each.
type closure struct {
	steps []step
	seen  []string
}

func (c *closure) run(tx kv.Tx) error {
	for _, s := range c.steps {
		err := tx.Set([]byte(s.Key), []byte(s.Value))
		if s.Value == "" {
			err = tx.Delete([]byte(s.Key))
		}
		c.seen = append(c.seen, dump(tx))
		switch {
		case err != nil:
			return err
		case s.Ending == "fails":
			return errFails
		case s.Ending == "panics":
			panic(s.Ending)
		}
	}
	return nil
}

// on does the same to a map. It returns the map after it, the states in between, and what the answer begins with.
func (c *closure) on(before map[string]string) (after map[string]string, seen []string, answer string) {
	after = maps.Clone(before)
	for _, s := range c.steps {
		after[s.Key] = s.Value
		if s.Value == "" {
			delete(after, s.Key)
		}
		seen = append(seen, pairs(after))
		if s.Ending != "" {
			return before, seen, s.Ending
		}
	}
	return after, seen, "<nil>"
}

// TestGroupModel compares random groups with closures that run one after the other on a map.
func TestGroupModel(t *testing.T) {
	db := opened(t)
	rapid.Check(t, func(rt *rapid.T) {
		release := hold(t, db, func(tx kv.Tx) error { // empties what the last round left
			var err error
			for _, k := range "abcde" {
				err = errors.Join(err, tx.Delete([]byte(string(k))))
			}
			return err
		})
		var group []*closure
		var answers []<-chan any
		for _, steps := range rapid.SliceOfN(stepsGen, 1, 8).Draw(rt, "group") {
			c := &closure{steps: steps}
			group = append(group, c)
			answers = append(answers, queue(context.Background(), db, c.run))
		}
		if err := release(); err != nil {
			rt.Fatal(err)
		}
		state := map[string]string{}
		for i, c := range group {
			after, seen, want := c.on(state)
			if got := fmt.Sprint(<-answers[i]); !strings.HasPrefix(got, want) || !slices.Equal(c.seen, seen) {
				rt.Fatalf("closure %d is answered with %s and saw %q, want %s and %q", i, got, c.seen, want, seen)
			}
			state = after
		}
		wantState(t, db, pairs(state))
	})
}

func pairs(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+m[k])
	}
	return strings.Join(out, " ")
}
