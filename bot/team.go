package bot

import (
	"context"
	"slices"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func teamCommands() []entry {
	admin := func(name, summary string, kind command.Kind, option, what string, run func(*Bot, context.Context, *call) (chat.Reply, error), examples ...string) entry {
		return entry{Spec: command.Spec{Name: "team " + name, Summary: summary, Private: true, Admin: true, Examples: examples,
			Options: []command.Option{{Name: option, Kind: kind, Summary: what}}}, run: run}
	}
	return []entry{
		{Spec: command.Spec{Name: "team", Summary: "Show the team's settings", Private: true}, run: (*Bot).teamShow},
		admin("currency", "Choose the currency newcomers start with", command.Words, "currency", "GBP, EUR, USD", (*Bot).teamCurrency, "/payoff team currency EUR"),
		admin("zone", "Choose the team's time zone", command.Zone, "zone", "Europe/London, or a city", (*Bot).teamZone, "/payoff team zone London"),
		admin("room", "Post the leaderboard in this room, or nowhere", command.Words, "off", "off stops it; empty is this room", (*Bot).teamRoom, "/payoff team room", "/payoff team room off"),
		admin("schedule", "Choose when the leaderboard is posted", command.Schedule, "when", "Mon 12:00, or off", (*Bot).teamSchedule, "/payoff team schedule Mon 12:00"),
		admin("boards", "Choose which boards are shown", command.Words, "boards", "pace, commitments, streak, improved, or all", (*Bot).teamBoards, "/payoff team boards pace, streak"),
		admin("name", "Name the team", command.Words, "name", "The team's name", (*Bot).teamName, "/payoff team name High Street Traders"),
	}
}

func (b *Bot) teamShow(ctx context.Context, c *call) (chat.Reply, error) {
	members, err := b.engine.Members(ctx, c.Actor.Team)
	if err != nil {
		return nil, err
	}
	spaces, err := b.engine.Spaces(ctx, c.Actor.Team)
	if err != nil {
		return nil, err
	}
	t, boards := c.Team, "all four"
	if len(t.Boards) > 0 {
		var names []string
		for _, board := range t.Boards {
			names = append(names, string(board))
		}
		boards = strings.Join(names, ", ")
	}
	name := t.Name
	if name == "" {
		name = "Your team"
	}
	fields := chat.Fields{{Label: "Newcomers start in", Value: chat.Spans(string(t.Currency))}, {Label: "Time zone", Value: chat.Spans(t.Zone)}}
	fields = append(append(fields, c.postedWhere(spaces)...), chat.Labelled{Label: "Boards", Value: chat.Spans(boards)})
	return chat.Whisper(
		chat.T(chat.B(name), ", "+count(int64(len(members)), "person", "people")),
		fields,
		hint("An admin changes these: ", chat.C("/payoff team zone London")),
	), nil
}

// postedWhere says when the leaderboard is posted, and where in each of the team's spaces.
func (c *call) postedWhere(spaces []engine.Space) chat.Fields {
	when := c.Team.Schedule.String()
	if c.Team.Schedule.Off {
		when = "never"
	}
	if len(spaces) == 1 && !c.Team.Schedule.Off {
		where := chat.Spans("nowhere")
		if room := spaces[0].Room; room != "" {
			where = chat.Spans(when+", in ", chat.R(room))
		}
		return chat.Fields{{Label: "Leaderboard is posted", Value: where}}
	}
	fields := chat.Fields{{Label: "Leaderboard is posted", Value: chat.Spans(when)}}
	for _, s := range spaces {
		where := chat.Spans("nowhere yet: /payoff team room there")
		switch {
		case s.Left:
			where = chat.Spans("nowhere: payoff was removed from there")
		case s.Room != "" && c.isHere(s):
			where = chat.Spans(chat.R(s.Room))
		case s.Room != "": // its name is not known here
			where = chat.Spans("in its room there")
		}
		if len(spaces) > 1 {
			fields = append(fields, chat.Labelled{Label: "In " + c.called(s), Value: where})
		}
	}
	return fields
}

// changeTeam applies a change and says what is now so.
func (b *Bot) changeTeam(ctx context.Context, c *call, ch engine.TeamChange, said ...any) (chat.Reply, error) {
	if _, err := b.engine.ChangeTeam(ctx, c.request(), ch); err != nil {
		return nil, err
	}
	return chat.Whisper(chat.T(said...), chat.Actions{button("Team settings", "team")}), nil
}

func (b *Bot) teamCurrency(ctx context.Context, c *call) (chat.Reply, error) {
	cur, err := goals.ParseCurrency(c.rest)
	if err != nil {
		return nil, err
	}
	return b.changeTeam(ctx, c, engine.TeamChange{Currency: &cur}, "Newcomers start in "+string(cur)+". Who is here already keeps their own.")
}

func (b *Bot) teamZone(ctx context.Context, c *call) (chat.Reply, error) {
	zone, err := goals.ParseZone(c.rest)
	if err != nil {
		return nil, err
	}
	return b.changeTeam(ctx, c, engine.TeamChange{Zone: &zone}, "The team's time zone is "+zone+". Seasons and the leaderboard go by it.")
}

// teamRoom chooses the room of the space it is typed in.
func (b *Bot) teamRoom(ctx context.Context, c *call) (chat.Reply, error) {
	in := engine.Contact{Platform: c.event.From.Platform, Space: c.event.From.Space}
	switch room := strings.ToLower(strings.TrimSpace(c.rest)); {
	case room == "off" || room == "nowhere":
		none := ""
		before, err := b.roomHere(ctx, c)
		if err != nil {
			return nil, err
		}
		return b.changeTeam(ctx, c, engine.TeamChange{Room: &none, In: in}, postedNoMore(before)...)
	case room != "" && room != "here" && room != "this room":
		return nil, goals.Wrong(goals.Unclear, "Type /payoff team room in the room you mean, or /payoff team room off.", "I can only take the room you are in.")
	case c.event.Room.Direct:
		return nil, goals.Wrong(goals.Invalid, "", "A direct message is no room for a board: type it in the room where the leaderboard should be.")
	}
	room := c.event.Room.ID
	said := []any{"The leaderboard is posted in ", chat.R(room), ", " + c.Team.Schedule.String() + "."}
	if c.Team.Schedule.Off {
		said = []any{"The leaderboard goes to ", chat.R(room), " once it is posted: ", chat.C("/payoff team schedule Mon 12:00")}
	}
	return b.changeTeam(ctx, c, engine.TeamChange{Room: &room, In: in}, said...)
}

// roomHere is the room of the space that a call comes from.
func (b *Bot) roomHere(ctx context.Context, c *call) (string, error) {
	spaces, err := b.engine.Spaces(ctx, c.Actor.Team)
	for _, s := range spaces {
		if c.isHere(s) {
			return s.Room, err
		}
	}
	return "", err
}

func postedNoMore(room string) []any {
	where := []any{"any more"}
	if room != "" {
		where = []any{"in ", chat.R(room), " any more"}
	}
	return append(append([]any{"The leaderboard is not posted "}, where...), ". ", chat.C("/leaderboard"), " shows it to who asks.")
}

func (b *Bot) teamSchedule(ctx context.Context, c *call) (chat.Reply, error) {
	sched, named := c.args.Schedule("when")
	if !named {
		return nil, goals.Wrong(goals.Unclear, "Type a day and a time, such as Mon 12:00, or off.", "I need a day and a time.")
	}
	said := "The leaderboard is posted on " + sched.String() + "."
	if sched.Off {
		said = "The leaderboard is not posted any more."
	}
	return b.changeTeam(ctx, c, engine.TeamChange{Schedule: &sched}, said)
}

func (b *Bot) teamBoards(ctx context.Context, c *call) (chat.Reply, error) {
	var boards []goals.Board
	for _, word := range strings.FieldsFunc(strings.ToLower(c.rest), func(r rune) bool { return r == ',' || r == ' ' }) {
		switch board := goals.Board(word); {
		case word == "and":
		case word == "all":
			boards = slices.Clone(goals.Boards[:])
		case !slices.Contains(goals.Boards[:], board):
			return nil, goals.Wrong(goals.Unknown, "They are pace, commitments, streak and improved.", "There is no board %s.", quoted(word))
		case !slices.Contains(boards, board):
			boards = append(boards, board)
		}
	}
	if len(boards) == 0 {
		return nil, goals.Wrong(goals.Unclear, "Try: /payoff team boards pace, streak", "Which boards?")
	}
	var names []string
	for _, board := range boards {
		names = append(names, string(board))
	}
	return b.changeTeam(ctx, c, engine.TeamChange{Boards: &boards}, "The leaderboard shows "+strings.Join(names, ", ")+".")
}

func (b *Bot) teamName(ctx context.Context, c *call) (chat.Reply, error) {
	name := chat.Clean(strings.TrimSpace(c.rest))
	if name == "" || len([]rune(name)) > 60 {
		return nil, goals.Wrong(goals.Invalid, "Try: /payoff team name High Street Traders", "A team's name has 1 to 60 characters.")
	}
	return b.changeTeam(ctx, c, engine.TeamChange{Name: &name}, "The team is called "+name+".")
}
