package goals

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSeason(t *testing.T) {
	tests := []struct {
		on   string
		want Period
	}{
		{"2026-11-01", days("2026-11-01", "2026-11-30")},
		{"2026-12-31", days("2026-12-01", "2026-12-31")},
		{"2028-02-29", days("2028-02-01", "2028-02-29")},
	}
	for _, tt := range tests {
		if got := Season(iso(tt.on)); got != tt.want {
			t.Errorf("Season(%s) = %v, want %v", tt.on, got, tt.want)
		}
	}
}

func scored(name string, num, den int64) Entry {
	return Entry{Owner: OwnerID("id of " + name), Name: name, Score: Score{num, den}, Has: true}
}

func TestRank(t *testing.T) {
	entries := []Entry{
		{Owner: "z", Name: "Zoe", Score: Score{2, 1}}, // not to be looked at
		scored("Dan", 1, 10),
		scored("carol", 1, 2),
		scored("Ada", 9, 10),
		{Owner: "e", Name: "Eve"},
		scored("Bob", 2, 4),
		scored("Fay", -1, 4),
	}
	places, unranked := Rank(entries)
	want := []Place{
		{Rank: 1, Entry: scored("Ada", 9, 10)},
		{Rank: 2, Entry: scored("Bob", 2, 4), Tied: true},
		{Rank: 2, Entry: scored("carol", 1, 2), Tied: true},
		{Rank: 4, Entry: scored("Dan", 1, 10)},
		{Rank: 5, Entry: scored("Fay", -1, 4)},
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("Rank: -want +got\n%s", diff)
	}
	if diff := cmp.Diff([]Entry{{Owner: "e", Name: "Eve"}, {Owner: "z", Name: "Zoe", Score: Score{2, 1}}}, unranked); diff != "" {
		t.Errorf("Rank, without a score: -want +got\n%s", diff)
	}
	if places, unranked := Rank(nil); len(places)+len(unranked) != 0 {
		t.Errorf("Rank(nil) = %v, %v, want none", places, unranked)
	}
}

func TestRankIsOfTheEntriesAlone(t *testing.T) {
	entry := rapid.Custom(func(t *rapid.T) Entry {
		return Entry{
			Owner: OwnerID(rapid.StringMatching(`[a-f]{2}`).Draw(t, "owner")),
			Name:  rapid.SampledFrom([]string{"Ann", "ann", "Bob", ""}).Draw(t, "name"),
			Score: Score{
				rapid.OneOf(rapid.Int64Range(-2, 4), rapid.Int64()).Draw(t, "num"),
				rapid.OneOf(rapid.Int64Range(0, 4), rapid.Int64Range(1, math.MaxInt64)).Draw(t, "den"),
			},
			Has: rapid.Bool().Draw(t, "has"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfNDistinct(entry, 0, 12, func(e Entry) OwnerID { return e.Owner }).Draw(t, "entries")
		places, unranked := Rank(entries)
		if len(places)+len(unranked) != len(entries) {
			t.Fatalf("Rank = %d places and %d without, of %d", len(places), len(unranked), len(entries))
		}
		shuffled := rapid.Permutation(entries).Draw(t, "shuffled")
		again, unrankedAgain := Rank(shuffled)
		if diff := cmp.Diff(places, again) + cmp.Diff(unranked, unrankedAgain); diff != "" {
			t.Fatalf("Rank in another order: -first +second\n%s", diff)
		}
		for _, p := range places {
			above, equal := 0, 0
			for _, q := range places {
				switch q.Score.Compare(p.Score) {
				case 1:
					above++
				case 0:
					equal++
				}
			}
			if p.Rank != above+1 || p.Tied != (equal > 1) || !p.Has {
				t.Fatalf("Rank = %+v with %d above and %d equal", p, above, equal)
			}
		}
	})
}

// The rule is one sentence of plain words that fits below a board, and says no amount.
func TestBoardsHaveWords(t *testing.T) {
	for _, b := range Boards {
		rule := RuleOf(b)
		if rule == "" || len(rule) > 160 || strings.Count(rule, ".") != 2 || !strings.HasSuffix(rule, ".") {
			t.Errorf("RuleOf(%s) = %q, want two sentences of at most 160 characters", b, rule)
		}
		if title := b.Title(); title == "" || title == string(b) {
			t.Errorf("%q.Title() = %q, want words", b, title)
		}
	}
	if got := RuleOf("hours"); got != "" {
		t.Errorf("RuleOf(hours) = %q, want none: no board ranks hours", got)
	}
	if got := Board("hours").Title(); got != "hours" {
		t.Errorf(`Board("hours").Title() = %q, want the name it came with`, got)
	}
}
