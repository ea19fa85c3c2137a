package storage

import (
	"bytes"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage/kv"
)

// dates draws any date that can be stored, the first of years and of time among them.
func dates() *rapid.Generator[goals.Date] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) goals.Date { return goals.Date(rapid.Int32Range(-700_000, 2_900_000).Draw(t, "day")) }),
		rapid.SampledFrom([]goals.Date{-1, 0, 1, -256, 255, 256, 65536, -65536, goals.NewDate(2026, 11, 22)}),
	)
}

func TestDatedKeysSortByDate(t *testing.T) {
	days := rapid.OneOf(dates(), rapid.SampledFrom([]goals.Date{math.MinInt32, math.MaxInt32, Ever.From, Ever.To}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := days.Draw(t, "a"), days.Draw(t, "b")
		id := rapid.StringN(0, 8, 32).Draw(t, "id")
		ka, kb := datedKey("owner", tActivity, a, id), datedKey("owner", tActivity, b, id)
		if got, want := bytes.Compare(ka, kb), compareDates(a, b); got != want {
			t.Errorf("order of keys of %d and %d = %d, want %d", a, b, got, want)
		}
		if date, rest := splitDated(ka, "owner", tActivity); date != a || rest != id {
			t.Errorf("splitDated(%q) = %d, %q, want %d, %q", ka, date, rest, a, id)
		}
	})
}

func compareDates(a, b goals.Date) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// A range of dates holds the keys of its dates, whatever their ids, and no others.
func TestDatedRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := goals.Period{From: dates().Draw(t, "from"), To: dates().Draw(t, "to")}
		d := dates().Draw(t, "date")
		id := rapid.SampledFrom([]string{"", "\x00", "01ABC", "\xff\xff\xff\xff\xff"}).Draw(t, "id")
		r := datedRange("owner", tActivity, p)
		if got := within(r, datedKey("owner", tActivity, d, id)); got != p.Contains(d) {
			t.Errorf("range of %v holds %v = %t, want %t", p, d, got, p.Contains(d))
		}
		for _, other := range [][]byte{datedKey("owner2", tActivity, d, id), datedKey("owner", tTotal, d, id), datedKey("owne", tActivity, d, id)} {
			if p.From <= p.To && within(r, other) {
				t.Errorf("range of %v holds %q", p, other)
			}
		}
	})
}

func within(r kv.Range, k []byte) bool {
	return bytes.Compare(k, r.Lo) >= 0 && (r.Hi == nil || bytes.Compare(k, r.Hi) < 0)
}

func TestTimeKeysSortByTime(t *testing.T) {
	seconds := rapid.Int64Range(-62_135_596_800, 253_402_300_799) // the years 1 to 9999
	rapid.Check(t, func(t *rapid.T) {
		a, b := seconds.Draw(t, "a"), seconds.Draw(t, "b")
		ta, tb := time.Unix(a, 999), time.Unix(b, 0)
		got := bytes.Compare([]byte(timeKey(ta)), []byte(timeKey(tb)))
		if want := time.Unix(a, 0).Compare(tb); got != want {
			t.Errorf("order of %s and %s = %d, want %d", ta, tb, got, want)
		}
		if got := keyTime([]byte(timeKey(ta))); !got.Equal(time.Unix(a, 0)) {
			t.Errorf("keyTime(timeKey(%s)) = %s, want the second", ta, got)
		}
	})
}

// One owner's prefix is not the beginning of another's, and a key says whose it is.
func TestOwnerKeys(t *testing.T) {
	tests := []struct {
		key   []byte
		owner goals.OwnerID
		is    bool
	}{
		{datedKey("sam", tActivity, 0, "a"), "sam", true},
		{datedKey("sam", tActivity, -1, "a\x00b"), "sam", true},
		{datedKey("sam", tTotal, 5, "bni"), "", false},
		{ownerKey("sam", tOwner), "", false},
		{ownerKey("sam", tGoal, "a"), "", false},
		{key("n", "team", tMember, "sam"), "", false},
		{key("q", "o"), "", false},
	}
	for _, tt := range tests {
		if owner, is := activityOwner(tt.key); owner != tt.owner || is != tt.is {
			t.Errorf("activityOwner(%q) = %q, %t, want %q, %t", tt.key, owner, is, tt.owner, tt.is)
		}
	}
	if within(kv.Prefix(under("o", "sam")), ownerKey("samuel", tOwner)) {
		t.Error("the keys of samuel lie under those of sam")
	}
}
