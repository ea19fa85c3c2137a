package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"payoff/bot/chat"
)

// Why a delivery is not handled.
var (
	errIgnored   = errors.New("not for payoff")
	errMalformed = errors.New("malformed")
	errForeign   = errors.New("the form was not signed here for this person")
)

// wroteAgain stands in the button that repeats plain words; any other button holds a command.
const wroteAgain = "wrote: "

// read is a delivery as an errand. It asks nobody: who its person is and which room is
// theirs alone is found out later.
func (a *Adapter) read(d delivery) (*errand, error) {
	e := &errand{a: a, retry: d.retry}
	var err error
	switch {
	case d.command != nil:
		e.readCommand(d.command)
	case d.interaction != nil:
		err = e.readInteraction(d.interaction)
	case d.event != nil:
		err = e.readEvent(d.event)
	default:
		return nil, errMalformed
	}
	if err != nil {
		return nil, err
	}
	return e, e.check()
}

// check holds an errand to what every event needs.
func (e *errand) check() error {
	switch {
	case e.space() == "":
		return fmt.Errorf("%w: no workspace", errMalformed)
	case e.is == byLeaving:
		return nil
	case e.user == "":
		return fmt.Errorf("%w: no user", errMalformed)
	case e.user == slackbotID:
		return errIgnored
	case strings.HasSuffix(e.event.ID, "/"):
		return fmt.Errorf("%w: nothing names it", errMalformed)
	}
	return nil
}

// slackbotID writes as a person does, without a bot id.
const slackbotID = "USLACKBOT"

// space is the workspace in events; only of an installation in a whole organisation there
// may be none.
func (e *errand) space() string { return cmp.Or(e.team, e.enterprise) }

// named sets the event's ID, by which a repeat is known. Kind keeps apart what one trigger
// could name twice.
func (e *errand) named(kind, name string) {
	e.event.ID = Platform + "/" + e.space() + "/" + kind + "/" + name
}

func (e *errand) readCommand(c *slackapi.SlashCommand) {
	e.is = byCommand
	e.team, e.enterprise, e.user, e.name = c.TeamID, c.EnterpriseID, c.UserID, c.UserName
	e.trigger, e.address = c.TriggerID, c.ResponseURL
	e.event.Room = sharedRoom(c.ChannelID, c.ChannelName)
	e.event.Did = commandLine(c.Command, c.Text)
	e.named("c", c.TriggerID)
}

// sharedRoom is one that several are in, as far as a payload tells.
func sharedRoom(id, name string) chat.Room {
	if name == "directmessage" || name == "privategroup" { // what Slack says for want of a name
		name = ""
	}
	return chat.Room{ID: id, Name: name}
}

func (e *errand) readInteraction(i *slackapi.InteractionCallback) error {
	e.team, e.enterprise, e.user = i.Team.ID, i.Enterprise.ID, i.User.ID
	e.name = cmp.Or(i.User.RealName, i.User.Name)
	e.trigger, e.address = i.TriggerID, i.ResponseURL
	e.event.Room = sharedRoom(cmp.Or(i.Channel.ID, i.Container.ChannelID), i.Channel.Name)
	switch i.Type {
	case slackapi.InteractionTypeBlockActions:
		return e.readButton(i)
	case slackapi.InteractionTypeMessageAction:
		e.is = byButton
		e.event.Did = chat.Pressed{Call: strings.TrimSpace(i.CallbackID + " " + typedText(i.Message.Text))}
		e.named("s", i.TriggerID)
	case slackapi.InteractionTypeShortcut:
		e.is = byButton
		e.event.Did = chat.Pressed{Call: i.CallbackID}
		e.named("s", i.TriggerID)
	case slackapi.InteractionTypeViewSubmission:
		return e.readForm(i)
	default: // view_closed among them
		return errIgnored
	}
	if i.CallbackID == "" {
		return fmt.Errorf("%w: a shortcut without a command", errMalformed)
	}
	return nil
}

func (e *errand) readButton(i *slackapi.InteractionCallback) error {
	n := slices.IndexFunc(i.ActionCallback.BlockActions, func(b *slackapi.BlockAction) bool {
		return b != nil && b.Type == slackapi.ActionType(slackapi.METButton) && b.Value != ""
	})
	if n < 0 {
		return errIgnored
	}
	e.is = byButton
	e.event.Did = chat.Pressed{Call: i.ActionCallback.BlockActions[n].Value}
	if text, again := strings.CutPrefix(i.ActionCallback.BlockActions[n].Value, wroteAgain); again {
		e.event.Did = chat.Wrote{Text: text}
	}
	e.on = origin{TS: cmp.Or(i.Container.MessageTs, i.Message.Timestamp), Ephemeral: i.Container.IsEphemeral}
	e.named("b", i.TriggerID)
	return nil
}

// readForm is a filled form. Where it began is in its metadata, and nothing else of it is
// believed.
func (e *errand) readForm(i *slackapi.InteractionCallback) error {
	o, ok := e.a.unseal(e.space(), i.View.PrivateMetadata)
	if !ok || o.User != i.User.ID {
		return errForeign
	}
	values := valuesOf(i.View)
	e.is, e.view, e.on = byForm, &i.View, o
	e.address = o.Address
	e.event.Room = chat.Room{ID: o.Room, Name: o.RoomName, Direct: o.Direct}
	e.event.Did = chat.Submitted{Call: o.Call, Values: values}
	if i.View.ID == "" {
		return fmt.Errorf("%w: a form without an id", errMalformed)
	}
	e.named("f", i.View.ID+"/"+fillingOf(o.Call, values))
	return nil
}

// fillingOf tells one filling of a form from another.
func fillingOf(call string, values map[string]string) string {
	b, _ := json.Marshal(values) // strings always can be; maps are in order
	return digest(call, string(b))
}

// An innerEvent is what payoff needs of Slack's events.
type innerEvent struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id"`
	Hidden      bool            `json:"hidden"`
	Edited      json.RawMessage `json:"edited"`
	Text        string          `json:"text"`
	Channel     string          `json:"channel"`
	ChannelType string          `json:"channel_type"`
	Tab         string          `json:"tab"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

func (e *errand) readEvent(cb *slackevents.EventsAPICallbackEvent) error {
	if cb.InnerEvent == nil {
		return fmt.Errorf("%w: no event", errMalformed)
	}
	var in innerEvent
	if err := json.Unmarshal(*cb.InnerEvent, &in); err != nil {
		// Of events that payoff did not ask for, a field may well be something else; the
		// error may quote the words.
		return fmt.Errorf("%w: an event that cannot be read", errMalformed)
	}
	e.team, e.enterprise, e.user = cb.TeamID, cb.EnterpriseID, in.User
	switch in.Type {
	case "message":
		if !in.ofPerson() {
			return errIgnored
		}
		e.is = byMessage
		e.event.Room = chat.Room{ID: in.Channel, Direct: true}
		e.event.Did = chat.Wrote{Text: typedText(in.Text)}
		e.named("m", cb.EventID)
	case "app_home_opened":
		if in.Tab != "home" {
			return errIgnored
		}
		e.is = byHome
		e.event.Room = chat.Room{ID: in.Channel, Direct: true}
		e.event.Did = chat.Pressed{Call: homeCall}
		e.named("h", cb.EventID)
	case "app_uninstalled", "tokens_revoked":
		if in.Type == "tokens_revoked" && len(in.Tokens.Bot) == 0 { // people's tokens, of which payoff has none
			return errIgnored
		}
		e.is = byLeaving
		if slices.ContainsFunc(cb.Authorizations, func(x slackapi.EventAuthorization) bool { return x.IsEnterpriseInstall }) {
			e.team = ""
		}
		e.named("x", cb.EventID)
	default:
		return errIgnored
	}
	return nil
}

// ofPerson says whether a message is one that a person has just written to payoff. Edits and
// deletions are hidden messages or have a subtype.
func (in *innerEvent) ofPerson() bool {
	switch in.Subtype {
	case "", "file_share", "thread_broadcast":
	default:
		return false
	}
	return in.ChannelType == slackevents.ChannelTypeIM && in.Channel != "" && in.BotID == "" && !in.Hidden &&
		(len(in.Edited) == 0 || string(in.Edited) == "null") && strings.TrimSpace(in.Text) != ""
}
