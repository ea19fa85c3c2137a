package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"payoff/bot/command"
)

// Limits of commands. Source:
// https://docs.discord.com/developers/interactions/application-commands#application-command-object
const (
	mostAppOptions     = 25 // of a command, and subcommands of one
	mostAppChoices     = 25 // of an option
	longestAppChoice   = 100
	longestAppAbout    = 100
	longestAppShortcut = 32
	longestApp         = 8000 // characters of names, descriptions and values together
	longestAppOption   = 2000 // characters of an option of ours; Discord takes 6000
)

// What Discord numbers. Source:
// https://docs.discord.com/developers/interactions/application-commands
const (
	appSlash   = 1
	appMessage = 3

	appSubcommand = 1
	appGroup      = 2
	appString     = 3

	appInstalledInServer = 0
	appInServer          = 0
	appInDirect          = 1 // with payoff

)

// commandName is Discord's rule for the names of commands and options.
// Source: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

type (
	// An appCommand is a command as Discord is told of it.
	appCommand struct {
		Name         string      `json:"name"`
		Type         int         `json:"type"`
		Description  string      `json:"description,omitempty"`
		Options      []appOption `json:"options,omitempty"`
		Permissions  int64       `json:"default_member_permissions,omitempty"` // Discord's description of its API says integer
		Integrations []int       `json:"integration_types"`
		Contexts     []int       `json:"contexts"`
	}

	// An appOption is an option, a subcommand, or a group of those.
	appOption struct {
		Type         int         `json:"type"`
		Name         string      `json:"name"`
		Description  string      `json:"description"`
		Required     bool        `json:"required,omitempty"`
		Autocomplete bool        `json:"autocomplete,omitempty"`
		MaxLength    int         `json:"max_length,omitempty"`
		Choices      []appChoice `json:"choices,omitempty"`
		Options      []appOption `json:"options,omitempty"`
	}

	appChoice struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// appCommands is what Discord is told of the table.
func appCommands(specs []command.Spec) (all []appCommand, err error) {
	for _, p := range places(specs) {
		if len(all) == 0 || all[len(all)-1].Name != p.words[0] {
			all = append(all, newSlashCommand(specs, p.words[0]))
		}
		put(&all[len(all)-1], specs, p)
	}
	for _, s := range specs {
		if s.Shortcut != "" {
			all = append(all, appCommand{Name: s.Shortcut, Type: appMessage, Integrations: []int{appInstalledInServer}, Contexts: []int{appInServer, appInDirect}})
		}
	}
	for _, c := range all {
		err = errors.Join(err, c.fits())
	}
	return all, err
}

// newSlashCommand is a command without its options. One whose children are all for admins is shown
// to those who may manage a server only.
func newSlashCommand(specs []command.Spec, name string) appCommand {
	c := appCommand{Name: name, Type: appSlash, Description: about(specs, name), Integrations: []int{appInstalledInServer}, Contexts: []int{appInServer, appInDirect}}
	under := func(p place) bool { return p.words[0] == name }
	if !slices.ContainsFunc(places(specs), func(p place) bool { return under(p) && !p.spec.Admin }) {
		c.Permissions, c.Contexts = manageServer, []int{appInServer}
	}
	return c
}

// about describes a command or a group, which Discord wants described although it shows the
// description of those below it only.
func about(specs []command.Spec, name string) string {
	for _, s := range specs {
		if s.Name == name {
			return cmp.Or(s.Summary, name)
		}
	}
	return name
}

// put adds what stands at a place to its command.
func put(c *appCommand, specs []command.Spec, p place) {
	into := &c.Options
	if len(p.words) == 3 {
		last := len(*into) - 1
		if last < 0 || (*into)[last].Name != p.words[1] {
			*into = append(*into, appOption{Type: appGroup, Name: p.words[1], Description: about(specs, p.words[1])})
			last++
		}
		into = &(*into)[last].Options
	}
	if len(p.words) == 1 {
		*into = optionsOf(p.spec)
		return
	}
	*into = append(*into, appOption{Type: appSubcommand, Name: p.words[len(p.words)-1],
		Description: cmp.Or(p.spec.Summary, p.spec.Name), Options: optionsOf(p.spec)})
}

// optionsOf is the options of a command, the required ones first, as Discord wants them.
func optionsOf(s command.Spec) (all []appOption) {
	for _, o := range s.Options {
		option := appOption{Type: appString, Name: wordOf(o.Name), Description: cmp.Or(o.Summary, o.Name), Required: o.Required}
		switch o.Kind {
		case command.Choice:
			for _, c := range o.Choices {
				option.Choices = append(option.Choices, appChoice{c, c})
			}
		case command.Words:
			option.MaxLength = longestAppOption
		default: // read as one types them, and proposed while they are typed
			option.Autocomplete, option.MaxLength = true, longestAppOption
		}
		all = append(all, option)
	}
	slices.SortStableFunc(all, func(a, b appOption) int { return rank(a) - rank(b) })
	return all
}

func rank(o appOption) int {
	if o.Required {
		return 0
	}
	return 1
}

// fits says what of a command Discord would refuse.
func (c appCommand) fits() error {
	if c.Type == appMessage {
		if n := utf8.RuneCountInString(c.Name); n > longestAppShortcut {
			return fmt.Errorf("the shortcut %q has %d characters, Discord takes %d", c.Name, n, longestAppShortcut)
		}
		return nil
	}
	whole := appOption{Name: c.Name, Description: c.Description, Options: c.Options}
	size, err := whole.measure("/" + c.Name)
	if size > longestApp {
		err = errors.Join(err, fmt.Errorf("/%s has %d characters, Discord takes %d", c.Name, size, longestApp))
	}
	return err
}

// measure is how many characters an option has with all below it, and what is wrong there.
func (o appOption) measure(path string) (size int, err error) {
	size = utf8.RuneCountInString(o.Name) + utf8.RuneCountInString(o.Description)
	if !commandName.MatchString(o.Name) || wordOf(o.Name) != o.Name {
		err = errors.Join(err, fmt.Errorf("%s: Discord takes no such name", path))
	}
	if n := utf8.RuneCountInString(o.Description); n < 1 || n > longestAppAbout {
		err = errors.Join(err, fmt.Errorf("%s: a description of %d characters, Discord takes 1 to %d", path, n, longestAppAbout))
	}
	if len(o.Options) > mostAppOptions || len(o.Choices) > mostAppChoices {
		err = errors.Join(err, fmt.Errorf("%s: more than %d options or choices", path, mostAppOptions))
	}
	for _, c := range o.Choices {
		size += utf8.RuneCountInString(c.Name) + utf8.RuneCountInString(c.Value)
		if n := utf8.RuneCountInString(c.Name); n < 1 || n > longestAppChoice {
			err = errors.Join(err, fmt.Errorf("%s: a choice of %d characters, Discord takes 1 to %d", path, n, longestAppChoice))
		}
	}
	names := map[string]bool{}
	for _, below := range o.Options {
		n, wrong := below.measure(path + " " + below.Name)
		if size += n; names[below.Name] {
			wrong = errors.Join(wrong, fmt.Errorf("%s: two options called %q", path, below.Name))
		}
		names[below.Name], err = true, errors.Join(err, wrong)
	}
	return size, err
}

// A doer carries out calls of the REST API: rest.do.
type doer func(ctx context.Context, c call, out any) error

// register tells Discord of the commands when the table has changed, or Discord has others.
// It overwrites all at once: what is the same is not counted as made anew, of which Discord
// allows 200 a day.
func (a *Adapter) register(ctx context.Context, do doer) error {
	if len(a.cfg.Commands) == 0 {
		return nil
	}
	wanted, err := appCommands(a.cfg.Commands)
	if err != nil {
		return fmt.Errorf("the command table: %w", err)
	}
	id, err := applicationID(ctx, a.cfg, do)
	if err != nil {
		return err
	}
	body, err := json.Marshal(wanted)
	if err != nil {
		return fmt.Errorf("write the commands: %w", err)
	}
	sum := sha256.Sum256(body)
	hash, key, path := hex.EncodeToString(sum[:]), "commands/"+id, "/applications/"+id+"/commands"
	last, found, err := a.cfg.Memory.Recall(ctx, key)
	if err != nil {
		return fmt.Errorf("recall the commands: %w", err)
	}
	if found && string(last) == hash {
		var has []appNamed
		if err := do(ctx, call{method: http.MethodGet, path: path}, &has); err != nil {
			return fmt.Errorf("list the commands: %w", err)
		}
		if sameNames(wanted, has) {
			return nil
		}
	}
	if err := do(ctx, call{method: http.MethodPut, path: path, body: wanted}, nil); err != nil {
		return fmt.Errorf("register the commands: %w", err)
	}
	a.log.InfoContext(ctx, "discord: the commands are registered", "commands", len(wanted))
	if err := a.cfg.Memory.Remember(ctx, key, []byte(hash), time.Time{}); err != nil {
		return fmt.Errorf("remember the commands: %w", err)
	}
	return nil
}

// An appNamed is what a command is known by: there may be one of a name and a type.
type appNamed struct {
	Name string `json:"name"`
	Type int    `json:"type"`
}

func sameNames(wanted []appCommand, has []appNamed) bool {
	return len(wanted) == len(has) && !slices.ContainsFunc(wanted, func(c appCommand) bool {
		return !slices.Contains(has, appNamed{c.Name, c.Type})
	})
}

// applicationID is the one that is set, or else the one that the token belongs to.
func applicationID(ctx context.Context, cfg Config, do doer) (string, error) {
	if cfg.ApplicationID != "" {
		return cfg.ApplicationID, nil
	}
	var app struct {
		ID string `json:"id"`
	}
	if err := do(ctx, call{method: http.MethodGet, path: "/applications/@me"}, &app); err != nil {
		return "", fmt.Errorf("ask for the application: %w", err)
	}
	if !isID(app.ID) {
		return "", errors.New("ask for the application: Discord named none")
	}
	return app.ID, nil
}
