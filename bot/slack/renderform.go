package slack

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// errorBlock is the block_id of what is wrong with a form as a whole, and, with a colon and
// the field's ID, of what is wrong with a field.
const errorBlock = "error"

// formView renders a form as a modal; metadata is carried along unread. Errors of fields
// stand below their fields, that of the form above them all. A field's ID is its block_id:
// there are no two alike in a form, and none is longer than 240 characters.
//
// A form of more fields than Slack takes asks fewer: see ask.
func formView(f chat.Form, metadata string) slackapi.ModalViewRequest {
	submit := line(f.Submit)
	if submit == "" {
		submit = "Submit"
	}
	blocks := formHead(f)
	asked := ask(f, metadata)
	for _, q := range asked {
		blocks = append(blocks, q.blocks...)
	}
	if left := len(f.Fields) - len(asked); left > 0 {
		blocks = append(blocks, slackapi.NewContextBlock("", plainText(
			fmt.Sprintf("… and %d more channels than fit here. Log those with /log.", left))))
	}
	if len(blocks) == 0 {
		blocks = []slackapi.Block{richText(chat.Spans("–"))}
	}
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: "form", PrivateMetadata: metadata,
		Title: viewTitle(f.Title), Submit: plainText(shorten(submit, mostTitle)), Close: plainText("Cancel"),
		Blocks: slackapi.Blocks{BlockSet: blocks},
	}
}

// mostIntro is how many blocks a form says before it asks.
const mostIntro = 3

func formHead(f chat.Form) []slackapi.Block {
	var blocks []slackapi.Block
	if said := strings.TrimSpace(chat.Clean(f.Error)); said != "" {
		blocks = append(blocks, slackapi.NewSectionBlock(plainText(shorten(said, mostText)), nil, nil, slackapi.SectionBlockOptionBlockID(errorBlock)))
	}
	intro := partSpans(tidy(f.Intro))
	for _, part := range intro[:min(len(intro), mostIntro)] {
		blocks = append(blocks, richText(part))
	}
	if len(intro) > mostIntro {
		blocks = append(blocks, slackapi.NewContextBlock("", plainText(andMore(len(intro)-mostIntro))))
	}
	return blocks
}

// A question is a field with the blocks that ask it.
type question struct {
	chat.Field
	blocks []slackapi.Block
}

// ask renders the fields of a form that fit into a view. The check-in of somebody with a
// hundred channels does not: then the last of the one-line fields that may stay empty, which
// are its channels, give way to the questions that follow them.
func ask(f chat.Form, metadata string) []question {
	blocks, size := mostViewBlocks, mostViewSize
	for _, b := range formHead(f) {
		blocks, size = blocks-1, size-sizeOf(b)
	}
	var asked []question
	for _, field := range f.Fields {
		q := question{field, askField(field, metadata)}
		asked = append(asked, q)
		for _, b := range q.blocks {
			blocks, size = blocks-1, size-sizeOf(b)
		}
	}
	if blocks < 0 {
		blocks-- // for the line that says what is left out
	}
	for (blocks < 0 || size < 0) && len(asked) > 0 {
		i := leastMissed(asked)
		for _, b := range asked[i].blocks {
			blocks, size = blocks+1, size+sizeOf(b)
		}
		asked = slices.Delete(asked, i, i+1)
	}
	return asked
}

// leastMissed is the field that a form can best do without.
func leastMissed(asked []question) int {
	for _, can := range []func(question) bool{
		func(q question) bool { return !q.Required && !q.Long && len(q.Choices) == 0 },
		func(q question) bool { return !q.Required },
	} {
		for i, q := range slices.Backward(asked) {
			if can(q) {
				return i
			}
		}
	}
	return len(asked) - 1
}

// askField is a field as blocks: the question, what is wrong with the answer, and what
// cannot be said in a choice's own value.
func askField(f chat.Field, metadata string) []slackapi.Block {
	label := line(f.Label)
	if label == "" {
		label = "…"
	}
	var hint *slackapi.TextBlockObject
	if s := line(f.Hint); s != "" {
		hint = plainText(shorten(s, mostQuestion))
	}
	// Another view of the form must not keep what was typed in this one, and Slack keeps it
	// where both ids are the same.
	action := digest(metadata, f.ID)
	var element slackapi.BlockElement = textInput(f, action)
	var long []slackapi.Block
	if len(f.Choices) > 0 {
		element, long = choosing(f, action)
	}
	blocks := []slackapi.Block{slackapi.NewInputBlock(f.ID, plainText(shorten(label, mostQuestion)), hint, element).WithOptional(!f.Required)}
	if said := line(f.Error); said != "" {
		blocks = append(blocks, slackapi.NewContextBlock(errorBlock+":"+f.ID, plainText(shorten(said, mostText))))
	}
	return append(blocks, long...)
}

func textInput(f chat.Field, action string) *slackapi.PlainTextInputBlockElement {
	input := slackapi.NewPlainTextInputBlockElement(nil, action)
	most := mostInput
	if f.Max > 0 {
		most = min(most, f.Max)
		input.MaxLength = most
	}
	input.InitialValue = shortenBy(chat.Clean(f.Value), most, typed)
	input.Multiline = f.Long || strings.Contains(input.InitialValue, "\n")
	return input
}

// fieldErrors is what Slack shows in place at the fields of a form that is still open. It
// names only fields that the form asks: Slack refuses the others.
func fieldErrors(f chat.Form) map[string]string {
	open := f
	open.Error, open.Fields = "", slices.Clone(f.Fields)
	for i := range open.Fields {
		open.Fields[i].Error = ""
	}
	wrong := map[string]string{}
	for _, q := range ask(open, "") {
		i := slices.IndexFunc(f.Fields, func(field chat.Field) bool { return field.ID == q.ID })
		if said := line(f.Fields[i].Error); said != "" {
			wrong[q.ID] = shorten(said, mostError)
		}
	}
	return wrong
}

// unanswered is a form without values and errors.
func unanswered(f chat.Form) chat.Form {
	f.Error, f.Fields = "", slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].Value, f.Fields[i].Error = "", ""
	}
	return f
}

// shapeOf is a digest of all that a form asks, but for values and errors: two with the same
// shape are the same questions.
func shapeOf(f chat.Form) string {
	data, _ := json.Marshal(unanswered(f)) // nothing but strings and numbers
	return digest(string(data))
}

// digest is a short name for texts: the same only for the same texts.
func digest(texts ...string) string {
	h := sha256.New()
	for _, s := range texts {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

// valuesOf is what a submitted view holds, by field: one left empty is there, one that the
// view did not ask is not.
func valuesOf(v slackapi.View) map[string]string {
	values := map[string]string{}
	for _, b := range v.Blocks.BlockSet {
		if input, ok := b.(*slackapi.InputBlock); ok {
			values[input.BlockID] = ""
		}
	}
	if v.State == nil {
		return values
	}
	for id, actions := range v.State.Values {
		for _, a := range actions {
			values[id] = a.Value
			if a.SelectedOption.Value != "" {
				values[id] = chosen(v.Blocks.BlockSet, id, a.SelectedOption.Value)
			}
		}
	}
	return values
}
