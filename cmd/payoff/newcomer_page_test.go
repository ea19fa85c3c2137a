package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"payoff/bot/web/browsertest"
)

// A page is one tab, used as a person uses it: keys, clicks, and what can be read on it.
type page struct {
	t   *testing.T
	ctx context.Context
}

// pageIn is a tab as a page. What it shows when the test has failed is taken as a screenshot.
func pageIn(t *testing.T, tab context.Context, whose string) page {
	t.Cleanup(func() {
		if t.Failed() {
			browsertest.Shoot(t, tab, "failed-"+whose)
		}
	})
	return page{t, tab}
}

// inZone makes the tab's machine one of a time zone.
func (p page) inZone(zone string) {
	p.t.Helper()
	browsertest.Do(p.t, p.ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
		return err
	}))
}

func (p page) goTo(address string) {
	p.t.Helper()
	browsertest.Do(p.t, p.ctx, chromedp.Navigate(address))
}

func (p page) until(js string) {
	p.t.Helper()
	browsertest.Until(p.t, p.ctx, js)
}

func (p page) keys(keys ...string) {
	p.t.Helper()
	browsertest.Press(p.t, p.ctx, keys...)
}

func (p page) is(what, js, want string) {
	p.t.Helper()
	if got := browsertest.Eval[string](p.t, p.ctx, js); got != want {
		p.t.Errorf("%s is %q, want %q", what, got, want)
	}
}

// A message is what payoff said: its lines as they are read, and the words in them that stand out.
type message struct {
	ID     string
	Lines  []string
	Strong []string
	Edited bool
	Only   bool // for one pair of eyes, in a room of many
}

// answers is the messages of payoff that are shown. A table's row is one line.
const answers = `[...document.querySelectorAll('article.bot')].map((a) => ({
	ID: a.id, Strong: [...a.querySelectorAll('.body strong')].map((s) => s.innerText),
	Lines: a.querySelector('.body').innerText.split('\n').map((l) => l.replaceAll('\t', ' | ').trim()).filter(Boolean),
	Edited: !!a.querySelector('.by small:not(.only)'), Only: !!a.querySelector('.only') }))`

func (p page) answers() []message {
	p.t.Helper()
	return browsertest.Eval[[]message](p.t, p.ctx, answers)
}

// next waits for one more answer than there were, and is that.
func (p page) next(were int) message {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelectorAll('article.bot').length > %d && !document.querySelector('.busy')`, were))
	all := p.answers()
	return all[len(all)-1]
}

// say types a line, sends it with Enter and returns the answer.
func (p page) say(line string) message {
	p.t.Helper()
	p.toTheBox()
	were := len(p.answers())
	p.keys(line, kb.Enter)
	return p.next(were)
}

// toTheBox puts the focus into the message box, unless it is there.
func (p page) toTheBox() {
	p.t.Helper()
	browsertest.Eval[bool](p.t, p.ctx, `document.getElementById('line').focus(), true`)
}

// button is the newest button with a label, as a JavaScript expression.
func button(label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('article button, dialog footer button, #clock button')].findLast((b) => b.innerText == %q)`, label)
}

// click clicks in the middle of an element, given as a JavaScript expression, once a mouse
// can reach it there. It does not go by chromedp's nodes, which a page that is just being
// left takes with it.
func (p page) click(element string) {
	p.t.Helper()
	middle := fmt.Sprintf(`(() => {
		const e = %s;
		e?.scrollIntoView({ block: 'nearest' });
		const r = e?.getBoundingClientRect();
		const at = r && [r.x + r.width / 2, r.y + r.height / 2];
		return at && e.contains(document.elementFromPoint(...at)) ? at : null;
	})()`, element)
	p.until(middle)
	at := browsertest.Eval[[]float64](p.t, p.ctx, middle)
	browsertest.Do(p.t, p.ctx, chromedp.MouseClickXY(at[0], at[1]))
}

func (p page) press(label string) {
	p.t.Helper()
	p.click(button(label))
}

// pressed presses the newest such button on a message, and is that message once it has changed.
func (p page) pressed(label string, on message) message {
	p.t.Helper()
	p.press(label)
	return p.updated(on)
}

// updated waits until a message has changed, and is that message then.
func (p page) updated(on message) message {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector('#%s .by small')?.innerText == 'updated'`, on.ID))
	all := p.answers()
	i := slices.IndexFunc(all, func(m message) bool { return m.ID == on.ID })
	return all[i]
}

// tabTo goes on with the Tab key to the control that has a name, as one without a mouse does.
func (p page) tabTo(name string) {
	p.t.Helper()
	const focused = `(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim().slice(0, 60)`
	var passed []string
	for range 20 {
		p.keys(kb.Tab)
		at := strings.TrimSuffix(browsertest.Eval[string](p.t, p.ctx, focused), " *")
		if at == name {
			return
		}
		passed = append(passed, at)
	}
	p.t.Fatalf("the Tab key does not lead to %q, but to %q", name, passed)
}

// field is what stands in a form's field.
func (p page) field(label string) string {
	p.t.Helper()
	quoted, _ := json.Marshal(label)
	return browsertest.Eval[string](p.t, p.ctx, fmt.Sprintf(
		`[...document.querySelectorAll('dialog label')].find((l) => l.innerText.replace(' *', '') == %s)?.control.value ?? 'there is no such field'`, quoted))
}

func (p page) formOpens(title string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector('dialog[open] h2')?.innerText == %q`, title))
}

func (p page) formCloses() {
	p.t.Helper()
	p.until(`!document.querySelector('dialog[open]')`)
}

// clock presses a button of the workspace's clock and waits until what it shows begins so.
func (p page) clock(button, shows string) {
	p.t.Helper()
	p.press(button)
	p.until(fmt.Sprintf(`document.querySelector("#now time").innerText.startsWith(%q)`, shows))
}

// room goes to a conversation by its link. What htmx puts into a page does not hear the
// keyboard until it has settled, for less time than a person needs to look up.
func (p page) room(name string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`[...document.querySelectorAll('#rooms a')].find((a) => a.innerText.includes(%q))`, name))
	p.until(fmt.Sprintf(`document.querySelector('#room h1').innerText.includes(%q) && !document.querySelector('.htmx-settling, .htmx-added')`, name))
}

// picture waits until a message's picture is there, and returns its alternative text.
func (p page) picture(m message) string {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector('#%s img.picture')?.naturalWidth > 0`, m.ID))
	return browsertest.Eval[string](p.t, p.ctx, fmt.Sprintf(`document.querySelector('#%s img.picture').alt`, m.ID))
}

var figure = regexp.MustCompile(`\d`)

// figures holds a message to its figures: the lines that have any, all of them and as they
// stand. A line expected to end in "…" may go on: an example that payoff gives is its own choice.
func (p page) figures(m message, want ...string) {
	p.t.Helper()
	got := slices.DeleteFunc(slices.Clone(m.Lines), func(l string) bool { return !figure.MatchString(l) })
	same := slices.EqualFunc(got, want, func(got, want string) bool {
		begin, open := strings.CutSuffix(want, "…")
		return got == want || open && strings.HasPrefix(got, begin)
	})
	if !same {
		p.t.Errorf("payoff says\n\t%s\nwant the figures\n\t%s", strings.Join(m.Lines, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// says holds a message to a line.
func (p page) says(m message, line string) {
	p.t.Helper()
	if !slices.Contains(m.Lines, line) {
		p.t.Errorf("payoff says\n\t%s\nwant %q", strings.Join(m.Lines, "\n\t"), line)
	}
}

// fits holds the page to the width of the window.
func (p page) fits(where string) {
	p.t.Helper()
	const widths = `[document.scrollingElement.scrollWidth, document.querySelector('main').scrollWidth, ...[...document.querySelectorAll('dialog[open] .questions')].map((d) => d.scrollWidth), innerWidth]`
	w := browsertest.Eval[[]int](p.t, p.ctx, widths)
	if window := w[len(w)-1]; slices.Max(w) > window {
		p.t.Errorf("%s: something is %d pixels wide in a window of %d", where, slices.Max(w), window)
	}
}
