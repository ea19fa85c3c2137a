package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Finding is what was found about one thing in Discord.
type Finding struct {
	About string // "discord token"
	Well  bool
	Say   string
}

// Check asks Discord whether all is well with c: the token, the application id and the public
// key, the way interactions come, the commands, how often payoff may still connect, the servers it
// is in, the room of the board by server, and this machine's clock, in that order. It
// changes nothing.
func Check(ctx context.Context, c Config, rooms map[string]string) []Finding {
	if c.Now == nil {
		c.Now = time.Now
	}
	c.APIURL = cmp.Or(c.APIURL, DefaultAPIURL)
	e := &examination{cfg: c, rest: newREST(c), in: map[string]membership{}}
	defer e.rest.client.CloseIdleConnections()
	if !e.application(ctx) {
		return e.findings
	}
	for _, part := range []func(context.Context) bool{e.endpoint, e.commands, e.starts, e.servers} {
		if !part(ctx) {
			return e.findings
		}
	}
	for _, server := range slices.Sorted(maps.Keys(rooms)) {
		if !e.room(ctx, server, rooms[server]) {
			return e.findings
		}
	}
	e.clock()
	return e.findings
}

// An examination is one Check under way.
type examination struct {
	cfg      Config
	rest     *rest
	app      application
	in       map[string]membership // by server
	date     time.Time             // when Discord last answered, by Discord's clock
	findings []Finding
}

// An application is what Discord knows of payoff.
// Source: https://docs.discord.com/developers/resources/application#application-object
type application struct {
	ID       string
	Name     string
	Key      string `json:"verify_key"`
	Endpoint string `json:"interactions_endpoint_url"`
	Bot      struct{ ID string }
}

// portal is where an operator sets what is missing.
const portal = "https://discord.com/developers/applications"

func (e *examination) well(about, say string, args ...any) {
	e.findings = append(e.findings, Finding{"discord " + about, true, fmt.Sprintf(say, args...)})
}

func (e *examination) ill(about, say string, args ...any) {
	e.findings = append(e.findings, Finding{"discord " + about, false, fmt.Sprintf(say, args...)})
}

// ask asks once: whoever waits for an answer can ask again.
func (e *examination) ask(ctx context.Context, path, query string, out any) error {
	c := call{method: http.MethodGet, path: path, query: query}
	got := e.rest.attempt(ctx, c, nil, "")
	if at, err := http.ParseTime(got.header.Get("Date")); err == nil {
		e.date = at
	}
	if err := e.rest.judge(c, got, out); err != nil {
		return err
	}
	return nil
}

// failed notes that a question was not answered, and reports whether it was Discord who said so.
func (e *examination) failed(about string, err error) bool {
	var answer *apiError
	switch r := e.cfg.refusal(err); {
	case r != nil:
		e.ill(about, "%s", r.Say)
	case errors.As(err, &answer) && answer.Say != notDiscord:
		e.ill(about, "Discord answers %q; try again in a while.", answer.Error())
	default:
		e.findings = []Finding{{"discord", false, fmt.Sprintf("%s cannot be reached (%s): check this machine's network, or DISCORD_API_URL.", e.cfg.APIURL, gatewayReason(err))}}
		return false
	}
	return true
}

// application looks at the token and whose it is, and reports whether it works.
func (e *examination) application(ctx context.Context) bool {
	if err := e.ask(ctx, "/applications/@me", "", &e.app); err != nil {
		if e.failed("token", err) {
			e.clock()
		}
		return false
	}
	e.well("token", "it belongs to the application %s.", e.app.Name)
	if id := e.cfg.ApplicationID; id != "" && id != e.app.ID {
		e.ill("application id", "DISCORD_APPLICATION_ID is %s, but the token belongs to %s: set that, or leave it empty and payoff asks.", id, e.app.ID)
	}
	if _, err := e.cfg.publicKey(); err != nil {
		e.ill("public key", "%s. The one of this application is %s.", err, e.app.Key)
	} else if key := e.cfg.PublicKey; key != "" && !strings.EqualFold(key, e.app.Key) {
		e.ill("public key", "DISCORD_PUBLIC_KEY is not this application's, so nothing signed by Discord is taken: set it to %s.", e.app.Key)
	}
	return true
}

// endpoint looks which way interactions come: Discord sends them one way only.
func (e *examination) endpoint(context.Context) bool {
	const about = "interactions"
	address := e.app.Endpoint
	switch u, err := url.Parse(address); {
	case address == "" && e.cfg.PublicKey == "":
		e.well(about, "they come by the gateway.")
	case address == "":
		e.well(about, "they come by the gateway, although DISCORD_PUBLIC_KEY is set. For HTTP, set the Interactions Endpoint URL at %s to payoff's public address and /discord/interactions.", portal)
	case e.cfg.PublicKey == "":
		e.ill(about, "Discord sends them to %s, where payoff cannot tell who sent them: set DISCORD_PUBLIC_KEY to %s, or empty the Interactions Endpoint URL at %s, and they come by the gateway.", address, e.app.Key, portal)
	case err != nil || u.Path != "/discord/interactions":
		e.ill(about, "Discord sends them to %s, but payoff takes them at /discord/interactions: correct the Interactions Endpoint URL at %s.", address, portal)
	default:
		e.well(about, "they come by HTTP to %s.", address)
	}
	return true
}

// commands compares those that are registered with the table.
func (e *examination) commands(ctx context.Context) bool {
	const about = "commands"
	wanted, err := appCommands(e.cfg.Commands)
	if err != nil {
		e.ill(about, "the command table is not one for Discord: %s.", err)
		return true
	}
	var has []registered
	if err := e.ask(ctx, "/applications/"+e.app.ID+"/commands", "", &has); err != nil {
		return e.failed(about, err)
	}
	var differ []string
	for _, c := range wanted {
		if !slices.ContainsFunc(has, c.is) {
			differ = append(differ, c.Name)
		}
	}
	for _, c := range has {
		if !slices.ContainsFunc(wanted, func(w appCommand) bool { return w.Name == c.Name && w.Type == c.Type }) {
			differ = append(differ, c.Name)
		}
	}
	switch {
	case len(has) == 0:
		e.well(about, "none is registered yet; payoff registers them when it starts.")
	case len(differ) > 0:
		e.ill(about, "not as this payoff has them: %s. Start payoff, which registers them.", strings.Join(differ, ", "))
	default:
		e.well(about, "all %d are registered.", len(wanted))
	}
	return true
}

// A registered command is what people see of it: to the rest Discord adds what it takes for
// granted, and it writes permissions in another way than it reads them.
type registered struct {
	Name        string
	Type        int
	Description string
	Options     []appOption
}

func (c appCommand) is(r registered) bool {
	return c.Name == r.Name && c.Type == r.Type && c.Description == r.Description && sameOptions(c.Options, r.Options)
}

func sameOptions(a, b []appOption) bool {
	return slices.EqualFunc(a, b, func(x, y appOption) bool {
		return x.Name == y.Name && x.Type == y.Type && x.Description == y.Description && x.Required == y.Required &&
			x.Autocomplete == y.Autocomplete && slices.Equal(x.Choices, y.Choices) && sameOptions(x.Options, y.Options)
	})
}

// fewStarts is when an operator should look why payoff is restarted so often.
const fewStarts = 50

// starts looks how often payoff may still connect today.
func (e *examination) starts(ctx context.Context) bool {
	const about = "gateway"
	var way directions
	if err := e.ask(ctx, "/gateway/bot", "", &way); err != nil {
		return e.failed(about, err)
	}
	s := way.Starts
	if again := time.Duration(s.ResetAfter) * time.Millisecond; s.Remaining < min(fewStarts, s.Total) {
		e.ill(about, "payoff may connect %d times more in the next %s, of %d: see in its log why it connects so often.", s.Remaining, again.Round(time.Minute), s.Total)
		return true
	}
	e.well(about, "payoff may connect %d times more today; Discord recommends %s.", s.Remaining, plural(way.Shards, "shard"))
	return true
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// tolerated is how far this machine's clock may be from Discord's: check-ins would come at the
// wrong time, and Discord shows times by its own.
const tolerated = time.Minute

func (e *examination) clock() {
	if e.date.IsZero() {
		return
	}
	skew := e.cfg.Now().Sub(e.date).Round(time.Second)
	switch {
	case skew > tolerated:
		e.ill("clock", "this machine's clock is %s ahead of Discord's: set it, or people are asked at the wrong time.", skew)
	case skew < -tolerated:
		e.ill("clock", "this machine's clock is %s behind Discord's: set it, or people are asked at the wrong time.", -skew)
	default:
		e.well("clock", "this machine's clock and Discord's agree.")
	}
}
