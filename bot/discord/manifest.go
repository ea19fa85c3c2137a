package discord

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"

	"payoff/bot/command"
)

// A permission is a right that payoff asks of a server, and what it is for, as an admin reads it.
// Source: https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
type permission struct {
	name string
	bit  uint64
	why  string
}

const (
	viewChannel   = 1 << 10
	sendMessages  = 1 << 11
	embedLinks    = 1 << 14
	attachFiles   = 1 << 15
	makeThreads   = 1 << 36
	sendInThreads = 1 << 38
)

// permissions is all that payoff asks for. Commands, their answers and direct messages need none.
func permissions() []permission {
	return []permission{
		{"View Channel", viewChannel, "to see the channel in which the leaderboard is to be posted, and no other"},
		{"Send Messages", sendMessages, "to post the leaderboard"},
		{"Embed Links", embedLinks, "to show figures, boards and pictures in a message; without it they are left out"},
		{"Attach Files", attachFiles, "to post pictures, and to hand someone their own export"},
		{"Create Private Threads", makeThreads, "to ask someone who takes no direct messages how the week went, where nobody else sees it"},
		{"Send Messages in Threads", sendInThreads, "to go on in that thread"},
	}
}

// inviteOf is the address at which payoff is added to a server with these permissions.
// Source: https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
func inviteOf(applicationID string) string {
	var all uint64
	for _, p := range permissions() {
		all |= p.bit
	}
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d",
		cmp.Or(applicationID, "YOUR_APPLICATION_ID"), all)
}

// Manifest is, as JSON, what an operator is to know of payoff: first the address at which it is
// added to a server; why it asks for what it asks there; and the commands, which it registers by
// itself when it starts.
func Manifest(specs []command.Spec, applicationID string) ([]byte, error) {
	commands, err := appCommands(specs)
	if err != nil {
		return nil, fmt.Errorf("the command table: %w", err)
	}
	m := struct {
		Invite      string            `json:"invite"`
		Permissions map[string]string `json:"permissions"`
		Commands    []appCommand      `json:"commands"`
	}{inviteOf(applicationID), map[string]string{}, commands}
	for _, p := range permissions() {
		m.Permissions[p.name] = p.why
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false) // an address is copied from it
	out.SetIndent("", "  ")
	if err := out.Encode(m); err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return b.Bytes(), nil
}
