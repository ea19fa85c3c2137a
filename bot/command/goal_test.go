package command

import (
	"errors"
	"testing"
	"time"

	"payoff/goals"
)

func TestParseGoal(t *testing.T) {
	pounds := func(n int64) goals.Money { return goals.Money{Minor: n * 100, Currency: "GBP"} }
	until := func(y int, m time.Month, d int) goals.Period {
		return goals.Period{From: sunday, To: goals.NewDate(y, m, d)}
	}
	year := func(y int) goals.Period { return goals.Year.Period(goals.NewDate(y, 1, 1)) }
	tests := []struct {
		line string
		want GoalLine
	}{
		{"£120k by 31 Dec", Revenue{pounds(120_000), until(2026, 12, 31), goals.Once}},
		{"by 31 Dec £120k", Revenue{pounds(120_000), until(2026, 12, 31), goals.Once}},
		{"50000 this quarter", Revenue{pounds(50_000), goals.Quarter.Period(sunday), goals.Once}},
		{"£8k a month", Revenue{pounds(8_000), goals.Month.Period(sunday), goals.Month}},
		{"8k monthly", Revenue{pounds(8_000), goals.Month.Period(sunday), goals.Month}},
		{"£5k/month", Revenue{pounds(5_000), goals.Month.Period(sunday), goals.Month}},
		{"£60k per annum", Revenue{pounds(60_000), goals.Year.Period(sunday), goals.Year}},
		{"£1m in 2027", Revenue{pounds(1_000_000), year(2027), goals.Once}},
		{"£1m 2027", Revenue{pounds(1_000_000), year(2027), goals.Once}},
		{"£120k by 31 Dec 2027", Revenue{pounds(120_000), until(2027, 12, 31), goals.Once}},
		{"revenue of £120k by 31 Dec, please", Revenue{pounds(120_000), until(2026, 12, 31), goals.Once}},
		{"I want to make £120k by the end of next year", Revenue{pounds(120_000), until(2027, 12, 31), goals.Once}},
		{"sales of £120k by 31 Dec", Revenue{pounds(120_000), until(2026, 12, 31), goals.Once}},
		{"£１２０k\u00a0by 31 Dec", Revenue{pounds(120_000), until(2026, 12, 31), goals.Once}},

		{"2 one-to-ones a week BNI", NewObjective{goals.OneToOnes, false, 2, goals.Week, "BNI"}},
		{"2 BNI one-to-ones weekly", NewObjective{goals.OneToOnes, false, 2, goals.Week, "BNI"}},
		{"at most 3h a week Facebook", NewObjective{goals.Hours, true, 180, goals.Week, "Facebook"}},
		{"max 3h of Facebook a week", NewObjective{goals.Hours, true, 180, goals.Week, "Facebook"}},
		{"max 30h a month facebook", NewObjective{goals.Hours, true, 1800, goals.Month, "Facebook"}},
		{"at least 5 conversations a week", NewObjective{goals.Conversations, false, 5, goals.Week, ""}},
		{"spend under £100 a month LinkedIn", NewObjective{goals.Spend, true, 10_000, goals.Month, "LinkedIn"}},
		{"no more than £50 a week on Facebook spend", NewObjective{goals.Spend, true, 5_000, goals.Week, "Facebook"}},
		{"£2k a month from BNI", NewObjective{goals.Revenue, false, 200_000, goals.Month, "BNI"}},
		{"5 deals a quarter", NewObjective{goals.Deals, false, 5, goals.Quarter, ""}},
		{"1 referral given a week insta", NewObjective{goals.ReferralsGiven, false, 1, goals.Week, "Instagram"}},
	}
	for _, test := range tests {
		if got, err := ParseGoal(test.line, desk()); err != nil || got != test.want {
			t.Errorf("ParseGoal(%q) = %+v, %v, want %+v", test.line, got, err, test.want)
		}
	}
}

func TestParseGoalUnknownChannel(t *testing.T) {
	_, err := ParseGoal("2 one-to-ones a week Rotary Club", desk())
	var u *UnknownChannel
	if !errors.As(err, &u) || u.Name != "Rotary Club" || u.Again != "2 one-to-ones a week Rotary Club" {
		t.Errorf("ParseGoal = %v, want the unknown channel Rotary Club", err)
	}
}

func TestParseGoalInAnotherCurrency(t *testing.T) {
	d := desk()
	for currency, line := range map[goals.Currency]string{"USD": "$8k a month", "EUR": "8.000,00 € a month", "CHF": "CHF 8000 a month", "ZAR": "R8k a month"} {
		d.Currency = currency
		want := Revenue{goals.Money{Minor: 800_000, Currency: currency}, goals.Month.Period(sunday), goals.Month}
		if got, err := ParseGoal(line, d); err != nil || got != want {
			t.Errorf("ParseGoal(%q) = %+v, %v, want %+v", line, got, err, want)
		}
	}
}
