package slack

import (
	"slices"
	"strings"
)

// A Scope is a right that payoff asks of a workspace.
type Scope struct {
	Name     string
	Why      string // what it is for, as an admin reads it
	Optional bool   // payoff works without it
}

// Scopes is all that payoff's bot asks for, and the README explains.
// Source: https://docs.slack.dev/reference/scopes
func Scopes() []Scope {
	return []Scope{
		{Name: "commands", Why: "to answer `/goal`, `/log`, `/checkin`, `/report`, `/leaderboard`, `/payoff`, and the entry in the menu of a message"},
		{Name: "chat:write", Why: "to answer, to ask how the week went, and to post the leaderboard"},
		{Name: "chat:write.public", Why: "to post the leaderboard in a public channel without having to be invited first"},
		{Name: "im:write", Why: "to open a direct message with someone who is to be asked how the week went"},
		{Name: "im:history", Why: "to read what people write to payoff in their direct message with it, and nothing else"},
		{Name: "users:read", Why: "to know people's names, time zones and languages, and who is an admin"},
		{Name: "files:write", Why: "to show pictures, and to hand someone their own export"},
		{Name: "channels:history", Why: "to look, after a failure, whether the leaderboard already stands in its channel, so that it is not posted twice", Optional: true},
		{Name: "groups:history", Why: "the same in a private channel that payoff was invited to", Optional: true},
	}
}

// connectionsWrite is the one scope of the app token, for Socket Mode.
const connectionsWrite = "connections:write"

// botEvents is what payoff asks to be told of.
// Source: https://docs.slack.dev/reference/events
func botEvents() []string {
	return []string{"app_home_opened", "app_uninstalled", "message.im", "tokens_revoked"}
}

func scopeNames(optional bool) (names []string) {
	for _, s := range Scopes() {
		if s.Optional == optional {
			names = append(names, s.Name)
		}
	}
	return names
}

// missingScopes is what of names is not in granted, a list as Slack writes it: "a,b, c".
func missingScopes(granted string, names []string) []string {
	has := splitScopes(granted)
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(has, name) })
}

func splitScopes(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}
