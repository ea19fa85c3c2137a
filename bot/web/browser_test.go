package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
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

// A newcomer needs the keyboard alone, and nothing but the page.
func TestNewcomer(t *testing.T) {
	ctx := browsertest.New(t)
	w, url := serve(t, web.Config{Handler: sample{}, Commands: sampleCommands, Starters: []string{"hello"}})
	browsertest.Do(t, ctx, browsertest.View(1280, 800, "light"), chromedp.Navigate(url))
	browsertest.Until(t, ctx, `document.activeElement.id == 'name'`)
	browsertest.Shoot(t, ctx, "welcome")
	browsertest.Press(t, ctx, "Sam", kb.Enter)
	browsertest.Until(t, ctx, `location.pathname == '/as/sam/dm-sam' && document.activeElement.id == 'line'`)
	zone := browsertest.Eval[string](t, ctx, `Intl.DateTimeFormat().resolvedOptions().timeZone`)
	if p := w.People(); len(p) != 1 || p[0].Zone != zone || !p[0].Admin {
		t.Errorf("People() = %+v, want Sam, an admin in %s", p, zone)
	}
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("[data-starter]")))
	browsertest.Press(t, ctx, " there", kb.Enter)
	browsertest.Until(t, ctx, `document.querySelectorAll('article').length == 2 && !document.querySelector('.hint')`)
	if got := browsertest.Eval[string](t, ctx, `document.querySelector('article.mine .body').innerText`); got != "hello there" {
		t.Errorf("the page shows %q, want what was typed", got)
	}
	browsertest.Until(t, ctx, `document.getElementById('announcer').textContent.startsWith('payoff: Logged for Sunday')`)

	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#who summary")), chromedp.Focus(chromedp.ID("newcomer")))
	browsertest.Press(t, ctx, "sam", kb.Enter)
	browsertest.Until(t, ctx, `document.getElementById('notice').textContent.includes('already someone called Sam')`)
	browsertest.Press(t, ctx, "antha", kb.Enter)
	browsertest.Until(t, ctx, `location.pathname == '/as/samantha/dm-samantha'`)
}

// A box is the message box of a page, and the bot behind it.
type box struct {
	t      *testing.T
	ctx    context.Context
	script chattest.Script
}

func newBox(t *testing.T) *box {
	b := &box{t: t, ctx: browsertest.New(t)}
	_, url := serve(t, web.Config{Handler: &b.script, Commands: sampleCommands, People: team()})
	browsertest.Do(t, b.ctx, chromedp.Navigate(url+"/as/sam"))
	browsertest.Until(t, b.ctx, `document.activeElement.id == 'line'`)
	return b
}

func (b *box) press(keys ...string) { browsertest.Press(b.t, b.ctx, keys...) }

func (b *box) holds(want string) {
	b.t.Helper()
	if got := browsertest.Eval[string](b.t, b.ctx, `document.getElementById('line').value`); got != want {
		b.t.Errorf("the message box holds %q, want %q", got, want)
	}
}

func (b *box) completes() {
	b.t.Helper()
	browsertest.Until(b.t, b.ctx, `!document.getElementById('choices').hidden`)
}

// sent waits for the n-th line to be shown.
func (b *box) sent(n int, want chat.Did) {
	b.t.Helper()
	browsertest.Until(b.t, b.ctx, fmt.Sprintf(`document.querySelectorAll('article').length == %d`, n))
	events := b.script.Events()
	if got := events[len(events)-1].Did; !reflect.DeepEqual(got, want) {
		b.t.Errorf("Did = %#v, want %#v", got, want)
	}
}

func TestCompletion(t *testing.T) {
	b := newBox(t)
	b.press("/goal")
	b.completes()
	b.press(kb.ArrowDown, kb.ArrowDown)
	if got := browsertest.Eval[string](t, b.ctx, `document.getElementById(document.getElementById('line').getAttribute('aria-activedescendant')).innerText`); !strings.HasPrefix(got, "/goal show") {
		t.Errorf("the chosen completion is %q, want the second", got)
	}
	b.press(kb.ArrowUp, kb.Enter)
	b.holds("/goal set ")
	b.press("£120k by 31 Dec", kb.Enter)
	b.sent(1, chat.Typed{Text: "goal set £120k by 31 Dec"})

	b.press("/lead")
	b.completes()
	b.press(kb.Tab)
	b.holds("/leaderboard ")
	b.press(kb.Enter)
	b.sent(2, chat.Typed{Text: "leaderboard"})

	b.press("/he")
	b.completes()
	b.press(kb.Escape)
	browsertest.Until(t, b.ctx, `document.getElementById('choices').hidden && document.getElementById('line').getAttribute('aria-expanded') == 'false'`)
	b.press(kb.Enter)
	b.sent(3, chat.Typed{Text: "he"})
}

func TestLinesAndDrafts(t *testing.T) {
	b := newBox(t)
	b.press("2h BNI")
	browsertest.Shift(t, b.ctx, kb.Enter)
	b.press("LinkedIn 90m", kb.Enter)
	b.sent(1, chat.Wrote{Text: "2h BNI\nLinkedIn 90m"})
	b.holds("")
	b.press("/help me", kb.Enter)
	b.sent(2, chat.Typed{Text: "help me"})

	b.press(kb.ArrowUp)
	b.holds("/help me")
	b.press(kb.ArrowUp, kb.ArrowUp)
	b.holds("2h BNI\nLinkedIn 90m")
	b.press(kb.ArrowDown)
	b.holds("/help me")
	b.press(kb.ArrowDown, kb.ArrowDown)
	b.holds("")

	b.press("not sent yet")
	browsertest.Do(t, b.ctx, chromedp.Click(chromedp.CSS("[data-room=team]")))
	browsertest.Until(t, b.ctx, `location.pathname == '/as/sam/team' && document.querySelector('h1').innerText == '#team' && document.activeElement.id == 'line'`)
	b.holds("")
	b.press("for the team")
	browsertest.Do(t, b.ctx, chromedp.NavigateBack())
	browsertest.Until(t, b.ctx, `location.pathname == '/as/sam/dm-sam' && document.getElementById('line')?.value == 'not sent yet'`)
}

func focused(t *testing.T, ctx context.Context) string {
	return browsertest.Eval[string](t, ctx, `((e) => e.id || e.className || e.innerText || e.tagName)(document.activeElement)`)
}

// tabTo presses Tab until the focus is where the selector says, and can be seen there.
func tabTo(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	for range 40 {
		if browsertest.Eval[bool](t, ctx, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			if !browsertest.Eval[bool](t, ctx, `[document.activeElement, document.activeElement.closest('label')].some((e) => e && getComputedStyle(e).outlineStyle != 'none')`) {
				t.Errorf("nothing shows that %s has the focus", selector)
			}
			return
		}
		browsertest.Press(t, ctx, kb.Tab)
	}
	t.Fatalf("no Tab leads to %s; the focus is on %s", selector, focused(t, ctx))
}

// From the first Tab to a check-in that is in, without a mouse.
func TestKeyboardAlone(t *testing.T) {
	ctx := browsertest.New(t)
	w, url := serve(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team()})
	do(t, w, "sam", "", chat.Typed{Text: "checkin"})
	browsertest.Do(t, ctx, chromedp.Navigate(url+"/as/sam"))
	browsertest.Until(t, ctx, `document.activeElement.id == 'line'`)

	browsertest.Eval[bool](t, ctx, `document.activeElement.blur(), true`)
	tabTo := func(selector string) { t.Helper(); tabTo(t, ctx, selector) }
	tabTo(".skip")
	browsertest.Press(t, ctx, kb.Enter)
	browsertest.Until(t, ctx, `document.activeElement.id == 'line'`)
	tabTo("#rooms a")
	tabTo("#clock button")
	tabTo("#who summary")
	tabTo("#log")
	tabTo(".actions .primary")

	browsertest.Press(t, ctx, kb.Enter)
	browsertest.Until(t, ctx, `document.activeElement.id == 'f0' && document.activeElement.closest('dialog[open]')`)
	browsertest.Press(t, ctx, " more")
	for range 20 { // the focus never leaves the form, but for the browser's own controls
		browsertest.Press(t, ctx, kb.Tab)
		if !browsertest.Eval[bool](t, ctx, `document.activeElement == document.body || !!document.activeElement.closest('dialog')`) {
			t.Fatalf("Tab leads out of the form to %s", focused(t, ctx))
		}
	}
	browsertest.Press(t, ctx, kb.Escape)
	browsertest.Until(t, ctx, `!document.querySelector('dialog[open]') && document.activeElement.innerText == 'Check in'`)
	browsertest.Press(t, ctx, kb.Enter)
	browsertest.Until(t, ctx, `document.getElementById('f0')?.value == '3h 14 contacts more'`)

	tabTo("#f1")
	browsertest.Press(t, ctx, "plenty") // Tab has selected what stood there
	tabTo("#f4-0")
	browsertest.Press(t, ctx, kb.ArrowRight)
	tabTo("#f7")
	browsertest.Press(t, ctx, "Call three old customers", kb.Enter)
	browsertest.Until(t, ctx, `document.activeElement.id == 'f1' && document.getElementById('f1-error') && document.getElementById('f4-1').checked && document.getElementById('f7').value.startsWith('Call three')`)
	browsertest.Press(t, ctx, kb.Home)
	browsertest.Shift(t, ctx, kb.End)
	browsertest.Press(t, ctx, "4h 9 contacts", kb.Enter)
	browsertest.Until(t, ctx, `!document.querySelector('dialog[open]') && document.querySelector('article.bot').innerText.includes('Checked in for the week')`)
	browsertest.Until(t, ctx, `document.activeElement.id == 'line'`)
}

// A button that is pressed twice calls once, and shows that it is at work.
func TestPressedTwice(t *testing.T) {
	ctx := browsertest.New(t)
	var script chattest.Script
	w, url := serve(t, web.Config{Handler: &script, People: team()})
	script.Answer(chat.Tell(receipt("2h BNI")...))
	do(t, w, "sam", "", chat.Wrote{Text: "2h BNI"})
	release := make(chan struct{})
	script.AnswerWith(func(context.Context, chat.Event) chat.Reply {
		<-release
		return chat.Update{Message: chat.Message{Summary: "Taken back"}}
	})

	browsertest.Do(t, ctx, chromedp.Navigate(url+"/as/sam"), chromedp.Click(chromedp.CSS(".actions button")), chromedp.WaitVisible(chromedp.CSS(".actions.htmx-request")), chromedp.Click(chromedp.CSS(".actions button")))
	close(release)
	browsertest.Until(t, ctx, `document.querySelector('article.bot').innerText.includes('Taken back')`)
	if n := len(script.Events()); n != 2 {
		t.Errorf("%d events, want the line and the button once", n)
	}
}

// Every page is told of what happens, and comes back when its server does.
func TestTabs(t *testing.T) {
	var current atomic.Pointer[web.Workspace]
	start := func() *web.Workspace {
		w, err := web.New(web.Config{Handler: sample{}, Commands: sampleCommands, People: team(), Clock: web.NewClock(func() time.Time { return morning }, 0)})
		if err != nil {
			t.Fatal(err)
		}
		current.Store(w)
		return w
	}
	w := start()
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(rw, r) }))
	defer srv.Close()
	defer func() { _ = current.Load().Close(context.Background()) }()

	sam := browsertest.New(t)
	priya := browsertest.NewTab(t, sam)
	browsertest.Do(t, sam, chromedp.Navigate(srv.URL+"/as/sam/team"))
	browsertest.Do(t, priya, chromedp.Navigate(srv.URL+"/as/priya"))
	browsertest.Do(t, sam, chromedp.SendKeys(chromedp.ID("line"), "Morning all"+kb.Enter))
	browsertest.Until(t, sam, `document.querySelector('article.mine')`)
	browsertest.Until(t, priya, `document.querySelector('[data-room=team]').hasAttribute('data-unread') && document.title.startsWith('•')`)
	browsertest.Do(t, priya, chromedp.Click(chromedp.CSS("[data-room=team]")))
	browsertest.Until(t, priya, `document.querySelector('article')?.innerText.includes('Morning all') && !document.querySelector('[data-unread][data-room]')`)

	browsertest.Do(t, sam, chromedp.Click(chromedp.CSS("#clock button")))
	for _, tab := range []context.Context{sam, priya} {
		browsertest.Until(t, tab, `document.querySelector('#now').innerText.includes('Mon 16 Nov 2026, 09:00')`)
	}

	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	browsertest.Until(t, sam, `document.getElementById('connection').textContent.includes('Connection lost')`)
	browsertest.Do(t, sam, chromedp.SendKeys(chromedp.ID("line"), "Anyone?"+kb.Enter))
	browsertest.Until(t, sam, `document.getElementById('notice').textContent.includes('shutting down') && document.getElementById('line').value == 'Anyone?'`)
	w = start()
	do(t, w, "ola", "team", chat.Wrote{Text: "Back again"})
	for _, tab := range []context.Context{sam, priya} {
		browsertest.Until(t, tab, `document.querySelectorAll('article').length == 1 && document.querySelector('article').innerText.includes('Back again') && document.getElementById('connection').textContent == ''`)
	}
	if got := browsertest.Eval[string](t, sam, `document.getElementById('line').value`); got != "Anyone?" {
		t.Errorf("the message box holds %q, want what was not sent", got)
	}
}
