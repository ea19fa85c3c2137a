package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

var updateRendered = flag.Bool("update", false, "write what is rendered to testdata/rendered")

// board is a team's leaderboard as the bot says it.
func board() chat.Message {
	return chat.Message{Summary: "The team's leaderboard", Blocks: []chat.Block{
		chat.T(chat.B("Leaderboard, November 2026"), ", so far."),
		chat.Image{Name: "leaderboard.png", PNG: []byte{1}, Alt: "Pace to goal, November 2026: 1st Priya 118%, 2nd Sam 96%. Revenue against each owner's own line to their goal, breaks taken out. Hours and posts do not move it."},
		chat.T(chat.B("Pace to goal"), ": 1 Priya 118%, 2 Sam 96% (£5,000 of £6,000)."),
		chat.T(chat.B("Check-in streak"), ": 1 Sam 7 weeks, 2 Priya <!channel> 3 weeks."),
		chat.Quiet("Weeks in a row with a check-in; a break neither adds nor ends one."),
		chat.Quiet("You are hidden and stand on none of these. ", chat.C("/payoff privacy show")),
		chat.Actions{{Label: "October", Call: "leaderboard October 2026"}, {Label: "My report", Call: "report"}},
	}}
}

// report is a report as the bot says it: two tables, so two posts.
func report() chat.Message {
	return chat.Message{Blocks: []chat.Block{
		chat.T(chat.B("Your report, Q4 2026")),
		chat.T(chat.B("£9,400"), " of ", chat.B("£12,000"), " by 31 Jan 2027, 78%."),
		chat.T("Your line asks for £8,100 by today: you are £1,300 ahead. From here: £290 a week."),
		chat.Image{Name: "pace.png", PNG: []byte{1}, Alt: "Pace: £9,400 of £12,000, £1,300 ahead of the line."},
		chat.Table{Header: []string{"Channel", "Hours", "Cost", "Came in", "An hour", "ROI"}, Right: []int{1, 2, 3, 4, 5}, Rows: [][]string{
			{"BNI Tuesday", "14h", "£585", "£7,400", "£528", "1165%"}, {"Tea & cake", "6h 30", "£260", "£2,000", "£307", "669%"}, {"In all", "20h 30", "£845", "£9,400", "£458", "1012%"},
		}},
		chat.Quiet("An hour brought (revenue − spend) / hours. ROI is (revenue − cost) / cost; cost is spend and each hour at £40. These are your figures as they are, no verdict."),
		chat.Table{Header: []string{"Channel", "Contacts", "Convos", "Qualified", "Deals"}, Right: []int{1, 2, 3, 4}, Rows: [][]string{
			{"BNI Tuesday", "31", "12 (38%)", "5 (41%)", "2 (40%)"}, {"Tea & cake", "9", "4 (44%)", "", "1"},
		}},
		chat.Quiet("The share in brackets is of the step before."),
		chat.Actions{{Label: "History", Call: "history"}, {Label: "Leaderboard", Call: "leaderboard"}},
	}}
}

// TestGolden shows a reader what Slack gets.
func TestGolden(t *testing.T) {
	kit := blockKitSchema(t)
	kit.checkPages(t, pages(report(), []string{"F0PACE"}))
	amended := checkInForm()
	amended.Error, amended.Fields[0].Error = "One answer needs another look.", "“2h 5” of what?"
	for name, v := range map[string]any{
		"leaderboard":  wirePages(pages(board(), []string{"F0BOARD"})),
		"report":       wirePages(pages(report(), []string{"F0PACE"})),
		"report-home":  homeView(report(), []string{"F0PACE"}),
		"checkin":      formView(checkInForm(), "signed metadata"),
		"checkin-back": formView(amended, "signed metadata, the next"),
	} {
		var got bytes.Buffer
		enc := json.NewEncoder(&got)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		path := "testdata/rendered/" + name + ".json"
		if *updateRendered {
			if err := os.MkdirAll("testdata/rendered", 0o755); err != nil {
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

func wirePages(list []page) any {
	type post struct {
		Text   string           `json:"text"`
		Blocks []slackapi.Block `json:"blocks"`
	}
	var all []post
	for _, p := range list {
		all = append(all, post{p.text, p.blocks})
	}
	return all
}
