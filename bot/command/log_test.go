package command

import (
	"errors"
	"strings"
	"testing"

	"payoff/goals"
)

// inWords is an entry in words, with its channel, date and note.
func inWords(e Entry, d Desk) string {
	return strings.TrimSpace(string(e.Channel) + ", " + e.Date.String() + ": " + AmountsInWords(e.Amounts, d.Currency) + " " + e.Note)
}

const today, yesterday = "2026-11-22", "2026-11-21"

// rightLogs are lines and what they are understood as: the canonical amounts, and the note behind them.
var rightLogs = []struct{ line, want string }{
	// The examples of DESIGN.md.
	{"2h BNI £25 4 contacts 2 conversations 1 qualified yesterday",
		"BNI, " + yesterday + ": 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified"},
	{"LinkedIn 90m 3 convos", "LinkedIn, " + today + ": 1h 30m, 3 conversations"},
	{"won £1,200 BNI", "BNI, " + today + ": 1 deal, £1,200 revenue"},
	{"won 2 deals £3k from cold calls on 12 Nov", "cold calls, 2026-11-12: 2 deals, £3,000 revenue"},
	{"1-2-1 with Priya, BNI, 1h, 1 referral given", "BNI, " + today + ": 1h, 1 one-to-one, 1 referral given with Priya"},

	// Any order, any separators, any case.
	{"yesterday 1 qualified 4 contacts £25 bni 2H", "BNI, " + yesterday + ": 2h, £25 spent, 4 contacts, 1 qualified"},
	{"BNI: 2h; £25; 4 contacts", "BNI, " + today + ": 2h, £25 spent, 4 contacts"},
	{"contacts: 3, convos: 2, hours: 2, revenue: £300, BNI", "BNI, " + today + ": 2h, 3 contacts, 2 conversations, £300 revenue"},
	{"2h/BNI + £25 & 4contacts!!!", "BNI, " + today + ": 2h, £25 spent, 4 contacts"},
	{"@BNI #2h", "BNI, " + today + ": 2h"},
	{"yesterday I did 2h of LinkedIn and had 3 chats", "LinkedIn, " + yesterday + ": 2h, 3 conversations"},

	// Money.
	{"£25 for BNI", "BNI, " + today + ": £25 spent"},
	{"25 quid BNI", "BNI, " + today + ": £25 spent"},
	{"BNI GBP 1,200.50", "BNI, " + today + ": £1,200.50 spent"},
	{"spent 25 BNI", "BNI, " + today + ": £25 spent"},
	{"BNI paid £25", "BNI, " + today + ": £25 spent"},
	{"2h BNI spent £25 won £30", "BNI, " + today + ": 2h, £25 spent, 1 deal, £30 revenue"},
	{"2h BNI £25 spent £30 won", "BNI, " + today + ": 2h, £25 spent, 1 deal, £30 revenue"},
	{"BNI £25 fee, won £300", "BNI, " + today + ": £25 spent, 1 deal, £300 revenue"},
	{"BNI 1 sale £300 cost £25", "BNI, " + today + ": £25 spent, 1 deal, £300 revenue"},
	{"spent 2h and £25 on BNI", "BNI, " + today + ": 2h, £25 spent"},
	{"won a £1,200 deal BNI", "BNI, " + today + ": 1 deal, £1,200 revenue"},
	{"BNI: won £500, spent 2h and £30, met Bob", "BNI, " + today + ": 2h, £30 spent, 1 deal, £500 revenue met Bob"},
	{"LinkedIn 2 hours 30 minutes yesterday evening", "LinkedIn, " + yesterday + ": 2h 30m"},
	{"won a deal BNI", "BNI, " + today + ": 1 deal"},
	{"closed 2 sales on LinkedIn for £900", "LinkedIn, " + today + ": 2 deals, £900 revenue"},
	{"BNI £25 1 deal", "BNI, " + today + ": 1 deal, £25 revenue"},
	{"invoiced £300 linked in", "LinkedIn, " + today + ": £300 revenue"},
	{"paid me £500 BNI", "BNI, " + today + ": £500 revenue"},
	{"Open day: takings £300, £40 fee", "Open day, " + today + ": £40 spent, £300 revenue"},
	{"BNI £300 revenue 2 deals", "BNI, " + today + ": 2 deals, £300 revenue"},
	{"refund £200 BNI", "BNI, " + today + ": £200 refunded"},
	{"BNI refunded £200", "BNI, " + today + ": £200 refunded"},

	// Counts.
	{"had a 1:1 with Bob, BNI, 45 mins", "BNI, " + today + ": 45m, 1 one-to-one with Bob"},
	{"BNI 2 121s 1h 30m", "BNI, " + today + ": 1h 30m, 2 one-to-ones"},
	{"BNI 121 contacts", "BNI, " + today + ": 121 contacts"},
	{"one to one BNI", "BNI, " + today + ": 1 one-to-one"},
	{"a couple of convos BNI", "BNI, " + today + ": 2 conversations"},
	{"BNI three new leads, 2 qualified leads", "BNI, " + today + ": 3 contacts, 2 qualified"},
	{"3 LinkedIn convos", "LinkedIn, " + today + ": 3 conversations"},
	{"gave 2 referrals BNI", "BNI, " + today + ": 2 referrals given"},
	{"received a referral BNI", "BNI, " + today + ": 1 referral received"},
	{"got 1 referral, BNI", "BNI, " + today + ": 1 referral received"},
	{"BNI 2 visitors, a strategic partner, a piece of advice", "BNI, " + today + ": 2 visitors, 1 partner, 1 piece of advice"},
	{"2h BNI no conversations", "BNI, " + today + ": 2h"},

	// Times and days.
	{"LinkedIn an hour and a half", "LinkedIn, " + today + ": 1h 30m"},
	{"½h BNI", "BNI, " + today + ": 30m"},
	{"BNI 24h", "BNI, " + today + ": 24h"},
	{"2h BNI, Tuesday", "BNI, 2026-11-17: 2h"},
	{"2h BNI on the 12th", "BNI, 2026-11-12: 2h"},
	{"BNI 3 days ago 2h", "BNI, 2026-11-19: 2h"},
	{"BNI 2h 1 Mar", "BNI, 2026-03-01: 2h"},
	{"BNI 2026-11-02 2h", "BNI, 2026-11-02: 2h"},

	// Channels.
	{"2h BNI Thursday yesterday", "BNI Thursday, " + yesterday + ": 2h"},
	{"1 cold call conversation", "cold calls, " + today + ": 1 conversation"},
	{"2h Open days", "Open day, " + today + ": 2h"},
	{"insta 2h", "Instagram, " + today + ": 2h"},
	{"2h cold", "cold calls, " + today + ": 2h"},
	{"2h BNI BNI", "BNI, " + today + ": 2h"},

	// Notes.
	{"BNI with Gary at the Town Hall 2h", "BNI, " + today + ": 2h with Gary at the Town Hall"},
	{"BNI 2h (with Priya)", "BNI, " + today + ": 2h with Priya"},
	{"BNI 2h about pricing, at the Town Hall", "BNI, " + today + ": 2h about pricing, at the Town Hall"},
	{"BNI 2h – talked pricing with Gary", "BNI, " + today + ": 2h talked pricing with Gary"},
	{"BNI 2h note: long chat", "BNI, " + today + ": 2h long chat"},
	{"BNI “about LinkedIn” 1h", "BNI, " + today + ": 1h about LinkedIn"},
	{"‘met 3 people’ 1h BNI", "BNI, " + today + ": 1h met 3 people"},
	{"1h BNI with a guest", "BNI, " + today + ": 1h with a guest"},
	{"1h BNI with Priya and won £300", "BNI, " + today + ": 1h, 1 deal, £300 revenue with Priya"},
	{"2h BNI coffee with Priya 💪", "BNI, " + today + ": 2h coffee with Priya 💪"},
	{"2h posting on LinkedIn", "LinkedIn, " + today + ": 2h posting"},

	// What keyboards and clipboards do.
	{"1. 2h BNI", "BNI, " + today + ": 2h"},
	{"- 2h BNI", "BNI, " + today + ": 2h"},
	{"2) 2h BNI", "BNI, " + today + ": 2h"},
	{"１h ＢＮＩ ２ contacts", "BNI, " + today + ": 1h, 2 contacts"},
	{"2h\u00a0BNI\t£25\r", "BNI, " + today + ": 2h, £25 spent"},
	{"\u202e2h\u202c BN\u200bI", "BNI, " + today + ": 2h"},
	{"🚀 2h BNI 🚀", "BNI, " + today + ": 2h"},
	{"1–2–1 BNI", "BNI, " + today + ": 1 one-to-one"},
}

func TestParseLog(t *testing.T) {
	d := desk()
	for _, test := range rightLogs {
		e, err := ParseLog(test.line, d)
		if err != nil {
			t.Errorf("ParseLog(%q) = %v, want %s", test.line, err, test.want)
			continue
		}
		if got := inWords(e, d); got != test.want {
			t.Errorf("ParseLog(%q) = %s, want %s", test.line, got, test.want)
		}
		checkEntry(t, test.line, e, d)
		if again, err := ParseLog(Canonical(e, d), d); err != nil || again != e {
			t.Errorf("ParseLog(%q) = %+v, %v, want %+v", Canonical(e, d), again, err, e)
		}
	}
}

// TestChannelNames holds that a channel may be called anything: the longest name wins, and a
// name that is an everyday word of a line can be quoted.
func TestChannelNames(t *testing.T) {
	tests := []struct {
		channels []string
		line     string
		want     string
	}{
		{[]string{"BNI", "BNI Tuesday"}, "2h BNI Tuesday", "BNI Tuesday, 2026-11-22: 2h"},
		{[]string{"BNI", "BNI Tuesday"}, "2h BNI, Tuesday", "BNI, 2026-11-17: 2h"},
		{[]string{"Calls", "Cold calls"}, "2h cold calls", "Cold calls, 2026-11-22: 2h"},
		{[]string{"Contacts"}, "2h Contacts 3 contacts", "Contacts, 2026-11-22: 2h, 3 contacts"},
		{[]string{"Sales"}, "3 sales £900 from Sales", "Sales, 2026-11-22: 3 deals, £900 revenue"},
		{[]string{"1-2-1 Club"}, "1-2-1 at 1-2-1 Club", "1-2-1 Club, 2026-11-22: 1 one-to-one"},
		{[]string{"R&D", "X / Twitter"}, "2h x/twitter", "X / Twitter, 2026-11-22: 2h"},
		{[]string{"50"}, `2h "50"`, "50, 2026-11-22: 2h"},
		{[]string{"With"}, `2h "with" with Priya`, "With, 2026-11-22: 2h with Priya"},
		{[]string{"Café Crème"}, "2h cafe\u0301 cre\u0300me", "Café Crème, 2026-11-22: 2h"},
		{[]string{"🚀 Launch"}, "2h launch", "🚀 Launch, 2026-11-22: 2h"},
		{[]string{"🚀"}, "2h 🚀", "🚀, 2026-11-22: 2h"},
		{[]string{"Smith, Jones"}, "2h Smith, Jones", "Smith, Jones, 2026-11-22: 2h"},
		{[]string{"Friends of the Earth"}, "2h at the Friends of the Earth", "Friends of the Earth, 2026-11-22: 2h"},
		{[]string{"BNI Tuesday", "Rotary"}, "2h bni", "BNI Tuesday, 2026-11-22: 2h"},
		{[]string{"BNI Tuesday", "BNI Friday"}, "2h BNI", "“BNI” could be BNI Tuesday or BNI Friday. Type the name in full."},
		{[]string{"BNI Tuesday"}, "2h Tuesday", "That line names no channel. Did you mean BNI Tuesday?"},
		{[]string{}, "2h", "That line names no channel. Name where it was, and I can create the channel: “2h LinkedIn”."},
		{[]string{}, "2h LinkedIn", "I don't know the channel “LinkedIn”. Create it as social, networking or direct."},
	}
	for _, test := range tests {
		d := desk(test.channels...)
		got := ""
		if e, err := ParseLog(test.line, d); err != nil {
			got = mistake(t, err).Error()
		} else {
			got = inWords(e, d)
		}
		if got != test.want {
			t.Errorf("with %q, ParseLog(%q) = %s, want %s", test.channels, test.line, got, test.want)
		}
	}
}

func TestUnknownChannel(t *testing.T) {
	d := desk()
	tests := []struct{ line, name string }{
		{"2h Foo £25", "Foo"},
		{"2h Facebok", "Facebok"},
		{"won £300 at the Chamber of Commerce yesterday", "Chamber of Commerce"},
		{"2h Rotary lunch with Priya", "Rotary lunch"},
		{"2h Studio One", "Studio One"},
		{"2h networking", "networking"},
	}
	for _, test := range tests {
		_, err := ParseLog(test.line, d)
		var u *UnknownChannel
		if !errors.As(err, &u) || u.Name != test.name || u.Again != test.line || mistake(t, err).Code != goals.Unknown {
			t.Errorf("ParseLog(%q) = %v, want the unknown channel %q", test.line, err, test.name)
			continue
		}
		checkUnknown(t, test.line, u, d)
	}
	for _, line := range []string{"hello there", "Foo", "Foo 2.5 contacts", "Foo £25 £30", "BNI wobble 2h", "2h yesturday"} {
		_, err := ParseLog(line, d)
		var u *UnknownChannel
		if err == nil || errors.As(err, &u) {
			t.Errorf("ParseLog(%q) = %v, want a Mistake that offers no channel", line, err)
		}
	}
}

func TestArchivedChannel(t *testing.T) {
	d := desk("Old fair", "BNI")
	d.Channels[0].Archived = true
	if e, err := ParseLog("2h Old fair", d); err != nil || !e.Archived {
		t.Errorf("ParseLog = %+v, %v, want an entry that says its channel is archived", e, err)
	}
	if _, err := ParseLog("2h fair", d); err == nil {
		t.Error("part of an archived channel's name is taken for it")
	}
	d.Channels = append(d.Channels, goals.Channel{ID: "new", Name: "old fair"})
	if e, err := ParseLog("2h OLD FAIR", d); err != nil || e.Channel != "new" || e.Archived {
		t.Errorf("ParseLog = %+v, %v, want the channel in use", e, err)
	}
}

func TestParseLogAboutOneChannel(t *testing.T) {
	d := desk()
	d.Channel = "BNI"
	for line, want := range map[string]string{
		"2h, £25 spent, 4 contacts": "BNI, 2026-11-22: 2h, £25 spent, 4 contacts",
		"0h":                        "BNI, 2026-11-22:",
		"LinkedIn 2h":               "LinkedIn, 2026-11-22: 2h",
	} {
		if e, err := ParseLog(line, d); err != nil || inWords(e, d) != want {
			t.Errorf("ParseLog(%q) = %s, %v, want %s", line, inWords(e, d), err, want)
		}
	}
	if _, err := ParseLog("Foo 2h", d); err == nil {
		t.Error("an unknown word is passed over")
	}
}

// TestDaysOfALine holds that a field of a check-in can hold the hours of all its days.
func TestDaysOfALine(t *testing.T) {
	d := desk()
	d.Days = 7
	if e, err := ParseLog("BNI 40h", d); err != nil || e.Amounts[goals.Hours] != 40*60 {
		t.Errorf("ParseLog(BNI 40h) = %+v, %v, want 40 hours", e, err)
	}
	_, err := ParseLog("BNI 169h", d)
	if got, want := mistake(t, err).Error(), "“169h” is more than these 7 days have. Type the time that went into it."; got != want {
		t.Errorf("ParseLog(BNI 169h) = %q, want %q", got, want)
	}
}

func TestLimits(t *testing.T) {
	d := desk()
	long := "2h BNI " + strings.Repeat("é", MaxLine-7)
	for line, want := range map[string]string{
		long + "é":                  "That line has 501 characters; I read up to 500. Say it in fewer words, or in several lines.",
		strings.Repeat("2h ", 5000): "That line has 15000 characters; I read up to 500. Say it in fewer words, or in several lines.",
		`2h BNI "` + strings.Repeat("é", 201) + `"`: "The note has 201 characters; I keep up to 200. Keep the part you will want to read again.",
	} {
		_, err := ParseLog(line, d)
		if m := mistake(t, err); m.Error() != want || len(m.Input) > 1000 {
			t.Errorf("ParseLog of %d bytes = %q, want %q", len(line), m, want)
		}
	}
	if e, err := ParseLog(`2h BNI "`+strings.Repeat("é", 200)+`"`, d); err != nil || len([]rune(e.Note)) != 200 {
		t.Errorf("a note of 200 characters: %v", err)
	}
}

func TestParseLines(t *testing.T) {
	d := desk()
	entries, err := ParseLines("2h BNI\n\n \r\nLinkedIn 90m\r\n", d)
	if err != nil || len(entries) != 2 || entries[1].Channel != "LinkedIn" {
		t.Errorf("ParseLines = %+v, %v, want two entries", entries, err)
	}
	for text, want := range map[string]string{
		"2h BNI\n4 contcts BNI":        "Line 2: I don't know what “contcts” counts. Did you mean “4 contacts”?",
		"4 contcts BNI\n":              "I don't know what “contcts” counts. Did you mean “4 contacts”?",
		"\n \n":                        "There is nothing in that line. Try “2h BNI £25 4 contacts yesterday”.",
		strings.Repeat("2h BNI\n", 21): "Those are 21 lines; I read up to 20 at a time. Send the rest in another message.",
		"2h BNI\n1h Foo\nLinkedIn 2h":  "Line 2: I don't know the channel “Foo”. Create it, or name one of yours: BNI, LinkedIn, cold calls, Facebook or Open day.",
	} {
		_, err := ParseLines(text, d)
		m := mistake(t, err)
		if m.Error() != want || strings.Contains(m.Input, "\n") {
			t.Errorf("ParseLines(%q) = %q, want %q", text, m, want)
		}
		var u *UnknownChannel
		if errors.As(err, &u) && u.Again != text {
			t.Errorf("ParseLines(%q) would run %q again", text, u.Again)
		}
	}
}

func TestEntryWords(t *testing.T) {
	d := desk()
	for line, want := range map[string]string{
		"2h BNI £25 4 contacts 2 conversations 1 qualified yesterday": "BNI, Sat 21 Nov: 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified",
		"1-2-1 with Priya, BNI, 1h":                                   "BNI, Sun 22 Nov: 1h, 1 one-to-one (with Priya)",
		"refund £200 BNI 3 Jan 2025":                                  "BNI, Fri 3 Jan 2025: £200 refunded",
		"BNI a piece of advice Tue":                                   "BNI, Tue 17 Nov: 1 piece of advice",
	} {
		e, err := ParseLog(line, d)
		if got := e.Words(d); err != nil || got != want {
			t.Errorf("ParseLog(%q).Words = %q, %v, want %q", line, got, err, want)
		}
	}
}

// TestYears holds the days around a new year: a day without its year is never one to come.
func TestYears(t *testing.T) {
	d := desk()
	tests := []struct {
		today goals.Date
		line  string
		want  string
	}{
		{goals.NewDate(2027, 1, 3), "2h BNI 12 Dec", "2026-12-12"},
		{goals.NewDate(2027, 1, 3), "2h BNI Tue", "2026-12-29"},
		{goals.NewDate(2026, 6, 1), "2h BNI 12 Dec", "2025-12-12"},
		{goals.NewDate(2026, 11, 22), "2h BNI 23 Nov", "23 Nov is still to come. Log it on the day."},
		{goals.NewDate(2026, 11, 22), "2h BNI 22 Nov", "2026-11-22"},
	}
	for _, test := range tests {
		d.Today = test.today
		e, err := ParseLog(test.line, d)
		got := e.Date.String()
		if err != nil {
			got = mistake(t, err).Error()
		}
		if got != test.want {
			t.Errorf("on %s, ParseLog(%q) = %s, want %s", test.today, test.line, got, test.want)
		}
	}
}
