package main

import (
	"errors"
	"io/fs"

	"payoff/bot/discord"
	"payoff/storage"
)

// inDiscord asks Discord whether all is well, and looks at what the database keeps for it. It
// finds nothing where Discord is not set up.
func (c *doctorCmd) inDiscord(p *program) []finding {
	cfg, err := discordSettings(p.env)
	if err != nil {
		return []finding{{discord.Platform, false, sentence(err)}}
	}
	if cfg == nil {
		return nil
	}
	nothing := func(*records) ([]finding, error) { return nil, nil }
	return p.examine(discord.Platform, "Discord", nothing, func(rooms map[string]string) (found []finding) {
		for _, f := range discord.Check(p.ctx, *cfg, rooms) {
			found = append(found, finding{f.About, f.Well, f.Say})
		}
		return found
	})
}

// examine looks at what the database keeps for a platform, if that can be done: the room of the
// leaderboard in each space, and, by more, the rest. Then check asks the platform, while the
// database is open.
func (p *program) examine(platform, name string, more func(*records) ([]finding, error), check func(rooms map[string]string) []finding) (found []finding) {
	var rooms map[string]string
	r, err := p.open(false)
	if err == nil {
		defer r.closing(new(error))
		if r.offset != 0 {
			found = append(found, finding{platform, false, errMovedClock(r.path, name).Error()})
		}
		var nowhere []string
		if rooms, nowhere, err = r.rooms(p, platform); err == nil {
			for _, space := range nowhere {
				found = append(found, finding{platform + " room", true, "the leaderboard is posted nowhere in " + space + "; an admin types /payoff team room in the room for it."})
			}
			var others []finding
			others, err = more(r)
			found = append(found, others...)
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // nothing is kept yet
	case inUse(err):
		found = append(found, finding{platform, true, "stop payoff to have what it keeps for " + name + " looked at, too."})
	case err != nil:
		found = append(found, finding{platform, false, sentence(err)})
	}
	return append(found, check(rooms)...)
}

// rooms is the room of the leaderboard in each space of a platform, and the spaces without one.
func (r *records) rooms(p *program, platform string) (rooms map[string]string, nowhere []string, err error) {
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
				case s.Platform != platform || !since.IsZero():
				case room == "":
					nowhere = append(nowhere, s.Space)
				default:
					rooms[s.Space] = room
				}
			}
		}
		return nil
	})
	return rooms, nowhere, err
}
