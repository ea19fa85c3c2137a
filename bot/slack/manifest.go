package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"payoff/bot/command"
)

// Limits of a manifest. Source: https://docs.slack.dev/reference/app-manifest
const (
	maxShortcuts    = 10
	maxShortcutName = 24 // characters
	maxShortcutSays = 150
)

const (
	aboutPayoff     = "Does your marketing pay? Name a revenue figure, log what you do in one line, and see which channel brings it in."
	aboutPayoffLong = "payoff answers one question for people who run a small business: does the time and money that goes into social media, networking and direct selling come back as revenue?\n\n" +
		"Name a revenue figure and its date. Log what you do in one line of chat. Once a week payoff asks what came of it, shows where you and your team stand, and says, with honest uncertainty, which channel pays.\n\n" +
		"It never counts how busy you are. What you log is yours: nobody else sees it, and no amount of money appears in a channel unless you say so."
)

// The parts of a manifest, in the order in which Slack shows them.
type (
	manifest struct {
		Display  manifestDisplay  `json:"display_information"`
		Features manifestFeatures `json:"features"`
		OAuth    manifestOAuth    `json:"oauth_config"`
		Settings manifestSettings `json:"settings"`
	}
	manifestDisplay struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Long        string `json:"long_description"`
		Background  string `json:"background_color"`
	}
	manifestFeatures struct {
		Home      manifestHome       `json:"app_home"`
		Bot       manifestBot        `json:"bot_user"`
		Shortcuts []manifestShortcut `json:"shortcuts,omitempty"`
		Commands  []manifestCommand  `json:"slash_commands"`
	}
	manifestHome struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"`
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	}
	manifestBot struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	}
	manifestShortcut struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Callback    string `json:"callback_id"`
		Description string `json:"description"`
	}
	manifestCommand struct {
		Command     string `json:"command"`
		URL         string `json:"url,omitempty"`
		Description string `json:"description"`
		Hint        string `json:"usage_hint,omitempty"`
		Escape      bool   `json:"should_escape"`
	}
	manifestOAuth struct {
		Redirects []string       `json:"redirect_urls,omitempty"`
		Scopes    manifestScopes `json:"scopes"`
	}
	manifestScopes struct {
		Bot      []string `json:"bot"`
		Optional []string `json:"bot_optional"`
	}
	manifestSettings struct {
		Events        manifestEvents        `json:"event_subscriptions"`
		Interactivity manifestInteractivity `json:"interactivity"`
		Org           bool                  `json:"org_deploy_enabled"`
		Socket        bool                  `json:"socket_mode_enabled"`
		Rotation      bool                  `json:"token_rotation_enabled"`
	}
	manifestEvents struct {
		URL    string   `json:"request_url,omitempty"`
		Events []string `json:"bot_events"`
	}
	manifestInteractivity struct {
		Enabled bool   `json:"is_enabled"`
		URL     string `json:"request_url,omitempty"`
	}
)

// Manifest is the app manifest, as JSON, that follows from the command table. Without a URL
// it is for Socket Mode; with one (https://payoff.example.com) for HTTP below it. A URL that
// Slack would not take is a *Refused.
func Manifest(specs []command.Spec, url string) ([]byte, error) {
	below, err := addressesBelow(url)
	if err != nil {
		return nil, err
	}
	m := manifest{
		Display: manifestDisplay{Name: "payoff", Description: aboutPayoff, Long: aboutPayoffLong, Background: "#1f3a5f"},
		Features: manifestFeatures{
			Home: manifestHome{Home: true, Messages: true},
			Bot:  manifestBot{Name: "payoff", Online: true},
		},
		OAuth: manifestOAuth{Scopes: manifestScopes{Bot: scopeNames(false), Optional: scopeNames(true)}},
		Settings: manifestSettings{
			Events:        manifestEvents{URL: below("events"), Events: botEvents()},
			Interactivity: manifestInteractivity{Enabled: true, URL: below("interactive")},
			Org:           url != "", // or a whole organisation cannot install it
			Socket:        url == "",
		},
	}
	if url != "" {
		m.OAuth.Redirects = []string{below("oauth")}
	}
	if m.Features.Commands, err = slashCommands(specs, below("commands")); err != nil {
		return nil, err
	}
	if m.Features.Shortcuts, err = shortcuts(specs); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false) // it is pasted into a page for people, who read "<line>"
	out.SetIndent("", "  ")
	if err := out.Encode(m); err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return b.Bytes(), nil
}

// addressesBelow names what Slack is to call below base, or nothing when there is no base.
func addressesBelow(base string) (func(name string) string, error) {
	if base == "" {
		return func(string) string { return "" }, nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(base, "#") {
		return nil, &Refused{fmt.Sprintf("Slack delivers only to an address such as https://payoff.example.com, and %q is none.", base)}
	}
	return func(name string) string { return u.JoinPath("slack", name).String() }, nil
}

func slashCommands(specs []command.Spec, url string) (list []manifestCommand, err error) {
	for _, name := range command.TopLevel {
		i := slices.IndexFunc(specs, func(s command.Spec) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("the table has no command %q", name)
		}
		list = append(list, manifestCommand{Command: "/" + name, URL: url, Description: specs[i].Summary, Hint: usageHint(specs, name)})
	}
	return list, nil
}

// usageHint is what Slack shows behind a command while it is typed: the first thing that the
// table gives as an example of it or of a command below it.
func usageHint(specs []command.Spec, name string) string {
	for _, s := range specs {
		if head, _, _ := strings.Cut(s.Name, " "); head != name || s.Hidden {
			continue
		}
		for _, example := range s.Examples {
			if rest, ok := strings.CutPrefix(example, "/"+name+" "); ok {
				return rest
			}
		}
	}
	if name == "payoff" {
		return "help"
	}
	return ""
}

func shortcuts(specs []command.Spec) (list []manifestShortcut, err error) {
	for _, s := range specs {
		if s.Shortcut == "" {
			continue
		}
		if len([]rune(s.Shortcut)) > maxShortcutName || len([]rune(s.Summary)) > maxShortcutSays || len(list) == maxShortcuts {
			return nil, fmt.Errorf("the shortcut %q of %q is more than Slack takes", s.Shortcut, s.Name)
		}
		list = append(list, manifestShortcut{Name: s.Shortcut, Type: "message", Callback: s.Name, Description: s.Summary})
	}
	return list, nil
}
