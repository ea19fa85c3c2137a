package discordtest

import (
	"encoding/json"
	"slices"
	"strings"
)

// A Message is a message as somebody sees it.
type Message struct {
	ID       string
	User     string // who said it
	Private  bool   // only they see it
	Edited   bool
	Thinking bool     // a deferral that still waits for its words
	Text     string   // all that is read, in order, but for buttons, pictures and files
	Buttons  []string // those that can be pressed; a disabled one is not among them
	Images   []string // their words
	Files    []string // their names
}

// Seen is what a person sees in a channel, oldest first.
func (d *Discord) Seen(user, channel string) []Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.channels[channel]
	if c == nil || !c.sees(user) {
		return nil
	}
	var seen []Message
	for _, m := range c.messages {
		if m.seenBy(user) {
			seen = append(seen, d.read(c, m))
		}
	}
	return seen
}

// reader reads as people in a server do, or directly. It is used with d.mu held.
func (d *Discord) reader(g *Guild) markup {
	return markup{
		now: d.now(),
		user: func(id string) string {
			if d.users[id] == nil {
				return ""
			}
			return d.displayName(g, id)
		},
		channel: func(id string) string {
			if known := d.channels[id]; known != nil {
				return known.Name
			}
			return ""
		},
	}
}

// read is what is read of a message.
func (d *Discord) read(c *channel, m *message) Message {
	seen := Message{
		ID: m.id, User: m.author, Private: m.only != "", Edited: !m.edited.IsZero(), Thinking: m.loading,
	}
	reader := d.reader(c.guild)
	var lines []string
	line := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	if m.loading {
		line("payoff is thinking...")
	}
	line(reader.markdown(m.content))
	var inEmbeds []string
	for _, raw := range m.embeds {
		if m.flags&flagSuppressEmbeds != 0 {
			break // they are hidden, whoever sent them
		}
		line(reader.embed(raw))
		inEmbeds = append(inEmbeds, shows(raw)...)
	}
	for _, a := range m.attachments {
		switch {
		case slices.Contains(inEmbeds, a.name) || imageName.MatchString(a.name):
			seen.Images = append(seen.Images, a.description)
		default:
			seen.Files = append(seen.Files, a.name)
		}
	}
	seen.Text = strings.Join(lines, "\n")
	seen.Buttons = buttonsOf(m)
	return seen
}

// embed is what is read of an embed, from top to bottom. Only its description and the values of
// its fields take all of markdown; its author and its footer take none.
func (m markup) embed(raw json.RawMessage) string {
	var e embed
	if json.Unmarshal(raw, &e) != nil {
		return "[discordtest cannot read an embed]"
	}
	heading := m
	heading.plain = true
	said := []string{unseen.Replace(e.Author.Name), heading.markdown(e.Title), m.markdown(e.Description)}
	for _, f := range e.Fields {
		said = append(said, heading.markdown(f.Name), m.markdown(f.Value))
	}
	said = append(said, unseen.Replace(e.Footer.Text))
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), "\n")
}

// buttonsOf are what can be pressed on a message.
func buttonsOf(m *message) []string {
	var all []string
	for _, raw := range m.components {
		var row component
		if json.Unmarshal(raw, &row) != nil {
			continue
		}
		for _, c := range row.Components {
			if c.Type == button && !c.Disabled {
				all = append(all, c.shownLabel())
			}
		}
	}
	return all
}
