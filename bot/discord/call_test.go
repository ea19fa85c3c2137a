package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

const hookToken = "aW50ZXJhY3Rpb246secret"

// hookCall is one that is addressed with the token of an interaction.
func hookCall() call {
	return call{method: http.MethodPost, path: "/webhooks/100000000000000001/" + hookToken, open: true, secret: hookToken}
}

func getCall() call { return call{method: http.MethodGet, path: "/gateway/bot"} }

func TestCallIsSent(t *testing.T) {
	a, over, _ := taping(t, always(tapeAnswer{body: `{"id":"1"}`}))
	var out struct{ ID string }
	c := call{method: http.MethodPost, path: "/channels/" + roomTeam + "/messages", query: "a=b", body: map[string]string{"content": "x"}}
	if err := a.rest.do(t.Context(), c, &out); err != nil || out.ID != "1" {
		t.Errorf("do = %v, and %+v", err, out)
	}
	c.files = []file{{`a".png`, "image/png", []byte("PNG")}, {"b", "", []byte("B")}}
	if err := a.rest.do(t.Context(), c, nil); err != nil {
		t.Error(err)
	}
	got := over.of("POST")
	for _, c := range got {
		if c.way != "POST /channels/"+roomTeam+"/messages" || c.query != "a=b" || c.auth != "Bot "+tapeToken || c.body != `{"content":"x"}` {
			t.Errorf("sent %+v", c)
		}
	}
	want := []string{`files[0] a".png image/png PNG`, "files[1] b application/octet-stream B"}
	if !slices.Equal(got[1].files, want) {
		t.Errorf("files = %q, want %q", got[1].files, want)
	}
}

// TestCallOnTheWire holds what a RoundTripper does not see: no body without a type, the name of
// the program, and that a redirect is not followed with the token.
func TestCallOnTheWire(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed to %s", r.URL)
	}))
	defer elsewhere.Close()
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path != "/api/v9/gateway/bot" || r.Header.Get("Content-Type") != "" || len(body) > 0 || !strings.HasPrefix(r.UserAgent(), "DiscordBot (") {
			t.Errorf("%s %s %v %q", r.Method, r.URL, r.Header, body)
		}
		http.Redirect(rw, r, elsewhere.URL, http.StatusFound)
	}))
	defer s.Close()
	r := newREST(Config{APIURL: s.URL, BotToken: chat.NewSecret(tapeToken)})
	c := getCall()
	c.once = true
	isOfKind(t, r.do(t.Context(), c, nil), chat.Transient)
}

// TestTriedAgain: how often something is tried that fails once in a way.
func TestTriedAgain(t *testing.T) {
	good := tapeAnswer{body: `{}`}
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	for name, test := range map[string]struct {
		bad          tapeAnswer
		safe, posted int // calls, of one that may be repeated and of one that may not
		kind         chat.ErrorKind
	}{
		"500":               {refusing(500, 0, "oh"), 2, 1, chat.Transient},
		"502 of a proxy":    {tapeAnswer{status: 502, body: "<html>Bad Gateway</html>"}, 2, 1, chat.Transient},
		"503":               {tapeAnswer{status: 503}, 2, 1, chat.Transient},
		"504":               {tapeAnswer{status: 504, body: "upstream timed out"}, 2, 1, chat.Transient},
		"a page, 200":       {tapeAnswer{body: "<html>", header: map[string]string{"Content-Type": "text/html; charset=UTF-8"}}, 2, 1, chat.Transient},
		"no JSON, 200":      {tapeAnswer{body: `{"id`}, 2, 1, chat.Transient},
		"cut":               {tapeAnswer{err: errCutOff}, 2, 1, chat.Transient},
		"timeout":           {tapeAnswer{after: time.Minute}, 2, 1, chat.Transient},
		"nobody listens":    {tapeAnswer{err: dial}, 2, 2, ""},
		"429":               {tapeAnswer{status: 429, body: `{"retry_after":0.5}`}, 2, 2, ""},
		"400":               {refusing(400, 50035, "Invalid Form Body"), 1, 1, chat.Invalid},
		"403 of Cloudflare": {tapeAnswer{status: 403, body: "<html>"}, 1, 1, chat.Transient},
		"404":               {refusing(404, 10003, "Unknown Channel"), 1, 1, chat.Gone},
	} {
		t.Run(name, func(t *testing.T) {
			for _, once := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					a, over, _ := taping(t, inTurn(test.bad, good))
					c, want := getCall(), test.safe
					if c.once = once; once {
						want = test.posted
					}
					var out map[string]any
					err := a.rest.do(t.Context(), c, &out)
					if n := len(over.of("GET")); n != want {
						t.Errorf("once %t: %d calls, want %d", once, n, want)
					}
					if want == 1 {
						isOfKind(t, err, test.kind)
					} else if err != nil {
						t.Errorf("once %t: %v", once, err)
					}
				})
			}
		})
	}
}

func TestTriedAgainToTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(refusing(503, 0, "out to lunch")))
		start := time.Now()
		err := a.rest.do(t.Context(), getCall(), nil)
		isOfKind(t, err, chat.Transient)
		var said *apiError
		if !errors.As(err, &said) || said.Status != 503 || said.Say != "out to lunch" {
			t.Errorf("error = %v, want Discord's words", err)
		}
		if n, took := len(over.of("GET")), time.Since(start); n != mostAttempts || took > 8*time.Second {
			t.Errorf("%d calls in %v, want %d in at most 8s", n, took, mostAttempts)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		start = time.Now()
		isOfKind(t, a.rest.do(ctx, getCall(), nil), chat.Transient)
		if time.Since(start) > 300*time.Millisecond {
			t.Errorf("took %v with 300ms", time.Since(start))
		}
	})
}

// TestHangingIsTriedTwice: a Discord that never answers is not asked for minutes.
func TestHangingIsTriedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(tapeAnswer{after: time.Hour}))
		start := time.Now()
		isOfKind(t, a.rest.do(t.Context(), getCall(), nil), chat.Transient)
		if n, took := len(over.of("")), time.Since(start); n != 2 || took > 41*time.Second {
			t.Errorf("%d calls in %v, want 2 in 40s", n, took)
		}
	})
}

// TestNoTokenIsTold has each failure there is, with answers that say the tokens back.
func TestNoTokenIsTold(t *testing.T) {
	echo := tapeToken + " " + hookToken
	cut := &url.Error{Op: "Post", URL: "https://discord.test/api/v9/webhooks/1/" + hookToken, Err: errors.New("lost " + echo)}
	for name, answer := range map[string]tapeAnswer{
		"refused":       refusing(400, 50035, echo),
		"explained":     {status: 400, body: `{"code":50035,"message":"no","errors":{"` + hookToken + `":{"_errors":[{"message":"` + tapeToken + `"}]}}}`},
		"unauthorised":  refusing(401, 0, echo),
		"forbidden":     refusing(403, 50001, echo),
		"dead token":    refusing(404, 10015, "Unknown Webhook "+hookToken),
		"a page":        {status: 404, body: "<html>" + echo},
		"limited":       {status: 429, body: `{"retry_after":900,"message":"` + echo + `"}`},
		"all limited":   {status: 429, body: "<html>" + echo, header: map[string]string{"Retry-After": "900"}},
		"broken":        refusing(500, 0, echo),
		"cut":           {err: cut},
		"no JSON":       {body: echo},
		"hangs":         {after: time.Hour},
		"a redirection": {status: 302, body: echo, header: map[string]string{"Location": "https://x.test/" + hookToken}},
	} {
		t.Run(name, func(t *testing.T) {
			forgetful := hookCall() // who made it did not say what is secret
			forgetful.secret = ""
			back := call{method: http.MethodPost, path: "/interactions/500000000000000001/" + hookToken + "/callback", open: true, once: true}
			for _, c := range []call{hookCall(), forgetful, back, {method: http.MethodGet, path: "/users/@me", secret: hookToken}} {
				synctest.Test(t, func(t *testing.T) {
					a, _, log := taping(t, always(answer))
					for range 2 { // the second may be held back
						var out map[string]any
						err := a.rest.do(t.Context(), c, &out)
						if err == nil {
							t.Fatal("no error")
						}
						for at := error(err); at != nil; at = errors.Unwrap(at) {
							told := fmt.Sprintf("%v %+v %#v %s", at, at, at, log)
							if strings.Contains(told, tapeToken) || strings.Contains(told, hookToken) || strings.Contains(told, "https:") {
								t.Errorf("told: %s", told)
							}
						}
					}
				})
			}
		})
	}
}

func TestKinds(t *testing.T) {
	for _, test := range []struct {
		status, code int
		want         chat.ErrorKind
	}{
		{401, 0, chat.Gone}, {404, 10003, chat.Gone}, {404, 10004, chat.Gone}, {404, 10007, chat.Gone},
		{404, 10008, chat.Gone}, {404, 10013, chat.Gone}, {400, 50033, chat.Gone}, {403, 50001, chat.Gone},
		{403, 50007, chat.Gone}, {403, 50278, chat.Gone}, {403, 50013, chat.Gone},
		{400, 50035, chat.Invalid}, {400, 40060, chat.Invalid}, {404, 10062, chat.Invalid}, {400, 50006, chat.Invalid},
		{403, 50005, chat.Invalid}, {404, 0, chat.Invalid}, {405, 0, chat.Invalid},
		{408, 0, chat.Transient}, {500, 0, chat.Transient}, {503, 130000, chat.Transient},
		{429, 0, chat.RateLimited}, {400, 40003, chat.RateLimited}, {429, 40003, chat.RateLimited},
	} {
		r := newREST(Config{})
		g := response{status: test.status, body: fmt.Appendf(nil, `{"code":%d,"message":"no"}`, test.code)}
		err := r.judge(getCall(), g, nil)
		isOfKind(t, err, test.want)
		if code(err) != test.code {
			t.Errorf("%d, %d: code = %d", test.status, test.code, code(err))
		}
	}
	if code(errors.New("x")) != 0 || code(nil) != 0 {
		t.Error("an error that is not Discord's has a code")
	}
}

func TestRefusalIsExplained(t *testing.T) {
	const body = `{"code":50035,"message":"Invalid Form Body","errors":{
		"embeds":{"0":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]}}},
		"content":{"_errors":[{"code":"X","message":"Too long."},{"message":"Too dull."}]}}}`
	r := newREST(Config{})
	err := r.judge(hookCall(), response{status: 400, body: []byte(body)}, nil)
	const want = "invalid: POST /webhooks/100000000000000001/[token]: HTTP 400, 50035: Invalid Form Body; " +
		"content: Too long.; content: Too dull.; embeds.0.description: Must be 4096 or fewer in length."
	if err.Error() != want {
		t.Errorf("error = %q\nwant    %q", err, want)
	}
}

// FuzzResponse has anything at all come back.
func FuzzResponse(f *testing.F) {
	f.Add(429, `{"retry_after":1.5,"global":true}`, "1", "text/html")
	f.Add(400, `{"code":50035,"message":"no","errors":{"a":{"_errors":[{"message":"b"}]},"_errors":"x"}}`, "-1", "")
	f.Add(200, `null`, "1e400", "application/json")
	f.Add(429, `<html>`, "NaN", "")
	f.Add(0, ``, "", "")
	f.Fuzz(func(t *testing.T, status int, body, seconds, kind string) {
		g := response{status: status, body: []byte(body), header: http.Header{
			"Retry-After": {seconds}, "Content-Type": {kind}, "X-Ratelimit-Reset-After": {seconds},
			"X-Ratelimit-Limit": {body}, "X-Ratelimit-Remaining": {seconds}, "X-Ratelimit-Bucket": {kind},
		}}
		r := newREST(Config{BotToken: chat.NewSecret(tapeToken)})
		s, err := r.traffic.pass(t.Context(), getCall(), time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		r.traffic.done(s, g)
		var out map[string]any
		e := r.judge(getCall(), g, &out)
		if e == nil && (status < 200 || status > 299) {
			t.Errorf("status %d is no error", status)
		}
		if e != nil && e.Kind == chat.RateLimited && (e.RetryAfter <= 0 || e.RetryAfter > mostPause) {
			t.Errorf("RetryAfter = %v", e.RetryAfter)
		}
	})
}

func FuzzRoute(f *testing.F) {
	f.Add("/webhooks/100000000000000001/tok/messages/@original")
	f.Add("//")
	f.Fuzz(func(t *testing.T, path string) {
		route, _ := routeOf("GET", path)
		if token := tokenIn(path); len(token) > 5 && strings.Contains(route, token) && strings.Count(path, token) == 1 {
			t.Errorf("routeOf(%q) = %q holds the token", path, route)
		}
		if again, _ := routeOf("GET", strings.TrimPrefix(route, "GET ")); again != route {
			t.Errorf("of the route %q comes %q", route, again)
		}
	})
}

// A strictDiscord takes so many calls of each room in a time, and 50 in all in each second,
// and counts what came too early.
type strictDiscord struct {
	limit   int
	span    time.Duration
	windows map[string]*strictWindow
	refused int
}

type strictWindow struct {
	until time.Time
	left  int
}

func (d *strictDiscord) take(key string, limit int, span time.Duration, now time.Time) *strictWindow {
	w := d.windows[key]
	if w == nil || !now.Before(w.until) {
		w = &strictWindow{now.Add(span), limit}
		d.windows[key] = w
	}
	if w.left--; w.left < 0 {
		d.refused++
	}
	return w
}

// TestNeverTooEarly: whatever Discord's limits are and however long calls take, none comes
// too early and all come.
func TestNeverTooEarly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &strictDiscord{
			limit: rapid.IntRange(1, 8).Draw(rt, "limit"), windows: map[string]*strictWindow{},
			span: time.Duration(rapid.IntRange(50, 5000).Draw(rt, "span")) * time.Millisecond,
		}
		rooms := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 60).Draw(rt, "rooms")
		back := rapid.SliceOfN(rapid.IntRange(0, 300), 60, 60).Draw(rt, "latencies")
		done := 0
		synctest.Test(t, func(t *testing.T) {
			turn := make(chan struct{}, 1)
			n := 0
			a, _, _ := taping(t, func(c taped) tapeAnswer {
				turn <- struct{}{}
				defer func() { <-turn }()
				d.take("", globalCalls, time.Second, c.at)
				w := d.take(c.way, d.limit, d.span, c.at)
				answer := toldLimit(`{}`, "b", d.limit, max(w.left, 0), w.until.Sub(c.at).Seconds())
				answer.after = time.Duration(back[n%len(back)]) * time.Millisecond
				n++
				return answer
			})
			var calls []call
			for _, room := range rooms {
				calls = append(calls, postIn(roomNo(room)))
			}
			done = len(rush(t, a.rest, calls...))
			if len(a.rest.traffic.line) > 0 {
				t.Error("somebody stands in line for ever")
			}
		})
		if d.refused > 0 || done != len(rooms) {
			rt.Errorf("%d of %d calls came too early", d.refused, done)
		}
	})
}
