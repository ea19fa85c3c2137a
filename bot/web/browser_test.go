package web_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"payoff/bot/chat"
	"payoff/bot/web"
	"payoff/bot/web/browsertest"
)

// morning is a Sunday, so that Monday 09:00 is near.
var morning = time.Date(2026, 11, 15, 9, 41, 0, 0, time.UTC)

// serve starts a workspace and the address of its page.
func serve(t *testing.T, cfg web.Config) (*web.Workspace, string) {
	t.Helper()
	if cfg.Clock == nil {
		cfg.Clock = web.NewClock(func() time.Time { return morning }, 0)
	}
	w, err := web.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(w)
	t.Cleanup(func() {
		if err := w.Close(context.Background()); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return w, srv.URL
}

func team() []web.Person {
	return []web.Person{
		{ID: "sam", Name: "Sam", Zone: "Europe/London", Admin: true},
		{ID: "priya", Name: "Priya Natarajan", Zone: "Europe/London"},
		{ID: "ola", Name: "Ola Nordmann", Zone: "Europe/Oslo"},
	}
}

func do(t *testing.T, w *web.Workspace, person, room string, did chat.Did) {
	t.Helper()
	if _, err := w.Do(t.Context(), web.Act{Person: person, Room: room, Did: did}); err != nil {
		t.Fatal(err)
	}
}

var looks = []struct {
	name          string
	width, height int64
	scheme        string
}{
	{"desk-light", 1280, 800, "light"}, {"desk-dark", 1280, 800, "dark"},
	{"phone-light", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"},
}

// fits says whether nothing is wider than the window, which a phone would scroll to.
const fits = `document.documentElement.scrollWidth <= innerWidth && document.querySelector('main').scrollWidth <= innerWidth`

func TestLooks(t *testing.T) {
	ctx := browsertest.New(t)
	w, url := serve(t, web.Config{Handler: sample{}, Commands: sampleCommands, Name: "Mill Lane Traders", People: team()})
	do(t, w, "sam", "", chat.Wrote{Text: "2h BNI £25 4 contacts 2 conversations 1 qualified yesterday"})
	do(t, w, "sam", "", chat.Typed{Text: "checkin"})
	do(t, w, "priya", "team", chat.Wrote{Text: "Morning all. Two referrals from Tuesday, both called back."})
	do(t, w, "ola", "team", chat.Wrote{Text: "Nice! I have a one-to-one with the accountant at ten."})
	do(t, w, "sam", "team", chat.Typed{Text: "leaderboard"})
	do(t, w, "sam", "team", chat.Typed{Text: "report"})
	do(t, w, "priya", "team", chat.Wrote{Text: "שלום, and hello from the café <script>alert(1)</script>"})

	for _, look := range looks {
		shoot := func(name string) {
			t.Helper()
			if !browsertest.Eval[bool](t, ctx, fits) {
				t.Errorf("%s %s: something is wider than the window", look.name, name)
			}
			browsertest.Shoot(t, ctx, look.name+"-"+name)
		}
		browsertest.Do(t, ctx, browsertest.View(look.width, look.height, look.scheme), chromedp.Navigate(url+"/as/sam"))
		browsertest.Until(t, ctx, `document.querySelectorAll('article').length == 4`)
		shoot("direct")
		browsertest.Do(t, ctx, chromedp.Focus(chromedp.ID("line")), chromedp.KeyEvent("/"))
		browsertest.Until(t, ctx, `!document.getElementById('choices').hidden`)
		browsertest.Do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
		shoot("completion")
		browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Backspace))
		browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("article:last-of-type .actions .primary")), chromedp.WaitVisible(chromedp.CSS("dialog form")))
		shoot("form")
		browsertest.Do(t, ctx, chromedp.SetValue(chromedp.ID("f1"), "plenty"), chromedp.SetValue(chromedp.ID("f7"), "Call three old customers"),
			chromedp.Click(chromedp.CSS("#f4-0 + span")), chromedp.Click(chromedp.CSS("dialog footer .primary")),
			chromedp.WaitVisible(chromedp.ID("f1-error")))
		shoot("form-error")
		browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.Navigate(url+"/as/sam/team"))
		browsertest.Until(t, ctx, `[...document.images].every((i) => i.complete)`)
		shoot("team-end")
		browsertest.Do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.getElementById('log').scrollTop = 0`))
		browsertest.Until(t, ctx, `[...document.images].every((i) => i.complete)`)
		shoot("team")
		if look.width < 700 {
			browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS(".menu")), chromedp.WaitVisible(chromedp.ID("side")))
			shoot("menu")
		}
		browsertest.Do(t, ctx, chromedp.Navigate(url+"/as/priya"))
		browsertest.Until(t, ctx, `document.querySelector('.hint')`)
		shoot("empty")
	}
}
