package discord

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// tableSpecs is a table like the real one, which this package may not import: cmd/payoff tests
// with that.
func tableSpecs() []command.Spec {
	words := func(name, about string) command.Option {
		return command.Option{Name: name, Kind: command.Words, Summary: about}
	}
	return []command.Spec{
		{Name: "start", Summary: "Get started", Form: true, Private: true},
		{Name: "start save", Hidden: true, Options: []command.Option{words("then", "")}},
		{Name: "goal", Summary: "Show your goal, or set it", Options: []command.Option{{Name: "goal", Kind: command.Goal, Summary: "A figure and a date to set: £120k by 31 Dec"}}},
		{Name: "goal set", Summary: "Name a revenue figure and its date", Options: []command.Option{{Name: "goal", Kind: command.Goal, Required: true, Summary: "£120k by 31 Dec"}}},
		{Name: "goal show", Summary: "Show your goal and how it stands"},
		{Name: "goal end", Summary: "End your goal", Options: []command.Option{{Name: "which", Kind: command.Objective, Summary: "A target by its number"}}},
		{Name: "goal end yes", Hidden: true},
		{Name: "log", Summary: "Log what you did, in one line", Options: []command.Option{{Name: "line", Kind: command.Log, Required: true, Summary: "2h BNI £25 4 contacts yesterday"}}},
		{Name: "log this", Summary: "Log what a message says", Form: true, Hidden: true, Shortcut: "Log this"},
		{Name: "log lines", Hidden: true},
		{Name: "history", Summary: "List what you logged", Options: []command.Option{{Name: "channel", Kind: command.Channel, Summary: "Only this channel"}, {Name: "period", Kind: command.Period, Past: true, Summary: "Only then"}}},
		{Name: "checkin", Summary: "Answer this week's check-in", Form: true},
		{Name: "checkin now", Summary: "Answer this week's check-in", Form: true},
		{Name: "checkin show", Summary: "Show this week's check-in before answering"},
		{Name: "report", Summary: "See what came of your hours and money", Options: []command.Option{{Name: "period", Kind: command.Period, Past: true, Summary: "last quarter"}}},
		{Name: "report what if", Summary: "See what moving time would bring", Options: []command.Option{
			{Name: "from", Kind: command.Channel, Summary: "Where it would come from"},
			{Name: "time", Kind: command.Duration, Required: true, Summary: "How much a week"}}},
		{Name: "leaderboard", Summary: "See where the team stands"},
		{Name: "channel", Summary: "List your channels"},
		{Name: "channel list", Summary: "List your channels, with kinds"},
		{Name: "channel kind", Summary: "Change what kind a channel is", Options: []command.Option{{Name: "Which Channel", Kind: command.Channel, Required: true, Summary: "One of yours"},
			{Name: "kind", Kind: command.Choice, Choices: []string{"social", "networking", "direct"}, Required: true}}},
		{Name: "team", Summary: "Show the team's settings"},
		{Name: "team zone", Summary: "Choose the team's time zone", Admin: true, Options: []command.Option{{Name: "zone", Kind: command.Zone, Summary: "Europe/London, or a city"}}},
		{Name: "team room", Summary: "Post the leaderboard in this room, or nowhere", Admin: true, Options: []command.Option{words("off", "off stops it")}},
		{Name: "payoff", Summary: "Everything payoff can do"},
		{Name: "help", Summary: "Everything payoff can do, or one command in full", Options: []command.Option{words("command", "Which command")}},
	}
}

// TestNames is where each command stands: what a person picks, and the command it calls.
func TestNames(t *testing.T) {
	for names, want := range map[string]string{
		"goal set":              "goal set",
		"goal show":             "goal show",
		"log":                   "log",
		"checkin now":           "checkin now",
		"checkin show":          "checkin show",
		"report show":           "report", // no other stands in for it
		"report what-if":        "report what if",
		"leaderboard":           "leaderboard",
		"payoff start":          "start",
		"payoff history":        "history",
		"payoff help":           "help",
		"payoff channel list":   "channel list",
		"payoff channel kind":   "channel kind",
		"payoff team show":      "team",
		"payoff team zone":      "team zone",
		"payoff goal set":       "goal set",
		"payoff log":            "log",
		"payoff report show":    "report",
		"payoff report what-if": "report what if",
		"team zone":             "team zone",
		"team room":             "team room",
		"Log+this":              "log this",

		"": "", "goal": "", "goal list": "", "goal end yes": "", "goal-end": "", "payoff": "", "start": "", "report": "", "report what if": "",
		"team": "", "team show": "", "log this": "", "log lines": "", "log-this": "", "payoff payoff": "", "payoff channel show": "", "what": "", "Goal set": "",
	} {
		fields := strings.Fields(names)
		for i := range fields {
			fields[i] = strings.ReplaceAll(fields[i], "+", " ")
		}
		s, ok := specOf(tableSpecs(), fields)
		if s.Name != want || ok != (want != "") {
			t.Errorf("specOf(%q) = %q, %t, want %q", fields, s.Name, ok, want)
		}
	}
}

func TestEveryPlaceIsFound(t *testing.T) {
	for _, p := range places(tableSpecs()) {
		if s, ok := specOf(tableSpecs(), p.words); !ok || s.Name != p.spec.Name {
			t.Errorf("specOf(%q) = %q, want %q", p.words, s.Name, p.spec.Name)
		}
	}
	for _, s := range tableSpecs() {
		reached := false
		for _, p := range places(tableSpecs()) {
			reached = reached || p.words[0] == payoffWord && p.spec.Name == s.Name
		}
		if s.Hidden == reached && s.Name != "goal" && s.Name != "checkin" && s.Name != "channel" && s.Name != "payoff" {
			t.Errorf("%q is reached below /payoff: %t", s.Name, reached)
		}
	}
	if got := places([]command.Spec{{Name: "payoff"}}); len(got) != 1 || got[0].words[0] != payoffWord {
		t.Errorf("places of payoff alone = %v", got)
	}
	if got := places(nil); len(got) != 0 {
		t.Errorf("places of nothing = %v", got)
	}
}

func TestTypedOf(t *testing.T) {
	got, ok := typedOf(tableSpecs(), []string{"payoff", "channel", "kind"}, map[string]string{"which-channel": "BNI", "kind": "social", "new": "x"})
	want := chat.Typed{Text: "channel kind", Options: map[string]string{"Which Channel": "BNI", "kind": "social", "new": "x"}}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("typedOf (-want +got), %t:\n%s", ok, diff)
	}
	if got, ok := typedOf(tableSpecs(), []string{"nothing"}, nil); ok {
		t.Errorf("typedOf(nothing) = %v, want none", got)
	}
}
