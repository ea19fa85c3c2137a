package chart

import (
	"fmt"
	"strings"

	"payoff/goals"
)

// StandingsData is one board of the leaderboard. It is posted in rooms, so it has no place
// for money: what an owner has reached is a goals.Score, a ratio, and is drawn as one.
type StandingsData struct {
	Board    goals.Board // gives the title, the rule below, and what the scores are
	Subtitle string      // "Harbour Traders · November 2026"; may be empty
	Places   []goals.Place
}

// mostRows are drawn; the others are counted below them. All of them stand in the text that
// is posted with the picture.
const mostRows = 25

// Standings draws one board: a phone shows a board a picture, not two beside each other.
func Standings(d StandingsData) (png []byte, alt string, err error) {
	b := boardOf(d)
	c, err := newCanvas()
	if err != nil {
		return nil, "", err
	}
	defer c.close()
	c.drawBoard(b)
	if png, err = c.png(); err != nil {
		return nil, "", err
	}
	return png, b.alt(), nil
}

// A board is what the picture and its alternative text both say.
type board struct {
	kind     goals.Board
	title    string
	subtitle string
	rule     string
	lines    []line
	more     int // owners beyond the last line
}

// A line is one owner as drawn.
type line struct {
	rank  int
	tied  bool
	name  string // cleaned and whole
	value int64  // in the board's unit
	text  string // the value as it is written
}

func boardOf(d StandingsData) board {
	b := board{
		kind:     d.Board,
		title:    clean(d.Board.Title(), maxName),
		subtitle: clean(d.Subtitle, maxName),
		rule:     clean(goals.RuleOf(d.Board), maxRule),
		more:     max(len(d.Places)-mostRows, 0),
	}
	if b.title == "" {
		b.title = "Leaderboard"
	}
	for _, p := range d.Places[:len(d.Places)-b.more] {
		l := line{rank: p.Rank, tied: p.Tied, name: clean(p.Name, maxName)}
		l.value, l.text = scoreText(d.Board, p.Score)
		b.lines = append(b.lines, l)
	}
	return b
}

// scoreText is a score in its board's unit: the weeks of a streak, 12 of which are the score 12, otherwise per cent, with a
// sign where it is a change.
func scoreText(kind goals.Board, s goals.Score) (value int64, text string) {
	switch kind {
	case goals.BoardStreak:
		if s.Den != 0 {
			value = s.Num / s.Den
		}
		return value, plural(int(value), "week")
	case goals.BoardImproved:
		value = int64(s.Percent())
		if value > 0 {
			return value, "+" + grouped(value) + "%"
		}
		return value, grouped(value) + "%"
	default:
		value = int64(s.Percent())
		return value, grouped(value) + "%"
	}
}

// nobody is said of a board without rows.
const nobody = "Nobody is on this board yet."

// alt is the alternative text: the lines that fit, how many more there are, and the rule.
func (b board) alt() string {
	head, tail := b.title, ""
	if b.subtitle != "" {
		head += ", " + b.subtitle
	}
	if b.rule != "" {
		tail = " " + b.rule
	}
	if len(b.lines) == 0 {
		return head + ". " + nobody + tail
	}
	said, text := 0, head+":"
	for _, l := range b.lines {
		next := fmt.Sprintf("%s %s %s %s;", text, l.place(), l.called(), l.text)
		if length(next)+length(" and 1,000,000 more.")+length(tail) > maxAlt {
			break
		}
		said, text = said+1, next
	}
	if more := len(b.lines) + b.more - said; more > 0 {
		return fmt.Sprintf("%s and %s more.", text, grouped(int64(more))) + tail
	}
	return strings.TrimSuffix(text, ";") + "." + tail
}

// place is the rank in words: "1st", "joint 2nd".
func (l line) place() string {
	suffix := "th"
	if tens := l.rank / 10 % 10; tens != 1 {
		switch l.rank % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	place := fmt.Sprintf("%d%s", l.rank, suffix)
	if l.tied {
		return "joint " + place
	}
	return place
}

func (l line) called() string {
	if l.name == "" {
		return "someone without a name"
	}
	return l.name
}
