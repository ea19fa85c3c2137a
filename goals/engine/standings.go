package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// Standings is a team's leaderboard in a season. It holds no money but that of owners who
// have said that theirs may be shown.
type Standings struct {
	Team   goals.Team
	Season goals.Period
	Today  goals.Date
	Closed bool // the season is over
	Boards []BoardStandings
}

// BoardStandings is one ranking. Who has no score yet is counted and not named.
type BoardStandings struct {
	Board   goals.Board
	Places  []goals.Place
	Without int
	Open    map[goals.OwnerID]goals.Pace // on the board of pace, of those who show their amounts
}

// Standings ranks a team in the season that holds a day; 0 is today.
func (e *Engine) Standings(ctx context.Context, id goals.TeamID, on goals.Date) (Standings, error) {
	var st Standings
	err := e.db.View(ctx, func(r *storage.Reader) error {
		team, err := r.Team(id)
		if err != nil {
			return err
		}
		today := goals.DateOf(e.now().In(e.zone(goals.Owner{}, team)))
		if on == 0 || on > today {
			on = today
		}
		st = Standings{Team: team, Season: goals.Season(on), Today: today}
		st.Closed = st.Season.To < today
		scores, open, err := e.scores(r, team, st.Season)
		if err != nil {
			return err
		}
		boards := team.Boards
		if len(boards) == 0 {
			boards = goals.Boards[:]
		}
		for _, b := range boards {
			places, without := goals.Rank(scores[b])
			standings := BoardStandings{Board: b, Places: places, Without: len(without)}
			if b == goals.BoardPace {
				standings.Open = open
			}
			st.Boards = append(st.Boards, standings)
		}
		return nil
	})
	return st, err
}

// scores is each member's score on each board, and the pace of those who show their amounts;
// who hides has none at all.
func (e *Engine) scores(r *storage.Reader, team goals.Team, season goals.Period) (map[goals.Board][]goals.Entry, map[goals.OwnerID]goals.Pace, error) {
	members, err := r.Members(team.ID)
	if err != nil {
		return nil, nil, err
	}
	scores, open := map[goals.Board][]goals.Entry{}, map[goals.OwnerID]goals.Pace{}
	for _, id := range members {
		s, err := e.sceneOf(r, Actor{Team: team.ID, Owner: id})
		if err != nil {
			return nil, nil, err
		}
		if s.Owner.Hidden || !s.Owner.Started {
			continue
		}
		mine, pace, err := s.scores(r, season)
		if err != nil {
			return nil, nil, err
		}
		if pace != nil && s.Owner.ShowMoney {
			open[id] = *pace
		}
		for b, entry := range mine {
			entry.Owner, entry.Name = id, s.Owner.Name
			scores[b] = append(scores[b], entry)
		}
	}
	return scores, open, nil
}

func (s *scene) scores(r *storage.Reader, season goals.Period) (_ map[goals.Board]goals.Entry, pace *goals.Pace, err error) {
	on := min(s.Today, season.To)
	mine := map[goals.Board]goals.Entry{}

	list, err := r.Goals(s.Actor.Owner)
	if err != nil {
		return nil, nil, err
	}
	entry := goals.Entry{}
	if goal, ok := goals.Current(list, on); ok && goal.Running(on) {
		at, err := s.pace(r, goal, on)
		if err != nil {
			return nil, nil, err
		}
		pace = &at
		entry.Score, entry.Has = pace.OfLine()
		entry.Has = entry.Has && pace.SoFar.Minor > 0 // nobody is shown at nothing
	}
	mine[goals.BoardPace] = entry

	checkIns, err := r.CheckIns(s.Actor.Owner, goals.Period{From: storage.Ever.From, To: season.To})
	if err != nil {
		return nil, nil, err
	}
	score, has := goals.KeptScore(checkIns, season)
	mine[goals.BoardCommitments] = goals.Entry{Score: score, Has: has}
	streak := int64(goals.Streak(checkIns, s.Owner.Breaks, on))
	mine[goals.BoardStreak] = goals.Entry{Score: goals.Score{Num: streak, Den: 1}, Has: streak > 0}

	now, err := s.total(r, season)
	if err != nil {
		return nil, nil, err
	}
	before, err := s.total(r, goals.Season(season.From-1))
	if err != nil {
		return nil, nil, err
	}
	score, has = goals.Improved(before, now)
	mine[goals.BoardImproved] = goals.Entry{Score: score, Has: has && score.Num > 0} // who fell back is not shown
	return mine, pace, nil
}

// total is a period over all channels.
func (s *scene) total(r *storage.Reader, p goals.Period) (goals.Amounts, error) {
	by, err := sums(r, s.Actor.Owner, p)
	var sum goals.Amounts
	for _, a := range by {
		sum = sum.Plus(a)
	}
	return sum, err
}
