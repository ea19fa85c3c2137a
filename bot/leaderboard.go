package bot

import (
	"context"
	"fmt"
	"strings"

	"payoff/bot/chart"
	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func leaderboardCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "leaderboard", Summary: "See where the team stands",
			Options:  []command.Option{{Name: "season", Kind: command.Period, Past: true, Summary: "A month: October, last month"}},
			Examples: []string{"/leaderboard", "/leaderboard October"}}, run: (*Bot).leaderboard},
	}
}

func (b *Bot) leaderboard(ctx context.Context, c *call) (chat.Reply, error) {
	on := c.Today
	if p, _, ok := c.args.Period("season"); ok {
		if p.From > c.Today {
			return nil, goals.Wrong(goals.Invalid, "Try: /leaderboard last month", "%s is still to come.", p.Human(c.Today))
		}
		on = min(p.To, c.Today)
	}
	blocks, anyone, err := b.board(ctx, c.Actor.Team, on)
	if err != nil {
		return nil, err
	}
	if !anyone {
		blocks = append(blocks, nobodyYet())
	}
	last := goals.Season(goals.Season(on).From - 1).From
	buttons := chat.Actions{button(last.Month().String(), "leaderboard "+last.Time().Format("January 2006")), button("My report", "report")}
	if c.Owner.Hidden {
		blocks = append(blocks, chat.Quiet("You are hidden and stand on none of these. ", chat.C("/payoff privacy show")))
	}
	return chat.Tell(append(blocks, buttons)...), nil
}

func nobodyYet() chat.Block {
	return chat.T("Nobody stands on a board yet. Revenue towards a goal, a week of check-ins or a kept commitment puts you there.")
}

// composeBoard makes the words of a board that is posted, of an edit of one, or of a season's
// result. One on which nobody stands is not posted; but one that stands already must not go on
// to show who has hidden.
func (b *Bot) composeBoard(ctx context.Context, out engine.Outgoing) (chat.Message, error) {
	on := goals.Date(0) // today
	if out.Season != 0 {
		on = goals.Season(out.Season).To
	}
	blocks, anyone, err := b.board(ctx, out.Team, on)
	if err != nil || !anyone && out.Edit == "" {
		return chat.Message{}, err
	}
	if !anyone {
		blocks = append(blocks, nobodyYet())
	}
	summary := "The team's leaderboard"
	if out.What == "season" {
		name := goals.Season(out.Season).From.Time().Format("January")
		summary = name + " is closed"
		blocks[0] = chat.T(chat.B(summary), ". This is how it ended; a new season has begun.")
	}
	return chat.Message{Blocks: append(blocks, chat.Actions{button("My report", "report")}), Summary: summary}, nil
}

// board is a team's leaderboard as blocks, and whether anyone stands on it: percentages and
// weeks, and money only of those who show theirs.
func (b *Bot) board(ctx context.Context, team goals.TeamID, on goals.Date) (blocks []chat.Block, anyone bool, err error) {
	st, err := b.engine.Standings(ctx, team, on)
	if err != nil {
		return nil, false, err
	}
	season := st.Season.From.Time().Format("January 2006")
	state := "so far"
	if st.Closed {
		state = "the season's result"
	}
	blocks = []chat.Block{chat.T(chat.B("Leaderboard, "+season), ", "+state+".")}
	for _, board := range st.Boards {
		if len(board.Places) == 0 {
			continue
		}
		rule := goals.RuleOf(board.Board)
		if len(blocks) == 1 { // one picture is enough: the first board that has anybody on it
			png, alt, err := chart.Standings(chart.StandingsData{Board: board.Board, Subtitle: season, Places: board.Places})
			if err != nil {
				return nil, false, err
			}
			blocks = append(blocks, chat.Image{Name: "leaderboard.png", PNG: png, Alt: alt})
			rule = "" // it stands in the picture and its description
		}
		blocks = append(blocks, chat.T(chat.B(board.Board.Title()), ": ", placesLine(board)))
		if rule != "" {
			blocks = append(blocks, chat.Quiet(rule))
		}
	}
	return blocks, len(blocks) > 1, nil
}

// mostPlaces is how many of a board are named in its line.
const mostPlaces = 25

// placesLine names who stands on a board, ties under one rank: "1 Ann 118%, 2 Bea 96%, 2 Sam 96%".
func placesLine(s engine.BoardStandings) string {
	var parts []string
	for i, p := range s.Places {
		if i == mostPlaces {
			parts = append(parts, fmt.Sprintf("and %d more", len(s.Places)-i))
			break
		}
		score := fmt.Sprintf("%d%%", p.Score.Percent())
		switch s.Board {
		case goals.BoardStreak:
			score = weeks(p.Score.Num)
		case goals.BoardImproved:
			score = fmt.Sprintf("%+d%%", p.Score.Percent())
		}
		if pace, open := s.Open[p.Owner]; open {
			score += fmt.Sprintf(" (%s of %s)", whole(pace.SoFar), pace.Goal)
		}
		parts = append(parts, fmt.Sprintf("%d %s %s", p.Rank, p.Name, score))
	}
	return strings.Join(parts, ", ") + "."
}
