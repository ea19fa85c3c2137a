package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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

// wireSlack makes the adapter. Slack goes by real time, so that a database whose clock was
// moved is none for it.
func (a *app) wireSlack(handler chat.Handler) (err error) {
	if a.records.offset != 0 {
		return errMovedClock(a.records.path)
	}
	cfg := *a.inSlack
	if cfg.ClientID != "" {
		if cfg.Installs, err = a.openVault(); err != nil {
			return err
		}
	}
	cfg.Handler, cfg.Log = handler, a.program.log
	cfg.Left = func(ctx context.Context, space string) error {
		return a.records.engine.SpaceLeft(ctx, slack.Platform, space)
	}
	cfg.Joined = func(ctx context.Context, space string) error {
		return a.records.engine.SpaceJoined(ctx, slack.Platform, space)
	}
	a.slack, err = slack.New(cfg)
	return err
}

// openVault opens the tokens that are kept, so that a wrong key is told at the start. A single
// workspace whose token does not open leaves the others alone.
func (a *app) openVault() (*vault, error) {
	v, err := newVault(a.records.db, a.program.env.secrets["PAYOFF_SECRET_KEY"])
	if err != nil {
		return nil, err
	}
	kept, shut, err := v.look(a.program.ctx)
	switch {
	case err != nil:
		return nil, err
	case len(shut) > 0 && len(shut) == len(kept):
		return nil, shut[0]
	}
	for _, err := range shut {
		a.program.log.Error("a workspace cannot be served", "err", err)
	}
	for _, in := range kept {
		if !slices.Contains(a.installed, in.Name) { // an organisation is kept for each of its workspaces, too
			a.installed = append(a.installed, in.Name)
		}
	}
	return v, nil
}

// runSlack keeps Slack connected, and tells when a token can never work. The connection
// outlives the program's context, for what came in by it is acknowledged by it: it is cut when
// the adapter has ended its work.
func (a *app) runSlack() (refused <-chan error) {
	ctx, cut := context.WithCancel(context.WithoutCancel(a.program.ctx))
	ran, ended := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ended)
		if err := a.slack.Run(ctx); err != nil {
			ran <- failed(err, "%s", err.Error())
		}
	}()
	a.stops.add("work for Slack", func(limit context.Context) error {
		limit, cancel := context.WithTimeout(limit, requestWait)
		defer cancel()
		if err := a.slack.Close(limit); err != nil {
			a.program.log.Warn("work for Slack did not end in time and was given up", "err", err)
		}
		cut()
		select {
		case <-ended:
		case <-time.After(cutWait):
		}
		return nil
	})
	return ran
}

// cutWait is how long the connection to Slack may take to close. What comes after it matters more.
const cutWait = time.Second

// askWait is how long the start waits for Slack to answer.
const askWait = 5 * time.Second

// entersSlack waits until Slack has answered who payoff is, and returns where. Nothing is sent
// before: with a token that cannot work, what is due would be given up. When Slack does not
// answer at all, payoff starts without knowing.
func (a *app) entersSlack(refused <-chan error) (where string, err error) {
	names := a.installed
	if token := a.inSlack.BotToken; token.IsSet() {
		client := &http.Client{Timeout: askWait, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}}
		defer client.CloseIdleConnections()
		api := slackapi.New(token.Reveal(), slackapi.OptionAPIURL(a.inSlack.APIURL), slackapi.OptionHTTPClient(client))
		who, err := api.AuthTestContext(a.program.ctx)
		if err != nil { // Run says why
			select {
			case err := <-refused:
				return "", err
			case <-time.After(askWait):
			case <-a.program.ctx.Done():
			}
			return "Slack once it can be reached", nil
		}
		names = slices.Insert(slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == who.Team }), 0, who.Team)
		// Whoever gave payoff a token of its own told nobody else that it is there, perhaps again.
		if err := a.records.engine.SpaceJoined(a.program.ctx, slack.Platform, who.TeamID); err != nil {
			return "", err
		}
	}
	switch n := len(names); {
	case n == 0:
		return "no Slack workspace yet", nil
	case n == 1:
		return "Slack workspace " + chat.Clean(names[0]), nil
	case n <= mostNamed:
		return "Slack workspaces " + chat.Clean(together(names)), nil
	}
	return count(len(names), "Slack workspace"), nil
}

// greetSlack says where payoff is, and how Slack reaches it.
func (a *app) greetSlack(where string) string {
	var ways []string
	if a.inSlack.AppToken.IsSet() {
		ways = append(ways, "Socket Mode")
	}
	if a.inSlack.SigningSecret.IsSet() {
		ways = append(ways, "HTTP")
	}
	said := "payoff is in " + where + " (" + together(ways) + ")."
	if a.inSlack.SigningSecret.IsSet() {
		said += " Lead Slack's /slack/commands, /slack/interactive and /slack/events to " + a.url() + " by a proxy with TLS."
	}
	if a.inSlack.ClientID != "" {
		said += " Admins install it into their workspace at /slack/install."
	}
	return said
}
