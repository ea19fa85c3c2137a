package command

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"payoff/goals"
)

// seeds are lines of every kind, for the fuzz targets to vary.
var seeds = []string{
	"2h BNI £25 4 contacts 2 conversations 1 qualified yesterday", "LinkedIn 90m 3 convos", "won £1,200 BNI",
	"won 2 deals £3k from cold calls on 12 Nov", "1-2-1 with Priya, BNI, 1h, 1 referral given",
	"“BNI” 2h ‘pricing chat’", "-3 contacts BNI", "£-5 BNI", "BNI 1:30 121 1:1", "½h BNI", "note: \"x\" BNI", "\x00\x1b[31m BNI 2h",
	"１h ＢＮＩ", "2h\u00a0BNI\u202e", "🚀 2h BNI 👨‍👩‍👧", "' \" ' \"", "2h at the Friends of the Earth", "\xff\xfe2h", "spent £25 won £30 BNI refund",
	"BNI 1h \u2c58ing )A ", "1h AAAing S !", "AA S A A h", "1h AAAing S !!", "1h AAAing  $!", "£120k by 31 Dec", "8k monthly", "at most 3h a week Facebook", "10k followers", "2 BNI one-to-ones /week",
}

func FuzzParseLog(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	d := desk("BNI", "LinkedIn", "cold calls", "Open day", "1-2-1 Club", "50", "a", "BNI, Tuesday", "🚀", "Sales", "with", "Rock 'n' Roll")
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseLog(text, d)
		if err != nil {
			m := mistake(t, err)
			if m.Input != "" && m.Input != text {
				t.Errorf("ParseLog(%q) quotes %q", text, m.Input)
			}
			var u *UnknownChannel
			if errors.As(err, &u) {
				checkUnknown(t, text, u, d)
			}
			return
		}
		checkEntry(t, text, e, d)
		if again, err := ParseLog(Canonical(e, d), d); err != nil || again != e {
			t.Errorf("ParseLog(%q) = %+v, %v, want %+v as of %q", Canonical(e, d), again, err, e, text)
		}
	})
}

// checkEntry holds an Entry to the limits of one line.
func checkEntry(t *testing.T, text string, e Entry, d Desk) {
	t.Helper()
	if e.Channel == "" || e.Date > d.Today || utf8.RuneCountInString(e.Note) > goals.MaxNote || !utf8.ValidString(e.Note) {
		t.Errorf("ParseLog(%q) = %+v, want a channel, a day gone by and a note of at most %d", text, e, goals.MaxNote)
	}
	for m, v := range e.Amounts {
		m := goals.Measure(m)
		most := int64(goals.MaxCount)
		switch m {
		case goals.Hours:
			most = goals.MinutesADay
		case goals.Spend, goals.Revenue:
			most = goals.MaxMinor
		}
		if v > most || v < 0 && m != goals.Revenue {
			t.Errorf("ParseLog(%q) = %d %s, want 0 to %d", text, v, m, most)
		}
	}
}

// checkUnknown creates the channel that is offered: the same line then has to be understood,
// as it is with a channel of old in its place. What stood in a note behind an "-ing" no longer
// does once that word is a name, and may be strange by itself.
func checkUnknown(t *testing.T, text string, u *UnknownChannel, d Desk) {
	t.Helper()
	if _, err := ParseLog(strings.Replace(u.Again, u.Name, "BNI", 1), d); err != nil {
		return
	}
	d.Channels = append(d.Channels[:len(d.Channels):len(d.Channels)], goals.Channel{ID: "new", Name: u.Name})
	key := strings.TrimSuffix(keyOf(u.Name), "s") // once it is a name, it is one everywhere in the line, in singular and plural
	again := strings.Index(keyOf(text), key) != strings.LastIndex(keyOf(text), key)
	if e, err := ParseLog(u.Again, d); !again && (err != nil || e.Channel != "new") {
		t.Errorf("ParseLog(%q) = %+v, %v once %q exists, want an entry for it", text, e, err, u.Name)
	}
}

func FuzzParseGoal(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	d := desk()
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseGoal(text, d)
		if err != nil {
			mistake(t, err)
			return
		}
		switch g := g.(type) {
		case Revenue:
			if g.Amount.Minor <= 0 || g.Period.To < d.Today || g.Period.To < g.Period.From {
				t.Errorf("ParseGoal(%q) = %+v, want an amount and a period that runs", text, g)
			}
		case NewObjective:
			if g.Amount <= 0 || g.Every == goals.Once {
				t.Errorf("ParseGoal(%q) = %+v, want an amount that comes round", text, g)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	for _, s := range []string{"last quarter BNI", "channel: BNI last quarter", "period: channel: BNI", "for BNI, 2h £5k Priya Shah"} {
		f.Add(s)
	}
	d := desk()
	spec := Spec{Name: "x", Options: []Option{
		{Name: "period", Kind: Period, Past: true}, {Name: "channel", Kind: Channel}, {Name: "amount", Kind: Money},
		{Name: "owner", Kind: Owner}, {Name: "kind", Kind: Choice, Choices: []string{"social", "networking"}},
		{Name: "time", Kind: Duration}, {Name: "why", Kind: Words},
	}}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []Spec{spec, {Name: "y", Options: spec.Options[:6]}} {
			if _, err := Parse(s, text, nil, d); err != nil {
				mistake(t, err)
			}
		}
		Complete([]Spec{spec}, "x "+text, "", d)
		if _, _, err := Find([]Spec{spec, {Name: "goal set"}}, text); err != nil {
			mistake(t, err)
		}
	})
}

// FuzzComplete: what is proposed fits a platform, and is a value of the option. A line that is gone on
// with may not be one yet.
func FuzzComplete(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	for _, s := range []string{"12 jan", "until 12 jan", "fri 4pm", "2", "at most", "2h open d", "at most 3h a week fac", "£8k a month"} {
		f.Add(s)
	}
	d := desk()
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range table() {
			for _, o := range s.Options {
				for _, c := range Complete(table(), s.Name+" "+text, o.Name, d) {
					if n := utf8.RuneCountInString(c.Value); n == 0 || n > maxChoice || utf8.RuneCountInString(c.Label) > maxChoice || c.Label == "" {
						t.Errorf("Complete(%q, %q) = %+v, want 1 to %d characters", text, o.Name, c, maxChoice)
					}
					_, err := o.read(c.Value, d)
					if o.Kind == Log || o.Kind == Goal {
						_, err = o.understood(c.Value, d)
					}
					if err != nil && c.Label != c.Value {
						t.Errorf("Complete(%q, %q) = %+v, which is none: %v", text, o.Name, c, err)
					}
				}
			}
		}
		Complete(table(), text, "", d)
	})
}

// names is any name a channel may have, mean ones among them.
func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"BNI", "BNI Tuesday", "cold calls", "Open day", "with", "a", "50", "121", "Sales", "won", "2h", "£5 Friday",
			"R&D", "X / Twitter", "12 Nov", "C++ meetup", "🚀", "café crème", "Friends of the Earth", "note", "1-2-1 Club", "yesterday", "Bob's", "q: a"}),
		rapid.StringMatching(`[A-Za-z]{2,8}( [A-Za-z0-9&'-]{1,8}){0,2}`),
	)
}

// entries is any entry a line can give.
func entries(d Desk) *rapid.Generator[Entry] {
	return rapid.Custom(func(t *rapid.T) Entry {
		e := Entry{Channel: d.Channels[rapid.IntRange(0, len(d.Channels)-1).Draw(t, "channel")].ID}
		e.Date = d.Today - goals.Date(rapid.IntRange(0, 800).Draw(t, "days ago"))
		for m := range goals.Measures {
			if rapid.Bool().Draw(t, m.String()) {
				e.Amounts[m] = rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, goals.MinutesADay)).Draw(t, "amount")
			}
		}
		if e.Amounts[goals.Deals] == 0 && rapid.Bool().Draw(t, "refund") {
			e.Amounts[goals.Revenue] *= -1
		}
		if e.Amounts.IsZero() {
			e.Amounts[goals.Contacts] = 1
		}
		e.Note = tidy(strings.Map(func(c rune) rune {
			if plain(c) == '"' {
				return -1
			}
			return c
		}, rapid.StringN(0, 40, -1).Draw(t, "note")))
		return e
	})
}

func TestCanonicalIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfNDistinct(names(), 1, 6, nameKey).Draw(t, "channels")
		d := desk(all...)
		d.Currency = rapid.SampledFrom([]goals.Currency{"GBP", "USD", "EUR", "JPY", "KWD", "CHF", "ZAR", "AUD", "SEK", "CNY"}).Draw(t, "currency")
		e := entries(d).Draw(t, "entry")
		line := Canonical(e, d)
		if got, err := ParseLog(line, d); err != nil || got != e {
			t.Fatalf("ParseLog(%q) = %+v, %v, want %+v", line, got, err, e)
		}
	})
}

func TestAmountsInWordsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := desk()
		e := entries(d).Draw(t, "entry")
		d.Channel = e.Channel
		line := AmountsInWords(e.Amounts, d.Currency)
		if got, err := ParseLog(line, d); err != nil || got.Amounts != e.Amounts || got.Channel != e.Channel {
			t.Fatalf("ParseLog(%q) = %+v, %v, want %+v", line, got, err, e.Amounts)
		}
	})
}
