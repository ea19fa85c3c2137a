package main

import (
	"context"
	"strings"
	"time"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/discord"
	"payoff/storage"
)

// discordSettings is what the environment says of Discord, nil when it says nothing. What
// cannot be is misuse, and is told before anything is opened.
func discordSettings(env environment) (*discord.Config, error) {
	if _, set := env.firstSet("DISCORD_"); !set {
		return nil, nil
	}
	cfg := &discord.Config{
		Commands: bot.AllSpecs(),
		BotToken: env.secrets["DISCORD_BOT_TOKEN"], ApplicationID: env.plain["DISCORD_APPLICATION_ID"],
		PublicKey: env.plain["DISCORD_PUBLIC_KEY"], APIURL: strings.TrimSuffix(env.plain["DISCORD_API_URL"], "/"),
	}
	whole := *cfg // with what is made later
	whole.Handler, whole.Memory = struct{ chat.Handler }{}, shelf{}
	if err := whole.Validate(); err != nil {
		return nil, misuse("Discord is not set up: %s.", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return cfg, nil
}

// discordPlatform makes the adapter.
func (a *app) discordPlatform(handler chat.Handler) (*platform, error) {
	cfg := *a.inDiscord
	cfg.Handler, cfg.Log, cfg.Memory = handler, a.program.log, shelf{a.records.db, discord.Platform, a.program.now}
	cfg.Now = a.program.now // the clock that the shelf goes by
	cfg.Left, cfg.Joined = a.leaves(discord.Platform), a.joins(discord.Platform)
	cfg.Known = func(ctx context.Context, person string) ([]string, error) {
		return a.records.engine.SpacesOf(ctx, discord.Platform, person)
	}
	adapter, err := discord.New(cfg)
	if err != nil {
		return nil, err
	}
	p := &platform{name: "Discord", id: discord.Platform, adapter: adapter, ways: []string{"gateway"}}
	if cfg.PublicKey != "" {
		p.ways = append(p.ways, "HTTP")
		p.more = "Lead Discord's interactions to " + a.url() + "/discord/interactions by a proxy with TLS."
	}
	p.enters = func(refused <-chan error) (string, error) { return a.entersDiscord(p, adapter, refused) }
	return p, nil
}

// entersDiscord waits until Discord has answered which servers payoff is in, and returns them.
func (a *app) entersDiscord(p *platform, adapter *discord.Adapter, refused <-chan error) (where string, err error) {
	ctx, cancel := context.WithTimeout(a.program.ctx, askWait)
	defer cancel()
	names, err := adapter.Servers(ctx)
	if err != nil { // Run says why
		return a.unanswered(p, refused)
	}
	return p.places("server", names), nil
}

// A shelf keeps what an adapter wants to find again, in the database.
type shelf struct {
	db       *storage.DB
	platform string
	now      func() time.Time
}

var _ discord.Memory = shelf{}

// Recall is the value of a key.
func (s shelf) Recall(ctx context.Context, key string) (value []byte, found bool, err error) {
	err = s.db.View(ctx, func(r *storage.Reader) error {
		kept, is, err := r.Kept(s.platform, key, s.now())
		value, found = append([]byte(nil), kept...), is
		return err
	})
	return value, found, err
}

// Remember keeps a value until a time.
func (s shelf) Remember(ctx context.Context, key string, value []byte, until time.Time) error {
	return s.db.Update(ctx, func(tx *storage.Tx) error { return tx.Keep(s.platform, key, value, until) })
}
