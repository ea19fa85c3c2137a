package chart

import (
	"math"
	"strings"
	"testing"

	"payoff/goals"

	"pgregory.net/rapid"
)

// through is a kind's hours and how many came to each stage.
func through(k goals.Kind, hours float64, contacts, conversations, qualified, deals int64) KindFunnel {
	return KindFunnel{k, goals.Amounts{
		goals.Hours: int64(hours * 60), goals.Contacts: contacts, goals.Conversations: conversations,
		goals.Qualified: qualified, goals.Deals: deals,
	}}
}

// funnelCases are the pictures that are held by goldens.
func funnelCases() map[string]FunnelData {
	const social, networking, direct = goals.Social, goals.Networking, goals.Direct
	of := func(kinds ...KindFunnel) FunnelData {
		return FunnelData{Subtitle: "Priya Shah · 38 weeks", Kinds: kinds}
	}
	return map[string]FunnelData{
		"all":      of(through(direct, 33.5, 210, 46, 11, 5), through(social, 67.25, 1350, 162, 29, 4), through(networking, 43, 96, 41, 19, 12)),
		"unequal":  of(through(social, 2_080, 48_213, 3_140, 212, 5), through(networking, 6.25, 5, 3, 2, 1)),
		"one":      of(through(networking, 43, 96, 41, 19, 12)),
		"none":     of(),
		"silent":   of(through(social, 12, 0, 0, 0, 0), through(networking, 0, 0, 0, 0, 3), through(direct, 9, 40, 0, 0, 0)),
		"widening": of(through(networking, 20, 12, 31, 14, 60), through(direct, 3, 2, 8, 1, 3)),
		"huge":     {Kinds: []KindFunnel{through(social, 1e9, math.MaxInt64, 7_654_321, 12_345, 1), through(direct, 999, 1_000_000, 999_999, 999_998, 3)}},
		"hostile": {Subtitle: "山田太郎", Kinds: []KindFunnel{
			through("", 1, 30, 3, 2, 1), through("<!channel> *kind*\u202e", 1, 9, 3, 2, 1), through("紹介", -5, -30, 3, -2, 1),
			through("a", 1, 9, 3, 2, 1), through("b", 1, 9, 3, 2, 1), through("c", 1, 9, 3, 2, 1), through(social, 1, 900, 30, 20, 1),
		}},
	}
}

func TestFunnelAlt(t *testing.T) {
	cases := funnelCases()
	for name, want := range map[string]string{
		"all": "Funnel by kind, Priya Shah · 38 weeks. Social, 67h: 1,350 contacts, 162 conversations (12%), 29 qualified (18%), 4 deals (14%). " +
			"Networking, 43h: 96 contacts, 41 conversations (43%), 19 qualified (46%), 12 deals (63%). " +
			"Direct, 34h: 210 contacts, 46 conversations (22%), 11 qualified (24%), 5 deals (45%).",
		"unequal": "Networking, 6h 15m: 5 contacts, 3 conversations (3 of 5), 2 qualified (2 of 3), 1 deal (1 of 2).",
		"none":    "Funnel by kind, Priya Shah · 38 weeks. Nothing is logged yet: contacts, conversations, qualified and deals show here.",
		"silent": "Social, 12h: no contacts, conversations or deals logged. Networking, no hours: 0 contacts, 0 conversations, 0 qualified, 3 deals. " +
			"Direct, 9h: 40 contacts, 0 conversations (0%), 0 qualified, 0 deals.",
		"widening": "Networking, 20h: 12 contacts, 31 conversations (258%), 14 qualified (45%), 60 deals (429%). Direct, 3h: 2 contacts, 8 conversations (8 after 2)",
		"huge":     "7.6m conversations (under 0.1%), 12,345 qualified (0.2%), 1 deal (under 0.1%).",
		"hostile":  "No kind, 1h: 30 contacts, 3 conversations (10%), 2 qualified (2 of 3), 1 deal (1 of 2). <!channel> *kind*, 1h:",
	} {
		if got := funnelOf(cases[name]).alt(); !strings.Contains(got, want) {
			t.Errorf("%s: alt\n got %s\nwant %s", name, got, want)
		}
	}
	if alt := funnelOf(cases["hostile"]).alt(); !strings.HasSuffix(alt, " And 1 more.") {
		t.Errorf("alt = %s, want one more", alt)
	}
}

func TestShareText(t *testing.T) {
	for _, tt := range []struct {
		num, den int64
		want     string
	}{
		{1, 9, "1 of 9"}, {9, 9, "9 of 9"}, {9, 3, "9 after 3"}, {0, 4, "0 of 4"},
		{0, 10, "0%"}, {1, 10, "10%"}, {1, 11, "9.1%"}, {1, 20, "5%"}, {995, 10_000, "10%"}, {994, 10_000, "9.9%"},
		{1, 1000, "0.1%"}, {1, 3000, "under 0.1%"}, {60, 14, "429%"}, {99, 100, "99%"}, {math.MaxInt64, 10, "over 9,999%"},
	} {
		if got := shareText(goals.Score{Num: tt.num, Den: tt.den}); got != tt.want {
			t.Errorf("%d of %d = %q, want %q", tt.num, tt.den, got, tt.want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", -3: "−3", 48_213: "48,213", 999_999: "999,999", 1_000_000: "1m", 1_250_000: "1.2m", 99_990_000: "99.9m", 123_400_000: "123m",
		7_000_000_000: "7bn", math.MaxInt64: "9,223,372tn",
	} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

// A bar is as long as its share of its kind's largest count, and never nothing for something.
func TestBarWidth(t *testing.T) {
	for _, tt := range []struct {
		n, largest int64
		want       float64
	}{{0, 10, 0}, {-4, 10, 0}, {0, 0, 0}, {10, 10, 200}, {5, 10, 100}, {1, 1_000_000, 3}} {
		if got := barWidth(tt.n, tt.largest, 200); got != tt.want {
			t.Errorf("barWidth(%d, %d) = %v, want %v", tt.n, tt.largest, got, tt.want)
		}
	}
}

func TestFunnelOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := FunnelData{Subtitle: rapid.String().Draw(t, "subtitle")}
		for range rapid.IntRange(0, 8).Draw(t, "kinds") {
			k := KindFunnel{Kind: goals.Kind(rapid.OneOf(rapid.SampledFrom([]string{"social", "networking", "direct"}), rapid.String()).Draw(t, "kind"))}
			for m := range k.Amounts {
				k.Amounts[m] = rapid.OneOf(anyAmount, rapid.Int64Range(0, 50)).Draw(t, "amount")
			}
			d.Kinds = append(d.Kinds, k)
		}
		f := funnelOf(d)
		checkDrawn(t, func(c *canvas) { c.drawFunnel(f) }, f.alt())
	})
}
