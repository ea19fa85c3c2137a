package slacktest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Write writes a message. The app hears of it only in its direct rooms, of its own messages
// and those of other bots too.
func (w *Workspace) Write(id, user, room, text string) error {
	var heard bool
	d, err := w.act("write", id, func() (*delivery, error) {
		u, r, err := w.member(user, room)
		if err != nil {
			return nil, err
		}
		m := r.post(w.s, message{user: user, bot: u.Bot, text: w.wireText(text)})
		if heard = r.direct != ""; !heard {
			return &delivery{}, nil
		}
		// Slack sends the same as rich text too; text is what every client sends.
		event := messageObject(m, true)
		event["team"], event["channel"], event["channel_type"], event["event_ts"] = w.ID, r.ID, "im", m.ts
		if !u.Bot {
			event["client_msg_id"] = w.s.nextID("message-")
		}
		return w.event(event), nil
	})
	if err != nil {
		return err
	}
	if d.kind == "" {
		return nil
	}
	_, err = w.s.bring(d)
	return err
}

// OpenHome opens the App Home.
func (w *Workspace) OpenHome(id, user string) error {
	d, err := w.act("home", id, func() (*delivery, error) {
		if w.users[user] == nil {
			return nil, fmt.Errorf("there is no user %s", user)
		}
		event := map[string]any{
			"type": "app_home_opened", "user": user, "channel": directID(w.ID, user), "tab": "home", "event_ts": w.s.nextTS(),
		}
		if v := w.homes[user]; v != nil {
			event["view"] = w.viewPayload(v)
		}
		return w.event(event), nil
	})
	if err != nil {
		return err
	}
	_, err = w.s.bring(d)
	return err
}

// Uninstall revokes the token and delivers tokens_revoked and app_uninstalled.
func (w *Workspace) Uninstall(id string) error {
	var both []*delivery
	for _, event := range []map[string]any{
		{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{w.BotUser()}}},
		{"type": "app_uninstalled"},
	} {
		d, err := w.act(event["type"].(string), id, func() (*delivery, error) {
			event["event_ts"] = w.s.nextTS()
			return w.event(event), nil
		})
		if err != nil {
			return err
		}
		both = append(both, d)
	}
	w.s.mu.Lock()
	w.revoke()
	w.s.mu.Unlock()
	var failed []error
	for _, d := range both {
		_, err := w.s.bring(d)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// event is the delivery of an event.
// https://docs.slack.dev/apis/events-api#callback-field
func (w *Workspace) event(inner map[string]any) *delivery {
	var enterprise any
	outer := map[string]any{
		"token": verificationToken, "team_id": w.ID, "context_team_id": w.ID, "api_app_id": appID,
		"event": inner, "type": "event_callback", "event_id": w.s.nextID("Ev"), "event_time": w.s.now().Unix(),
		"is_ext_shared_channel": false, "event_context": w.s.nextID("4-"),
	}
	if w.Enterprise != "" {
		enterprise = w.Enterprise
		outer["enterprise_id"] = enterprise
	}
	outer["context_enterprise_id"] = enterprise
	outer["authorizations"] = []any{map[string]any{
		"enterprise_id": enterprise, "team_id": w.ID, "user_id": w.bot, "is_bot": true, "is_enterprise_install": w.installed().org,
	}}
	raw := encode(outer)
	return &delivery{kind: ofEvents, payload: raw, path: "/slack/events", body: raw}
}

// linked finds what Slack's clients make links and mentions of.
var linked = regexp.MustCompile(`https?://[^\s<>|"]*[^\s<>|".,:;!?)]` +
	`|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}` +
	`|(?:[a-z0-9-]+\.)+(?:com|org|net|dev|io|uk)\b(?:/[^\s<>|"]*)?` +
	`|@[\w.-]+|#[\w-]+`)

// wireText is a message as Slack stores and delivers what was typed: escaped, with links and
// mentions in angle brackets.
func (w *Workspace) wireText(typed string) string {
	var b strings.Builder
	end := 0
	for _, at := range linked.FindAllStringIndex(typed, -1) {
		if before, _ := utf8.DecodeLastRuneInString(typed[:at[0]]); at[0] > 0 && isWord(before) {
			continue
		}
		b.WriteString(escape(typed[end:at[0]]) + w.link(typed[at[0]:at[1]]))
		end = at[1]
	}
	return b.String() + escape(typed[end:])
}

func (w *Workspace) link(typed string) string {
	switch name := typed[1:]; {
	case strings.HasPrefix(typed, "http://"), strings.HasPrefix(typed, "https://"):
		return "<" + escape(typed) + ">"
	case typed == "@here", typed == "@channel", typed == "@everyone":
		return "<!" + name + ">"
	case typed[0] == '@':
		for _, u := range w.users {
			if u.Name == name {
				return "<@" + u.ID + ">"
			}
		}
	case typed[0] == '#':
		for _, r := range w.rooms {
			if r.Name == name && !r.Private {
				return "<#" + r.ID + "|" + r.Name + ">"
			}
		}
	case strings.Contains(typed, "@"):
		return "<mailto:" + typed + "|" + typed + ">"
	default:
		return "<http://" + escape(typed) + "|" + escape(typed) + ">"
	}
	return escape(typed)
}
