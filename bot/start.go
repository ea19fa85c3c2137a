package bot

import (
	"cmp"
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func startCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "start", Summary: "Get started, or change what you told me then", Private: true, Form: true,
			Options:  []command.Option{{Name: "zone", Kind: command.Zone, Summary: "Your time zone: a city does"}},
			Examples: []string{"/payoff start", "/payoff start New York"}}, open: true, run: (*Bot).start},
		// The buttons of the welcome carry what the newcomer had typed, to be offered again.
		{Spec: command.Spec{Name: "start form", Private: true, Form: true, Hidden: true,
			Options: []command.Option{{Name: "then", Kind: command.Words}}}, open: true, run: (*Bot).start},
		{Spec: command.Spec{Name: "start save", Private: true, Hidden: true,
			Options: []command.Option{{Name: "then", Kind: command.Words}}}, open: true, run: (*Bot).startSave},
		{Spec: command.Spec{Name: "start skip", Private: true, Hidden: true,
			Options: []command.Option{{Name: "then", Kind: command.Words}}}, open: true, run: (*Bot).startSkip},
	}
}

// maxThen is how long a line is kept while its person gets started.
const maxThen = 300

// welcome greets who has not started. What they typed is kept in the button and offered again.
func (c *call) welcome() chat.Reply {
	then := c.kept()
	name := ""
	if first, _, _ := strings.Cut(c.event.From.Name, " "); first != "" {
		name = " " + first
	}
	blocks := []chat.Block{
		chat.T("Hello"+name+". I am ", chat.B("payoff"), ". You name a revenue figure; I ask once a week what you did and what came of it, and tell you honestly whether it pays."),
		chat.T("A minute of questions first. Each can be left empty and changed later."),
	}
	if then != "" {
		then = " " + then
		blocks = append(blocks, chat.Quiet("What you typed is not saved yet. I will offer it again in a moment."))
	}
	blocks = append(blocks, chat.Actions{primary("Get started", "start form"+then), button("Skip for now", "start skip"+then)})
	return chat.Whisper(blocks...)
}

// kept is the command that a newcomer gave, to be offered again once they have started; "" for
// a greeting, a button, or a line too long for a button.
func (c *call) kept() string {
	then := strings.TrimSpace(strings.ReplaceAll(c.line, "\n", " "))
	switch did := c.event.Did.(type) {
	case chat.Wrote:
		if plainCommand(did.Text) == "start" {
			return ""
		}
		if plainCommand(did.Text) == "" && !strings.HasPrefix(strings.TrimSpace(did.Text), "/") {
			then = "log " + then
		}
	case chat.Typed:
	default:
		return ""
	}
	if len(then) > maxThen {
		return ""
	}
	return then
}

// start opens the form of the beginning, filled with what is known.
func (b *Bot) start(_ context.Context, c *call) (chat.Reply, error) {
	if _, wrote := c.event.Did.(chat.Wrote); wrote && !c.Owner.Started {
		return c.welcome(), nil
	}
	values := c.startValues()
	if zone, ok := c.args.Zone("zone"); ok {
		values["zone"], c.rest = zone, ""
	}
	return chat.OpenForm{Form: c.startForm(values, nil)}, nil
}

// guessedZone is where the language of somebody suggests that they are, when neither they nor
// the platform have said; "" when it suggests nothing.
func (c *call) guessedZone() string {
	if c.Owner.Zone != "" || c.event.From.Zone != "" {
		return ""
	}
	return zoneOf(c.event.From.Locale)
}

// startValues is what the form shows at first.
func (c *call) startValues() map[string]string {
	zone := cmp.Or(c.Owner.Zone, c.guessedZone(), c.Team.Zone)
	values := map[string]string{"currency": string(c.Owner.Currency), "zone": zone, "customer": c.Owner.Customer}
	if c.Owner.HourWorth > 0 {
		values["worth"] = goals.Money{Minor: c.Owner.HourWorth, Currency: c.Owner.Currency}.String()
	}
	for _, ch := range c.Owner.Channels {
		if ch.Archived {
			continue
		}
		k := string(ch.Kind)
		if values[k] != "" {
			values[k] += ", "
		}
		values[k] += ch.Name
	}
	return values
}

// The currencies offered; any other can be typed with /payoff team currency.
var currencyChoices = []chat.Choice{
	{Value: "GBP", Label: "£ British pounds"}, {Value: "EUR", Label: "€ Euros"}, {Value: "USD", Label: "$ US dollars"},
	{Value: "AUD", Label: "A$ Australian dollars"}, {Value: "CAD", Label: "C$ Canadian dollars"}, {Value: "NZD", Label: "NZ$ New Zealand dollars"},
	{Value: "CHF", Label: "CHF Swiss francs"}, {Value: "SEK", Label: "SEK Swedish kronor"}, {Value: "NOK", Label: "NOK Norwegian kroner"},
	{Value: "DKK", Label: "DKK Danish kroner"}, {Value: "PLN", Label: "PLN Polish złoty"}, {Value: "ZAR", Label: "ZAR South African rand"},
	{Value: "INR", Label: "₹ Indian rupees"}, {Value: "JPY", Label: "¥ Japanese yen"}, {Value: "BRL", Label: "R$ Brazilian reais"},
}

func (c *call) startForm(values, errs map[string]string) chat.Form {
	currencies := currencyChoices
	if !offered(currencies, string(c.Owner.Currency)) {
		currencies = append([]chat.Choice{{Value: string(c.Owner.Currency), Label: string(c.Owner.Currency)}}, currencies...)
	}
	fields := []chat.Field{
		{ID: "currency", Label: "Your currency", Choices: currencies, Required: true},
		{ID: "zone", Label: "Your time zone", Hint: "A city does: London, New York", Required: true},
		{ID: "goal", Label: "Which revenue, by when?", Hint: "£120k by 31 Dec, or £8k a month"},
		{ID: "customer", Label: "Who is your ideal customer?", Hint: "“Everyone with a wallet” is not an answer", Long: true, Max: 300},
		{ID: "social", Label: "Social media you use", Hint: "LinkedIn, Instagram"},
		{ID: "networking", Label: "Networking you go to", Hint: "BNI, Chamber breakfast"},
		{ID: "direct", Label: "Direct selling you do", Hint: "cold calls, walk-ins, email"},
		{ID: "worth", Label: "What is an hour of your time worth?", Hint: "What you would charge for it: £40"},
	}
	if guess := c.guessedZone(); guess != "" && values["zone"] == guess {
		fields[1].Hint = "A guess from your language. A city does: London, New York"
	}
	if c.Goal.ID != "" {
		fields[2] = chat.Field{ID: "goal", Label: "A new goal (you have one: leave it empty)", Hint: "/goal edit changes the one you have"}
	}
	for i := range fields {
		fields[i].Value, fields[i].Error = values[fields[i].ID], errs[fields[i].ID]
	}
	form := chat.Form{Call: "start save", Title: "Getting started", Submit: "Start", Fields: fields}
	if then := strings.TrimSpace(c.rest); then != "" {
		form.Call += " " + then
	}
	return form
}

func offered(choices []chat.Choice, value string) bool {
	for _, ch := range choices {
		if ch.Value == value {
			return true
		}
	}
	return false
}

// startSave takes the form of the beginning. What is wrong is shown at its field, and the
// rest stays as it was typed.
func (b *Bot) startSave(ctx context.Context, c *call) (chat.Reply, error) {
	begin, errs := c.readStart()
	if len(errs) > 0 {
		return chat.OpenForm{Form: c.startForm(c.fields, errs)}, nil
	}
	q := c.request()
	q.Words = "getting started"
	if _, err := b.engine.Begin(ctx, q, begin); err != nil {
		m, ok := asMistake(err)
		if !ok {
			return nil, err
		}
		form := c.startForm(c.fields, nil)
		form.Error = m.Error()
		return chat.OpenForm{Form: form}, nil
	}
	return b.started(ctx, c)
}

// readStart reads the form's fields; errs is by field.
func (c *call) readStart() (begin engine.Beginning, errs map[string]string) {
	errs = map[string]string{}
	fail := func(field string, err error) bool {
		if m, ok := asMistake(err); ok {
			errs[field] = m.Error()
		} else if err != nil {
			errs[field] = "I cannot read that."
		}
		return err != nil
	}
	field := func(id string) string { return strings.TrimSpace(c.fields[id]) }
	var err error
	if begin.Currency, err = goals.ParseCurrency(field("currency")); fail("currency", err) {
		begin.Currency = c.Owner.Currency
	}
	begin.Zone, err = goals.ParseZone(field("zone"))
	fail("zone", err)
	begin.Customer = field("customer")
	desk := c.desk
	desk.Currency = begin.Currency
	if s := field("worth"); s != "" {
		begin.Worth, err = goals.ParseMoney(s, begin.Currency)
		fail("worth", err)
	}
	if s := field("goal"); s != "" {
		line, err := command.ParseGoal(s, desk)
		switch {
		case fail("goal", err):
		default:
			r, is := line.(command.Revenue)
			if begin.Goal = (*engine.NewGoal)(&r); !is {
				errs["goal"] = "Name the revenue figure first; other targets hang under it."
			}
		}
	}
	for _, kind := range goals.Kinds {
		listed := field(string(kind))
		if kind == goals.Social { // "Facebook and Insta"; the names of networks and of what one does may hold an "and"
			listed = strings.NewReplacer(" and ", ",", " & ", ",", "/", ",").Replace(listed)
		}
		for _, name := range strings.FieldsFunc(listed, func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
			if name = strings.TrimSpace(name); name != "" {
				begin.Channels = append(begin.Channels, goals.Channel{Name: name, Kind: kind})
			}
		}
	}
	return begin, errs
}

func (b *Bot) startSkip(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "getting started, skipped"
	if _, err := b.engine.SkipStart(ctx, q); err != nil {
		return nil, err
	}
	blocks := []chat.Block{
		chat.T("As you like. I count in "+string(c.Owner.Currency)+" until you say otherwise; ", chat.C("/payoff start"), " asks the questions again."),
		chat.T("The one thing I need is the figure: ", chat.C("/goal set £120k by 31 Dec")),
	}
	if then := strings.TrimSpace(c.rest); then != "" {
		blocks = append(blocks, chat.Actions{primary(short("Go on: "+strings.TrimPrefix(then, "log ")), then)})
	}
	return chat.Update{Message: chat.Message{Blocks: blocks}}, nil
}

// started says what is now set up, and offers what was typed before.
func (b *Bot) started(ctx context.Context, c *call) (chat.Reply, error) {
	self, err := b.engine.Self(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	if c.Owner.Started {
		return chat.Whisper(chat.T("Noted. ", chat.C("/payoff channel list"), " and ", chat.C("/goal"), " show what is set."), chat.Actions{button("My goal", "goal")}), nil
	}
	blocks := []chat.Block{chat.T("Good, you are set up.")}
	if self.Goal.ID != "" {
		last := self.Goal.Targets[len(self.Goal.Targets)-1]
		blocks = append(blocks, chat.T("The goal: ", chat.B(target(last.Amount, last.Period, self.Goal.Every, self.Today)), "."))
	} else {
		blocks = append(blocks, chat.T("No revenue figure yet. When you have one: ", chat.C("/goal set £120k by 31 Dec")))
	}
	blocks = append(blocks, chat.T("I will ask how the week went on "+self.Owner.Schedule.String()+", "+self.Owner.Zone+" time."))
	if len(self.Owner.Channels) > 0 {
		blocks = append(blocks, chat.T("Now log what you do, in one line: ", c.typed(exampleLine(self.Owner)+" yesterday")))
	} else {
		blocks = append(blocks, chat.T("Add where your business comes from: ", chat.C("/payoff channel add BNI networking")))
	}
	if then := strings.TrimSpace(c.rest); then != "" {
		blocks = append(blocks, chat.Actions{primary(short("Go on: "+strings.TrimPrefix(then, "log ")), then)})
	} else if self.Goal.ID == "" {
		blocks = append(blocks, chat.Actions{button("Help", "help")})
	}
	return chat.Update{Message: chat.Message{Blocks: blocks}}, nil
}

// short cuts a button's label to what Slack shows, 75 characters.
func short(label string) string {
	if r := []rune(label); len(r) > 70 {
		return string(r[:69]) + "…"
	}
	return label
}
