package web_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// sample answers like payoff, always the same, for tests of how the page looks and feels.
type sample struct{}

var sampleCommands = []command.Spec{
	{Name: "goal set", Summary: "Set a revenue figure and its date", Examples: []string{"goal set £120k by 31 Dec"}},
	{Name: "goal show", Summary: "Your goal, where it stands and what is needed per week"},
	{Name: "goal edit", Summary: "Change a goal that is running"},
	{Name: "log", Summary: "Write down what you did and what came of it, in one line"},
	{Name: "undo", Summary: "Take back the last line you logged"},
	{Name: "checkin", Summary: "Answer this week's check-in now"},
	{Name: "report", Summary: "What pays, how far you are, what holds back"},
	{Name: "leaderboard", Summary: "Where the team stands"},
	{Name: "team room", Summary: "Where the leaderboard is posted", Admin: true},
	{Name: "help", Summary: "What payoff can do"},
	{Name: "checkin done", Hidden: true},
}

func (sample) Complete(_ context.Context, _ chat.Person, text, _ string) []chat.Choice {
	if strings.HasPrefix(text, "log ") {
		if text == "log 2h BNI Tuesday" {
			return []chat.Choice{{Value: text, Label: "BNI Tuesday, today: 2h"}, {Value: "log 2h", Label: "log 2h"}}
		}
		return []chat.Choice{{Value: text + "BNI Tuesday", Label: "BNI Tuesday"}, {Value: text + "LinkedIn", Label: "LinkedIn"}}
	}
	return nil
}

func (sample) Handle(_ context.Context, e chat.Event) chat.Reply {
	switch did := e.Did.(type) {
	case chat.Wrote:
		return chat.Tell(receipt(did.Text)...)
	case chat.Typed:
		return sampleCommand(did.Text)
	case chat.Pressed:
		if did.Call == "checkin form" {
			return chat.OpenForm{Form: checkInForm()}
		}
		return chat.Update{Message: chat.Message{Blocks: []chat.Block{chat.T("Taken back: ", chat.C("2h BNI £25 4 contacts yesterday"), ". Your week and your goal are as they were before.")}}}
	case chat.Submitted:
		return sampleSubmitted(did)
	}
	return nil
}

func sampleCommand(line string) chat.Reply {
	switch strings.Fields(line + " ?")[0] {
	case "checkin":
		return chat.Tell(checkIn()...)
	case "leaderboard":
		return chat.Tell(leaderboard()...)
	case "report":
		return chat.Whisper(chat.T("You are ", chat.B("£4,200 behind"), " the line to £120,000."), wideTable(),
			chat.File{Name: "report.csv", Type: "text/csv", Data: []byte("week,revenue\n1,100\n")})
	case "log":
		return chat.Whisper(receipt(strings.TrimPrefix(line, "log "))...)
	}
	return chat.Whisper(chat.T("I do not know ", chat.C("/"+line), ". Type ", chat.C("/help"), " to see what I can do."))
}

func sampleSubmitted(did chat.Submitted) chat.Reply {
	if did.Values["BNI Tuesday"] == "plenty" {
		form := checkInForm()
		form.Fields[1].Error = "“plenty” is no amount. Try “2h 4 contacts 1 qualified”."
		return chat.OpenForm{Form: form}
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T(chat.B("Checked in for the week of 10 November."), " That is 7 weeks in a row."),
		chat.Fields{{Label: "Confidence", Value: chat.Spans("On track")}, {Label: "Next commitment", Value: chat.Spans(did.Values["next"])}},
	}}}
}

func receipt(line string) []chat.Block {
	return []chat.Block{
		chat.T("Logged for ", chat.B("Sunday 16 November"), ": ", chat.C(line)),
		chat.Fields{
			{Label: "Channel", Value: chat.Spans("BNI Tuesday")},
			{Label: "This week", Value: chat.Spans("6 h 30, 9 contacts")},
			{Label: "Goal", Value: chat.Spans("£71,400 of £120,000 ", chat.B("60%"))},
		},
		chat.Actions{{Label: "Undo", Call: "undo 17"}},
	}
}

func checkIn() []chat.Block {
	return []chat.Block{
		chat.T(chat.B("Your week of 10 November.")),
		chat.T("You have made £71,400 of £120,000. The line for today is £75,600, so you are a little behind: £7,360 a week from here gets you there."),
		chat.Table{Header: []string{"Channel", "Hours", "Contacts", "Qualified", "Revenue"}, Right: []int{1, 2, 3, 4}, Rows: [][]string{
			{"BNI Tuesday", "4 h 30", "9", "3", "£2,400"},
			{"LinkedIn", "3 h", "14", "0", "£0"},
			{"Cold calls", "1 h 15", "22", "2", "£1,200"},
		}},
		chat.Fields{
			{Label: "Last commitment", Value: chat.Spans("Two one-to-ones with accountants")},
			{Label: "Streak", Value: chat.Spans("6 weeks")},
		},
		chat.Actions{{Label: "Check in", Call: "checkin form", Style: chat.Primary}, {Label: "Later", Call: "checkin later"},
			{Label: "Skip this week", Call: "checkin skip"}, {Label: "I'm away", Call: "checkin away"}},
		chat.Quiet("Back from a break on 24 November? Say so with ", chat.C("/checkin back"), "."),
	}
}

func checkInForm() chat.Form {
	return chat.Form{
		Call: "checkin done", Title: "Week of 10 November", Submit: "Check in",
		Intro: chat.Spans("One line per channel, as you would log it. What you logged stands there already; leave empty what did not happen."),
		Fields: []chat.Field{
			{ID: "LinkedIn", Label: "LinkedIn", Value: "3h 14 contacts"},
			{ID: "BNI Tuesday", Label: "BNI Tuesday", Hint: "Networking, 4 h 30 logged so far", Value: "4h30 9 contacts 3 qualified £2,400"},
			{ID: "Cold calls", Label: "Cold calls", Value: "1h15 22 contacts 2 qualified won £1,200"},
			{ID: "kept", Label: "Two one-to-ones with accountants: kept?", Required: true, Value: "partly",
				Choices: []chat.Choice{{Value: "kept", Label: "Kept"}, {Value: "partly", Label: "Partly"}, {Value: "missed", Label: "Missed"}}},
			{ID: "confidence", Label: "How sure are you of the goal?", Required: true,
				Choices: []chat.Choice{{Value: "on", Label: "On track"}, {Value: "risk", Label: "At risk"}, {Value: "off", Label: "Off track"}}},
			{ID: "obstacle", Label: "What is in the way?", Long: true, Max: 500},
			{ID: "stage", Label: "Which step is it?", Choices: []chat.Choice{{Value: "1", Label: "Connect"}, {Value: "2", Label: "Communicate"},
				{Value: "3", Label: "Qualify"}, {Value: "4", Label: "Close"}, {Value: "5", Label: "None of them"}}},
			{ID: "next", Label: "What will you do before next Monday?", Hint: "One thing you can be held to", Required: true},
		},
	}
}

func leaderboard() []chat.Block {
	return []chat.Block{
		chat.T(chat.B("Where the team stands"), ", November so far"),
		chat.Image{Name: "standings.png", PNG: bars(), Alt: "Pace: Priya 112%, Sam 94%, Ola 91%, Jörg 64%."},
		chat.Table{Header: []string{"Rank", "Owner", "Pace", "Kept", "Streak"}, Right: []int{0, 2, 3, 4}, Rows: [][]string{
			{"1", "Priya Natarajan", "112%", "5 of 5", "12 weeks"},
			{"2", "Sam", "94%", "4 of 5", "6 weeks"},
			{"3", "Ola Nordmann", "91%", "3 of 5", "3 weeks"},
			{"4", "Jörg", "64%", "4 of 4", "4 weeks"},
		}},
		chat.Quiet("Pace is revenue against your own line from nothing to your goal, breaks taken out. Amounts stay yours."),
	}
}

func wideTable() chat.Table {
	t := chat.Table{Header: []string{"Channel", "Kind", "Hours", "Cost", "Contacts", "Conversations", "Qualified", "Deals", "Revenue", "Per hour", "ROI"},
		Right: []int{2, 3, 4, 5, 6, 7, 8, 9, 10}}
	for _, name := range []string{"BNI Tuesday", "LinkedIn", "Cold calls", "Chamber of Commerce breakfast"} {
		t.Rows = append(t.Rows, []string{name, "networking", "41 h 30", "£1,912.50", "88", "41", "12", "4", "£9,600.00", "£187", "402%"})
	}
	return t
}

// bars is a plain picture of standings, in place of those that payoff draws.
func bars() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 880, 300))
	fill := func(x0, y0, x1, y1 int, c color.Color) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				img.Set(x, y, c)
			}
		}
	}
	fill(0, 0, 880, 300, color.White)
	for i, n := range []int{112, 94, 91, 64} {
		fill(40, 30+i*64, 40+n*7, 70+i*64, color.RGBA{11, 107, 79, 255})
	}
	fill(740, 20, 742, 280, color.RGBA{194, 65, 12, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}
