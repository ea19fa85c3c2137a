package main

import (
	"context"
	"fmt"

	"payoff/bot/slack"
)

// inSlack asks Slack whether all is well, and looks at what the database keeps for it. It finds
// nothing where Slack is not set up.
func (c *doctorCmd) inSlack(p *program) []finding {
	cfg, err := slackSettings(p.env)
	if err != nil {
		return []finding{{slack.Platform, false, sentence(err)}}
	}
	if cfg == nil {
		return nil
	}
	tokens := func(r *records) ([]finding, error) { return r.keptTokens(p, cfg) }
	return p.examine(slack.Platform, "Slack", tokens, func(rooms map[string]string) (found []finding) {
		if cfg.ClientID != "" && cfg.Installs == nil {
			cfg.Installs = nowhere{}
		}
		for _, f := range slack.Check(p.ctx, *cfg, rooms) {
			found = append(found, finding{f.About, f.Well, f.Say})
		}
		return found
	})
}

// keptTokens is what there is to say of the tokens that are kept, which it opens for cfg.
func (r *records) keptTokens(p *program, cfg *slack.Config) ([]finding, error) {
	if cfg.ClientID == "" {
		return nil, nil
	}
	v, err := newVault(r.db, p.env.secrets["PAYOFF_SECRET_KEY"])
	if err != nil {
		return nil, err
	}
	cfg.Installs = v
	kept, shut, err := v.look(p.ctx)
	if err != nil {
		return nil, err
	}
	const about = "tokens"
	if len(shut) == 0 {
		return []finding{{about, true, fmt.Sprintf("of %s are kept, and can be opened.", count(len(kept), "workspace"))}}, nil
	}
	var found []finding
	for _, err := range shut {
		found = append(found, finding{about, false, sentence(err)})
	}
	return found, nil
}

// nowhere is where tokens are kept that cannot be looked at.
type nowhere struct{}

func (nowhere) Install(context.Context, string) (slack.Install, bool, error) {
	return slack.Install{}, false, nil
}
func (nowhere) Keep(context.Context, slack.Install) error        { return nil }
func (nowhere) Remove(context.Context, string) ([]string, error) { return nil, nil }
