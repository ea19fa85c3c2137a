package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"payoff/bot"
	"payoff/bot/discord"
)

// A discordOption is a command of Discord's, or an option of one.
type discordOption struct {
	Name, Description string
	Type              int
	Choices           []struct{ Name, Value string }
	Options           []discordOption
	Permissions       int `json:"default_member_permissions"`
	Contexts          []int
}

// size is how many characters Discord counts.
func (o discordOption) size() int {
	n := utf8.RuneCountInString(o.Name) + utf8.RuneCountInString(o.Description)
	for _, c := range o.Choices {
		n += utf8.RuneCountInString(c.Name) + utf8.RuneCountInString(c.Value)
	}
	for _, below := range o.Options {
		n += below.size()
	}
	return n
}

// paths are what a person can pick: "goal set".
func (o discordOption) paths() (all []string) {
	for _, below := range o.Options {
		if below.Type <= 2 { // a subcommand, or a group
			for _, p := range below.paths() {
				all = append(all, o.Name+" "+p)
			}
		}
	}
	if all == nil {
		all = []string{o.Name}
	}
	return all
}

// TestDiscordManifest: the real table is one that Discord takes, and everything in it can be
// reached there. It is no golden: whoever adds a command has nothing to do here.
func TestDiscordManifest(t *testing.T) {
	raw, err := discord.Manifest(bot.AllSpecs(), "")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := discord.Manifest(bot.AllSpecs(), ""); !bytes.Equal(raw, again) {
		t.Error("the same table gives another manifest")
	}
	var m struct{ Commands []discordOption }
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	var names, paths []string
	for _, c := range m.Commands {
		names, paths = append(names, c.Name), append(paths, c.paths()...)
		if n := c.size(); n > 8000 {
			t.Errorf("/%s has %d characters, Discord takes 8000", c.Name, n)
		}
		if private := c.Name == "team"; private != (c.Permissions == 32) || private == slices.Contains(c.Contexts, 1) {
			t.Errorf("/%s: permissions %d, contexts %v; team is for who may manage a server, there", c.Name, c.Permissions, c.Contexts)
		}
	}
	if got, want := strings.Join(names, " "), "goal log checkin report leaderboard payoff team Log this"; got != want {
		t.Errorf("commands are %s, want %s", got, want)
	}
	for _, want := range []string{"goal set", "log", "checkin now", "report show", "report what-if", "leaderboard", "team zone",
		"payoff help", "payoff start", "payoff channel list", "payoff team show", "payoff team zone", "payoff goal set", "payoff export"} {
		if !slices.Contains(paths, want) {
			t.Errorf("/%s is not there", want)
		}
	}
	for _, s := range bot.Specs() {
		word := strings.ReplaceAll(s.Name, " ", "-")
		if head, rest, sub := strings.Cut(s.Name, " "); sub {
			word = head + " " + strings.ReplaceAll(rest, " ", "-")
		}
		if s.Name != "payoff" && !slices.ContainsFunc(paths, func(p string) bool { return p == "payoff "+word || strings.HasPrefix(p, "payoff "+word+" ") }) {
			t.Errorf("%q is not below /payoff", s.Name)
		}
	}
}

func TestDiscordManifestFitsDiscordsSchema(t *testing.T) {
	f, err := os.Open("../../../shared/specs/discord-openapi.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("Discord's OpenAPI document is not here: ../shared/specs/discord-openapi.json beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("discord.json#/paths/~1applications~1{application_id}~1commands/put/requestBody/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := discord.Manifest(bot.AllSpecs(), "100000000000000001")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value.(map[string]any)["commands"]); err != nil {
		t.Errorf("%v", err)
	}
}
