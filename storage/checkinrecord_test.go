package storage

import (
	"testing"

	"payoff/goals"
)

// TestOlderCheckIn: a check-in from before it kept its question reads on, and one without a
// question is written as it was then.
func TestOlderCheckIn(t *testing.T) {
	older := "\x01" + `{"week":"2026-11-23","covers":{"From":"2026-11-16","To":"2026-11-22"},"asked":"2026-11-23T09:00:00Z","state":"asked"}`
	var rec checkInRecord
	if err := decode([]byte(older), &rec); err != nil {
		t.Fatalf("decode: %v", err)
	}
	if c := goals.CheckIn(rec); c.Question != "" || c.State != goals.CheckInAsked || c.Week.String() != "2026-11-23" {
		t.Errorf("it reads %+v, want one that was asked and has no question", c)
	}
	if again, err := encode(rec); err != nil || string(again) != older {
		t.Errorf("written again it is %s, %v, want %s", again, err, older)
	}
	rec.Question = goals.AskBudget
	b, err := encode(rec)
	var read checkInRecord
	if err != nil || decode(b, &read) != nil || read.Question != goals.AskBudget {
		t.Errorf("its question reads %q, %v, want %q", read.Question, err, goals.AskBudget)
	}
}
