package slacktest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
)

func TestCommand(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		ok(t, w.Command("e1", "UBOB", "CTEAM", "/payoff goal set <£120k> & more"))
		got := a.last(t).command
		want := slackapi.SlashCommand{
			Token: verificationToken, TeamID: "T1", TeamDomain: "acme-ltd", ChannelID: "CTEAM", ChannelName: "team",
			UserID: "UBOB", UserName: "bob", Command: "/payoff", Text: "goal set &lt;£120k&gt; &amp; more",
			ResponseURL: got.ResponseURL, TriggerID: got.TriggerID, APIAppID: "A0PAYOFF",
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Errorf("command (-want +got):\n%s", diff)
		}
		ok(t, w.Command("e2", "UANN", w.Direct("UANN"), "/report"))
		if got := a.last(t).command; got.ChannelName != "directmessage" || got.Text != "" || got.ChannelID != w.Direct("UANN") {
			t.Errorf("in the direct room: %+v", got)
		}
		for name, act := range map[string]func() error{
			"nobody":      func() error { return w.Command("", "UNONE", "CTEAM", "/report") },
			"no room":     func() error { return w.Command("", "UANN", "CNONE", "/report") },
			"not a guest": func() error { return w.Command("", "UANN", w.Direct("UBOB"), "/report") },
			"no command":  func() error { return w.Command("", "UANN", "CTEAM", "report") },
		} {
			if act() == nil {
				t.Errorf("%s: Command = nil, want an error", name)
			}
		}
		if n := len(s.Acks()); n != 2 || !s.Acks()[0].OK || s.Acks()[0].Kind != "slash_commands" {
			t.Errorf("Acks() = %+v, want two of commands", s.Acks())
		}
	})
}

// TestSaidAtOnce has an app say something in its acknowledgement, as one does by mistake.
func TestSaidAtOnce(t *testing.T) {
	bothWays(t, func(t *testing.T, _ *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		a.answer = func(brought) (any, bool) { return map[string]any{"text": "*ok*"}, true }
		ok(t, w.Command("e1", "UANN", "CTEAM", "/report"))
		seen := w.Seen("UANN", "CTEAM")
		if len(seen) != 1 || seen[0].Text != "ok" || !seen[0].Private || !seen[0].Bot {
			t.Errorf("Seen = %+v, want what the acknowledgement said, for Ann", seen)
		}
		if seen := w.Seen("UBOB", "CTEAM"); len(seen) != 0 {
			t.Errorf("Bob sees %+v", seen)
		}
	})
}

func TestSameAgain(t *testing.T) {
	bothWays(t, func(t *testing.T, _ *Slack, w *Workspace, api *slackapi.Client, a *app) {
		_, ts, err := api.PostMessage("CTEAM", slackapi.MsgOptionBlocks(slackapi.NewActionBlock("b",
			slackapi.NewButtonBlockElement("a", "undo", slackapi.NewTextBlockObject("plain_text", "Undo", false, false)))), slackapi.MsgOptionText("x", true))
		ok(t, err)
		for name, act := range map[string]func() error{
			"command":  func() error { return w.Command("e", "UANN", "CTEAM", "/log 2h") },
			"write":    func() error { return w.Write("e", "UANN", w.Direct("UANN"), "2h BNI") },
			"press":    func() error { return w.Press("e", "UANN", "CTEAM", ts, "Undo") },
			"shortcut": func() error { return w.Shortcut("e", "UANN", "CTEAM", ts, "log") },
			"home":     func() error { return w.OpenHome("e", "UANN") },
		} {
			before := len(a.told())
			ok(t, act())
			ok(t, act())
			all := a.told()[before:]
			if len(all) != 2 || !bytes.Equal(all[0].raw, all[1].raw) {
				t.Errorf("%s: delivered %d times, or not the same again:\n%s\n%s", name, len(all), all[0].raw, all[len(all)-1].raw)
			}
			if all[0].retry != 0 || all[1].retry != 1 || all[1].reason == "" {
				t.Errorf("%s: retry = %d, then %d (%s), want 0, then 1", name, all[0].retry, all[1].retry, all[1].reason)
			}
		}
		if n := len(w.Seen("UANN", w.Direct("UANN"))); n != 1 {
			t.Errorf("%d messages were written, want one", n)
		}
	})
}

func TestWrite(t *testing.T) {
	bothWays(t, func(t *testing.T, _ *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		ok(t, w.Write("e1", "UANN", "CTEAM", "Morning *all*"))
		if n := len(a.told()); n != 0 {
			t.Fatalf("the app was told %d things of a room of people", n)
		}
		if seen := w.Seen("UBOB", "CTEAM"); len(seen) != 1 || seen[0].Text != "Morning all" || seen[0].Bot || seen[0].User != "UANN" {
			t.Errorf("Seen = %+v", seen)
		}
		ok(t, w.Write("e2", "UANN", w.Direct("UANN"), "a < b & https://example.com"))
		got := a.last(t)
		if m := got.message; m.Text != "a &lt; b &amp; <https://example.com>" || m.ChannelType != "im" || m.User != "UANN" || m.Channel != w.Direct("UANN") || m.BotID != "" {
			t.Errorf("message = %+v", m)
		}
		if e := got.event; e.TeamID != "T1" || !strings.HasPrefix(e.EventID, "Ev") || len(e.Authorizations) != 1 {
			t.Errorf("event = %+v", e)
		}
		ok(t, w.Write("e3", w.BotUser(), w.Direct("UANN"), "I am a bot"))
		if m := a.last(t).message; m.BotID == "" {
			t.Errorf("message of a bot = %+v, want its bot_id", m)
		}
	})
}

func TestPress(t *testing.T) {
	bothWays(t, func(t *testing.T, _ *Slack, w *Workspace, api *slackapi.Client, a *app) {
		button := slackapi.NewButtonBlockElement("act", "undo 1 & more", slackapi.NewTextBlockObject("plain_text", "Undo", false, false))
		blocks := slackapi.MsgOptionBlocks(slackapi.NewActionBlock("row", button))
		_, ts, err := api.PostMessage("CTEAM", blocks, slackapi.MsgOptionText("x", false))
		ok(t, err)
		ok(t, w.Press("e1", "UBOB", "CTEAM", ts, "Undo"))
		got := a.last(t).interaction
		action := got.ActionCallback.BlockActions[0]
		if action.Value != "undo 1 & more" || action.BlockID != "row" || action.ActionID != "act" || action.ActionTs == "" || action.Type != "button" {
			t.Errorf("action = %+v", action)
		}
		if got.Container.MessageTs != ts || got.Container.IsEphemeral || got.Message.Timestamp != ts || got.Channel.ID != "CTEAM" || got.User.ID != "UBOB" || got.ResponseURL == "" || got.TriggerID == "" {
			t.Errorf("payload = %+v", got)
		}
		private, err := api.PostEphemeral("CTEAM", "UANN", blocks, slackapi.MsgOptionText("x", false))
		ok(t, err)
		ok(t, w.Press("e2", "UANN", "CTEAM", private, "Undo"))
		if got := a.last(t).interaction; !got.Container.IsEphemeral || got.Message.Timestamp != "" || bytes.Contains(a.last(t).raw, []byte(`"message":`)) {
			t.Errorf("payload of a private message = %+v, want no message in it", got)
		}
		for name, err := range map[string]error{
			"not theirs": w.Press("", "UBOB", "CTEAM", private, "Undo"),
			"no button":  w.Press("", "UBOB", "CTEAM", ts, "Redo"),
			"no message": w.Press("", "UBOB", "CTEAM", "1.000001", "Undo"),
			"no home":    w.Press("", "UBOB", "", "", "Undo"),
		} {
			if err == nil {
				t.Errorf("%s: Press = nil, want an error", name)
			}
		}
	})
}

func TestHome(t *testing.T) {
	bothWays(t, func(t *testing.T, _ *Slack, w *Workspace, api *slackapi.Client, a *app) {
		if _, found := w.Home("UANN"); found {
			t.Error("there is a Home before it was published")
		}
		ok(t, w.OpenHome("e1", "UANN"))
		type opened struct {
			Tab, User, Channel string
			View               *struct{ ID string }
		}
		home := func() (o opened) {
			ok(t, json.Unmarshal(*a.last(t).event.InnerEvent, &o))
			return o
		}
		if o := home(); o.Tab != "home" || o.User != "UANN" || o.View != nil || o.Channel != w.Direct("UANN") {
			t.Errorf("app_home_opened = %+v", o)
		}
		_, err := api.PublishView("UANN", slackapi.HomeTabViewRequest{Type: "home", Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
			slackapi.NewActionBlock("row", slackapi.NewButtonBlockElement("act", "checkin", slackapi.NewTextBlockObject("plain_text", "Check in", false, false))),
		}}}, "")
		ok(t, err)
		ok(t, w.OpenHome("e2", "UANN"))
		if o := home(); o.View == nil || o.View.ID == "" {
			t.Errorf("app_home_opened = %+v, want the view", o)
		}
		if p, found := w.Home("UANN"); !found || len(p.Buttons) != 1 {
			t.Errorf("Home = %+v, %t", p, found)
		}
		ok(t, w.Press("e3", "UANN", "", "", "Check in"))
		if got := a.last(t).interaction; got.Container.Type != "view" || got.View.Type != "home" || got.ActionCallback.BlockActions[0].Value != "checkin" || got.ResponseURL != "" {
			t.Errorf("payload = %+v", got)
		}
	})
}

func TestShortcut(t *testing.T) {
	bothWays(t, func(t *testing.T, _ *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		ok(t, w.Write("e1", "UBOB", "CTEAM", "2h <BNI>"))
		ts := w.Seen("UANN", "CTEAM")[0].TS
		ok(t, w.Shortcut("e2", "UANN", "CTEAM", ts, "log"))
		got := a.last(t).interaction
		if got.Type != "message_action" || got.CallbackID != "log" || got.Message.Text != "2h &lt;BNI&gt;" || got.MessageTs != ts || got.TriggerID == "" || got.ResponseURL == "" {
			t.Errorf("payload = %+v", got)
		}
	})
}

func TestUninstall(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Slack, w *Workspace, api *slackapi.Client, a *app) {
		ok(t, w.Uninstall("e1"))
		var kinds []string
		for _, b := range a.told() {
			var inner struct{ Type string }
			ok(t, json.Unmarshal(*b.event.InnerEvent, &inner))
			kinds = append(kinds, inner.Type)
		}
		if diff := cmp.Diff([]string{"tokens_revoked", "app_uninstalled"}, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		s.Expect("token_revoked", "account_inactive", "invalid_auth")
		if _, err := api.AuthTest(); err == nil {
			t.Error("the token is still good")
		}
		if w.Command("e2", "UANN", "CTEAM", "/report") == nil {
			t.Error("a command of an app that is gone was delivered")
		}
		ok(t, w.Uninstall("e1")) // the same again
		if n := len(a.told()); n != 4 {
			t.Errorf("%d events, want each twice", n)
		}
	})
}
