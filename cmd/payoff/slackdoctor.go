package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"payoff/bot/slack"
	"payoff/storage"
)

// inSlack asks Slack whether all is well, and looks at what the database keeps for it. It finds
// nothing where Slack is not set up.
func (c *doctorCmd) inSlack(p *program) (found []finding) {
	const about = "slack"
	cfg, err := slackSettings(p.env)
	if err != nil {
		return []finding{{about, false, sentence(err)}}
	}
	if cfg == nil {
		return nil
	}
	var rooms map[string]string
	r, err := p.open(false)
	if err == nil {
		rooms, found, err = r.keptForSlack(p, cfg)
		defer r.closing(new(error))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // nothing is kept yet
	case inUse(err):
		found = append(found, finding{about, true, "stop payoff to have the team's room and the tokens that are kept looked at, too."})
	case err != nil:
		found = append(found, finding{about, false, sentence(err)})
	}
	if cfg.ClientID != "" && cfg.Installs == nil {
		cfg.Installs = nowhere{}
	}
	for _, f := range slack.Check(p.ctx, *cfg, rooms) {
		found = append(found, finding{f.About, f.Well, f.Say})
	}
	return found
}

// keptForSlack is the team's room of each workspace, and what there is to say of the tokens
// that are kept, which it opens for cfg.
func (r *records) keptForSlack(p *program, cfg *slack.Config) (rooms map[string]string, found []finding, err error) {
	if r.offset != 0 {
		found = append(found, finding{"slack", false, errMovedClock(r.path, "Slack").Error()})
	}
	rooms = map[string]string{}
	err = r.db.View(p.ctx, func(reader *storage.Reader) error {
		teams, err := reader.Teams()
		if err != nil {
			return err
		}
		for _, team := range teams {
			spaces, err := reader.Spaces(team.ID)
			if err != nil {
				return err
			}
			for _, s := range spaces {
				since, err := reader.LeftSince(s.Platform, s.Space)
				if err != nil {
					return err
				}
				room, err := reader.Room(s.Platform, s.Space)
				switch {
				case err != nil:
					return err
				case s.Platform != slack.Platform || !since.IsZero():
				case room == "":
					found = append(found, finding{"slack room", true, "the leaderboard is posted nowhere in " + s.Space + "; an admin types /payoff team room in the room for it."})
				default:
					rooms[s.Space] = room
				}
			}
		}
		return nil
	})
	if err != nil || cfg.ClientID == "" {
		return rooms, found, err
	}
	v, err := newVault(r.db, p.env.secrets["PAYOFF_SECRET_KEY"])
	if err != nil {
		return rooms, found, err
	}
	cfg.Installs = v
	kept, shut, err := v.look(p.ctx)
	if err != nil {
		return rooms, found, err
	}
	const about = "tokens"
	for _, err := range shut {
		found = append(found, finding{about, false, sentence(err)})
	}
	if len(shut) == 0 {
		found = append(found, finding{about, true, fmt.Sprintf("of %s are kept, and can be opened.", count(len(kept), "workspace"))})
	}
	return rooms, found, nil
}

// nowhere is where tokens are kept that cannot be looked at.
type nowhere struct{}

func (nowhere) Install(context.Context, string) (slack.Install, bool, error) {
	return slack.Install{}, false, nil
}
func (nowhere) Keep(context.Context, slack.Install) error        { return nil }
func (nowhere) Remove(context.Context, string) ([]string, error) { return nil, nil }
