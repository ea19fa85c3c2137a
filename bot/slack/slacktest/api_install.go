package slacktest

import "strings"

// connectionsOpen says where a socket is to be opened.
func connectionsOpen(c *call) (reply, *refusal) {
	address, err := c.s.socketURL()
	if err != nil { // the test asked for it
		return nil, &refusal{code: err.Error(), asked: true}
	}
	return reply{"url": address}, nil
}

// oauthAccess exchanges what an admin agreed to for a token.
func oauthAccess(c *call) (reply, *refusal) {
	switch {
	case c.args.text("client_id") != c.s.ClientID():
		return nil, &refusal{code: "invalid_client_id"}
	case c.args.text("client_secret") != c.s.ClientSecret():
		return nil, &refusal{code: "bad_client_secret"}
	}
	g, err := c.s.exchange(c.args.text("code"), c.args.text("redirect_uri"))
	if err != nil {
		return nil, &refusal{code: err.Error()}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	in := g.w.install(g.scopes, g.org)
	r := reply{
		"access_token": in.token, "token_type": "bot", "scope": strings.Join(in.scopes, ","),
		"bot_user_id": g.w.bot, "app_id": appID, "is_enterprise_install": g.org,
		"authed_user": reply{"id": g.user}, "team": reply{"id": g.w.ID, "name": g.w.Name}, "enterprise": nil,
	}
	if g.w.Enterprise != "" {
		r["enterprise"] = reply{"id": g.w.Enterprise, "name": g.w.Enterprise}
	}
	if g.org { // https://docs.slack.dev/enterprise/organization-ready-apps: then there is no team
		r["team"] = nil
	}
	return r, nil
}
