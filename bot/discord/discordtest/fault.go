package discordtest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Fault is how calls go wrong. One that only says Delay is answered late and well.
type Fault struct {
	Path  string          // which: "POST /channels/*/messages", as of path.Match; "" is all
	Match func(Call) bool // and of those, which; nil is all. No two calls are judged at the same time
	Times int             // how often; 0 is always

	Delay  time.Duration // before anything else
	Status int           // what is answered; 0 is what would have been
	Code   int           // Discord's own, in the JSON answered
	Say    string        // its message
	Body   string        // what is answered instead of JSON, as a page

	RetryAfter time.Duration // of a 429; with Global it is for all calls, with Shared nobody's fault
	Global     bool
	Shared     bool

	Cut   bool // the connection is cut without an answer
	After bool // it goes wrong only after the call was carried out
}

// Page is what a proxy before Discord answers with, where JSON should be.
const Page = "<!DOCTYPE html><html><head><title>discord.com | 502: Bad gateway</title></head><body>cloudflare</body></html>"

// banned is Cloudflare's page for whom it has had enough of.
const banned = "<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head><body>error code: 1015</body></html>"

// A faults is what is to go wrong.
type faults struct {
	mu   sync.Mutex
	list []*Fault
	some func(Call) Fault
}

// Fail has calls go wrong from now on. Of several faults the first that is meant for a call
// counts.
func (d *Discord) Fail(f Fault) {
	if _, err := path.Match(f.Path, ""); err != nil {
		d.t.Errorf("discordtest: Fault.Path %q: %v", f.Path, err)
	}
	d.faults.mu.Lock()
	defer d.faults.mu.Unlock()
	d.faults.list = append(d.faults.list, &f)
}

// FailSome has a share of the calls that match (nil: all) go wrong at random, each in one of
// the ways that Discord does, half of them after they were carried out.
func (d *Discord) FailSome(rate float64, seed uint64, match func(Call) bool) {
	random := rand.New(rand.NewPCG(seed, seed))
	ways := []Fault{
		{Status: http.StatusInternalServerError, Say: "500: Internal Server Error"},
		{Status: http.StatusServiceUnavailable, Body: Page},
		{Cut: true},
		{Status: http.StatusTooManyRequests, RetryAfter: 20 * time.Millisecond, Shared: true},
		{Status: http.StatusBadGateway, Body: Page, After: true},
		{Cut: true, After: true},
		{Status: http.StatusGatewayTimeout, Body: Page, After: true},
		{Status: http.StatusInternalServerError, Say: "500: Internal Server Error", After: true},
	}
	d.faults.mu.Lock()
	defer d.faults.mu.Unlock()
	d.faults.some = func(c Call) Fault {
		if match != nil && !match(c) || random.Float64() >= rate {
			return Fault{}
		}
		return ways[random.IntN(len(ways))]
	}
}

// Cloudflare has the next calls refused by Cloudflare: a 429 that is a page and has none of
// Discord's headers.
func (d *Discord) Cloudflare(times int, retryAfter time.Duration) {
	d.Fail(Fault{Times: times, Status: http.StatusTooManyRequests, Body: banned, RetryAfter: retryAfter})
}

// Mend has nothing go wrong any more.
func (d *Discord) Mend() {
	d.faults.mu.Lock()
	defer d.faults.mu.Unlock()
	d.faults.list, d.faults.some = nil, nil
}

// next is how a call goes wrong; a zero Fault is not at all.
func (f *faults) next(c Call) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, one := range f.list {
		if !one.means(c) {
			continue
		}
		if one.Times > 0 {
			if one.Times--; one.Times == 0 {
				f.list = append(f.list[:i:i], f.list[i+1:]...)
			}
		}
		return *one
	}
	if f.some != nil {
		return f.some(c)
	}
	return Fault{}
}

// means reports whether a fault is meant for a call.
func (f *Fault) means(c Call) bool {
	if f.Path != "" {
		// The pattern was tried by Fail.
		if ok, err := path.Match(f.Path, c.Method+" "+c.Path); err != nil || !ok {
			return false
		}
	}
	return f.Match == nil || f.Match(c)
}

// answer is what a fault answers.
func (f Fault) answer() answer {
	a := answer{status: f.Status, code: f.Code}
	if f.Status == http.StatusTooManyRequests && f.Body == "" {
		scope := "user"
		if f.Shared {
			scope = "shared"
		}
		if f.Global {
			scope = "global"
		}
		return *limited(f.RetryAfter, scope, cmp.Or(f.Say, "You are being rate limited."))
	}
	if f.RetryAfter > 0 {
		a.header = http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds())))}}
		a.retry = f.RetryAfter
	}
	if f.Body != "" {
		a.body = f.Body
		return a
	}
	say := cmp.Or(f.Say, strings.TrimSpace(fmt.Sprintf("%d: %s", f.Status, http.StatusText(f.Status))))
	a.body = map[string]any{"message": say, "code": f.Code}
	return a
}
