package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"payoff/bot/chat"
)

// A story is the quarter as text: who did what and when at the margin, and what payoff said
// behind a bar. What happens every week is told in a line; the rest in full, word for word.
type story struct {
	cast   *cast
	text   bytes.Buffer
	week   int
	now    string // of the line being told
	nudges []nudged
	boards int // posted so far
}

// nudged is people who are asked the same at the same time.
type nudged struct {
	says   string
	people []string
}

// How wide the story is, in characters: the time and the name at the margin, then the words.
const (
	storyWidth = 72
	storyTime  = 11 // "Mon 09:00  "
)

func newStory(c *cast) *story {
	s := &story{cast: c}
	s.line("payoff demo: six trades and one quarter, %s to %s.", quarterBegins.Time().Format("2 January"), quarterEnds.Time().Format("2 January 2006"))
	s.line("")
	for _, who := range c.people {
		s.paragraph("", "", who.name+", "+who.trade+". "+who.about)
	}
	s.line("")
	s.paragraph("", "", "Who did what stands at the margin, what payoff said behind the bar. What they do every week is told in a line.")
	return s
}

// WriteTo writes the story as far as it has been told.
func (s *story) WriteTo(w io.Writer) (int64, error) { return s.text.WriteTo(w) }

// at comes to a time; a new week has a heading.
func (s *story) at(t time.Time) {
	now := t.In(s.cast.zone).Format("Mon 15:04")
	week := s.cast.weekOf(t)
	if week != s.week || now != s.now {
		s.flush()
	}
	if week != s.week {
		s.week = week
		s.heading(week)
	}
	s.now = now
}

func (s *story) heading(week int) {
	from := max(mondayOf(week), quarterBegins).Time()
	title := fmt.Sprintf("Week %d, from %s", week, from.Format("Monday 2 January"))
	if week > quarterWeeks {
		title = "The last days, from " + from.Format("Monday 2 January")
	}
	s.line("\n\n%s\n%s", title, strings.Repeat("-", len(title)))
}

// end comes to the last moment, in which nothing is done.
func (s *story) end(t time.Time) {
	s.at(t)
	s.flush()
	s.line("\n%s  The quarter is over.", s.now)
}

func (s *story) line(format string, args ...any) { fmt.Fprintf(&s.text, format+"\n", args...) }

// tell writes what somebody did, at the margin.
func (s *story) tell(name, text string) {
	s.paragraph(fmt.Sprintf("%-*s", storyTime, s.now), strings.Repeat(" ", storyTime), name+" "+text)
}

// paragraph writes text in lines of the story's width.
func (s *story) paragraph(first, rest, text string) {
	indent := first
	for line := range strings.SplitSeq(text, "\n") {
		for _, part := range wrapped(line, storyWidth-utf8.RuneCountInString(rest)) {
			s.line("%s", strings.TrimRight(indent+part, " "))
			indent = rest
		}
	}
}

// wrapped breaks a line between words, so that none is longer than width if it can be.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

const bar = "         | "

// bot writes what payoff said.
func (s *story) bot(m chat.Message) {
	for _, b := range m.Blocks {
		plain := chat.Message{Blocks: []chat.Block{b}}.Plain()
		switch b := b.(type) {
		case chat.Table: // its columns would break
			for line := range strings.SplitSeq(plain, "\n") {
				s.line("%s%s", bar, line)
			}
		case chat.File:
			s.file(plain, b.Data)
		default:
			s.paragraph(bar, bar, plain)
		}
	}
}

// fileHead is how many lines of a file are shown.
const fileHead = 4

func (s *story) file(name string, data []byte) {
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	s.line("%s[%s]", bar, name)
	for _, l := range lines[:min(fileHead, len(lines))] {
		s.line("%s%s", bar, strings.TrimRight(l, "\r"))
	}
	if more := len(lines) - fileHead; more > 0 {
		s.line("%sand %s more", bar, count(more, "line"))
	}
}

// answers tells a reply in full.
func (s *story) answers(reply chat.Reply) {
	switch reply := reply.(type) {
	case chat.Say:
		for _, m := range reply.Messages {
			s.bot(m)
		}
	case chat.Update:
		s.bot(reply.Message)
	case chat.OpenForm:
		s.form(reply.Form)
	}
}

// form tells of a form by its title and what it says is wrong; its questions are told when
// they are answered.
func (s *story) form(f chat.Form) {
	s.line("%s(the form “%s” opens)", bar, f.Title)
	if f.Error != "" {
		s.paragraph(bar, bar, f.Error)
	}
	for _, field := range f.Fields {
		if field.Error != "" {
			s.paragraph(bar, bar, field.Label+" "+field.Error)
		}
	}
}

func (s *story) arrives(who *character) { s.line("\n%s  %s joins, %s.", s.now, who.name, who.trade) }

func (s *story) aside(text string) {
	s.paragraph("\n"+s.now+"  ", strings.Repeat(" ", storyTime), text)
}

func (s *story) says(who *character, room, text string) {
	name := who.first() + ":"
	if room != "" {
		name = who.first() + " in #" + room + ":"
	}
	s.tell(name, text)
}

// chats tells what someone says to the others.
func (s *story) chats(who *character, text string) { s.tell(who.first()+" to all:", text) }

// logs tells of a line in a line; where money came in, also how the goal stands.
func (s *story) logs(who *character, text string, reply chat.Reply) {
	s.tell(who.first()+":", text)
	lines := strings.Split(reply.(chat.Say).Messages[0].Plain(), "\n")
	if len(lines) > 2 && strings.Contains(lines[0], "revenue") {
		s.paragraph(bar, bar, lines[2])
	}
}

func (s *story) presses(who *character, label string) { s.tell(who.first(), "presses ["+label+"]") }

// submits tells a form as it was filled in.
func (s *story) submits(who *character, form chat.Form, with []filled) {
	s.tell(who.first(), "answers “"+form.Title+"”:")
	for _, f := range with {
		s.paragraph(strings.Repeat(" ", storyTime), strings.Repeat(" ", storyTime+2), question(f.field)+" "+f.value)
	}
}

// question is a field's label, which may be a question already.
func question(f chat.Field) string {
	if strings.ContainsAny(f.Label[len(f.Label)-1:], "?:") {
		return f.Label
	}
	return f.Label + ":"
}

// checksIn tells an ordinary check-in: what was answered, and what that came to.
func (s *story) checksIn(who *character, with []filled, reply chat.Reply) {
	parts := make([]string, 0, len(with))
	for _, f := range with {
		switch f.field.ID {
		case "obstacle", "commitment":
			parts = append(parts, "“"+f.value+"”")
		default:
			parts = append(parts, f.value)
		}
	}
	s.tell(who.first(), "checks in: "+strings.Join(parts, ", "))
	update, ok := reply.(chat.Update)
	if !ok {
		s.answers(reply)
		return
	}
	lines := strings.Split(update.Message.Plain(), "\n")
	s.paragraph(bar, bar, strings.Join(lines[:min(2, len(lines))], " "))
}

// reads tells in full what the bot sent last.
func (s *story) reads(who *character, m chat.Message) {
	s.tell(who.first(), "reads:")
	s.bot(m)
}

// asked gathers what the bot sends to people of itself, by what it begins with.
func (s *story) asked(at time.Time, who *character, m chat.Message) {
	s.at(at)
	says, _, _ := strings.Cut(m.Plain(), "\n")
	for i := range s.nudges {
		if n := &s.nudges[i]; n.says == says {
			n.people = append(n.people, who.first())
			return
		}
	}
	s.nudges = append(s.nudges, nudged{says, []string{who.first()}})
}

// flush tells whom the bot asked.
func (s *story) flush() {
	for _, n := range s.nudges {
		s.tell("payoff", "to "+together(n.people)+":")
		s.paragraph(bar, bar, n.says)
	}
	s.nudges = nil
}

// posted tells what is posted in a room: in full the first time, then who stands where.
func (s *story) posted(at time.Time, room string, m chat.Message) {
	s.at(at)
	s.flush()
	s.boards++
	s.tell("payoff", "posts in #"+room+":")
	if s.boards == 1 {
		s.bot(m)
		return
	}
	var brief chat.Message
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case chat.Text:
			if !b.Quiet { // its rule
				brief.Blocks = append(brief.Blocks, b)
			}
		case chat.Fields, chat.Table:
			brief.Blocks = append(brief.Blocks, b)
		}
	}
	s.bot(brief)
}
