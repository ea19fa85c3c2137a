package discordtest

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Limits has calls limited as Discord does, from now on or no longer: buckets per route and its
// channel, server or interaction, told of in headers, and 50 a second over all. They are counted
// by Discord's clock.
// https://discord.com/developers/docs/topics/rate-limits
func (d *Discord) Limits(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.limits = limits{on: on, buckets: map[string]*bucket{}}
}

// A limits is what is left of each bucket.
type limits struct {
	on      bool
	all     bucket
	buckets map[string]*bucket
}

// A bucket is how many calls are left until it is full again.
type bucket struct {
	most, left int
	reset      time.Time
}

const (
	globalMost   = 50 // a second, of calls that carry the bot token
	globalWindow = time.Second
)

// A rule is how many calls a bucket takes in a time. Discord does not document them and may
// change them at any time: nobody should know these.
type rule struct {
	most int
	in   time.Duration
}

var (
	rules = map[string]rule{
		"POST /channels/{channel}/messages":             {5, 5 * time.Second},
		"PATCH /channels/{channel}/messages/{message}":  {5, 5 * time.Second},
		"DELETE /channels/{channel}/messages/{message}": {5, time.Second},
		"GET /channels/{channel}/messages":              {5, 5 * time.Second},
		"POST /users/@me/channels":                      {10, 10 * time.Second},
		"PUT /applications/{application}/commands":      {2, 60 * time.Second},
		"GET /users/@me/guilds":                         {1, time.Second},
	}
	webhookRule = rule{5, 2 * time.Second}
	otherRule   = rule{10, time.Second}
)

// take counts a call: it returns the headers of its answer, and the answer itself when there
// were too many. Called with d.mu held.
func (l *limits) take(q *request, now time.Time) (http.Header, *answer) {
	if !l.on || q.way.schema == callbackPath || q.way.path == "/unknown" {
		return nil, nil
	}
	if !q.way.open && !l.all.take(rule{globalMost, globalWindow}, now) {
		return nil, limited(l.all.reset.Sub(now), "global", "You are being rate limited.")
	}
	way := q.way.method + " " + q.way.path
	r, known := rules[way]
	switch {
	case q.way.open:
		r = webhookRule
	case !known:
		r = otherRule
	}
	major := cmp.Or(q.id("channel"), q.id("guild"), q.id("token"))
	b := l.buckets[way+" "+major]
	if b == nil {
		b = &bucket{}
		l.buckets[way+" "+major] = b
	}
	took := b.take(r, now)
	wait := b.reset.Sub(now)
	header := http.Header{
		"X-Ratelimit-Limit":       {strconv.Itoa(b.most)},
		"X-Ratelimit-Remaining":   {strconv.Itoa(b.left)},
		"X-Ratelimit-Reset":       {fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000)},
		"X-Ratelimit-Reset-After": {fmt.Sprintf("%.3f", wait.Seconds())},
		"X-Ratelimit-Bucket":      {fmt.Sprintf("%x", sha256.Sum256([]byte(way)))[:32]},
	}
	if !took {
		return header, limited(wait, "user", "You are being rate limited.")
	}
	return header, nil
}

// take counts a call, and is false when there are none left.
func (b *bucket) take(r rule, now time.Time) bool {
	if !now.Before(b.reset) {
		b.most, b.left, b.reset = r.most, r.most, now.Add(r.in)
	}
	if b.left == 0 {
		return false
	}
	b.left--
	return true
}

// limited is a 429. The scope is "user", "shared" or "global".
func limited(wait time.Duration, scope, say string) *answer {
	// Retry-After is in whole seconds, retry_after as exact as it is.
	header := http.Header{
		"Retry-After":       {strconv.Itoa(int(math.Ceil(wait.Seconds())))},
		"X-Ratelimit-Scope": {scope},
	}
	if scope == "global" {
		header.Set("X-RateLimit-Global", "true")
	}
	// Discord's number of seconds has three decimals; it is not to be too small.
	exact := math.Ceil(wait.Seconds()*1000) / 1000
	return &answer{
		status: http.StatusTooManyRequests, header: header, retry: wait,
		body: map[string]any{"message": say, "retry_after": exact, "global": scope == "global"},
	}
}
