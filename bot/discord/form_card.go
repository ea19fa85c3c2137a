package discord

import (
	"fmt"
	"strconv"

	"payoff/bot/chat"
)

// A modal cannot be answered with a modal: between the parts of a form, and before something
// in it is corrected, a card stands with a button for each.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type

// card goes on from a part that was just submitted: to what is wrong, or to the next part.
func (f *keptForm) card(from int) chat.Message {
	parts := partsOf(f.Form)
	to, mistake := f.next(from), false
	var blocks []chat.Block
	if f.Form.Error != "" {
		blocks = append(blocks, chat.T(f.Form.Error))
	}
	for n, p := range parts {
		for _, field := range p.fields {
			if field.Error == "" {
				continue
			}
			if !mistake {
				to, mistake = n, true
			}
			blocks = append(blocks, chat.T(chat.B(field.Label), ": ", field.Error))
		}
	}
	switch {
	case len(blocks) == 0 && to >= 0:
		said := chat.T(fmt.Sprintf("Part %d of %d is kept. Go on?", min(from+1, len(parts)), len(parts)))
		return f.message([]chat.Block{said}, to, "Continue")
	case len(blocks) == 0:
		blocks = append(blocks, chat.T("Please look at this once more."))
	}
	blocks = append(blocks, chat.Quiet("Nothing is lost: all that you typed is still there."))
	return f.message(blocks, max(to, 0), "Correct it")
}

// message is blocks and a button for each part, the one to go on with before the others.
func (f *keptForm) message(blocks []chat.Block, to int, label string) chat.Message {
	row := chat.Actions{{Label: label, Call: f.opens(to), Style: chat.Primary}}
	for n := range partsOf(f.Form) {
		if n != to {
			row = append(row, chat.Button{Label: "Part " + strconv.Itoa(n+1), Call: f.opens(n)})
		}
	}
	return chat.Message{Blocks: append(blocks, row)}
}

// readyCard opens a form that could not be shown at once.
func (f *keptForm) readyCard(part int) chat.Message {
	return chat.Message{Blocks: []chat.Block{
		chat.T("The form is ready."),
		chat.Actions{{Label: "Open the form", Call: f.opens(part), Style: chat.Primary}},
	}}
}

func (f *keptForm) opens(part int) string { return openPart + f.ID + ":" + strconv.Itoa(part) }
