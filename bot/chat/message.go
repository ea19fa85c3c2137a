package chat

// A Message is blocks from top to bottom.
type Message struct {
	Blocks []Block
	// Summary is one line for notifications; empty means the first text.
	Summary string
}

// A Block is one of Text, Fields, Table, Actions, Image, File.
type Block interface{ block() }

type (
	// Text is a paragraph. Quiet is said small: a rule, a date, a footnote.
	Text struct {
		Spans []Span
		Quiet bool
	}

	// Fields is short labelled values, shown side by side where there is room.
	Fields []Labelled

	// Table is rows of cells under a header; the columns in Right hold figures.
	Table struct {
		Header []string
		Right  []int
		Rows   [][]string
	}

	// Actions is a row of buttons.
	Actions []Button

	// Image is a picture; Alt says the same in words.
	Image struct {
		Name string // "pace.png"
		PNG  []byte
		Alt  string
	}

	// File is something to keep, such as an export.
	File struct {
		Name string
		Type string // MIME
		Data []byte
	}
)

func (Text) block()    {}
func (Fields) block()  {}
func (Table) block()   {}
func (Actions) block() {}
func (Image) block()   {}
func (File) block()    {}

// A Labelled is a label of ours and a value.
type Labelled struct {
	Label string
	Value []Span
}

// A Button runs Call, a command with its arguments, as if its person had typed it.
type Button struct {
	Label string
	Call  string
	Style ButtonStyle
}

type ButtonStyle string

const (
	Plain   ButtonStyle = ""
	Primary ButtonStyle = "primary"
	Danger  ButtonStyle = "danger"
)

// A Form is fields to fill in. Submitting it runs Call with the values.
type Form struct {
	Call   string
	Title  string // at most 24 characters: Slack's limit
	Intro  []Span
	Submit string
	Fields []Field
	// Error is said above the fields when what is wrong belongs to none of them.
	Error string
}

// A Field is one question of a form.
type Field struct {
	ID       string
	Label    string // at most 45 characters: Discord's limit
	Hint     string
	Value    string // what stands there at first
	Long     bool   // several lines
	Choices  []Choice
	Required bool
	Max      int // characters; 0 is the platform's own limit
	Error    string
}
