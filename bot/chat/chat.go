// Package chat is the vocabulary that the bot and the platforms share: what happens (Event),
// what is answered (Reply), what is said (Message, Form), and who sends it (Sender).
//
// It knows no platform and imports no package of the project. Whatever a person typed is
// carried as plain text in a Span and escaped once, when Render turns spans into a
// platform's markup; there is no way to pass markup through.
package chat

import "context"

// A Person is someone as a platform knows them. Zone and Locale may be empty.
type Person struct {
	Platform string // "local", "slack", "discord"
	Space    string // the workspace or server
	ID       string
	Name     string
	Zone     string // IANA
	Locale   string // "en-GB"
}

// A Room is a place where messages are posted.
type Room struct {
	ID     string
	Name   string
	Direct bool // between one person and the bot
}

// An Event is something a person did. The same event delivered twice has the same ID.
type Event struct {
	ID   string
	From Person
	Room Room
	Did  Did

	// Admin looks up at the platform whether From may change the team's settings.
	// A payload never says so. Nil means no.
	Admin func(context.Context) (bool, error)
}

// Did is what a person did: Typed, Wrote, Pressed or Submitted.
type Did interface{ did() }

type (
	// Typed is a slash command: the command's words and all that follows, "goal set £120k by 31 Dec".
	// Options holds what a platform with typed options took apart, by option name; Text is then
	// only the command's words.
	Typed struct {
		Text    string
		Options map[string]string
	}

	// Wrote is a plain message to the bot.
	Wrote struct{ Text string }

	// Pressed is a button, by its Call.
	Pressed struct{ Call string }

	// Submitted is a filled form: the form's Call and the value of each field by its ID.
	Submitted struct {
		Call   string
		Values map[string]string
	}
)

func (Typed) did()     {}
func (Wrote) did()     {}
func (Pressed) did()   {}
func (Submitted) did() {}

// A Handler answers events. It has no error: what goes wrong has become words, and has been
// logged, before it returns. Nil is no answer. It is safe for concurrent use.
type Handler interface {
	Handle(context.Context, Event) Reply

	// Complete proposes values for what the person is typing: the option named, or, where
	// option is empty, the command line text as a whole. It changes nothing.
	Complete(ctx context.Context, from Person, text, option string) []Choice
}

// A Choice is a value and what a person sees of it.
type Choice struct{ Value, Label string }

// A Reply is what an event is answered with: Say, Update or OpenForm.
type Reply interface{ reply() }

type (
	// Say posts messages where the event happened. Private ones only its person sees.
	Say struct {
		Messages []Message
		Private  bool
	}

	// Update replaces the message whose button was pressed or whose form was submitted.
	// A platform that cannot says it instead, to that person alone.
	Update struct{ Message Message }

	// OpenForm shows a form; in answer to Submitted it shows the same form again with the
	// errors of its fields, and nothing that was typed is lost.
	OpenForm struct{ Form Form }
)

func (Say) reply()      {}
func (Update) reply()   {}
func (OpenForm) reply() {}

// A Sender posts what no event asked for. Errors are of type *Error.
type Sender interface {
	// Send posts m. The key names this message: where the platform can, a second Send with
	// the same key posts nothing and returns the first one's Receipt.
	Send(ctx context.Context, to Address, m Message, key string) (Receipt, error)

	// Edit replaces a message sent before.
	Edit(ctx context.Context, r Receipt, m Message) error

	// Find looks for the message that a Send with this key may have posted, although whoever
	// sent it never learnt so. A platform that cannot tell finds nothing.
	Find(ctx context.Context, to Address, key string) (Receipt, bool, error)
}

// An Address is where a message goes: to a person directly, or, if only Room is set, to a room.
// With both it is to that person alone, in a thread of that room where the platform can: so they
// have asked for, whom a direct message does not reach. A platform that cannot writes directly.
type Address struct {
	Platform string
	Space    string
	Person   string
	Room     string
}

// A Receipt names a posted message on its platform.
type Receipt struct {
	Address
	Message string
}
