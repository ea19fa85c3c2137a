package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"payoff/goals"
)

// board is one ranking as "1 Ann 120%, 2 Bob 40%; 1 without".
func (d *desk) board(t tester, team goals.TeamID, b goals.Board, on string) string {
	t.Helper()
	at := goals.Date(0)
	if on != "" {
		at = day(on)
	}
	st, err := d.Standings(context.Background(), team, at)
	if err != nil {
		t.Fatalf("Standings: %v", err)
	}
	for _, board := range st.Boards {
		if board.Board != b {
			continue
		}
		var list []string
		for _, place := range board.Places {
			list = append(list, fmt.Sprintf("%d %s %d%%", place.Rank, place.Name, place.Score.Percent()))
		}
		return fmt.Sprintf("%s; %d without", strings.Join(list, ", "), board.Without)
	}
	return "no such board"
}

// team is people of one team, started, who all aim for £1,000 in November.
func (d *desk) team(t tester, names ...string) (people []person) {
	t.Helper()
	space := fmt.Sprintf("team-%d", d.spaces.Add(1))
	for _, name := range names {
		p := d.meets(t, Person{Platform: "local", Space: space, ID: name, Name: name, Zone: "Europe/London"})
		p.begins(t)
		p.aims(t, 1000, goals.Month.Period(p.today(t)), goals.Month)
		people = append(people, p)
	}
	return people
}

func TestStandings(t *testing.T) {
	d := newDesk(t)
	d.at(t, "2026-11-01 09:00")
	people := d.team(t, "Ann", "Bob", "Cy", "Dee")
	ann, bob, cy, dee := people[0], people[1], people[2], people[3]
	d.run(t, "2026-11-16 12:00")
	ann.logs(t, "BNI", day("2026-11-05"), goals.Amounts{goals.Revenue: 100_000, goals.Hours: 300})
	bob.logs(t, "BNI", day("2026-11-05"), goals.Amounts{goals.Revenue: 50_000, goals.Hours: 1300})
	cy.logs(t, "BNI", day("2026-11-05"), goals.Amounts{goals.Revenue: 50_000})
	hidden := true
	if _, err := dee.SetPrivacy(dee.ctx(), dee.q(), &hidden, nil); err != nil {
		t.Fatal(err)
	}
	ann.answers(t, "ring")
	bob.answers(t, "ring")
	tests := []struct {
		board goals.Board
		on    string
		want  string
	}{
		{goals.BoardPace, "", "1 Ann 200%, 2 Bob 100%, 2 Cy 100%; 0 without"},
		{goals.BoardStreak, "", "1 Ann 100%, 1 Bob 100%; 1 without"},
		{goals.BoardCommitments, "", "; 3 without"},
		{goals.BoardImproved, "", "; 3 without"},
		{goals.BoardPace, "2026-10-01", "; 3 without"},                                  // nobody was there
		{goals.BoardPace, "2027-10-01", "1 Ann 200%, 2 Bob 100%, 2 Cy 100%; 0 without"}, // the future is today
	}
	for _, tt := range tests {
		if got := d.board(t, ann.Team, tt.board, tt.on); got != tt.want {
			t.Errorf("%s on %q = %s, want %s", tt.board, tt.on, got, tt.want)
		}
	}
}

// keeps answers the check-in, and says how the last commitment went.
func (p person) keeps(t tester, kept goals.Kept) {
	t.Helper()
	st := p.asked(t)
	if _, err := p.Answer(p.ctx(), p.q(), Answer{Week: st.Week, Shown: st.Mark(), Commitment: "ring", Kept: kept}); err != nil {
		t.Fatalf("Answer: %v", err)
	}
}

// TestPastSeasons: they can be read as they ended, whatever has changed since.
func TestPastSeasons(t *testing.T) {
	d := newDesk(t)
	d.at(t, "2026-11-01 09:00")
	people := d.team(t, "Ann", "Bob")
	ann, bob := people[0], people[1]
	ann.logs(t, "BNI", day("2026-11-01"), goals.Amounts{goals.Revenue: 80_000, goals.Hours: 600})
	bob.logs(t, "BNI", day("2026-11-01"), goals.Amounts{goals.Revenue: 40_000, goals.Hours: 600})
	for monday := day("2026-11-02"); monday <= day("2026-11-30"); monday += 7 {
		d.run(t, monday.String()+" 12:00")
		ann.keeps(t, goals.KeptFully)
		bob.keeps(t, goals.KeptPartly)
	}
	d.run(t, "2026-11-30 23:00")
	ended := map[goals.Board]string{}
	for _, b := range goals.Boards {
		ended[b] = d.board(t, ann.Team, b, "")
	}
	for b, want := range map[goals.Board]string{
		goals.BoardPace: "1 Ann 83%, 2 Bob 41%; 0 without", goals.BoardCommitments: "1 Ann 100%, 2 Bob 50%; 0 without",
		goals.BoardStreak: "1 Ann 500%, 1 Bob 500%; 0 without", goals.BoardImproved: "; 2 without",
	} {
		if ended[b] != want {
			t.Errorf("%s at the end = %s, want %s", b, ended[b], want)
		}
	}
	d.run(t, "2027-01-11 12:00")
	ann.logs(t, "BNI", day("2027-01-11"), goals.Amounts{goals.Revenue: 99, goals.Hours: 60})
	for _, edit := range []NewGoal{{Amount: pound(10)}, {Amount: pound(77), Period: goals.Quarter.Period(day("2027-01-11")), Every: goals.Quarter}} {
		if _, err := ann.EditGoal(ann.ctx(), ann.q(), edit); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bob.EndGoal(bob.ctx(), bob.q()); err != nil {
		t.Fatal(err)
	}
	for _, b := range goals.Boards {
		if got := d.board(t, ann.Team, b, "2026-11-15"); got != ended[b] {
			t.Errorf("%s of November in January = %s, want %s", b, got, ended[b])
		}
	}
	st, err := d.Standings(d.ctx(), ann.Team, day("2026-11-15"))
	if err != nil || !st.Closed || st.Season != goals.Month.Period(day("2026-11-01")) {
		t.Errorf("the season = %v, closed %t, %v, want November, closed", st.Season, st.Closed, err)
	}
}

// TestStandingsHoldNoMoney: not one amount is in them, unless its owner said it may be shown;
// and of who hides not even that.
func TestStandingsHoldNoMoney(t *testing.T) {
	d := newDesk(t)
	d.at(t, "2026-11-02 09:00")
	people := d.team(t, "Ann", "Bob", "Cy")
	yes := true
	for i, p := range people {
		p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Revenue: 123_400 + int64(i), goals.Spend: 5678, goals.Hours: 300})
	}
	ann, bob, cy := people[0], people[1], people[2]
	for _, p := range []person{bob, cy} {
		if _, err := p.SetPrivacy(p.ctx(), p.q(), nil, &yes); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := cy.SetPrivacy(cy.ctx(), cy.q(), &yes, nil); err != nil {
		t.Fatal(err)
	}
	d.pass(20 * 24 * time.Hour)
	st, err := d.Standings(d.ctx(), ann.Team, 0)
	if err != nil {
		t.Fatal(err)
	}
	open := map[goals.OwnerID]bool{}
	for i := range st.Boards {
		for id := range st.Boards[i].Open {
			open[id] = true
		}
		st.Boards[i].Open = nil
		for j := range st.Boards[i].Places {
			st.Boards[i].Places[j].Score = goals.Score{} // a ratio, of which only the percentage is shown
		}
	}
	if fmt.Sprint(open) != fmt.Sprint(map[goals.OwnerID]bool{bob.Owner: true}) {
		t.Errorf("amounts are given of %v, want of Bob alone", open)
	}
	text, err := json.Marshal(st)
	for _, amount := range []string{"12340", "5678", "100000", "Cy"} {
		if err != nil || strings.Contains(string(text), amount) {
			t.Errorf("standings hold %s (%v): %s", amount, err, text)
		}
	}
}

// TestTeamsStandApart: nobody of another team is on the board.
func TestTeamsStandApart(t *testing.T) {
	d := newDesk(t)
	for _, names := range [][]string{{"Ann", "Bob"}, {"Cy"}} {
		people := d.team(t, names...)
		for i, p := range people {
			p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Revenue: int64(1000 - i)})
		}
		got := d.board(t, people[0].Team, goals.BoardPace, "")
		for _, other := range []string{"Ann", "Bob", "Cy"} {
			if want := strings.Contains(strings.Join(names, " "), other); strings.Contains(got, other) != want {
				t.Errorf("the board of %v = %s, want %s on it = %t", names, got, other, want)
			}
		}
	}
}

// TestBoardsShown: a team can choose them, and their order.
func TestBoardsShown(t *testing.T) {
	d := newDesk(t)
	p := d.team(t, "Ann")[0]
	boards := []goals.Board{goals.BoardStreak, goals.BoardPace}
	if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Boards: &boards}); err != nil {
		t.Fatal(err)
	}
	st, err := d.Standings(d.ctx(), p.Team, 0)
	if err != nil || len(st.Boards) != 2 || st.Boards[0].Board != goals.BoardStreak || st.Boards[1].Board != goals.BoardPace {
		t.Errorf("boards = %+v, %v, want streak and pace", st.Boards, err)
	}
}
