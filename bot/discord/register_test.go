package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// commandsSchema is what Discord's own description of its API says of PUT /applications/{id}/commands.
func commandsSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const path = "../../../shared/specs/discord-openapi.json"
	f, err := os.Open(path)
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
	s, err := c.Compile("discord.json#/paths/~1applications~1{application_id}~1commands/put/requestBody/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCommandsFitDiscordsSchema(t *testing.T) {
	schema := commandsSchema(t)
	commands, err := appCommands(tableSpecs())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(commands)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v", err)
	}
	if again, _ := appCommands(tableSpecs()); fmt.Sprint(again) != fmt.Sprint(commands) {
		t.Error("the same table gives other commands")
	}
	value.([]any)[0].(map[string]any)["name"] = strings.Repeat("x", 33)
	if schema.Validate(value) == nil {
		t.Error("the schema takes everything, so this test says nothing")
	}
}

// TestOptionsAreCompleted: every option is proposed to while it is typed, but for words of one's own
// and a choice that Discord shows by itself.
func TestOptionsAreCompleted(t *testing.T) {
	commands, err := appCommands(tableSpecs())
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	var check func(names []string, options []appOption)
	check = func(names []string, options []appOption) {
		for _, o := range options {
			if o.Type != appString {
				check(append(slices.Clone(names), o.Name), o.Options)
				continue
			}
			s, _ := specOf(tableSpecs(), names)
			i := slices.IndexFunc(s.Options, func(of command.Option) bool { return of.Name == optionOf(s, o.Name) })
			kind := s.Options[i].Kind
			if want := kind != command.Words && kind != command.Choice; o.Autocomplete != want || o.Autocomplete && len(o.Choices) > 0 {
				t.Errorf("%q of %q: autocomplete %t with %d choices, want %t", o.Name, names, o.Autocomplete, len(o.Choices), want)
			}
			if kind == command.Objective || kind == command.Log || kind == command.Goal {
				seen++
			}
		}
	}
	for _, c := range commands {
		check([]string{c.Name}, c.Options)
	}
	if seen != 6 { // each at the top level and below /payoff
		t.Errorf("%d options hold a target, a line or a goal, want 6", seen)
	}
}

// TestCommandsTooMuch: what Discord would refuse is told by name, before it is asked.
func TestCommandsTooMuch(t *testing.T) {
	long := strings.Repeat("é", 101)
	many := func(n int, make func(i int) command.Spec) (specs []command.Spec) {
		for i := range n {
			specs = append(specs, make(i))
		}
		return specs
	}
	options := func(n int, o command.Option) (all []command.Option) {
		for i := range n {
			o.Name = fmt.Sprintf("o%d", i)
			all = append(all, o)
		}
		return all
	}
	choices := func(n int, text string) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("%s%d", text, i))
		}
		return all
	}
	for _, c := range []struct {
		name  string
		specs []command.Spec
		want  string // "" is well
	}{
		{"a name", []command.Spec{{Name: "log!", Summary: "x"}}, "/payoff log!: Discord takes no such name"},
		{"an option's name", []command.Spec{{Name: "log", Summary: "x", Options: []command.Option{{Name: "a.b", Summary: "x"}}}}, "/log a.b: Discord takes no such name"},
		{"a long name", []command.Spec{{Name: "log", Summary: "x"}, {Name: "log " + strings.Repeat("x", 33), Summary: "x"}}, "Discord takes no such name"},
		{"other letters", []command.Spec{{Name: "лог", Summary: "x"}, {Name: "कमाई", Summary: "x"}}, ""},
		{"a long summary", []command.Spec{{Name: "log", Summary: long}}, "/log: a description of 101 characters"},
		{"100 characters of two bytes", []command.Spec{{Name: "log", Summary: long[2:]}}, ""},
		{"no summary", []command.Spec{{Name: "log", Options: []command.Option{{Name: "line"}}}}, ""},
		{"26 subcommands", many(26, func(i int) command.Spec { return command.Spec{Name: fmt.Sprintf("goal g%d", i), Summary: "x"} }), "/goal: more than 25"},
		{"25 subcommands", many(25, func(i int) command.Spec { return command.Spec{Name: fmt.Sprintf("goal g%d", i), Summary: "x"} }), ""},
		{"26 below payoff", many(26, func(i int) command.Spec { return command.Spec{Name: fmt.Sprintf("g%d", i), Summary: "x"} }), "/payoff: more than 25"},
		{"26 options", []command.Spec{{Name: "log", Summary: "x", Options: options(26, command.Option{Summary: "x"})}}, "/log: more than 25"},
		{"26 choices", []command.Spec{{Name: "log", Summary: "x", Options: options(1, command.Option{Kind: command.Choice, Choices: choices(26, "c")})}}, "/log o0: more than 25"},
		{"a long choice", []command.Spec{{Name: "log", Summary: "x", Options: options(1, command.Option{Kind: command.Choice, Choices: choices(1, long)})}}, "/log o0: a choice of 102 characters"},
		{"the same option twice", []command.Spec{{Name: "log", Summary: "x", Options: []command.Option{{Name: "A b"}, {Name: "a-b"}}}}, `/log: two options called "a-b"`},
		{"8,000 characters", many(25, func(i int) command.Spec {
			return command.Spec{Name: fmt.Sprintf("goal g%d", i), Summary: strings.Repeat("x", 100), Options: options(3, command.Option{Summary: strings.Repeat("x", 100)})}
		}), "/goal has 10"},
		{"a long shortcut", []command.Spec{{Name: "log", Summary: "x", Shortcut: strings.Repeat("x", 33)}}, "has 33 characters, Discord takes 32"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := appCommands(c.specs)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("appCommands = %v, want %q", err, c.want)
			}
			if raw, bad := json.Marshal(got); err == nil && bad != nil {
				t.Errorf("%s: %v", raw, bad)
			}
		})
	}
}

// A desk of Discord's that keeps commands.
type commandsDesk struct {
	has   []appNamed
	fails error
	asked []string
}

func (d *commandsDesk) do(_ context.Context, c call, out any) error {
	d.asked = append(d.asked, c.method+" "+c.path)
	if d.fails != nil {
		return d.fails
	}
	answer := any(map[string]string{"id": "100000000000000001"})
	switch {
	case c.method == http.MethodPut:
		raw, _ := json.Marshal(c.body)
		d.has = nil
		return json.Unmarshal(raw, &d.has)
	case strings.HasSuffix(c.path, "/commands"):
		answer = d.has
	}
	raw, _ := json.Marshal(answer)
	return json.Unmarshal(raw, out)
}

// A shelf is a Memory for one test.
type registerShelf map[string]string

func (m registerShelf) Recall(_ context.Context, key string) ([]byte, bool, error) {
	v, found := m[key]
	return []byte(v), found, nil
}

func (m registerShelf) Remember(_ context.Context, key string, value []byte, _ time.Time) error {
	m[key] = string(value)
	return nil
}

// TestRegister: commands are written when the table has changed, or Discord has others, and at
// no other time.
func TestRegister(t *testing.T) {
	const app, list, put = "GET /applications/@me", "GET /applications/100000000000000001/commands", "PUT /applications/100000000000000001/commands"
	d, memory := &commandsDesk{}, registerShelf{}
	cfg := Config{Commands: tableSpecs(), Memory: memory}
	for _, step := range []struct {
		name    string
		arrange func()
		want    []string
		fails   bool
	}{
		{"the first time", func() {}, []string{app, put}, false},
		{"again", func() {}, []string{app, list}, false},
		{"with the id known", func() { cfg.ApplicationID = "100000000000000001" }, []string{list}, false},
		{"one was removed", func() { d.has = d.has[1:] }, []string{list, put}, false},
		{"one is another kind", func() { d.has[0].Type = 2 }, []string{list, put}, false},
		{"the table changed", func() { cfg.Commands[0].Summary = "Begin" }, []string{put}, false},
		{"and then it does not", func() {}, []string{list}, false},
		{"Discord does not answer", func() { d.fails = &chat.Error{Kind: chat.Transient, Err: errors.New("HTTP 503")} }, []string{list}, true},
		{"it could not be written", func() { cfg.Commands[0].Summary = "Begin here" }, []string{put}, true},
		{"so it is tried again", func() { d.fails = nil }, []string{put}, false},
		{"a table that is none", func() { cfg.Commands = []command.Spec{{Name: "!"}} }, nil, true},
		{"no table", func() { cfg.Commands = nil }, nil, false},
	} {
		t.Run(step.name, func(t *testing.T) {
			step.arrange()
			d.asked = nil
			a := &Adapter{cfg: cfg, log: slog.New(slog.DiscardHandler)}
			err := a.register(t.Context(), d.do)
			if (err != nil) != step.fails || !slices.Equal(d.asked, step.want) {
				t.Errorf("register = %v by %q, want %q", err, d.asked, step.want)
			}
		})
	}
}
