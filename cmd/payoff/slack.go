package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/slack"
)

// slackSettings is what the environment says of Slack, nil when it says nothing. What cannot
// be is misuse, and is told before anything is opened.
func slackSettings(env environment) (*slack.Config, error) {
	if _, set := env.firstSet("SLACK_"); !set {
		return nil, nil
	}
	cfg := &slack.Config{
		Commands: bot.AllSpecs(),
		BotToken: env.secrets["SLACK_BOT_TOKEN"], AppToken: env.secrets["SLACK_APP_TOKEN"], SigningSecret: env.secrets["SLACK_SIGNING_SECRET"],
		ClientID: env.plain["SLACK_CLIENT_ID"], ClientSecret: env.secrets["SLACK_CLIENT_SECRET"], APIURL: slack.DefaultAPIURL,
	}
	if address, set := env.plain["SLACK_API_URL"]; set {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || !strings.HasSuffix(address, "/") {
			return nil, misuse("SLACK_API_URL must be an address that ends in a slash, such as %s.", slack.DefaultAPIURL)
		}
		cfg.APIURL = address
	}
	whole := *cfg // with what is made later
	whole.Handler, whole.Installs = struct{ chat.Handler }{}, (*vault)(nil)
	if err := whole.Validate(); err != nil {
		return nil, misuse("Slack is not set up: %s.", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if cfg.ClientID != "" {
		if err := checkKey(env.secrets["PAYOFF_SECRET_KEY"]); err != nil {
			return nil, err
		}
	}
	return cfg, nil
}

// slackPlatform makes the adapter.
func (a *app) slackPlatform(handler chat.Handler) (*platform, error) {
	cfg := *a.inSlack
	var installed []string // names of the workspaces that were installed into before
	if cfg.ClientID != "" {
		v, names, err := a.openVault()
		if err != nil {
			return nil, err
		}
		cfg.Installs, installed = v, names
	}
	cfg.Handler, cfg.Log = handler, a.program.log
	cfg.Left, cfg.Joined = a.leaves(slack.Platform), a.joins(slack.Platform)
	adapter, err := slack.New(cfg)
	if err != nil {
		return nil, err
	}
	p := &platform{name: "Slack", id: slack.Platform, adapter: adapter}
	if cfg.AppToken.IsSet() {
		p.ways = append(p.ways, "Socket Mode")
	}
	if cfg.SigningSecret.IsSet() {
		p.ways = append(p.ways, "HTTP")
		p.more = "Lead Slack's /slack/commands, /slack/interactive and /slack/events to " + a.url() + " by a proxy with TLS."
	}
	if cfg.ClientID != "" {
		p.more += " Admins install it into their workspace at /slack/install."
	}
	p.enters = func(refused <-chan error) (string, error) { return a.entersSlack(p, installed, refused) }
	return p, nil
}

// openVault opens the tokens that are kept, so that a wrong key is told at the start. A single
// workspace whose token does not open leaves the others alone.
func (a *app) openVault() (*vault, []string, error) {
	v, err := newVault(a.records.db, a.program.env.secrets["PAYOFF_SECRET_KEY"])
	if err != nil {
		return nil, nil, err
	}
	kept, shut, err := v.look(a.program.ctx)
	switch {
	case err != nil:
		return nil, nil, err
	case len(shut) > 0 && len(shut) == len(kept):
		return nil, nil, shut[0]
	}
	for _, err := range shut {
		a.program.log.Error("a workspace cannot be served", "err", err)
	}
	var names []string
	for _, in := range kept {
		if !slices.Contains(names, in.Name) { // an organisation is kept for each of its workspaces, too
			names = append(names, in.Name)
		}
	}
	return v, names, nil
}

// entersSlack waits until Slack has answered who payoff is, and returns where.
func (a *app) entersSlack(p *platform, names []string, refused <-chan error) (where string, err error) {
	if token := a.inSlack.BotToken; token.IsSet() {
		client := &http.Client{Timeout: askWait, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}}
		defer client.CloseIdleConnections()
		api := slackapi.New(token.Reveal(), slackapi.OptionAPIURL(a.inSlack.APIURL), slackapi.OptionHTTPClient(client))
		who, err := api.AuthTestContext(a.program.ctx)
		if err != nil { // Run says why
			return a.unanswered(p, refused)
		}
		names = slices.Insert(slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == who.Team }), 0, who.Team)
		// Whoever gave payoff a token of its own told nobody else that it is there, perhaps again.
		if err := a.records.engine.SpaceJoined(a.program.ctx, slack.Platform, who.TeamID); err != nil {
			return "", err
		}
	}
	return p.places("workspace", names), nil
}
