// Package chattest is for tests of what speaks bot/chat: Platform stands in for a platform
// that messages are sent to, Script for the bot that answers events, and Run is the suite
// that every adapter passes.
//
// The suite knows no platform. It acts and looks as people do, through an Adapter that each
// adapter's own test implements on its real wire. What is read there is what a person reads:
// markup gone, entities resolved. So a name that turns into markup shows as text that is
// missing or changed.
package chattest

import (
	"context"
	"log/slog"
	"testing"

	"payoff/bot/chat"
)

// An Adapter is an adapter under test together with its platform, as people use both. Its
// methods may be called concurrently.
type Adapter interface {
	chat.Sender

	// People are two or more who may use the bot, complete as events should carry them. The
	// first may change the team's settings, the second may not.
	People() []chat.Person
	// Shared is a room that all of them are in.
	Shared() chat.Room
	// Direct is a person's room with the bot.
	Direct(chat.Person) chat.Room

	// Type enters a line in a room: a command when it begins with a slash, else plain words.
	// Press presses the button with this label on a message that the person sees there. Fill
	// enters values by label into the form open before a person, and submits it.
	//
	// Each returns when the platform has its acknowledgement, or an error if it was refused.
	// The id names the delivery: the same id again delivers the very same thing again.
	Type(id string, by chat.Person, in chat.Room, line string) error
	Press(id string, by chat.Person, in chat.Room, message Shown, label string) error
	Fill(id string, by chat.Person, values map[string]string) error

	// Seen is what a person sees in a room, oldest first; Form is what is open before them.
	Seen(p chat.Person, in chat.Room) []Shown
	Form(p chat.Person) (ShownForm, bool)

	// Stop ends the adapter and its platform. When ctx ends, what is under way is told to
	// give up.
	Stop(ctx context.Context) error
}

// Deaf is what an Adapter also is when its platform brings the bot no plain words: commands,
// buttons and forms alone. What is about plain words is then left out.
type Deaf interface{ HearsNoWords() }

// Shown is a message as a person sees it.
type Shown struct {
	ID      string // the platform's name for it, as in a Receipt
	Bot     bool   // the bot said it
	Private bool   // marked as theirs alone
	Text    string // all that is read, in order, but for what follows
	Buttons []string
	Images  []string // their words
	Files   []string // their names
}

// ShownForm is a form as a person sees it.
type ShownForm struct {
	Title, Intro, Error string
	Fields              []ShownField
}

// ShownField is one question of a ShownForm. Value is what stands there, of a choice the
// label that is chosen.
type ShownField struct {
	Label, Hint, Value, Error string
	Choices                   []string // labels
	Required                  bool
}

// New makes an adapter that asks h and logs to log. It stops it when t ends; Stop may have
// been called before.
type New func(t *testing.T, h chat.Handler, log *slog.Logger) Adapter

// Run holds an adapter to what bot/chat promises the bot and the people.
func Run(t *testing.T, adapter New) {
	for _, part := range []struct {
		name  string
		tests []test
	}{
		{"Events", eventTests},
		{"Replies", replyTests},
		{"Forms", formTests},
		{"Sending", sendTests},
		{"Hostile", hostileTests},
		{"Shapes", shapeTests},
		{"Trouble", troubleTests},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, test := range part.tests {
				t.Run(test.name, func(t *testing.T) {
					test.run(t, newStage(t, adapter))
				})
			}
		})
	}
}

type test struct {
	name string
	run  func(*testing.T, *stage)
}

// A stage is one adapter with its people, and the script of the bot behind it.
type stage struct {
	Adapter
	t      *testing.T
	script *Script
	log    *journal
	again  New
	ann    chat.Person // an admin
	bob    chat.Person // not one
	shared chat.Room
}

func newStage(t *testing.T, adapter New) *stage {
	s := &stage{t: t, script: &Script{}, log: &journal{}, again: adapter}
	s.Adapter = adapter(t, s.script, slog.New(s.log))
	people := s.People()
	if len(people) < 2 {
		t.Fatalf("People() = %d people, want two or more", len(people))
	}
	s.ann, s.bob, s.shared = people[0], people[1], s.Shared()
	return s
}
