package discord

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A bucket is one of Discord's limits as far as it has told of it. Nobody knows it beforehand:
// until an answer has told, and again after a 429, its calls go one by one.
// https://docs.discord.com/developers/topics/rate-limits#header-format
type bucket struct {
	free  bool // Discord has told that there is none
	limit int  // calls until reset; 0 is not known
	left  int
	reset time.Time     // when limit is left again
	span  time.Duration // the longest that a reset was away
	until time.Time     // no call before, since a 429

	flying, waiting int
	crowded         bool    // several were under way at a time since one flew alone
	into            *bucket // what it turned out to be one with
}

// join makes b one with another bucket.
func (b *bucket) join(other *bucket) {
	other.flying += b.flying
	other.waiting += b.waiting
	other.crowded = other.crowded || other.flying > 1
	b.into = other
}

// ready is when the next call may go; ok is false when an answer that is due decides that.
func (b *bucket) ready(now time.Time) (at time.Time, ok bool) {
	if b.limit > 0 && !now.Before(b.reset) {
		b.left = b.limit - b.flying
	}
	switch {
	case now.Before(b.until):
		return b.until, true
	case b.free, b.limit > 0 && b.left > 0:
		return now, true
	case b.limit == 0 || !now.Before(b.reset):
		return now, b.flying == 0
	}
	return b.reset, true
}

// due is when a call that comes behind all that wait may go, as far as can be told.
func (b *bucket) due(now time.Time) time.Time {
	at, ok := b.ready(now)
	if !ok {
		return now
	}
	if b.limit == 0 || b.waiting < b.left {
		return at
	}
	behind := b.waiting - max(b.left, 0)
	return b.reset.Add(time.Duration(behind/b.limit) * b.span)
}

// idle says that nothing would be lost with b: nobody uses it, and it has reset.
func (b *bucket) idle(now time.Time) bool {
	return b.flying+b.waiting == 0 && !now.Before(b.reset) && !now.Before(b.until)
}

// learn takes over what an answer tells. Answers overtake each other: where several were under
// way, what leaves less counts.
func (b *bucket) learn(h http.Header, now time.Time) {
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	if err != nil || err2 != nil || limit <= 0 {
		return
	}
	in := headerSeconds(h, "X-RateLimit-Reset-After")
	reset := now.Add(in)
	if b.crowded && b.limit > 0 {
		left, reset = min(left, b.left), later(reset, b.reset)
	}
	b.free, b.limit, b.left = false, limit, left
	b.reset, b.span = reset, max(b.span, in)
}

// refuse holds calls off after a 429. What was known was wrong, or a limit stands in the way
// of which no header tells: one call is the first to try again.
func (b *bucket) refuse(until time.Time) {
	b.free, b.limit = false, 0
	if until.After(b.until) {
		b.until = until
	}
}

// A route is a method and a path without its ids. Discord's limits are of a route, or of
// several that it tells by one name, and apart for each major resource.
// https://docs.discord.com/developers/topics/rate-limits
func routeOf(method, path string) (route, major string) {
	p := strings.Split(path, "/")
	if len(p) > 2 {
		switch p[1] {
		case "channels", "guilds":
			p[2], major = ":major", p[2]
		case "webhooks", "interactions":
			major = strings.Join(p[2:min(4, len(p))], "/")
			for i := 2; i < min(4, len(p)); i++ {
				p[i] = ":major"
			}
		}
	}
	for i, s := range p {
		if isID(s) {
			p[i] = ":id"
		}
	}
	return method + " " + strings.Join(p, "/"), major
}
