package chart

import (
	"reflect"
	"strings"
	"testing"

	"payoff/goals"
)

func percent(n int64) goals.Score { return goals.Score{Num: n, Den: 100} }

// places ranks what names have reached, given as name, score, name, score ...
func places(of func(int64) goals.Score, named ...any) []goals.Place {
	var entries []goals.Entry
	for i := 0; i < len(named); i += 2 {
		entries = append(entries, goals.Entry{Name: named[i].(string), Score: of(int64(named[i+1].(int))), Has: true})
	}
	ranked, _ := goals.Rank(entries)
	return ranked
}

func crowd(n int) []goals.Place {
	first := []string{"Ann", "Bilal", "Chloe", "Dmitri", "Eleni", "Fergus", "Grace", "Huw"}
	last := []string{"Okafor", "Smith-Jones", "Лебедев", "Παππάς", "O’Brien"}
	var named []any
	for i := range n {
		named = append(named, first[i%len(first)]+" "+last[i%len(last)], 140-i*3)
	}
	return places(percent, named...)
}

// standingsCases are the pictures that are held by goldens.
func standingsCases() map[string]StandingsData {
	const team = "Harbour Traders · November 2026"
	pace := func(places []goals.Place) StandingsData {
		return StandingsData{Board: goals.BoardPace, Subtitle: team, Places: places}
	}
	weeks := func(n int64) goals.Score { return goals.Score{Num: n, Den: 1} }
	return map[string]StandingsData{
		"pace": pace(places(percent, "Priya Shah", 131, "Tom Ellis", 104, "Ann Okafor", 97, "Huw Pugh", 97,
			"Bartholomew Featherstonehaugh-Cholmondeley", 62, "Grace Lee 🚀", 18, "Chloe", 0)),
		"scripts": pace(places(percent, "Zoë Ångström", 120, "Дмитрий Лебедев", 110, "山田太郎", 96, "محمد علي", 80,
			"田中 (Ken)", 71, "🦊🦊", 40, "", 12)),
		"one":         pace(places(percent, "Priya Shah", 88)),
		"nobody":      pace(nil),
		"crowd":       pace(crowd(37)),
		"beyond":      pace(places(percent, "Priya Shah", 1250, "Tom Ellis", 240, "Ann Okafor", 100, "Huw Pugh", -12)),
		"streak":      {goals.BoardStreak, "Harbour Traders", places(weeks, "Priya Shah", 31, "Tom Ellis", 12, "Ann Okafor", 12, "Huw Pugh", 1, "Grace Lee", 0)},
		"improved":    {goals.BoardImproved, "", places(percent, "Priya Shah", 64, "Tom Ellis", 20, "Ann Okafor", -5, "Huw Pugh", -38)},
		"commitments": {goals.BoardCommitments, team, places(percent, "Priya Shah", 100, "Tom Ellis", 100, "Ann Okafor", 50)},
	}
}

func TestStandingsAlt(t *testing.T) {
	cases := standingsCases()
	for name, want := range map[string]string{
		"pace":     "Pace to goal, Harbour Traders · November 2026: 1st Priya Shah 131%; 2nd Tom Ellis 104%; joint 3rd Ann Okafor 97%; joint 3rd Huw Pugh 97%; 5th Bartholomew Featherstonehaugh-Cholmondeley 62%; 6th Grace Lee 🚀 18%; 7th Chloe 0%.",
		"scripts":  "Pace to goal, Harbour Traders · November 2026: 1st Zoë Ångström 120%; 2nd Дмитрий Лебедев 110%; 3rd 山田太郎 96%; 4th محمد علي 80%; 5th 田中 (Ken) 71%; 6th 🦊🦊 40%; 7th someone without a name 12%.",
		"nobody":   "Pace to goal, Harbour Traders · November 2026. Nobody is on this board yet.",
		"streak":   "Check-in streak, Harbour Traders: 1st Priya Shah 31 weeks; joint 2nd Ann Okafor 12 weeks; joint 2nd Tom Ellis 12 weeks; 4th Huw Pugh 1 week; 5th Grace Lee 0 weeks.",
		"improved": "Most improved return per hour: 1st Priya Shah +64%; 2nd Tom Ellis +20%; 3rd Ann Okafor −5%; 4th Huw Pugh −38%.",
	} {
		want += " " + goals.RuleOf(cases[name].Board)
		if got := boardOf(cases[name]).alt(); got != want {
			t.Errorf("%s: alt\n got %s\nwant %s", name, got, want)
		}
	}
}

// However long names are, the text fits what platforms take, and counts those it leaves out.
func TestStandingsAltFits(t *testing.T) {
	d := StandingsData{Board: goals.BoardPace, Subtitle: strings.Repeat("副", 200)}
	for i := range 40 {
		entry := goals.Entry{Name: strings.Repeat("🦊", 100), Score: percent(-1 << 60)}
		d.Places = append(d.Places, goals.Place{Rank: i + 1, Entry: entry})
	}
	alt := boardOf(d).alt()
	if length(alt) > maxAlt || !strings.Contains(alt, "; and 36 more. ") {
		t.Errorf("alt has %d units: %s", length(alt), alt)
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct {
		line line
		want string
	}{
		{line{rank: 1}, "1st"}, {line{rank: 2}, "2nd"}, {line{rank: 3, tied: true}, "joint 3rd"}, {line{rank: 4}, "4th"},
		{line{rank: 11}, "11th"}, {line{rank: 12}, "12th"}, {line{rank: 13}, "13th"}, {line{rank: 21}, "21st"}, {line{rank: 111}, "111th"},
	} {
		if got := tt.line.place(); got != tt.want {
			t.Errorf("place of %v = %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestScaleOf(t *testing.T) {
	for _, tt := range []struct {
		name            string
		kind            goals.Board
		values          []int64
		low, high, mark float64
	}{
		{"pace, all below", goals.BoardPace, []int64{80, 40}, 0, 100, 100},
		{"pace, above", goals.BoardPace, []int64{180, 40}, 0, 180, 100},
		{"pace, far off both ways", goals.BoardPace, []int64{9000, 40, -9000}, -250, 250, 100},
		{"commitments", goals.BoardCommitments, []int64{50}, 0, 100, 0},
		{"streaks, mostly none", goals.BoardStreak, []int64{5, 3, 0, 0, 0}, 0, 5, 0},
		{"only zeros", goals.BoardStreak, []int64{0, 0}, 0, 1, 0},
		{"nobody", goals.BoardStreak, nil, 0, 1, 0},
		{"all worse", goals.BoardImproved, []int64{-10, -60}, -60, 0, 0},
		{"one far better", goals.BoardImproved, []int64{4000, 60, 50, 40}, 0, 240, 0},
	} {
		b := board{kind: tt.kind}
		for _, v := range tt.values {
			b.lines = append(b.lines, line{value: v})
		}
		if low, high, mark := scaleOf(b); low != tt.low || high != tt.high || mark != tt.mark {
			t.Errorf("%s: scaleOf = %v, %v, %v, want %v, %v, %v", tt.name, low, high, mark, tt.low, tt.high, tt.mark)
		}
	}
}

// Standings are posted in rooms: nothing that they are drawn from can hold money.
func TestStandingsHoldNoMoney(t *testing.T) {
	money := reflect.TypeFor[goals.Money]()
	var search func(reflect.Type)
	search = func(typ reflect.Type) {
		switch {
		case typ == money:
			t.Error("StandingsData can hold goals.Money")
		case typ.Kind() == reflect.Slice:
			search(typ.Elem())
		case typ.Kind() == reflect.Struct:
			for i := range typ.NumField() {
				search(typ.Field(i).Type)
			}
		}
	}
	search(reflect.TypeFor[StandingsData]())
}
