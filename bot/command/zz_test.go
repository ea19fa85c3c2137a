package command

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"payoff/goals"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	f, err := os.Open("/tmp/cmdstub/lines.txt")
	if err != nil {
		t.Skip()
	}
	d := Desk{Today: goals.NewDate(2026, time.November, 22), Currency: "GBP", Channels: []goals.Channel{{ID: "1", Name: "BNI"}, {ID: "2", Name: "LinkedIn"}, {ID: "3", Name: "cold calls"}, {ID: "4", Name: "Facebook"}, {ID: "5", Name: "Open day"}, {ID: "6", Name: "BNI Thursday"}, {ID: "7", Name: "Instagram"}}}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		e, err := ParseLog(sc.Text(), d)
		fmt.Printf("> %s\n", sc.Text())
		if err != nil {
			var m *goals.Mistake
			errors.As(err, &m)
			var u *UnknownChannel
			n := ""
			if errors.As(err, &u) {
				n = " NEW=" + u.Name
			}
			mk := ""
			if m.Marked.End > 0 {
				mk = m.Input[m.Marked.Start:m.Marked.End]
			}
			fmt.Printf("   ✗ %s %q [%s]%s\n", m.Code, m.Error(), mk, n)
			continue
		}
		fmt.Printf("   ch=%s %s note=%q", e.Channel, e.Date, e.Note)
		for m, v := range e.Amounts {
			if v != 0 {
				fmt.Printf(" %s=%d", goals.Measure(m), v)
			}
		}
		fmt.Println()
	}
}
func TestTryGoal(t *testing.T) {
	f, err := os.Open("/tmp/cmdstub/goals.txt")
	if err != nil {
		t.Skip()
	}
	d := Desk{Today: goals.NewDate(2026, time.November, 22), Currency: "GBP", Channels: []goals.Channel{{ID: "1", Name: "BNI"}, {ID: "2", Name: "LinkedIn"}, {ID: "3", Name: "cold calls"}, {ID: "4", Name: "Facebook"}, {ID: "5", Name: "Open day"}, {ID: "6", Name: "BNI Thursday"}, {ID: "7", Name: "Instagram"}}}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		g, err := ParseGoal(sc.Text(), d)
		fmt.Printf("> %s\n", sc.Text())
		if err != nil {
			var m *goals.Mistake
			errors.As(err, &m)
			var u *UnknownChannel
			n := ""
			if errors.As(err, &u) {
				n = " NEW=" + u.Name
			}
			mk := ""
			if m.Marked.End > 0 {
				mk = m.Input[m.Marked.Start:m.Marked.End]
			}
			fmt.Printf("   ✗ %s %q [%s]%s\n", m.Code, m.Error(), mk, n)
			continue
		}
		fmt.Printf("   %+v\n", g)
	}
}
