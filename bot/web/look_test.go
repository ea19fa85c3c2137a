package web_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"payoff/bot/chat"
	"payoff/bot/web"
	"payoff/bot/web/browsertest"
)

var looks = []struct {
	name          string
	width, height int64
	scheme        string
}{
	{"desk-light", 1280, 800, "light"}, {"desk-dark", 1280, 800, "dark"},
	{"phone-light", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"},
	{"narrow-light", 360, 640, "light"},
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
			if faint := browsertest.Eval[[]string](t, ctx, faint); len(faint) > 0 {
				t.Errorf("%s %s: too faint:\n%s", look.name, name, strings.Join(faint, "\n"))
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
		browsertest.Do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.getElementById('who').open = true`))
		shoot("people")
		browsertest.Do(t, ctx, chromedp.Navigate(url+"/as/priya"))
		browsertest.Until(t, ctx, `document.querySelector('.hint')`)
		shoot("empty")
	}
}

// faint is the text that stands out too little from what is behind it, by WCAG 2 level AA.
const faint = `(() => {
	const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const colour = (css) => {
		paint.clearRect(0, 0, 1, 1);
		paint.fillStyle = css;
		paint.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
		return { c: [r, g, b], a: a / 255 };
	};
	const behind = (el) => {
		const { c, a } = colour(getComputedStyle(el).backgroundColor);
		if (a === 1 || !el.parentElement) return c;
		return behind(el.parentElement).map((v, i) => c[i] * a + v * (1 - a));
	};
	const light = (c) => {
		const [r, g, b] = c.map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const found = [];
	for (const el of document.querySelectorAll('body *')) {
		const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
		if (!own || !el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || el.closest('.unseen, .skip, svg')) continue;
		const [a, b] = [light(colour(getComputedStyle(el).color).c), light(behind(el))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) found.push(ratio.toFixed(2) + ' ' + el.tagName + '.' + el.className + ' ' + el.textContent.trim().slice(0, 40));
	}
	return [...new Set(found)];
})()`

// What a screen reader is told: every part has its role and its name.
func TestAccessibilityTree(t *testing.T) {
	ctx := browsertest.New(t)
	w, url := serve(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team()})
	do(t, w, "sam", "team", chat.Typed{Text: "leaderboard"})
	do(t, w, "sam", "", chat.Typed{Text: "checkin"})

	browsertest.Do(t, ctx, chromedp.Navigate(url+"/as/sam/team"))
	checkTree(t, browsertest.Tree(t, ctx),
		"link Skip to the message box", "complementary Workspace", "navigation Conversations", "link payoff (direct message) new messages", "link Room team",
		"region Clock", "group Move the clock", "button To Monday 09:00", "main ", "heading #team", "heading Sunday 15 November",
		"article payoff 09:41", "image Pace: Priya 112%, Sam 94%, Ola 91%, Jörg 64%.", "region Table: Rank, Owner, Pace, Kept, Streak", "columnheader Owner", "rowheader Priya Natarajan",
		"combobox Message #team", "button Send")

	browsertest.Do(t, ctx, chromedp.Navigate(url+"/as/sam"), chromedp.Click(chromedp.CSS(".actions .primary")), chromedp.WaitVisible(chromedp.CSS("dialog form")),
		chromedp.SetValue(chromedp.ID("f1"), "plenty"), chromedp.SetValue(chromedp.ID("f7"), "x"), chromedp.Click(chromedp.CSS("#f4-0 + span")),
		chromedp.Click(chromedp.CSS("dialog footer .primary")), chromedp.WaitVisible(chromedp.ID("f1-error")))
	tree := browsertest.Tree(t, ctx)
	checkTree(t, tree, "dialog Week of 10 November", "heading Week of 10 November", "button Close", "textbox LinkedIn", "radiogroup Two one-to-ones with accountants: kept?",
		"radio Partly", "textbox What is in the way?", "combobox Which step is it?", "button Cancel", "button Check in")
	for _, n := range tree {
		if n.Role == "textbox" && n.Name == "BNI Tuesday" && (!strings.Contains(n.Description, "4 h 30 logged") || !strings.Contains(n.Description, "is no amount")) {
			t.Errorf("the field with an error is described as %q, want its hint and its error", n.Description)
		}
		if n.Role == "combobox" && strings.HasPrefix(n.Name, "Message") {
			t.Error("the message box is within reach behind an open form")
		}
	}
}

// checkTree holds a tree to parts that come in this order, among others.
func checkTree(t *testing.T, tree []browsertest.Node, want ...string) {
	t.Helper()
	var all []string
	for _, n := range tree {
		if n.Role != "StaticText" && n.Role != "InlineTextBox" && n.Role != "none" && n.Role != "generic" {
			all = append(all, n.Role+" "+n.Name)
		}
	}
	rest := all
	for _, part := range want {
		i := slices.Index(rest, part)
		if i < 0 {
			t.Errorf("%q is missing or out of order in the accessibility tree:\n%s", part, strings.Join(all, "\n"))
			return
		}
		rest = rest[i+1:]
	}
}
