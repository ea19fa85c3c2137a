package discord_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/command"
	"payoff/bot/discord"
	"payoff/bot/discord/discordtest"
)

// TestConformance runs the suite of all adapters both ways in. discordgo takes a second to let
// go of a connection: the next case does not wait for that, only the whole does.
func TestConformance(t *testing.T) {
	for _, way := range []string{"gateway", "http"} {
		t.Run(way, func(t *testing.T) {
			var letGo sync.WaitGroup
			defer letGo.Wait()
			chattest.Run(t, func(c *testing.T, h chat.Handler, log *slog.Logger) chattest.Adapter {
				o := newOffice(c, way, h, log)
				c.Cleanup(func() {
					_ = o.leave(context.Background())
					letGo.Go(func() {
						if err := o.left(); err != nil {
							t.Errorf("%s: Run = %v, want nil when it was told to end", c.Name(), err)
						}
					})
				})
				return o
			})
		})
	}
}

// officeCommands are those that the suite types.
var officeCommands = []command.Spec{
	{Name: "log", Summary: "Log", Private: true, Options: []command.Option{{Name: "line", Summary: "What", Kind: command.Words}}},
	{Name: "report", Summary: "Report", Private: true, Options: []command.Option{{Name: "period", Summary: "When", Kind: command.Period}}},
	{Name: "checkin", Summary: "Check in", Private: true, Form: true},
	{Name: "leaderboard", Summary: "Standings"}, {Name: "history", Summary: "History"}, {Name: "undo", Summary: "Undo"},
	{Name: "team", Summary: "Team"}, {Name: "help", Summary: "Help"}, {Name: "payoff", Summary: "Help"}, {Name: "goal show", Summary: "Goal"},
	{Name: "shape", Summary: "Shape"}, {Name: "empty", Summary: "Empty"},
}

const (
	ann  = "200000000000000001"
	bob  = "200000000000000002"
	room = "300000000000000001"
)

// An office is the adapter in one server, with Ann and Bob in a channel of theirs.
type office struct {
	*discord.Adapter
	t      *testing.T
	there  *discordtest.Discord
	server *discordtest.Guild
	leave  func(context.Context) error // ends its work
	left   func() error                // waits until Run has returned

	mu     sync.Mutex
	walked map[string]*walk // by person
}

// A walk is a form of several parts that a person has looked through.
type walk struct {
	shown chattest.ShownForm
	parts map[string]int // of a question, by its label
	in    string
	old   map[string]bool // messages from before the form
}

func newOffice(t *testing.T, way string, h chat.Handler, log *slog.Logger) *office {
	there := discordtest.New(t)
	g := there.Guild("Acme")
	g.AddUser(discordtest.User{ID: ann, Name: "Ann", Locale: "en-GB", Admin: true})
	g.AddUser(discordtest.User{ID: bob, Name: "Bob <b>&", Locale: "en-US"})
	g.AddChannel(discordtest.Channel{ID: room, Name: "team"})
	// Whoever sends to nobody, or edits nothing, is told so by Discord.
	there.Expect(0, 10003, 10008, 10013, 50033, 50035, 50001)

	cfg := discord.Config{
		Handler: h, Commands: officeCommands, Log: log, BotToken: chat.NewSecret(there.Token()),
		ApplicationID: there.ApplicationID(), APIURL: there.URL(), Memory: there.Memory(),
	}
	if way == "http" {
		cfg.PublicKey = there.PublicKey()
	}
	a, err := discord.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Adapter: a, t: t, there: there, server: g, walked: map[string]*walk{}}
	o.run(way)
	return o
}

// run connects the adapter and its Discord, until leave.
func (o *office) run(way string) {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- o.Run(ctx) }()
	closeServer := func() {}
	if !o.there.WaitGateway(1, 5*time.Second) {
		o.t.Error("the adapter did not connect")
	}
	for len(o.there.Commands()) == 0 { // registered meanwhile
		time.Sleep(time.Millisecond)
	}
	if way == "http" {
		server := httptest.NewServer(o.Adapter)
		closeServer = server.Close
		o.there.DeliverTo(server.URL)
	}
	var once sync.Once
	o.leave = func(ctx context.Context) (err error) {
		once.Do(func() {
			err = o.Close(ctx)
			cancel()
			closeServer()
		})
		return err
	}
	o.left = sync.OnceValue(func() error { return <-ran })
}

func (o *office) HearsNoWords() {}

func (o *office) Stop(ctx context.Context) error {
	return errors.Join(o.leave(ctx), o.left())
}

func (o *office) People() []chat.Person {
	return []chat.Person{
		{Platform: discord.Platform, Space: o.server.ID(), ID: ann, Name: "Ann", Locale: "en-GB"},
		{Platform: discord.Platform, Space: o.server.ID(), ID: bob, Name: "Bob <b>&", Locale: "en-US"},
	}
}

func (o *office) Shared() chat.Room { return chat.Room{ID: room, Name: "team"} }

func (o *office) Direct(p chat.Person) chat.Room {
	return chat.Room{ID: o.there.Direct(p.ID), Direct: true}
}

// Type closes the form that is open: it covers what else a person would type into.
func (o *office) Type(id string, by chat.Person, in chat.Room, line string) error {
	o.begin(by, in)
	if strings.HasPrefix(line, "/") {
		return o.there.Command(id, by.ID, in.ID, line)
	}
	o.there.Write(by.ID, in.ID, line)
	return nil
}

func (o *office) Press(id string, by chat.Person, in chat.Room, message chattest.Shown, label string) error {
	o.begin(by, in)
	return o.there.Press(id, by.ID, in.ID, message.ID, label)
}

// begin forgets the form of before: what it left behind is no card of the next one.
func (o *office) begin(by chat.Person, in chat.Room) {
	o.there.Dismiss(by.ID)
	w := &walk{in: in.ID, old: map[string]bool{}}
	for _, m := range o.there.Seen(by.ID, in.ID) {
		w.old[m.ID] = true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.walked[by.ID] = w
}

func (o *office) walk(p chat.Person) *walk {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.walked[p.ID] == nil {
		o.walked[p.ID] = &walk{in: room}
	}
	return o.walked[p.ID]
}

func (o *office) Seen(p chat.Person, in chat.Room) []chattest.Shown {
	var all []chattest.Shown
	for _, m := range o.there.Seen(p.ID, in.ID) {
		if m.Thinking {
			continue
		}
		all = append(all, chattest.Shown{
			ID: m.ID, Bot: m.User == o.there.ApplicationID(), Private: m.Private,
			Text: m.Text, Buttons: m.Buttons, Images: m.Images, Files: m.Files,
		})
	}
	return all
}

// onward are the labels of the button by which a card goes on.
var onward = []string{"Continue", "Correct it", "Open the form"}

// card is the message that stands between the parts of the form a person fills in.
func (o *office) card(p chat.Person) (m discordtest.Message, label string, ok bool) {
	w := o.walk(p)
	for _, m := range slices.Backward(o.there.Seen(p.ID, w.in)) {
		i := slices.IndexFunc(m.Buttons, func(b string) bool { return slices.Contains(onward, b) })
		if !w.old[m.ID] && i >= 0 {
			return m, m.Buttons[i], true
		}
	}
	return m, "", false
}

// of takes the number of the part and of all parts off a modal's title.
func of(title string) (rest string, part, parts int) {
	at := strings.LastIndex(title, " (")
	if at < 0 {
		return title, 1, 1
	}
	if n, _ := fmt.Sscanf(title[at:], " (%d of %d)", &part, &parts); n != 2 {
		return title, 1, 1
	}
	return title[:at], part, parts
}

// Form looks through all parts of the form that is open before a person, as they would: they
// submit the first as it stands, and look at the others by the buttons of the card.
func (o *office) Form(p chat.Person) (chattest.ShownForm, bool) {
	w := o.walk(p)
	if w.parts != nil {
		return w.shown, true
	}
	m, open := o.there.Modal(p.ID)
	card, label, carded := o.card(p)
	if !open && !carded {
		return chattest.ShownForm{}, false
	}
	if !open {
		if err := o.there.Press("", p.ID, w.in, card.ID, label); err != nil {
			o.t.Errorf("press %s: %v", label, err)
			return chattest.ShownForm{}, false
		}
		if m, open = o.there.Modal(p.ID); !open {
			return chattest.ShownForm{}, false
		}
	}
	title, part, parts := of(m.Title)
	if parts == 1 && !carded {
		return shownForm(title, []discordtest.Modal{m}), true
	}
	modals := make([]discordtest.Modal, parts)
	modals[part-1] = m
	if !carded {
		if err := o.there.Submit("", p.ID, nil); err != nil {
			o.t.Errorf("submit part %d as it stands: %v", part, err)
			return chattest.ShownForm{}, false
		}
	}
	o.there.Dismiss(p.ID)
	for n := range modals {
		if n+1 == part && modals[n].CustomID != "" {
			continue
		}
		if err := o.open(p, n+1); err != nil {
			o.t.Errorf("part %d: %v", n+1, err)
			return chattest.ShownForm{}, false
		}
		modals[n], _ = o.there.Modal(p.ID)
		o.there.Dismiss(p.ID)
	}
	w.shown, w.parts = shownForm(title, modals), map[string]int{}
	for n, m := range modals {
		for _, f := range m.Fields {
			w.parts[f.Label] = n + 1
		}
	}
	return w.shown, true
}

// open opens a part by the card's button for it.
func (o *office) open(p chat.Person, part int) error {
	card, label, ok := o.card(p)
	if !ok {
		return fmt.Errorf("there is no card")
	}
	if name := fmt.Sprint("Part ", part); slices.Contains(card.Buttons, name) {
		label = name
	}
	if err := o.there.Press("", p.ID, o.walk(p).in, card.ID, label); err != nil {
		return err
	}
	if _, open := o.there.Modal(p.ID); !open {
		return fmt.Errorf("%s opens nothing", label)
	}
	return nil
}

func shownForm(title string, modals []discordtest.Modal) chattest.ShownForm {
	f := chattest.ShownForm{Title: title}
	f.Intro = modals[0].Text
	if wrong, is := strings.CutPrefix(f.Intro, "⚠ "); is {
		f.Error, f.Intro, _ = strings.Cut(wrong, "\n")
	}
	for _, m := range modals {
		for _, q := range m.Fields {
			shown := chattest.ShownField{Label: q.Label, Value: q.Value, Required: q.Required, Choices: q.Choices, Hint: cmp.Or(q.Placeholder, q.Description)}
			if wrong, is := strings.CutPrefix(q.Description, "⚠ "); is {
				shown.Error, shown.Hint = wrong, q.Placeholder
			}
			f.Fields = append(f.Fields, shown)
		}
	}
	return f
}

// Fill enters values: into the one modal that is open, or part by part, the one that the card
// goes on with last.
func (o *office) Fill(id string, by chat.Person, values map[string]string) error {
	w := o.walk(by)
	if _, open := o.there.Modal(by.ID); open && w.parts == nil {
		err := o.there.Submit(id, by.ID, values)
		return err
	}
	typed := map[int]map[string]string{}
	for label, value := range values {
		n := w.parts[label]
		if n == 0 {
			return fmt.Errorf("no question is called %q", label)
		}
		if typed[n] == nil {
			typed[n] = map[string]string{}
		}
		typed[n][label] = value
	}
	parts := 0
	for _, n := range w.parts {
		parts = max(parts, n)
	}
	w.parts = nil
	// The part that the card goes on with is the one it has no button of its own for.
	ahead := func() int {
		card, _, ok := o.card(by)
		for n := 1; ok && n <= parts; n++ {
			if !slices.Contains(card.Buttons, fmt.Sprint("Part ", n)) {
				return n
			}
		}
		return 0
	}
	last, done := ahead(), map[int]bool{}
	for n := 1; n <= parts; n++ {
		if n != last && typed[n] != nil {
			if err := o.fillPart(fmt.Sprint(id, "/", n), by, n, typed[n]); err != nil {
				return err
			}
			done[n] = true
		}
	}
	for part := last; part > 0 && !done[part]; part = ahead() { // one that was filled in is to be corrected: that is another filling
		if err := o.fillPart(fmt.Sprint(id, "+", part), by, part, typed[part]); err != nil {
			return err
		}
		done[part] = true
	}
	return nil
}

// fillPart opens a part, 0 for the one the card goes on with, and submits it.
func (o *office) fillPart(id string, by chat.Person, part int, values map[string]string) error {
	if err := o.open(by, part); err != nil {
		return err
	}
	return o.there.Submit(id, by.ID, values)
}
