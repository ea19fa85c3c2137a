package bot

import (
	"context"
	"fmt"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

// One team over several spaces, and one person over several accounts. A code is asked for in
// one and typed in the other; it is only ever said to the person who asked.

func linkCommands() []entry {
	code := []command.Option{{Name: "code", Kind: command.Words, Summary: "The code from the other space; empty makes one"}}
	return []entry{
		{Spec: command.Spec{Name: "team link", Summary: "Make one team of two spaces, with a code", Private: true, Admin: true,
			Options: code, Examples: []string{"/payoff team link"}}, open: true, run: (*Bot).teamLink},
		{Spec: command.Spec{Name: "team unlink", Summary: "Take linked spaces apart again", Private: true, Admin: true}, open: true, run: (*Bot).teamUnlink},
		{Spec: command.Spec{Name: "team unlink yes", Private: true, Admin: true, Hidden: true,
			Options: []command.Option{{Name: "team", Kind: command.Words}}}, open: true, run: (*Bot).teamUnlinkYes},
		{Spec: command.Spec{Name: "me", Summary: "See where you are known", Private: true}, open: true, run: (*Bot).me},
		{Spec: command.Spec{Name: "me link", Summary: "Join your accounts in two spaces, with a code", Private: true,
			Options: code, Examples: []string{"/payoff me link"}}, open: true, run: (*Bot).meLink},
		{Spec: command.Spec{Name: "me unlink", Summary: "Take your accounts apart again", Private: true}, open: true, run: (*Bot).meUnlink},
		{Spec: command.Spec{Name: "me keep", Private: true, Hidden: true,
			Options: []command.Option{{Name: "which", Kind: command.Choice, Choices: []string{"here", "there"}, Required: true}}}, open: true, run: (*Bot).meKeep},
	}
}

// showCode says a code that was made, and what it does.
func showCode(o engine.Offer, about, where, does string) chat.Reply {
	minutes := int64(o.For.Minutes())
	if o.Code == "" {
		return chat.Whisper(chat.T("I have told you that code already, and keep none. For a new one: ", chat.C("/payoff "+about+" link")))
	}
	return chat.Whisper(
		chat.T("Type this "+where+", within "+count(minutes, "minute", "minutes")+": ", chat.C("/payoff "+about+" link "+o.Code)),
		chat.T(does),
		chat.Quiet("It works once. Give it to nobody else. ", chat.C("/payoff "+about+" unlink"), " takes it back."),
	)
}

func (b *Bot) teamLink(ctx context.Context, c *call) (chat.Reply, error) {
	code, from := strings.TrimSpace(c.rest), b.person(c.event.From)
	if code == "" {
		o, err := b.engine.OfferTeam(ctx, c.request(), from)
		if err != nil {
			return nil, err
		}
		return showCode(o, "team", "in the other space, as an admin there", "The two become one team, with the settings of this one and one leaderboard. Goals and logs stay with their owners."), nil
	}
	if _, err := b.engine.LinkTeam(ctx, c.request(), from, code); err != nil {
		return nil, err
	}
	self, err := b.engine.Find(ctx, from) // whose team is another now
	if err != nil {
		return nil, err
	}
	spaces, err := b.engine.Spaces(ctx, self.Actor.Team)
	if err != nil {
		return nil, err
	}
	members, err := b.engine.Members(ctx, self.Actor.Team)
	if err != nil {
		return nil, err
	}
	var names []string
	room := ""
	for _, s := range spaces {
		names = append(names, c.called(s))
		if c.isHere(s) {
			room = s.Room
		}
	}
	blocks := []chat.Block{chat.T(capital(listed(names)) + " are one team now, " + count(int64(len(members)), "person", "people") + ".")}
	if room == "" {
		blocks = append(blocks, chat.T("No room here gets the leaderboard yet. In the one for it, type ", chat.C("/payoff team room")))
	}
	return chat.Whisper(append(blocks,
		chat.T("Who is in both joins their two accounts with ", chat.C("/payoff me link")),
		chat.Actions{button("Team settings", "team")})...), nil
}

// isHere reports whether a space is the one that the call comes from.
func (c *call) isHere(s engine.Space) bool {
	return s.Platform == c.event.From.Platform && s.ID == c.event.From.Space
}

// called is a space as one says it from here: "this Discord server", "the Slack workspace".
func (c *call) called(s engine.Space) string {
	if c.isHere(s) {
		return "this " + strings.TrimSuffix(strings.TrimPrefix(s.Called, "the "), " "+s.ID)
	}
	return s.Called
}

// listed joins names: "a, b and c".
func listed(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func (b *Bot) teamUnlink(ctx context.Context, c *call) (chat.Reply, error) {
	from := c.event.From
	links, err := b.engine.TeamLinks(ctx, c.Actor.Team, from.Platform, from.Space)
	if err != nil {
		return nil, err
	}
	if len(links) == 0 {
		return nil, goals.Wrong(goals.Conflict, "", "Nothing is linked to this team: /payoff team link begins it.")
	}
	var blocks []chat.Block
	var buttons chat.Actions
	for _, l := range links {
		var names []string
		for _, s := range l.Spaces {
			names = append(names, c.called(s))
		}
		spaces := listed(names)
		since := goals.DateOf(l.Since.In(c.Now.Location())).Human(c.Today)
		blocks = append(blocks, chat.T("Unlink "+spaces+"? It was linked on "+since+", and leaves with "+count(int64(l.Leave), "person who is only there", "people who are only there")+", with all that is theirs. Its own settings are back."))
		if l.Apart > 0 {
			blocks = append(blocks, chat.T(count(int64(l.Apart), "person has", "people have")+" joined accounts on both sides. These are taken apart as by ", chat.C("/payoff me unlink"), "."))
		}
		buttons = append(buttons, chat.Button{Label: short("Unlink " + spaces), Call: "team unlink yes " + string(l.Team), Style: chat.Danger})
	}
	return chat.Whisper(append(blocks, append(buttons, button("Keep it", "team")))...), nil
}

func (b *Bot) teamUnlinkYes(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "team unlink"
	if _, err := b.engine.UnlinkTeam(ctx, q, b.person(c.event.From), goals.TeamID(strings.TrimSpace(c.rest))); err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T("They are two teams again, each with its own leaderboard and settings."),
		chat.Actions{button("Team settings", "team")},
	}}}, nil
}

func (b *Bot) me(ctx context.Context, c *call) (chat.Reply, error) {
	accounts, err := b.engine.Accounts(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	if len(accounts) < 2 {
		return chat.Whisper(chat.T("I know you from here alone. Are you in another space of the team too? ", chat.C("/payoff me link"), " makes one person of both.")), nil
	}
	var names []string
	for _, a := range accounts {
		names = append(names, a.Called)
	}
	return chat.Whisper(chat.T("You are one person in "+listed(names)+"."), hint(chat.C("/payoff me unlink"), " takes them apart.")), nil
}

func (b *Bot) meLink(ctx context.Context, c *call) (chat.Reply, error) {
	code, from := strings.TrimSpace(c.rest), b.person(c.event.From)
	if code == "" {
		o, err := b.engine.OfferMe(ctx, c.request(), from)
		if err != nil {
			return nil, err
		}
		return showCode(o, "me", "where your other account is", "You are one person in both then, with one goal and one log. Nothing is mixed: I ask which records to keep if both have any."), nil
	}
	l, err := b.engine.LinkMe(ctx, c.request(), from, code)
	if err != nil {
		return nil, err
	}
	if !l.Choose {
		return chat.Whisper(joined(l)...), nil
	}
	return chat.Whisper(
		chat.T("Both of your accounts have records, and I mix none. Which shall I go on with?"),
		chat.Fields{{Label: "From here", Value: chat.Spans(holdings(l.Here))}, {Label: "From " + l.Other, Value: chat.Spans(holdings(l.There))}},
		chat.T("The others are put aside for 30 days: ", chat.C("/payoff me unlink"), " brings them back."),
		chat.Actions{button("Keep those from here", "me keep here"), button("Keep the others", "me keep there")},
	), nil
}

// holdings says what an owner has, in counts.
func holdings(h engine.Holdings) string {
	var said []string
	for _, part := range []struct {
		n         int
		one, many string
	}{{h.Goals, "goal", "goals"}, {h.Lines, "line logged", "lines logged"}, {h.CheckIns, "check-in answered", "check-ins answered"}, {h.Channels, "channel", "channels"}} {
		if part.n > 0 {
			said = append(said, count(int64(part.n), part.one, part.many))
		}
	}
	return listed(said)
}

// joined says that two accounts are one person's now.
func joined(l engine.MeLink) []chat.Block {
	where := "both spaces"
	if l.Other != "" {
		where = "this space and in " + l.Other
	}
	return []chat.Block{
		chat.T("You are one person in " + where + " now, with one goal and one log."),
		chat.Actions{button("My goal", "goal"), button("My accounts", "me")},
	}
}

func (b *Bot) meKeep(ctx context.Context, c *call) (chat.Reply, error) {
	which, _ := c.args.Choice("which")
	l, err := b.engine.KeepMe(ctx, c.request(), which == "here")
	if err != nil {
		return nil, err
	}
	blocks := joined(l)
	aside := chat.T("What is kept is what was here. The rest waits for 30 days: ", chat.C("/payoff me unlink"), " brings it back.")
	if which == "there" {
		aside = chat.T("What is kept is what was there. What was here waits for 30 days: ", chat.C("/payoff me unlink"), " brings it back.")
	}
	return chat.Update{Message: chat.Message{Blocks: append([]chat.Block{blocks[0], aside}, blocks[1:]...)}}, nil
}

func (b *Bot) meUnlink(ctx context.Context, c *call) (chat.Reply, error) {
	u, err := b.engine.UnlinkMe(ctx, c.request(), b.person(c.event.From))
	if err != nil {
		return nil, err
	}
	if len(u.Apart) == 0 { // delivered again
		return chat.Whisper(chat.T("Your accounts are apart again.")), nil
	}
	var names []string
	for _, a := range u.Apart {
		names = append(names, a.Called)
	}
	what := "It has the records again that it had before."
	if !u.Restored {
		what = fmt.Sprintf("What it had before was erased after %d days, so it begins anew.", 30)
	}
	return chat.Whisper(
		chat.T("Your account in "+listed(names)+" is by itself again. "+what),
		chat.T("What was logged since stays with the other one."),
	), nil
}
