package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback
const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
)

// callbacks are the kinds that each kind of interaction may be answered with. A modal that came
// from a message may change it, too.
var callbacks = map[int][]int{
	commandInteraction:      {messageCallback, deferCallback, modalCallback},
	componentInteraction:    {messageCallback, deferCallback, deferUpdateCallback, updateCallback, modalCallback},
	autocompleteInteraction: {autocompleteCallback},
	modalInteraction:        {messageCallback, deferCallback},
}

// may reports whether an interaction may be answered in a way.
func (in *interaction) may(kind int) bool {
	fromMessage := in.kind == modalInteraction && in.message != ""
	return slices.Contains(callbacks[in.kind], kind) || fromMessage && (kind == deferUpdateCallback || kind == updateCallback)
}

// callback is POST /interactions/{interaction}/{token}/callback.
func callback(q *request) (any, *refusal) {
	if refused := q.known("with_response"); refused != nil {
		return nil, refused
	}
	in := q.d.interactions[q.id("interaction")]
	switch {
	case in == nil || in.token != q.id("token"):
		return nil, refuse(codeUnknownInteraction)
	case in.ack != 0:
		return nil, refuse(codeAcknowledged)
	case q.d.now().Sub(in.at) > answerWithin:
		return nil, refuse(codeUnknownInteraction)
	}
	var wish struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if refused := q.decode(&wish); refused != nil {
		return nil, refused
	}
	k := &checker{}
	if !in.may(wish.Type) {
		k.add("type", "INTERACTION_CALLBACK_TYPE_INVALID", "An interaction of type %d is not answered with %d.", in.kind, wish.Type)
		return nil, k.refusal()
	}
	refused := q.carryOut(in, wish.Type)
	if refused != nil {
		return nil, refused
	}
	in.ack = wish.Type
	q.d.acknowledged(in, wish.Type, wish.Data)
	close(in.acked)
	if q.query.Get("with_response") != "true" {
		return nil, nil
	}
	resource := object{"type": wish.Type}
	if m := q.d.channels[in.channel].message(in.original); m != nil {
		resource["message"] = q.d.messageJSON(q.d.channels[in.channel], m)
	}
	return object{"interaction": object{"id": in.id, "type": in.kind}, "resource": resource}, nil
}

// carryOut does what a callback says, but for what a person is shown beside messages.
func (q *request) carryOut(in *interaction, kind int) *refusal {
	switch kind {
	case messageCallback:
		return q.answerWith(in)
	case deferCallback:
		return q.deferAnswer(in)
	case deferUpdateCallback:
		in.original = in.message
	case updateCallback:
		in.original = in.message
		return q.update(in)
	case modalCallback:
		var wish struct {
			Data modalData `json:"data"`
		}
		if refused := q.decode(&wish); refused != nil {
			return refused
		}
		k := &checker{}
		k.modal("data", wish.Data)
		return k.refusal()
	case autocompleteCallback:
		return q.checkChoices()
	}
	return nil
}

// answerWith posts the answer that a callback carries.
func (q *request) answerWith(in *interaction) *refusal {
	var wish struct {
		Data messageRequest `json:"data"`
	}
	if refused := q.decode(&wish); refused != nil {
		return refused
	}
	m, refused := q.answerTo(in, "data", &wish.Data)
	if refused != nil {
		return refused
	}
	in.original = m.id
	return nil
}

// answerTo posts a message that answers an interaction, to all or to its person alone.
func (q *request) answerTo(in *interaction, at string, wish *messageRequest) (*message, *refusal) {
	c := q.d.channels[in.channel]
	if c == nil {
		return nil, refuse(codeUnknownChannel)
	}
	base := message{author: applicationID, in: in}
	if wish.Flags.value&flagEphemeral != 0 {
		base.only = in.user
	}
	m, refused := q.write(at, wish, base, flagSuppressEmbeds|flagEphemeral|flagSilent)
	if refused != nil {
		return nil, refused
	}
	return q.say(c, m, wish), nil
}

// deferAnswer posts the placeholder of an answer to come. Only who sees it is settled with it.
func (q *request) deferAnswer(in *interaction) *refusal {
	var wish struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	if refused := q.decode(&wish); refused != nil {
		return refused
	}
	k := &checker{}
	flags := 0
	for name, value := range wish.Data {
		if name != "flags" || json.Unmarshal(value, &flags) != nil || flags&^flagEphemeral != 0 {
			k.add(under("data", name), "DEFERRAL_INVALID", "A deferral takes the flag EPHEMERAL and nothing else.")
		}
	}
	c := q.d.channels[in.channel]
	switch refused := k.refusal(); {
	case refused != nil:
		return refused
	case c == nil:
		return refuse(codeUnknownChannel)
	}
	m := message{author: applicationID, in: in, loading: true, flags: flags | flagLoading}
	if flags&flagEphemeral != 0 {
		m.only = in.user
	}
	in.original = q.d.post(c, m).id
	return nil
}

// update changes the message that was pressed on.
func (q *request) update(in *interaction) *refusal {
	var wish struct {
		Data messageRequest `json:"data"`
	}
	if refused := q.decode(&wish); refused != nil {
		return refused
	}
	c := q.d.channels[in.channel]
	if c == nil {
		return refuse(codeUnknownChannel)
	}
	m := c.message(in.message)
	if m == nil {
		return refuse(codeUnknownMessage)
	}
	return q.change("data", c, m, &wish.Data)
}

// maxChoices and the rest are limits of what autocomplete offers:
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-choice-structure
const (
	maxChoices     = 25
	maxChoiceName  = 100
	maxChoiceValue = 100
)

// checkChoices holds what autocomplete offers against its limits.
func (q *request) checkChoices() *refusal {
	var wish struct {
		Data struct {
			Choices []OptionChoice `json:"choices"`
		} `json:"data"`
	}
	if refused := q.decode(&wish); refused != nil {
		return refused
	}
	k := &checker{}
	k.choices("data.choices", wish.Data.Choices)
	return k.refusal()
}

// choices holds choices against their limits.
func (k *checker) choices(at string, list []OptionChoice) {
	k.count(at, len(list), 0, maxChoices)
	names := map[string]bool{}
	for i, c := range list {
		here := under(at, i)
		k.needed(under(here, "name"), c.Name, maxChoiceName)
		if text, ok := c.Value.(string); ok {
			k.needed(under(here, "value"), text, maxChoiceValue)
		}
		if names[c.Name] {
			k.add(under(here, "name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE", "Option choice names must be unique")
		}
		names[c.Name] = true
	}
}
