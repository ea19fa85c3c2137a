package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/goals"
)

// boards is the outbox's boards of a team, without its id, each sent as message "m".
func (p person) boards(t tester) (keys []string) {
	t.Helper()
	list, err := p.Outbox(p.ctx())
	if err != nil {
		t.Fatalf("Outbox: %v", err)
	}
	for _, m := range list {
		if m.Team != p.Team || m.Room == "" {
			continue
		}
		keys = append(keys, strings.TrimPrefix(m.Key, "board "+string(p.Team)+" "))
		if m.Done.IsZero() {
			if err := p.Delivered(p.ctx(), m, "m"); err != nil {
				t.Fatalf("Delivered: %v", err)
			}
		}
	}
	return keys
}

func (p person) hides(t tester, hidden bool) {
	t.Helper()
	if _, err := p.SetPrivacy(p.ctx(), p.q(), &hidden, nil); err != nil {
		t.Fatalf("SetPrivacy: %v", err)
	}
}

// TestBoardIsEdited: what changes after a board was posted has it edited, five minutes later and
// all of it at once, until its season is closed.
func TestBoardIsEdited(t *testing.T) {
	d := newDesk(t)
	p := d.meets(t, Person{Platform: "local", Space: "s", ID: "sam", Name: "Sam", Zone: "Europe/London", Room: "team"})
	p.begins(t)
	changes := func(at string) {
		d.run(t, at)
		p.hides(t, !p.self(t).Owner.Hidden)
	}
	changes("2026-11-23 11:00") // nothing is posted yet
	d.run(t, "2026-11-23 12:00")
	board, edit := "2026-11-23 local s", "2026-11-23 local s edit "
	for _, step := range []struct {
		changes []string // when
		until   string
		want    []string
	}{
		{nil, "2026-11-23 12:00", []string{board}},
		{[]string{"2026-11-23 12:01", "2026-11-23 12:03"}, "2026-11-23 12:05", []string{board}},
		{nil, "2026-11-23 12:06", []string{board, edit + "1"}},
		{nil, "2026-11-23 13:00", []string{board, edit + "1"}},
		{[]string{"2026-11-23 13:00", "2026-11-23 13:05"}, "2026-11-23 13:09", []string{board, edit + "1", edit + "2"}},
		{nil, "2026-11-23 13:10", []string{board, edit + "1", edit + "2", edit + "3"}},
	} {
		for _, at := range step.changes {
			changes(at)
			p.boards(t)
		}
		d.run(t, step.until)
		got := p.boards(t)
		slices.Sort(got)
		if !slices.Equal(got, step.want) {
			t.Errorf("at %s the outbox has %q, want %q", step.until, got, step.want)
		}
	}
	d.run(t, "2026-11-30 12:00")
	p.boards(t)
	changes("2026-12-01 11:58")
	d.run(t, "2026-12-01 12:00")
	changes("2026-12-01 12:01")
	d.run(t, "2026-12-06 12:00")
	if got := p.boards(t); slices.ContainsFunc(got, func(key string) bool { return strings.HasPrefix(key, "2026-11-30 local s edit") }) || !slices.Contains(got, "2026-11-01 closed local s") {
		t.Errorf("the outbox has %q, want November closed, and its last board edited no more", got)
	}
}

// TestOneEditWaits: where nothing can be sent for a while, what waits does not pile up.
func TestOneEditWaits(t *testing.T) {
	d := newDesk(t)
	p := d.meets(t, Person{Platform: "local", Space: "s", ID: "sam", Name: "Sam", Zone: "Europe/London", Room: "team"})
	p.begins(t)
	d.run(t, "2026-11-23 12:00")
	p.boards(t)
	for _, at := range []string{"2026-11-23 12:10", "2026-11-23 12:20", "2026-11-23 12:30"} {
		d.run(t, at)
		p.hides(t, !p.self(t).Owner.Hidden)
	}
	d.run(t, "2026-11-23 13:00")
	if got := p.boards(t); len(got) != 2 {
		t.Errorf("the outbox has %q, want the board and one edit", got)
	}
}

// TestSeasonCloses: on the first of the month in the team's zone, at the time of its board; not
// where boards are off, and once even when it is claimed late.
func TestSeasonCloses(t *testing.T) {
	for _, tt := range []struct {
		zone, at string
		schedule goals.Schedule
		want     string
	}{
		{"Europe/London", "2026-11-19 10:00", firstBoard, "2026-12-01T12:00:00Z"},
		{"Pacific/Auckland", "2026-11-19 10:00", firstBoard, "2026-11-30T23:00:00Z"},
		{"America/New_York", "2026-12-01 16:59", firstBoard, "2026-12-01T17:00:00Z"},
		{"America/New_York", "2026-12-01 17:00", firstBoard, "2027-01-01T17:00:00Z"},
		{"Europe/London", "2026-11-19 10:00", goals.Schedule{Off: true}, "0001-01-01T00:00:00Z"},
	} {
		d := newDesk(t)
		d.at(t, tt.at)
		p := d.owner(t, "Sam")
		if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Zone: &tt.zone, Schedule: &tt.schedule}); err != nil {
			t.Fatal(err)
		}
		at, err := d.teamDue(p.Team, dueSeason)
		if got := at.Format(time.RFC3339); err != nil || got != tt.want {
			t.Errorf("in %s at %s the season closes at %s, %v, want %s", tt.zone, tt.at, got, err, tt.want)
		}
	}
}

func TestSeasonIsClosedLate(t *testing.T) {
	d := newDesk(t)
	p := d.meets(t, Person{Platform: "local", Space: "s", ID: "sam", Name: "Sam", Zone: "Europe/London", Room: "team"})
	d.at(t, "2026-12-01 15:00")
	name := "Traders"
	if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Name: &name}); err != nil { // plans boards anew
		t.Fatal(err)
	}
	d.claimAll(t)
	d.claimAll(t)
	if got := p.boards(t); !slices.Contains(got, "2026-11-01 closed local s") {
		t.Errorf("the outbox has %q, want November closed", got)
	}
	if at, err := d.teamDue(p.Team, dueSeason); err != nil || at.Format(time.DateOnly) != "2027-01-01" {
		t.Errorf("next it closes on %s, %v, want New Year", at, err)
	}
}

// TestBoardShows: an edit is held against what stands in the newest board, and against no other.
func TestBoardShows(t *testing.T) {
	d := newDesk(t)
	p := d.meets(t, Person{Platform: "local", Space: "s", ID: "sam", Name: "Sam", Zone: "Europe/London", Room: "team"})
	d.run(t, "2026-11-23 12:00")
	list, err := d.Outbox(d.ctx())
	if err != nil || len(list) != 1 {
		t.Fatalf("Outbox = %v, %v, want the board", list, err)
	}
	board := list[0]
	if err := d.BoardShows(d.ctx(), board, "as posted"); err != nil {
		t.Fatal(err)
	}
	if shown, err := d.BoardShown(d.ctx(), board); err != nil || shown != "as posted" {
		t.Errorf("BoardShown = %q, %v, want what was posted", shown, err)
	}
	p.boards(t)
	d.run(t, "2026-11-30 12:00")
	if _, err := d.BoardShown(d.ctx(), board); !errors.Is(err, ErrNotEdited) {
		t.Errorf("BoardShown of last week's = %v, want ErrNotEdited", err)
	}
	if err := d.BoardShows(d.ctx(), board, "last week's"); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) teamDue(team goals.TeamID, what string) (time.Time, error) {
	return person{desk: d, Actor: Actor{Owner: goals.OwnerID(team)}}.dueAt(what)
}
