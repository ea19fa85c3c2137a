package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Contexts of interactions: https://docs.discord.com/developers/interactions/receiving-and-responding
const (
	guildContext  = 0
	directContext = 1
)

// A Choice is one that autocomplete offers.
type Choice = OptionChoice

// place is where someone acts. It is called with d.mu held.
func (d *Discord) place(user, channel string) (*channel, error) {
	c := d.channels[channel]
	switch {
	case d.users[user] == nil:
		return nil, fmt.Errorf("there is no user %s", user)
	case c == nil:
		return nil, fmt.Errorf("there is no channel %s", channel)
	case !c.sees(user):
		return nil, fmt.Errorf("%s does not see channel %s", user, channel)
	case c.guild != nil && !c.guild.in:
		return nil, fmt.Errorf("payoff is not in the server %s", c.guild.id)
	}
	if c.guild == nil {
		c.opened = true
	}
	return c, nil
}

// shown are the commands that someone is shown in a channel. It is called with d.mu held.
func (d *Discord) shown(user string, c *channel) []Command {
	return slices.DeleteFunc(slices.Clone(d.commands), func(known Command) bool {
		where := guildContext
		if c.guild == nil {
			where = directContext
		} else if needs, err := strconv.ParseUint(known.Permissions.String(), 10, 64); err == nil {
			may := c.guild.permissions(user)
			if may&mayAdminister == 0 && (may&needs != needs || needs == 0) {
				return true
			}
		}
		return known.Contexts != nil && !slices.Contains(known.Contexts, where)
	})
}

// Command types a line that begins with a slash: the command is found among those that the
// person is shown, at the top level, else below /payoff; the rest goes into its first option
// that takes it, or into those that it names ("amount:£5 when:yesterday").
func (d *Discord) Command(id, user, channel, line string) error {
	what, err := d.act("command", id, user, func() (*delivery, error) { return d.typed(user, channel, line, "") })
	if err != nil {
		return err
	}
	return d.bring(what)
}

// Autocomplete types a line whose option is still being typed, and returns what payoff offers
// for it.
func (d *Discord) Autocomplete(user, channel, line, option string) ([]Choice, error) {
	what, err := d.act("autocomplete", "", user, func() (*delivery, error) { return d.typed(user, channel, line, option) })
	if err != nil {
		return nil, err
	}
	if err := d.bring(what); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var offered struct{ Choices []Choice }
	if err := json.Unmarshal(what.in.choices, &offered); err != nil {
		return nil, fmt.Errorf("read the choices: %w", err)
	}
	return offered.Choices, nil
}

// typed is the interaction of a line; focus is the option that is still being typed.
func (d *Discord) typed(user, channel, line, focus string) (*delivery, error) {
	c, err := d.place(user, channel)
	if err != nil {
		return nil, err
	}
	t, rest, err := readLine(d.shown(user, c), line)
	if err != nil {
		return nil, err
	}
	if err := t.fill(rest, focus); err != nil {
		return nil, fmt.Errorf("%s: %w", line, err)
	}
	kind := commandInteraction
	if focus != "" {
		kind = autocompleteInteraction
		if o, _ := optionOf(t.leaf(), focus); !o.Autocomplete {
			return nil, fmt.Errorf("%s: option %q has no autocomplete", line, focus)
		}
	}
	data, err := t.data()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", line, err)
	}
	return d.deliver(d.interact(kind, user, c), data, nil), nil
}

// MessageCommand chooses one of the Apps of the menu on a message.
func (d *Discord) MessageCommand(id, user, channel, message, name string) error {
	what, err := d.act("message command", id, user, func() (*delivery, error) {
		c, err := d.place(user, channel)
		if err != nil {
			return nil, err
		}
		m := c.message(message)
		switch {
		case m == nil || !m.seenBy(user):
			return nil, fmt.Errorf("%s sees no message %s in %s", user, message, channel)
		case m.only != "":
			return nil, errors.New("a message that only one person sees has no Apps in its menu")
		}
		list := d.shown(user, c)
		at := slices.IndexFunc(list, func(c Command) bool { return c.Type == messageCommand && c.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("the menu has no %q", name)
		}
		return d.deliver(d.interact(commandInteraction, user, c), object{
			"id": list[at].ID, "name": name, "type": messageCommand, "target_id": m.id,
			"resolved": d.resolved(c, m),
		}, nil), nil
	})
	if err != nil {
		return err
	}
	return d.bring(what)
}

// Write says something, which payoff never hears, and returns the message's id.
func (d *Discord) Write(user, channel, text string) string {
	d.t.Helper()
	d.mu.Lock()
	c, err := d.place(user, channel)
	if err == nil && units(text) > maxContent {
		err = fmt.Errorf("%d characters are more than Discord takes", units(text))
	}
	id := ""
	if err == nil {
		id = d.post(c, message{author: user, content: text}).id
	}
	d.mu.Unlock()
	if err != nil {
		d.t.Fatalf("discordtest: write %q: %v", text, err)
	}
	return id
}

// Press presses the button with this label on a message that the person sees.
func (d *Discord) Press(id, user, channel, message, label string) error {
	what, err := d.act("press", id, user, func() (*delivery, error) {
		c, err := d.place(user, channel)
		if err != nil {
			return nil, err
		}
		m := c.message(message)
		if m == nil || !m.seenBy(user) {
			return nil, fmt.Errorf("%s sees no message %s in %s", user, message, channel)
		}
		found, number, err := buttonOf(m, label)
		if err != nil {
			return nil, err
		}
		in := d.interact(componentInteraction, user, c)
		in.message = m.id
		return d.deliver(in, object{"custom_id": found.CustomID, "component_type": button, "id": number}, m), nil
	})
	if err != nil {
		return err
	}
	return d.bring(what)
}

// buttonOf is the button of a message with a label, as it is shown, and its number among all
// components.
func buttonOf(m *message, label string) (found component, number int, err error) {
	number = 0
	for _, raw := range m.components {
		var row component
		if err := json.Unmarshal(raw, &row); err != nil {
			return component{}, 0, fmt.Errorf("read the components: %w", err)
		}
		number++
		for _, c := range row.Components {
			number++
			switch {
			case c.Type != button || c.shownLabel() != label:
			case c.Disabled:
				return component{}, 0, fmt.Errorf("the button %q is disabled", label)
			case c.Style == linkButton || c.Style == premiumButton:
				return component{}, 0, fmt.Errorf("the button %q tells payoff nothing", label)
			default:
				return c, number, nil
			}
		}
	}
	return component{}, 0, fmt.Errorf("there is no button %q", label)
}

// shownLabel is what is read on a button: its emoji, which has a name of its own, then its words.
func (c component) shownLabel() string {
	var emoji struct{ Name string }
	if json.Unmarshal(c.Emoji, &emoji) != nil || emoji.Name == "" {
		return c.Label
	}
	if c.Label == "" {
		return emoji.Name
	}
	return emoji.Name + " " + c.Label
}
