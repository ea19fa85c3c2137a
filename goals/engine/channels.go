package engine

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/goals"
)

// Limits on channels.
const (
	MaxChannels    = 40
	MaxChannelName = 40 // characters
)

// AddChannel gives the owner a new channel.
func (e *Engine) AddChannel(ctx context.Context, q Request, name string, kind goals.Kind) (Done, error) {
	return e.change(ctx, q, "channel add", func(c *change) error {
		if err := c.addChannel(e, name, kind); err != nil {
			return err
		}
		return c.tx.PutOwner(c.Owner)
	})
}

// ChangeChannel changes one channel of the owner's: its name, kind, budget or whether it is archived.
func (e *Engine) ChangeChannel(ctx context.Context, q Request, id goals.ChannelID, what string, apply func(*goals.Channel)) (Done, error) {
	return e.change(ctx, q, "channel "+what, func(c *change) error {
		for i := range c.Owner.Channels {
			ch := &c.Owner.Channels[i]
			if ch.ID != id {
				continue
			}
			before := ch.Name
			apply(ch)
			ch.Name = strings.TrimSpace(ch.Name)
			for _, other := range c.Owner.Channels {
				if other.ID != id && strings.EqualFold(other.Name, ch.Name) {
					return nameTaken(other)
				}
			}
			if err := checkChannelName(ch.Name); ch.Name != before && err != nil {
				return err
			}
			return c.tx.PutOwner(c.Owner)
		}
		return noChannel()
	})
}

func (c *change) addChannel(e *Engine, name string, kind goals.Kind) error {
	name = strings.TrimSpace(name)
	if err := checkChannelName(name); err != nil {
		return err
	}
	if other, taken := channelNamed(c.Owner, name); taken {
		return nameTaken(other)
	}
	if len(c.Owner.Channels) >= MaxChannels {
		return goals.Wrong(goals.Invalid, "Rename one with /payoff channel rename, and use it again.",
			"You have %d channels, which is as many as there can be.", MaxChannels)
	}
	ch := goals.Channel{ID: goals.ChannelID(e.newID(c.Now)), Name: name, Kind: kind}
	c.Owner.Channels = append(c.Owner.Channels, ch)
	return nil
}

func checkChannelName(name string) error {
	switch {
	case name == "":
		return goals.Wrong(goals.Invalid, "Try: /payoff channel add BNI networking", "A channel needs a name.")
	case utf8.RuneCountInString(name) > MaxChannelName:
		return goals.Wrong(goals.Invalid, "Shorten it a little.", "A channel's name can be %d characters long.", MaxChannelName)
	case strings.ContainsAny(name, ",;\"") || strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name):
		return goals.Wrong(goals.Invalid, "Plain words do best, such as BNI Tuesday.", "A channel's name cannot hold commas, quotes or line breaks.")
	}
	return nil
}

func noChannel() error {
	return goals.Wrong(goals.Unknown, "/payoff channel list shows yours.", "That channel is not one of yours.")
}

func nameTaken(ch goals.Channel) error {
	if ch.Archived {
		return goals.Wrong(goals.Conflict, "Bring it back with /payoff channel archive "+ch.Name+" off.", "You have an archived channel %s.", ch.Name)
	}
	return goals.Wrong(goals.Conflict, "/payoff channel list shows yours.", "You already have a channel %s.", ch.Name)
}

// channelNamed finds a channel by its name, whatever the case.
func channelNamed(o goals.Owner, name string) (goals.Channel, bool) {
	for _, ch := range o.Channels {
		if strings.EqualFold(ch.Name, strings.TrimSpace(name)) {
			return ch, true
		}
	}
	return goals.Channel{}, false
}

// channelByID finds a channel by its id.
func channelByID(o goals.Owner, id goals.ChannelID) (goals.Channel, bool) {
	for _, ch := range o.Channels {
		if ch.ID == id {
			return ch, true
		}
	}
	return goals.Channel{}, false
}
