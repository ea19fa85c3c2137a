package command

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/goals"
)

// table is commands of every shape.
func table() []Spec {
	kinds := []string{"social", "networking", "direct"}
	return []Spec{
		{Name: "goal", Summary: "Show your goal and how it stands", Private: true},
		{Name: "goal set", Summary: "Name a revenue figure and its date", Private: true,
			Options:  []Option{{Name: "goal", Kind: Goal, Required: true, Summary: "£120k by 31 Dec"}},
			Examples: []string{"/goal set £120k by 31 Dec", "/goal set at most 3h a week Facebook"}},
		{Name: "goal list", Summary: "List your goals"},
		{Name: "goal end", Summary: "End your goal, or a target under it", Options: []Option{{Name: "which", Kind: Objective}}},
		{Name: "asked", Summary: "Choose when you are asked", Options: []Option{{Name: "when", Kind: Schedule}}},
		{Name: "log", Summary: "Log what you did, in one line", Private: true,
			Options:  []Option{{Name: "line", Kind: Log, Required: true, Summary: "2h BNI £25 4 contacts yesterday"}},
			Examples: []string{"/log won £1,200 BNI"}},
		{Name: "checkin", Summary: "Answer this week's check-in", Form: true},
		{Name: "report", Summary: "See what came of your hours and money",
			Options:  []Option{{Name: "period", Kind: Period, Past: true, Summary: "The days it looks at"}, {Name: "channel", Kind: Channel, Summary: "Only this one"}},
			Examples: []string{"/report last quarter BNI"}},
		{Name: "channel add", Summary: "Add a source of business",
			Options:  []Option{{Name: "name", Kind: Words, Required: true, Summary: "What you call it"}, {Name: "kind", Kind: Choice, Required: true, Choices: kinds}},
			Examples: []string{"/payoff channel add BNI Tuesday networking"}},
		{Name: "channel rename", Summary: "Give a channel another name",
			Options: []Option{{Name: "channel", Kind: Channel, Required: true}, {Name: "name", Kind: Words, Required: true}}},
		{Name: "channel budget", Summary: "Set how much time a week a channel may take",
			Options: []Option{{Name: "channel", Kind: Channel, Required: true}, {Name: "time", Kind: Duration, Required: true}}},
		{Name: "away", Summary: "Take a break", Options: []Option{{Name: "return", Kind: Date, Required: true}, {Name: "why", Kind: Words}}},
		{Name: "break", Summary: "Take a break between two days", Options: []Option{{Name: "from", Kind: Date}, {Name: "back", Kind: Date}}},
		{Name: "worth", Summary: "Say what an hour is worth", Options: []Option{{Name: "amount", Kind: Money, Required: true}}},
		{Name: "compare", Summary: "Compare yourself", Options: []Option{{Name: "owner", Kind: Owner}, {Name: "measure", Kind: Measure}}},
		{Name: "team zone", Summary: "Choose the team's time zone", Admin: true, Options: []Option{{Name: "zone", Kind: Zone, Required: true}}},
		{Name: "team", Summary: "Show the team's settings"},
		{Name: "help", Summary: "Everything payoff can do", Options: []Option{{Name: "command", Kind: Words}}},
		{Name: "goal end yes", Summary: "Really end it", Hidden: true},
	}
}

func spec(t testing.TB, name string) Spec {
	t.Helper()
	i := slices.IndexFunc(table(), func(s Spec) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no command %q", name)
	}
	return table()[i]
}

// valuesInWords is every value in words, as "name=value".
func valuesInWords(v Values, d Desk) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(v.byName)) {
		got := v.byName[name]
		said := got.words(d)
		switch got.kind {
		case Channel:
			said = got.channel.Name
		case Owner:
			said = got.owner.Name
		case Measure:
			said = got.measure.String()
		case Objective:
			said = string(got.target.ID)
		}
		all = append(all, name+"="+said)
	}
	return strings.Join(all, "; ")
}

var rightOptions = []struct{ command, text, want string }{
	{"goal", "", ""},
	{"goal set", "£120k by 31 Dec", "goal=£120k by 31 Dec"},
	{"goal set", "goal: £120k by 31 Dec", "goal=£120k by 31 Dec"},
	{"log", "2h BNI\n3h LinkedIn", "line=2h BNI\n3h LinkedIn"},
	{"goal end", "", ""},
	{"goal end", "2", "which=b"},
	{"goal end", "which: 2", "which=b"},
	{"goal end", "#3.", "which=c"},
	{"goal end", "2. at most 3h a week, Instagram", "which=b"},
	{"goal end", "at most 30h a month", "which=c"},
	{"goal end", "instagram", "which=b"},
	{"goal end", "the one-to-ones with BNI", "which=a"},
	{"goal end", "“3h”", "which=b"},
	{"asked", "", ""},
	{"asked", "Fridays 4pm", "when=Friday 16:00"},
	{"asked", "when: 4pm on Friday", "when=Friday 16:00"},
	{"asked", "30 9 * * 2", "when=Tuesday 09:30"},
	{"asked", "never", "when=off"},
	{"report", "", ""},
	{"report", "last quarter BNI", "channel=BNI; period=Q3 2026"},
	{"report", "BNI last quarter", "channel=BNI; period=Q3 2026"},
	{"report", "for BNI in October", "channel=BNI; period=October 2026"},
	{"report", "BNI Thursday", "channel=BNI Thursday"},
	{"report", "insta", "channel=Instagram"},
	{"report", "last 4 weeks, cold calls", "channel=cold calls; period=26 Oct to 22 Nov"},
	{"report", "channel: BNI last quarter", "channel=BNI; period=Q3 2026"},
	{"report", "channel=BNI period=last quarter", "channel=BNI; period=Q3 2026"},
	{"report", "period: last quarter channel: \"cold calls\"", "channel=cold calls; period=Q3 2026"},
	{"channel add", "BNI Tuesday networking", "kind=networking; name=BNI Tuesday"},
	{"channel add", "networking BNI Tuesday", "kind=networking; name=BNI Tuesday"},
	{"channel add", "BNI Tuesday as networking", "kind=networking; name=BNI Tuesday"},
	{"channel add", "name: direct mail kind: direct", "kind=direct; name=direct mail"},
	{"channel rename", "BNI to BNI Tuesday", "channel=BNI; name=BNI Tuesday"},
	{"channel rename", "BNI Thursday, Early Birds", "channel=BNI Thursday; name=Early Birds"},
	{"channel rename", "cold calls to cold email", "channel=cold calls; name=cold email"},
	{"channel budget", "3h Facebook", "channel=Facebook; time=3h"},
	{"channel budget", "Facebook: 1h 30m", "channel=Facebook; time=1h 30m"},
	{"channel budget", "Facebook half an hour", "channel=Facebook; time=30m"},
	{"away", "until 12 Jan", "return=Tue 12 Jan 2027"},
	{"away", "12 Jan for a holiday", "return=Tue 12 Jan 2027; why=for a holiday"},
	{"break", "from 1 Dec to 12 Dec", "back=Sat 12 Dec; from=Tue 1 Dec"},
	{"break", "back: 12 Dec", "back=Sat 12 Dec"},
	{"worth", "£45", "amount=£45"},
	{"worth", "45.50", "amount=£45.50"},
	{"compare", "Gary convos", "measure=conversations; owner=Gary"},
	{"compare", "@Gary, one-to-ones", "measure=one-to-ones; owner=Gary"},
	{"compare", "Shah", "owner=Priya Shah"},
	{"team zone", "london", "zone=Europe/London"},
}

// TestParseManyLines: lines to log are taken as they are, however many.
func TestParseManyLines(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat("2h BNI 4 contacts\n", MaxLines))
	v, err := Parse(spec(t, "log"), text, nil, desk())
	if got := valuesInWords(v, desk()); err != nil || got != "line="+text {
		t.Errorf("Parse(log, %d lines) = %q, %v, want all of them", MaxLines, got, err)
	}
}

func TestParse(t *testing.T) {
	for _, test := range rightOptions {
		d := desk()
		v, err := Parse(spec(t, test.command), test.text, nil, d)
		if err != nil {
			t.Errorf("Parse(%s, %q) = %v, want %s", test.command, test.text, err, test.want)
		} else if got := valuesInWords(v, d); got != test.want {
			t.Errorf("Parse(%s, %q) = %s, want %s", test.command, test.text, got, test.want)
		}
	}
}

func TestParseGivenByName(t *testing.T) {
	d := desk()
	d.Channels[0].ID = "01BX5ZZKBKACTAV9WEVGEMMVRZ"
	tests := []struct {
		command, text string
		given         map[string]string
		want          string
	}{
		{"report", "", map[string]string{"channel": "BNI", "period": "last quarter"}, "channel=BNI; period=Q3 2026"},
		{"report", "", map[string]string{"channel": "01BX5ZZKBKACTAV9WEVGEMMVRZ"}, "channel=BNI"},
		{"report", "", map[string]string{"channel": "", "period": " "}, ""},
		{"report", "BNI", map[string]string{"period": "October"}, "channel=BNI; period=October 2026"},
		{"compare", "", map[string]string{"owner": "o3"}, "owner=Priya Patel"},
		{"goal set", "", map[string]string{"goal": "£120k by 31 Dec"}, "goal=£120k by 31 Dec"},
	}
	for _, test := range tests {
		v, err := Parse(spec(t, test.command), test.text, test.given, d)
		if got := valuesInWords(v, d); err != nil || got != test.want {
			t.Errorf("Parse(%s, %q, %v) = %s, %v, want %s", test.command, test.text, test.given, got, err, test.want)
		}
	}
}

func TestGetters(t *testing.T) {
	s := Spec{Name: "all", Options: []Option{{Name: "money", Kind: Money}, {Name: "date", Kind: Date, Past: true}, {Name: "period", Kind: Period},
		{Name: "time", Kind: Duration}, {Name: "channel", Kind: Channel}, {Name: "measure", Kind: Measure}, {Name: "owner", Kind: Owner},
		{Name: "choice", Kind: Choice, Choices: []string{"on", "off"}}, {Name: "zone", Kind: Zone}, {Name: "words", Kind: Words}}}
	d := desk()
	v, err := Parse(s, "", map[string]string{"money": "£45", "date": "yesterday", "period": "a month", "time": "90m", "channel": "bni",
		"measure": "deals", "owner": "gary", "choice": "ON", "zone": "Paris", "words": " as it is "}, d)
	if err != nil {
		t.Fatal(err)
	}
	money, _ := v.Money("money")
	date, _ := v.Date("date")
	period, every, _ := v.Period("period")
	minutes, _ := v.Minutes("time")
	channel, _ := v.Channel("channel")
	measure, _ := v.Measure("measure")
	owner, _ := v.Owner("owner")
	choice, _ := v.Choice("choice")
	zone, _ := v.Zone("zone")
	words, _ := v.Words("words")
	got := []any{money, date, period, every, minutes, channel.Name, measure, owner, choice, zone, words}
	want := []any{goals.Money{Minor: 4500, Currency: "GBP"}, sunday - 1, goals.Month.Period(sunday), goals.Month, int64(90), "BNI",
		goals.Deals, Named{"o2", "Gary"}, "on", "Europe/Paris", "as it is"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if _, ok := v.Money("date"); ok || !v.Has("date") || v.Has("nothing") {
		t.Error("Money(date) = true, or Has is wrong")
	}
}
