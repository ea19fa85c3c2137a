package command

import (
	"slices"
	"strings"
	"unicode"

	"payoff/bot/chat"
)

// Usage is how a command is typed: "/goal set <goal>", with what may be left out in brackets.
func Usage(s Spec) string {
	var b strings.Builder
	b.WriteString(Call(s))
	for _, o := range s.Options {
		if o.Required {
			b.WriteString(" <" + o.Name + ">")
		} else {
			b.WriteString(" [" + o.Name + "]")
		}
	}
	return b.String()
}

// example is the first example as it is typed, whether or not the table wrote the slash.
func example(s Spec) string { return asTyped(s, s.Examples[0]) }

func asTyped(s Spec, example string) string {
	if strings.HasPrefix(example, "/") {
		return example
	}
	if rest, ok := strings.CutPrefix(example, s.Name); ok {
		return Call(s) + rest
	}
	return Call(s) + " " + example
}

// A group is the commands that share their first word.
type group struct {
	name  string
	specs []Spec
}

// groups sorts commands by their first word: those at the top level of a platform first, in
// their order, then the others as the table has them. Hidden ones are left out.
func groups(specs []Spec) (all []group) {
	for _, s := range specs {
		head, _, _ := strings.Cut(s.Name, " ")
		if s.Hidden {
			continue
		}
		i := slices.IndexFunc(all, func(g group) bool { return g.name == head })
		if i < 0 {
			i, all = len(all), append(all, group{name: head})
		}
		all[i].specs = append(all[i].specs, s)
	}
	rank := func(g group) int {
		if i := slices.Index(TopLevel, g.name); i >= 0 {
			return i
		}
		return len(TopLevel)
	}
	slices.SortStableFunc(all, func(a, b group) int { return rank(a) - rank(b) })
	return all
}

// Help is every command in short, grouped, as a phone can show it: a command to a line and
// below it what it does.
func Help(specs []Spec) []chat.Block {
	var blocks []chat.Block
	var others []chat.Span
	for _, g := range groups(specs) {
		var spans []chat.Span
		for _, s := range g.specs {
			if len(spans) > 0 {
				spans = append(spans, chat.Span{Text: "\n"})
			}
			spans = append(spans, chat.Spans(chat.C(Usage(s)), "\n"+sentence(s))...)
		}
		// A word with one command below it needs no paragraph of its own.
		if len(g.specs) == 1 && !slices.Contains(TopLevel, g.name) {
			if len(others) > 0 {
				others = append(others, chat.Span{Text: "\n"})
			}
			others = append(others, spans...)
			continue
		}
		blocks = append(blocks, chat.Text{Spans: spans})
	}
	if len(others) > 0 {
		blocks = append(blocks, chat.Text{Spans: others})
	}
	return append(blocks, chat.Quiet("Every command also works behind ", chat.C("/payoff"), " and in a direct message to me."))
}

// sentence is the summary, with who may run the command if not everyone.
func sentence(s Spec) string {
	text := strings.TrimSuffix(s.Summary, ".")
	if s.Admin {
		text += " (admins)"
	}
	return text
}

// HelpFor is all there is to say about one command.
func HelpFor(s Spec) []chat.Block {
	blocks := []chat.Block{chat.T(chat.C(Usage(s)), "\n"+sentence(s))}
	if len(s.Options) > 0 {
		var spans []chat.Span
		for i, o := range s.Options {
			if i > 0 {
				spans = append(spans, chat.Span{Text: "\n"})
			}
			spans = append(spans, chat.Spans(chat.B(o.Name), ": "+o.about())...)
		}
		blocks = append(blocks, chat.Text{Spans: spans})
	}
	if len(s.Examples) > 0 {
		spans := chat.Spans("For example")
		for _, e := range s.Examples {
			spans = append(spans, chat.Spans("\n", chat.C(asTyped(s, e)))...)
		}
		blocks = append(blocks, chat.Text{Spans: spans})
	}
	if s.Private {
		blocks = append(blocks, chat.Quiet("Only you see the answer."))
	}
	return blocks
}

// forms says how each kind of value is typed.
var forms = map[Kind]string{
	Words: "words", Money: "an amount such as £1,200 or 3k", Date: "a date such as 12 Nov or Tuesday",
	Period: "a period such as this quarter or 2027", Duration: "a time such as 2h or 90m", Channel: "one of your channels",
	Measure: "a measure such as contacts or one-to-ones", Owner: "a person of the team", Choice: "a choice",
	Zone: "a city or time zone such as Europe/London", Schedule: "a day and a time such as Mon 09:00, or off",
	Objective: "one of your targets, by its number or its words", Log: "a line of what you did", Goal: "a figure and a date",
}

// about is what an option is, and what it takes.
func (o Option) about() string {
	form := forms[o.Kind]
	switch {
	case o.Kind == Choice:
		form = either(o.Choices)
	case o.Kind == Period && o.Past:
		form = "a period such as last quarter or October"
	}
	text := strings.TrimSuffix(o.Summary, ".")
	if text == "" {
		return form
	}
	if o.Kind.isText() {
		return text
	}
	return text + " (" + form + ")"
}

// Reference is every command as Markdown, for the README.
func Reference(specs []Spec) string {
	var b strings.Builder
	b.WriteString("| Command | What it does | For example |\n|---|---|---|\n")
	for _, g := range groups(specs) {
		for _, s := range g.specs {
			var examples []string
			for _, e := range s.Examples {
				examples = append(examples, code(asTyped(s, e)))
			}
			b.WriteString("| " + code(Usage(s)) + " | " + cell(sentence(s)) + " | " + strings.Join(examples, "<br>") + " |\n")
		}
	}
	return b.String()
}

// code is text in a Markdown table as it would be typed.
func code(s string) string { return "`" + strings.ReplaceAll(s, "|", `\|`) + "`" }

// cell is text in a Markdown table that says what it says: no mark in it means anything.
func cell(s string) string {
	var b strings.Builder
	for _, c := range s {
		if strings.ContainsRune("|*_<>[]`\\", c) {
			b.WriteByte('\\')
		}
		if unicode.IsControl(c) {
			c = ' '
		}
		b.WriteRune(c)
	}
	return b.String()
}
