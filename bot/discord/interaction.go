package discord

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"payoff/bot/chat"
)

// Kinds of interactions, and of what is in them.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindSubmit       = 5

	// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types
	commandOfMessage = 3
	// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type
	optionSubcommand = 1
	optionGroup      = 2
	// https://docs.discord.com/developers/components/reference#component-object-component-types
	componentButton = 2

	// https://docs.discord.com/developers/resources/channel#channel-object-channel-types
	channelGroup = 3
	// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-context-types
	contextOthers = 2 // a group, or a direct message of two people

	// https://docs.discord.com/developers/resources/message#message-object-message-flags
	flagHidden   = 1 << 6
	flagThinking = 1 << 7 // it stands in for an answer
)

// maxDepth is how deep options and components are looked for; Discord nests no deeper.
const maxDepth = 4

var errMalformed = errors.New("malformed")

// An interaction is what a person did, as far as it could be read: what is missing or of
// another shape than expected is left out. discordgo's own types fail or panic on what they do
// not know (PLATFORMS.md C), and are not used here.
type interaction struct {
	kind            int
	id, application string
	token           chat.Secret
	server          string // "" in direct rooms
	room            chat.Room
	group           bool // people who are in no server here
	by              chat.Person
	message         string // whose button was pressed, or opened the form
	hidden          bool   // only that person sees it

	command  int // the type of a command
	names    []string
	options  map[string]string
	unread   string // an option that holds what no option can
	focused  string // the option being typed
	words    string // of the message that a command was chosen on
	customID string
	part     int // the type of a component
	typed    []typed
}

// typed is one answer in a form, by the ID of its field.
type typed struct{ id, value string }

// decode reads an interaction. With an error, it is as much as is needed to answer, or nil.
func decode(raw []byte) (*interaction, error) {
	o := objectOf(raw)
	if o == nil {
		return nil, fmt.Errorf("%w: no object", errMalformed)
	}
	i := &interaction{
		kind: o.number("type"), id: o.text("id"), application: o.text("application_id"),
		token: chat.NewSecret(o.text("token")), server: o.text("guild_id"),
	}
	if !isID(i.id) || !isID(i.application) || !isToken(i.token.Reveal()) {
		return nil, fmt.Errorf("%w: nothing to answer by", errMalformed)
	}
	i.readRoom(o)
	i.readPerson(o)
	m := o.object("message")
	i.message, i.hidden = m.text("id"), m.flags()&flagHidden != 0
	i.readData(o.object("data"))
	switch {
	case !isID(i.by.ID):
		return i, fmt.Errorf("%w: nobody did it", errMalformed)
	case i.server != "" && !isID(i.server):
		return i, fmt.Errorf("%w: a server that is none", errMalformed)
	}
	return i, nil
}

// isToken reports whether s may be a token, which becomes part of a path.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`/\?#%`, r) })
}

func (i *interaction) readRoom(o object) {
	channel := o.object("channel")
	i.room.ID = cmp.Or(channel.text("id"), o.text("channel_id"))
	i.group = i.server == "" && (channel.number("type") == channelGroup || o.number("context") == contextOthers)
	i.room.Direct = i.server == "" && !i.group
	if !i.room.Direct {
		i.room.Name = channel.text("name")
	}
}

// readPerson takes the name that the people of a server see.
func (i *interaction) readPerson(o object) {
	member := o.object("member")
	user := member.object("user")
	if user == nil {
		user = o.object("user")
	}
	name := cmp.Or(member.text("nick"), nameOf(user))
	i.by = chat.Person{Platform: Platform, ID: user.text("id"), Name: name, Locale: o.text("locale")}
}

func (i *interaction) readData(data object) {
	i.command, i.part, i.customID = data.number("type"), data.number("component_type"), data.text("custom_id")
	i.options = map[string]string{}
	if name := data.text("name"); name != "" {
		i.names = []string{name}
	}
	i.readOptions(data.list("options"), 0)
	i.words = wordsOf(data.object("resolved").object("messages").object(data.text("target_id")))
	i.readTyped(data.list("components"), 0)
}

// wordsOf is what a message says, people by their names.
func wordsOf(message object) string {
	said := message.text("content")
	for _, user := range message.list("mentions") {
		name := "@" + nameOf(user)
		said = strings.NewReplacer("<@"+user.text("id")+">", name, "<@!"+user.text("id")+">", name).Replace(said)
	}
	return said
}

func nameOf(user object) string { return cmp.Or(user.text("global_name"), user.text("username")) }

func (i *interaction) readOptions(options []object, depth int) {
	for _, o := range options {
		name, kind := o.text("name"), o.number("type")
		switch {
		case kind == optionSubcommand || kind == optionGroup:
			if depth < maxDepth {
				i.names = append(i.names, name)
				i.readOptions(o.list("options"), depth+1)
			}
			continue
		case o.isTrue("focused"):
			i.focused = name
		}
		value, ok := textOf(o["value"])
		switch {
		case !ok:
			i.unread = name
		case o["value"] != nil:
			i.options[name] = value
		}
	}
}

// readTyped finds answers in rows, in labels, and in whatever else comes to hold them.
func (i *interaction) readTyped(components []object, depth int) {
	for _, c := range components {
		id := c.text("custom_id")
		switch {
		case id != "":
			value := c.text("value")
			if chosen := c.texts("values"); len(chosen) > 0 {
				value = chosen[0]
			}
			i.typed = append(i.typed, typed{id, value})
		case depth < maxDepth:
			i.readTyped(c.list("components"), depth+1)
			if inner := c.object("component"); inner != nil {
				i.readTyped([]object{inner}, depth+1)
			}
		}
	}
}

// byID is what was typed, by field.
func (i *interaction) byID() map[string]string {
	all := map[string]string{}
	for _, t := range i.typed {
		all[t.id] = t.value
	}
	return all
}

// An object is an object of JSON of which nothing is certain. Of a nil one nothing is known.
type object map[string]json.RawMessage

func objectOf(raw []byte) object {
	var o object
	if len(raw) == 0 || json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

func (o object) object(key string) object { return objectOf(o[key]) }

// text is a string, or a number or truth as it is written; "" is anything else.
func (o object) text(key string) string {
	s, _ := textOf(o[key])
	return s
}

// number is a whole number; -1 is anything else.
func (o object) number(key string) int {
	n, err := strconv.Atoi(o.text(key))
	if err != nil {
		return -1
	}
	return n
}

func (o object) flags() int { return max(0, o.number("flags")) }

func (o object) isTrue(key string) bool { return o.text(key) == "true" }

// list is the objects of a list.
func (o object) list(key string) (all []object) {
	for _, raw := range o.raws(key) {
		if one := objectOf(raw); one != nil {
			all = append(all, one)
		}
	}
	return all
}

// texts are the strings of a list.
func (o object) texts(key string) (all []string) {
	for _, raw := range o.raws(key) {
		if s, ok := textOf(raw); ok {
			all = append(all, s)
		}
	}
	return all
}

func (o object) raws(key string) (all []json.RawMessage) {
	if o[key] != nil {
		_ = json.Unmarshal(o[key], &all) // what is no list is none
	}
	return all
}

// textOf is a value as it would be typed. It is false of lists and objects.
func textOf(raw json.RawMessage) (s string, ok bool) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", true
	case raw[0] == '[' || raw[0] == '{':
		return "", false
	case raw[0] != '"':
		return string(raw), true
	}
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}
