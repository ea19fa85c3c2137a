package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/goals"
)

// A kindName is a type made from string, as goals.Kind is.
type kindName string

type bound struct {
	Money   goals.Money     `opt:"money"`
	Date    *goals.Date     `opt:"date"`
	Never   *goals.Date     `opt:"never"`
	Period  Recurring       `opt:"period"`
	Days    *goals.Period   `opt:"days"`
	Time    int64           `opt:"time"`
	Channel goals.ChannelID `opt:"channel"`
	Whole   goals.Channel   `opt:"whole"`
	Measure goals.Measure   `opt:"measure"`
	Owner   goals.OwnerID   `opt:"owner"`
	Kind    kindName        `opt:"kind"`
	Words   string          `opt:"words"`
	Mine    int
}

var bindSpec = Spec{Name: "bind", Options: []Option{{Name: "money", Kind: Money}, {Name: "date", Kind: Date, Past: true}, {Name: "never", Kind: Date},
	{Name: "period", Kind: Period}, {Name: "days", Kind: Period}, {Name: "time", Kind: Duration}, {Name: "channel", Kind: Channel}, {Name: "whole", Kind: Channel},
	{Name: "measure", Kind: Measure}, {Name: "owner", Kind: Owner}, {Name: "kind", Kind: Choice, Choices: []string{"social"}}, {Name: "words", Kind: Words}}}

func TestBind(t *testing.T) {
	d := desk()
	v, err := Parse(bindSpec, "", map[string]string{"money": "£45", "date": "yesterday", "period": "monthly", "days": "this quarter", "time": "2h",
		"channel": "BNI", "whole": "LinkedIn", "measure": "convos", "owner": "Gary", "kind": "social", "words": "as it is"}, d)
	if err != nil {
		t.Fatal(err)
	}
	got := bound{Mine: 7, Words: "before"}
	if err := Bind(v, &got); err != nil {
		t.Fatal(err)
	}
	yesterday, quarter := sunday-1, goals.Quarter.Period(sunday)
	want := bound{Money: goals.Money{Minor: 4500, Currency: "GBP"}, Date: &yesterday, Period: Recurring{goals.Month.Period(sunday), goals.Month}, Days: &quarter,
		Time: 120, Channel: "BNI", Whole: d.Channels[1], Measure: goals.Conversations, Owner: "o2", Kind: "social", Words: "as it is", Mine: 7}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Bind (-want +got):\n%s", diff)
	}
	if err := Agree(bindSpec, bound{}); err != nil {
		t.Errorf("Agree = %v, want nil", err)
	}
	if err := Agree(bindSpec, &bound{}); err != nil {
		t.Errorf("Agree of a pointer = %v, want nil", err)
	}
}

func TestBindFaults(t *testing.T) {
	v, err := Parse(bindSpec, "", map[string]string{"time": "2h"}, desk())
	if err != nil {
		t.Fatal(err)
	}
	var nothing *bound
	for _, dst := range []any{nil, bound{}, nothing, new(int), &struct {
		Time string `opt:"time"`
	}{}, &struct {
		time int64 `opt:"time"`
	}{}} {
		if err := Bind(v, dst); err == nil {
			t.Errorf("Bind into %T = nil, want an error", dst)
		}
	}
}

func TestAgree(t *testing.T) {
	s := Spec{Name: "x", Options: []Option{{Name: "time", Kind: Duration}}}
	tests := []struct {
		dst  any
		want string
	}{
		{struct{}{}, `no field for option "time"`},
		{struct {
			Time string `opt:"time"`
		}{}, "cannot hold"},
		{struct {
			time int64 `opt:"time"`
		}{}, "cannot hold"},
		{struct {
			Time int64  `opt:"time"`
			Word string `opt:"word"`
		}{}, "which there is not"},
		{struct {
			A int64 `opt:"time"`
			B int64 `opt:"time"`
		}{}, "two fields"},
		{7, "is not a struct"},
		{nil, "is not a struct"},
	}
	for _, test := range tests {
		if err := Agree(s, test.dst); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Agree(%T) = %v, want an error with %q", test.dst, err, test.want)
		}
	}
}
