package command

import (
	"errors"
	"strings"
	"testing"
	"time"

	"payoff/goals"
)

// sunday is the day of every test: 22 November 2026.
var sunday = goals.NewDate(2026, time.November, 22)

// desk is what the lines of the tests are read against.
func desk(channels ...string) Desk {
	if channels == nil {
		channels = []string{"BNI", "LinkedIn", "cold calls", "Facebook", "Open day", "BNI Thursday", "Instagram"}
	}
	d := Desk{Today: sunday, Currency: "GBP", Objectives: []goals.Objective{
		{ID: "a", Measure: goals.OneToOnes, Amount: 2, Every: goals.Week, Channel: "BNI"},
		{ID: "b", Measure: goals.Hours, AtMost: true, Amount: 180, Every: goals.Week, Channel: "Instagram"},
		{ID: "c", Measure: goals.Hours, AtMost: true, Amount: 1800, Every: goals.Month},
	}, Owners: []Named{{"o1", "Priya Shah"}, {"o2", "Gary"}, {"o3", "Priya Patel"}}}
	for _, name := range channels {
		d.Channels = append(d.Channels, goals.Channel{ID: goals.ChannelID(name), Name: name, Kind: goals.Networking})
	}
	return d
}

// mistake is the Mistake of an error, which has to be one.
func mistake(t testing.TB, err error) *goals.Mistake {
	t.Helper()
	var m *goals.Mistake
	if !errors.As(err, &m) {
		t.Fatalf("error = %v, want a Mistake", err)
	}
	checkMistake(t, m)
	return m
}

// checkMistake holds a Mistake to the rules that all of them keep.
func checkMistake(t testing.TB, m *goals.Mistake) {
	t.Helper()
	switch {
	case m.Code == "" || m.Message == "":
		t.Errorf("Mistake %+v says nothing", m)
	case strings.Contains(m.Error(), "!") && !strings.Contains(m.Input, "!"):
		t.Errorf("Mistake %q shouts", m)
	case m.Marked.Start < 0 || m.Marked.Start > m.Marked.End || m.Marked.End > len(m.Input):
		t.Errorf("Mistake %q marks %v of %d bytes", m, m.Marked, len(m.Input))
	}
}

func marked(m *goals.Mistake) string { return m.Input[m.Marked.Start:m.Marked.End] }
