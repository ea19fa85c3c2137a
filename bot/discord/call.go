package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"payoff/bot/chat"
)

// Calls go through net/http, and not through discordgo. Its request code would have to be held
// off at every step: it sends a 502 again, so that a message is posted twice; it never sends a
// 500 or 503 again; it sleeps where no context reaches it, limits every address string on its
// own and keeps it for good, does not know the global limit, and its errors hold the request,
// bot token and interaction token included.

const (
	apiPath   = "/api/v9"
	userAgent = "DiscordBot (payoff, 1)" // https://docs.discord.com/developers/reference#user-agent
)

// Limits of one call.
const (
	connectLimit = 5 * time.Second
	headerLimit  = 10 * time.Second
	attemptLimit = 20 * time.Second // an upload too
	idleLimit    = 30 * time.Second
	longestWait  = 10 * time.Second // for Discord's limits, all attempts together
	mostAttempts = 8                // where 1 call in 3 fails, 1 in 6,000 comes to nothing
	triedFor     = 30 * time.Second // after which there is no further attempt
	mostAnswer   = 8 << 20          // bytes
)

// rest is Discord's REST API.
type rest struct {
	base    string
	token   chat.Secret
	client  *http.Client
	traffic *traffic
	closed  closedRooms
}

func newREST(cfg Config) *rest {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &rest{
		base:    cmp.Or(cfg.APIURL, DefaultAPIURL) + apiPath,
		token:   cfg.BotToken,
		client:  newHTTPClient(),
		traffic: newTraffic(log),
	}
}

func newHTTPClient() *http.Client {
	return &http.Client{
		Timeout: attemptLimit,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: connectLimit}).DialContext,
			TLSHandshakeTimeout:   connectLimit,
			ResponseHeaderTimeout: headerLimit,
			IdleConnTimeout:       idleLimit,
			MaxIdleConnsPerHost:   globalCalls,
			ForceAttemptHTTP2:     true,
			// A laptop that slept wakes up to connections that are dead and do not say so.
			HTTP2: &http.HTTP2Config{SendPingTimeout: connectLimit, PingTimeout: connectLimit},
		},
		// Discord redirects no call, and a token must not follow one elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// A call is one request of the REST API.
type call struct {
	method string // "POST"
	path   string // "/channels/123/messages": below /api/v9
	query  string
	body   any           // JSON; nil is none
	files  []file        // then the request is multipart, the body in payload_json
	open   bool          // needs no bot token and counts against no global limit: callbacks and webhooks of interactions
	secret string        // the part of the path that must never be told: an interaction's token
	wait   time.Duration // how long it may wait for limits before it fails as RateLimited; 0 is longestWait
	once   bool          // posts something that no nonce guards: not tried again unless it surely did nothing
}

// do carries out a call and decodes the answer into out (nil: it is not read). Errors are
// *chat.Error, and wrap an *apiError where Discord answered.
func (r *rest) do(ctx context.Context, c call, out any) error {
	body, kind, err := c.encode()
	if err != nil {
		return &chat.Error{Kind: chat.Invalid, Err: fmt.Errorf("%s: %w", c, err)}
	}
	begun, patience := r.traffic.clock(), cmp.Or(c.wait, longestWait)
	var last *chat.Error
	for attempt := 0; ; attempt++ {
		joined := r.traffic.clock()
		s, err := r.traffic.pass(ctx, c, joined.Add(patience))
		if err != nil {
			return r.notSent(c, err, last)
		}
		patience -= r.traffic.clock().Sub(joined)
		got := r.attempt(ctx, c, body, kind)
		r.traffic.done(s, got)
		if last = r.judge(c, got, out); last == nil {
			return nil
		}
		switch {
		case last.Kind == chat.RateLimited:
			continue // the traffic holds it back, or knows that it would take too long
		case last.Kind != chat.Transient, !got.passing(c), attempt+1 == mostAttempts, r.traffic.clock().Sub(begun) > triedFor:
			return last
		}
		if pauseFor(ctx, callBackoff(attempt)) != nil {
			return last
		}
	}
}

// A response is what came of one attempt.
type response struct {
	status int // 0 when none came
	header http.Header
	body   []byte
	err    error // instead of a response
}

// passing reports whether what failed may be tried again: it may succeed then, and did nothing.
func (g response) passing(c call) bool {
	if neverLeft(g.err) {
		return true
	}
	// A 4xx that is not Discord's own JSON is a proxy's, and the next would count against us too.
	return !c.once && (g.status < http.StatusBadRequest || g.status >= http.StatusInternalServerError)
}

func (r *rest) attempt(ctx context.Context, c call, body []byte, kind string) response {
	address := r.base + c.path
	if c.query != "" {
		address += "?" + c.query
	}
	request, err := http.NewRequestWithContext(ctx, c.method, address, bytes.NewReader(body))
	if err != nil {
		return response{err: err}
	}
	request.Header.Set("User-Agent", userAgent)
	if kind != "" { // Discord refuses a type without a body
		request.Header.Set("Content-Type", kind)
	}
	if !c.open {
		request.Header.Set("Authorization", "Bot "+r.token.Reveal())
	}
	resp, err := r.client.Do(request)
	if err != nil {
		return response{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	// Of an answer that was cut the head still tells of limits.
	return response{status: resp.StatusCode, header: resp.Header, body: got, err: err}
}

// encode is the body of c and its type.
func (c call) encode() (body []byte, kind string, err error) {
	if c.body != nil {
		kind = "application/json"
		if body, err = json.Marshal(c.body); err != nil {
			return nil, "", fmt.Errorf("encode: %w", err)
		}
	}
	if len(c.files) == 0 {
		return body, kind, nil
	}
	var b bytes.Buffer // writing to it never fails
	w := multipart.NewWriter(&b)
	add := func(disposition, kind string, data []byte) {
		part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
		_, _ = part.Write(data)
	}
	add(`form-data; name="payload_json"`, "application/json", body)
	for i, f := range c.files {
		name := multipart.FileContentDisposition("files["+strconv.Itoa(i)+"]", f.name)
		add(name, cmp.Or(f.mime, "application/octet-stream"), f.data)
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType(), nil
}

// String names a call without the token of an interaction.
func (c call) String() string { return c.method + " " + c.hide(c.path) }

// hide is text without the token of an interaction.
func (c call) hide(text string) string {
	for _, secret := range []string{c.secret, tokenIn(c.path)} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[token]")
		}
	}
	return text
}

// tokenIn is the token of an interaction in a path, "" when there is none:
// /interactions/{id}/{token}/callback and /webhooks/{application}/{token} with what follows.
func tokenIn(path string) string {
	p := strings.Split(path, "/")
	if len(p) > 3 && (p[1] == "interactions" || p[1] == "webhooks") {
		return p[3]
	}
	return ""
}

// Waits between attempts that Discord said nothing about.
const (
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 2 * time.Second
)

// callBackoff doubles with each attempt; half of it is chance, so that those who failed
// together do not come back together.
func callBackoff(attempt int) time.Duration {
	d := min(firstBackoff<<min(attempt, 10), lastBackoff)
	return d/2 + rand.N(d/2)
}

// pauseFor waits, or returns the error of a context that ended first.
func pauseFor(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
