package bot_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

var update = flag.Bool("update", false, "write what the bot says into testdata")

// TestTranscripts plays conversations. A file is what people do, at the margin, and under it
// what they are answered, indented:
//
//	now 2026-11-19 10:00                the clock is set; what falls due on the way is sent
//	down until 2026-11-25 10:00         the clock is set, and nothing ran on the way
//	sam: 2h BNI £25                     sam writes to the bot directly
//	sam #team: /leaderboard             sam types in a room
//	sam presses Undo                    the newest button of that name that sam sees
//	sam fills goal = £120k by 31 Dec    one field of the open form; several lines add up
//	sam submits                         the open form
//	sam calls log this 2h BNI           what a shortcut or a page of the platform calls
//	sam is in America/New_York          so the platform says from then on
//	sam@discord: /log 2h BNI            sam in another space: @slack, @slack2, @discord, @discord2
//	sam@discord speaks en-US            so the platform says from then on
//	sam: /payoff me link <code>         the newest code that was said; it is shown as <code>
//	sam closes direct messages          nothing reaches them from then on; opens undoes it
//	show edits                          from then on, of messages that were posted before
//	again                               the last thing done is delivered once more
//	sam: {a*600} \u202e                 letters many times over, and those that cannot be seen
//	# a remark
//
// An answer that others in the room see begins with “all:”, one only its person sees with
// nothing, one that replaces a message with “now:”, and a form with “form:”.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := newStage(t).play(string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := gocmp.Diff(string(want), got); diff != "" {
				t.Errorf("conversation differs (-want +got):\n%s", diff)
			}
		})
	}
}

// A stage is a bot on a real database, a clock, and the people in front of it.
type stage struct {
	t      *testing.T
	now    time.Time
	db     *storage.DB
	engine *engine.Engine
	bot    *bot.Bot
	nudger *nudge.Nudger
	people map[string]*player
	out    strings.Builder
	events int
	last   chat.Event
	sent   int

	mu    sync.Mutex // spaces are sent to side by side
	mail  []letter   // what was sent since it was last printed
	edits bool       // are shown
	code  string     // the newest that was said
}

// A letter is what was sent to a space.
type letter struct{ space, text string }

// A player is one person: what they see.
type player struct {
	buttons []chat.Button
	form    *chat.Form
	filled  map[string]string
	room    chat.Room
	zone    string // "" is Europe/London, where the platform tells zones
	locale  string
	closed  bool // to direct messages
}

var london = mustZone("Europe/London")

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func newStage(t *testing.T) *stage {
	s := &stage{t: t, now: time.Date(2026, 11, 19, 10, 0, 0, 0, london), people: map[string]*player{}}
	driver, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	if s.db, err = storage.Open(t.Context(), driver); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	s.engine = engine.New(s.db, func() time.Time { return s.now })
	s.bot = bot.New(bot.Config{Engine: s.engine, Log: log, HomeRooms: map[string]string{"local": "team"}})
	s.nudger = nudge.New(nudge.Config{Engine: s.engine, Compose: s.bot.Compose, Senders: map[string]chat.Sender{"local": s, "slack": s, "discord": s}, Log: log})
	return s
}

// play runs a transcript's doings and returns the transcript with the answers there really are.
func (s *stage) play(script string) string {
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "    ") {
			continue
		}
		s.out.WriteString(line + "\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			s.do(typed(line))
		}
	}
	if wrong, err := s.db.Verify(s.t.Context()); err != nil || len(wrong) > 0 {
		s.t.Errorf("database does not add up: %v %v", wrong, err)
	}
	return s.out.String()
}

// typed puts in what cannot stand in a transcript: \n, \u202e and the like, and {x*3} for xxx.
func typed(line string) string {
	if strings.Contains(line, `\`) {
		if s, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`); err == nil {
			line = s
		}
	}
	return repeat.ReplaceAllStringFunc(line, func(m string) string {
		part := repeat.FindStringSubmatch(m)
		n, _ := strconv.Atoi(part[2])
		return strings.Repeat(part[1], n)
	})
}

var repeat = regexp.MustCompile(`(?s)\{(.+?)\*(\d+)\}`)

func (s *stage) do(line string) {
	if at, ok := strings.CutPrefix(line, "now "); ok {
		s.moveTo(at)
		return
	}
	if at, ok := strings.CutPrefix(line, "down until "); ok {
		s.now = s.time(at)
		s.nudge()
		return
	}
	switch line {
	case "again":
		s.deliver(s.last)
		return
	case "show edits":
		s.edits = true
		return
	}
	line = strings.ReplaceAll(line, "<code>", s.code)
	who, rest, _ := strings.Cut(line, " ")
	name := strings.TrimSuffix(who, ":")
	p := s.people[name]
	if p == nil {
		p = &player{filled: map[string]string{}, room: chat.Room{ID: "dm-" + name, Direct: true}}
		s.people[name] = p
	}
	direct := chat.Room{ID: "dm-" + name, Direct: true}
	switch {
	case strings.HasSuffix(who, ":"):
		s.say(name, direct, rest)
	case strings.HasPrefix(rest, "#"):
		room, text, _ := strings.Cut(rest, ": ")
		s.say(name, chat.Room{ID: room[1:], Name: room[1:]}, text)
	case strings.HasPrefix(rest, "presses "):
		s.press(name, p, strings.TrimPrefix(rest, "presses "))
	case strings.HasPrefix(rest, "calls "):
		s.event(name, p.room, chat.Pressed{Call: strings.TrimPrefix(rest, "calls ")})
	case strings.HasPrefix(rest, "is in "):
		p.zone = strings.TrimPrefix(rest, "is in ")
	case strings.HasPrefix(rest, "speaks "):
		p.locale = strings.TrimPrefix(rest, "speaks ")
	case rest == "closes direct messages", rest == "opens direct messages":
		p.closed = strings.HasPrefix(rest, "closes")
	case strings.HasPrefix(rest, "fills "):
		field, value, _ := strings.Cut(strings.TrimPrefix(rest, "fills "), " = ")
		s.fill(p, field, value)
	case rest == "submits":
		s.submit(name, p)
	default:
		s.t.Fatalf("transcript: cannot read %q", line)
	}
}

func (s *stage) say(name string, room chat.Room, text string) {
	s.people[name].room = room
	if command, ok := strings.CutPrefix(text, "/"); ok {
		s.event(name, room, chat.Typed{Text: command})
		return
	}
	s.event(name, room, chat.Wrote{Text: text})
}

func (s *stage) press(name string, p *player, label string) {
	for i := len(p.buttons) - 1; i >= 0; i-- {
		if p.buttons[i].Label == label {
			s.event(name, p.room, chat.Pressed{Call: p.buttons[i].Call})
			return
		}
	}
	s.t.Fatalf("%s sees no button %q", name, label)
}

func (s *stage) fill(p *player, field, value string) {
	if p.form == nil {
		s.t.Fatalf("no form is open to fill %s", field)
	}
	for _, f := range p.form.Fields {
		if f.ID == field || f.Label == field {
			p.filled[f.ID] = value
			return
		}
	}
	s.t.Fatalf("the form has no field %q", field)
}

func (s *stage) submit(name string, p *player) {
	if p.form == nil {
		s.t.Fatalf("no form is open")
	}
	values := map[string]string{}
	for _, f := range p.form.Fields {
		values[f.ID] = f.Value
		if v, ok := p.filled[f.ID]; ok {
			values[f.ID] = v
		}
	}
	call := p.form.Call
	p.form, p.filled = nil, map[string]string{}
	s.event(name, p.room, chat.Submitted{Call: call, Values: values})
}

func (s *stage) event(name string, room chat.Room, did chat.Did) {
	s.events++
	person, space, _ := strings.Cut(name, "@")
	space = cmp.Or(space, "local")
	from := chat.Person{
		Platform: strings.TrimRight(space, "0123456789"), Space: space, ID: person, Name: strings.ToUpper(person[:1]) + person[1:],
		Zone: s.people[name].zone, Locale: s.people[name].locale,
	}
	if from.Platform != "discord" {
		from.Zone = cmp.Or(from.Zone, "Europe/London")
	}
	s.deliver(chat.Event{
		ID: fmt.Sprintf("event %d", s.events), Room: room, Did: did, From: from,
		// In the transcripts sam is the admin.
		Admin: func(context.Context) (bool, error) { return person == "sam", nil },
	})
}

// nameOf is how the transcripts write a person of a space.
func nameOf(platform, space, person string) string {
	if platform == "local" {
		return person
	}
	return person + "@" + space
}

// deliver hands the bot an event and prints what came back.
func (s *stage) deliver(e chat.Event) {
	s.last = e
	p := s.people[nameOf(e.From.Platform, e.From.Space, e.From.ID)]
	switch reply := s.bot.Handle(s.t.Context(), e).(type) {
	case nil:
		s.print("nothing", "")
	case chat.Say:
		prefix := ""
		if !reply.Private && !e.Room.Direct {
			prefix = "all: "
		}
		for _, m := range reply.Messages {
			s.show(p, m, prefix)
		}
	case chat.Update:
		s.show(p, reply.Message, "now: ")
	case chat.OpenForm:
		p.form = &reply.Form
		s.print("form: ", formText(reply.Form))
	}
}

func (s *stage) show(p *player, m chat.Message, prefix string) {
	for _, block := range m.Blocks {
		if actions, ok := block.(chat.Actions); ok {
			p.buttons = append(p.buttons, actions...)
		}
	}
	s.print(prefix, m.Plain())
}

func formText(f chat.Form) string {
	var b strings.Builder
	b.WriteString(f.Title + "\n")
	for _, span := range f.Intro {
		b.WriteString(span.Text)
	}
	if len(f.Intro) > 0 {
		b.WriteString("\n")
	}
	if f.Error != "" {
		b.WriteString("! " + f.Error + "\n")
	}
	for _, field := range f.Fields {
		fmt.Fprintf(&b, "%s: [%s]\n", field.Label, field.Value)
		if field.Error != "" {
			b.WriteString("! " + field.Error + "\n")
		}
	}
	b.WriteString("[" + f.Submit + "]")
	return b.String()
}

var newCode = regexp.MustCompile(`link ([A-Z0-9]{8})\b`)

func (s *stage) print(prefix, text string) {
	if m := newCode.FindStringSubmatch(text); m != nil {
		s.code = m[1]
	}
	if s.code != "" {
		text = strings.ReplaceAll(text, s.code, "<code>")
	}
	for line := range strings.Lines(prefix + strings.TrimRight(text, "\n")) {
		s.out.WriteString(strings.TrimRight("    "+strings.TrimRight(line, "\n"), " ") + "\n")
	}
}

// time reads a time that is not past.
func (s *stage) time(at string) time.Time {
	to, err := time.ParseInLocation("2006-01-02 15:04", at, london)
	if err != nil || to.Before(s.now) {
		s.t.Fatalf("%s: not a time after %s", at, s.now)
	}
	return to
}

// moveTo sets the clock, stopping wherever something falls due.
func (s *stage) moveTo(at string) {
	to := s.time(at)
	for {
		due, ok, err := s.engine.NextDue(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		if !ok || due.After(to) {
			break
		}
		s.now = due
		s.nudge()
	}
	s.now = to
	s.nudge()
}

func (s *stage) nudge() {
	if _, err := s.nudger.RunOnce(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	slices.SortStableFunc(s.mail, func(a, b letter) int { return strings.Compare(a.space, b.space) })
	for _, m := range s.mail {
		s.print(s.now.In(london).Format("Mon 2 Jan 15:04, "), m.text)
	}
	s.mail = nil
}

// Send is the platform's half of a nudge.
func (s *stage) Send(_ context.Context, to chat.Address, m chat.Message, _ string) (chat.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	where := nameOf(to.Platform, to.Space, "#"+to.Room) + ": "
	if to.Person != "" {
		name := nameOf(to.Platform, to.Space, to.Person)
		p := s.people[name]
		switch {
		case to.Room != "":
			where = "to " + name + " in #" + to.Room + ": "
			p.room = chat.Room{ID: to.Room, Name: to.Room}
		case p.closed:
			return chat.Receipt{}, &chat.Error{Kind: chat.Gone, Err: errors.New("direct messages are closed")}
		default:
			where = "to " + name + ": "
			p.room = chat.Room{ID: "dm-" + name, Direct: true}
		}
		for _, block := range m.Blocks {
			if actions, ok := block.(chat.Actions); ok {
				p.buttons = append(p.buttons, actions...)
			}
		}
	}
	s.mail = append(s.mail, letter{to.Space, where + m.Plain()})
	s.sent++
	return chat.Receipt{Address: to, Message: fmt.Sprint(s.sent)}, nil
}

func (s *stage) Find(context.Context, chat.Address, string) (chat.Receipt, bool, error) {
	return chat.Receipt{}, false, nil
}

func (s *stage) Edit(_ context.Context, r chat.Receipt, m chat.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.edits {
		s.mail = append(s.mail, letter{r.Space, "edited " + nameOf(r.Platform, r.Space, "#"+r.Room) + ": " + m.Plain()})
	}
	return nil
}
