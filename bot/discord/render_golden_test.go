package discord

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/chat"
)

var updateRendered = flag.Bool("update", false, "write what is rendered to testdata/render")

// goldenMessages are messages as the bot says them.
func goldenMessages() map[string]chat.Message {
	undo := chat.Actions{{Label: "Undo", Call: "undo 17"}}
	return map[string]chat.Message{
		"receipt": message(
			chat.T("Logged ", chat.B("BNI_Tuesday"), ", today: 2h, £12 spent, 4 contacts."), chat.T("This week: 5h, £12 spent, 14 contacts, 3 conversations."),
			chat.T(chat.B("£9,400"), " of ", chat.B("£12,000"), " by 31 Jan 2027, 78%."), undo,
		),
		"mistake": message(
			chat.T("“2h 5 of *what*” is not clear to me: is it £5, or 5 contacts?"), chat.Quiet("Nothing is saved. ", chat.C("2h BNI £5"), " or ", chat.C("2h BNI 5 contacts"), " in ", chat.R("165511591545143296")),
		),
		"nudge": message(
			chat.T(chat.B("How did the week go?"), " 16 Nov to 22 Nov."), chat.T(chat.B("£9,400"), " of ", chat.B("£12,000"), " by 31 Jan 2027, 78%."),
			chat.T("Your line asks for £8,100 by today: you are £1,300 ahead. From here: £290 a week."),
			chat.T("BNI: 2h, £12 spent, 4 contacts, 2 conversations\nLinkedIn: 3h, 10 contacts, 1 conversation"),
			chat.T("You wanted to: ", chat.B("two one-to-ones with accountants"), ". Was it kept?"),
			chat.Actions{{Label: "Kept", Call: "checkin kept kept 2026-W47"}, {Label: "Partly", Call: "checkin kept partly 2026-W47"}, {Label: "Missed", Call: "checkin kept missed 2026-W47"}},
			chat.Actions{{Label: "Check in", Call: "checkin now", Style: chat.Primary}, {Label: "Later", Call: "checkin later"}, {Label: "Skip", Call: "checkin skip"}, {Label: "I'm away", Call: "checkin away"}},
		),
		"leaderboard": {Summary: "The team's leaderboard", Blocks: []chat.Block{
			chat.T(chat.B("Leaderboard, November 2026"), ", so far."),
			chat.Image{Name: "leaderboard.png", PNG: []byte{1}, Alt: "Pace to goal, November 2026: 1st Priya 118%, 2nd Sam 96%. Revenue against each owner's own line to their goal, breaks taken out. Hours and posts do not move it."},
			chat.T(chat.B("Pace to goal"), ": 1 Priya 118%, 2 Sam 96% (£5,000 of £6,000)."),
			chat.T(chat.B("Check-in streak"), ": 1 Sam 7 weeks, 2 @everyone **Priya** <@&165511591545143296> 3 weeks."),
			chat.Quiet("Weeks in a row with a check-in; a break neither adds nor ends one."),
			chat.Quiet("You are hidden and stand on none of these. ", chat.C("/payoff privacy show")),
			chat.Actions{{Label: "October", Call: "leaderboard October 2026"}, {Label: "My report", Call: "report"}},
		}},
		"report":  goldenReport(),
		"details": goldenDetails(),
		"history": message(
			chat.Table{Header: []string{"Day", "Channel", "What"}, Rows: [][]string{
				{"today", "BNI Tuesday", "2h, £12 spent, 4 contacts, 2 conversations"}, {"Thu 12 Nov", "LinkedIn", "won £1,200, with Jörg* (late)"}, {"Tue 10 Nov", "Cold calls", "1h 15, 22 contacts"},
			}},
			chat.Quiet("There is more. Name a month to see it: ", chat.C("/payoff history October")),
			chat.Actions{{Label: "Undo the last", Call: "undo"}, {Label: "Everything as CSV", Call: "export"}},
		),
		"export": message(chat.T("All that is logged, as CSV."), chat.File{Name: "payoff-sam.csv", Type: "text/csv", Data: []byte("owner,date\n")}),
	}
}

func goldenReport() chat.Message {
	return message(
		chat.T(chat.B("£9,400"), " of ", chat.B("£12,000"), " by 31 Jan 2027, 78%. From here: £290 a week, about one deal every 4 weeks. Likely £11,000 to £15,500 by then; the goal is reached with 71% likelihood."),
		chat.T(chat.B("Networking pays better per hour"), ", with 93% likelihood: £310 to £720 an hour against £20 to £90."),
		chat.T("What holds back: LinkedIn, from contacts to conversations. Whom do you write to first?"),
		chat.Image{Name: "pace.png", PNG: []byte{1}, Alt: "Sam: £9,400 of a goal of £12,000 by 31 Jan 2027 (70 days left). £1,300 ahead of pace, which is £8,100 on 22 Nov."},
		chat.Actions{{Label: "Details", Call: "report details"}, {Label: "History", Call: "history"}, {Label: "Leaderboard", Call: "leaderboard"}},
	)
}

func goldenDetails() chat.Message {
	return message(
		chat.T(chat.B("All time up to today")),
		chat.T(chat.B("Networking pays better per hour"), ", with 93% likelihood: £310 to £720 an hour against £20 to £90."),
		chat.Fields{
			{Label: "BNI Tuesday", Value: chat.Spans("£510 an hour (£310 to £720), ROI 1,165% (640% to 1,700%); 4 deals in 12 weeks")},
			{Label: "LinkedIn", Value: chat.Spans("too soon to say; no deals in 9 weeks")},
		},
		chat.Quiet("An hour brings (revenue − spend) / hours. ROI is (revenue − cost) / cost. In brackets where it lies with 90% likelihood."),
		chat.Image{Name: "channels.png", PNG: []byte{1}, Alt: "What an hour brings: BNI Tuesday £510 (£310 to £720), LinkedIn too soon to say."},
		chat.T(chat.B("Q4 2026")),
		chat.T(chat.B("£9,400"), " of ", chat.B("£12,000"), " by 31 Jan 2027, 78%."),
		chat.T("Your line asks for £8,100 by today: you are £1,300 ahead. From here: £290 a week."),
		chat.Table{Header: []string{"Channel", "Hours", "Cost", "Came in"}, Right: []int{1, 2, 3}, Rows: [][]string{
			{"BNI Tuesday", "14h", "£585", "£7,400"}, {"LinkedIn", "6h 30", "£260", "£2,000"}, {"In all", "20h 30", "£845", "£9,400"},
		}},
		chat.Quiet("Cost is spend and each hour at £40."),
		chat.Table{Header: []string{"Channel", "Contacts", "Convos", "Qualified", "Deals"}, Right: []int{1, 2, 3, 4}, Rows: [][]string{
			{"BNI Tuesday", "31", "12 (38%)", "5 (41%)", "2 (40%)"}, {"LinkedIn", "9", "4 (44%)", "0 (0%)", "1"},
		}},
		chat.Quiet("The share in brackets is of the step before."),
		chat.Actions{{Label: "History", Call: "history"}, {Label: "Leaderboard", Call: "leaderboard"}},
	)
}

// checkInForm is a check-in as the bot asks it: more than one modal holds.
func checkInForm() chat.Form {
	return chat.Form{
		Call: "checkin done", Title: "Week of 16 November", Submit: "Check in",
		Intro: chat.Spans("One line per channel, as you would ", chat.B("log"), " it: ", chat.C("2h 4 contacts"), ". Leave empty what did not happen."),
		Fields: []chat.Field{
			{ID: "c1", Label: "BNI Tuesday", Hint: "Networking, 4h 30 logged so far", Value: "4h30 9 contacts 3 qualified £2,400"},
			{ID: "c2", Label: "LinkedIn", Hint: "Social"},
			{ID: "kept", Label: "Two one-to-ones with accountants: kept?", Required: true, Value: "partly",
				Choices: []chat.Choice{{Value: "kept", Label: "Kept"}, {Value: "partly", Label: "Partly"}, {Value: "missed", Label: "Missed"}}},
			{ID: "confidence", Label: "How sure are you of the goal?", Required: true, Hint: "As it feels today",
				Choices: []chat.Choice{{Value: "on track", Label: "On track"}, {Value: "at risk", Label: "At risk"}, {Value: "off track", Label: "Off track"}}},
			{ID: "obstacle", Label: "What is in the way?", Long: true, Max: 500},
			{ID: "next", Label: "What will you do before next Monday?", Hint: "One thing you can be held to", Required: true, Max: 100},
		},
	}
}

// TestGolden shows a reader what Discord gets.
func TestGolden(t *testing.T) {
	spec := discordSchemas(t)
	goldens := map[string]any{}
	for name, m := range goldenMessages() {
		list := render(m, testID)
		spec.checkPages(t, list)
		var bodies []messageBody
		for _, p := range list {
			bodies = append(bodies, p.body)
		}
		goldens[name] = bodies
	}
	goldens["checkin"] = spec.checkModals(t, checkInForm())
	amended := checkInForm()
	amended.Error = "One answer needs another look."
	amended.Fields[0].Value, amended.Fields[0].Error = "2h 5", "“2h 5” of what? Is it £5, or 5 contacts?"
	goldens["checkin-back"] = spec.checkModals(t, amended)
	for name, v := range goldens {
		var got bytes.Buffer
		enc := json.NewEncoder(&got)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		path := "testdata/render/" + name + ".json"
		if *updateRendered {
			if err := os.MkdirAll("testdata/render", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
		}
	}
}
