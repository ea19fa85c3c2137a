// Package browsertest gives tests a real browser, for what only a browser can show: focus,
// keys, layout, what a screen reader is told. It imports no package of the project.
package browsertest

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long one test may use its browser.
const patience = 3 * time.Minute

// Shots names the environment variable for the directory that screenshots are written to;
// without it none are taken.
const Shots = "PAYOFF_SCREENSHOTS"

// New starts a browser of its own for t and returns the context of its first tab, for
// chromedp. It ends with the test. Where there is no Chromium the test is skipped; an error
// in the page's console, or a request to anywhere but this machine, fails it.
func New(t testing.TB) context.Context {
	t.Helper()
	path := find()
	if path == "" {
		t.Skip("no chromium here: install Debian's chromium, or name one in CHROMIUM")
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, free := chromedp.NewExecAllocator(ctx, options...)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	var watching sync.WaitGroup
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser, so that its directory can go
		end()
		free()
		stop()
		watching.Wait()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	watch(t, ctx, &watching)
	return ctx
}

// NewTab opens another tab of the same browser, which ends with the test.
func NewTab(t testing.TB, ctx context.Context) context.Context {
	t.Helper()
	tab, end := chromedp.NewContext(ctx)
	var watching sync.WaitGroup
	t.Cleanup(func() { end(); watching.Wait() })
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	watch(t, tab, &watching)
	return tab
}

// watch reports what a tab complains of and where it turns to, until it ends.
func watch(t testing.TB, ctx context.Context, watching *sync.WaitGroup) {
	messages, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	watching.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			// A refused request is logged there too; tests look at those themselves.
			if (m.Type == chromedp.ConsoleError || m.IsException()) && m.Source != "network" {
				t.Errorf("console: %s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line+1)
			}
		}
	})
	watching.Go(func() {
		for r, err := range requests {
			if err != nil {
				return
			}
			if u, err := url.Parse(r.Request.URL); err != nil || (u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" && u.Scheme != "about") {
				t.Errorf("the page asks %s for something", r.Request.URL)
			}
		}
	})
}

func find() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Do runs steps and fails the test at the first that does not work.
func Do(t testing.TB, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("browser: %v", err)
	}
}

// Eval is the value of a JavaScript expression.
func Eval[T any](t testing.TB, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("browser: %s: %v", js, err)
	}
	return v
}

// Until waits for a JavaScript expression to hold, on this page or on one that it leads to.
func Until(t testing.TB, ctx context.Context, js string) {
	t.Helper()
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+js+")"))
		if holds && err == nil { // an error may be of a page that is being left
			return
		}
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("browser: waited for %s: %v", js, err)
		}
	}
}

// View sets the size of the window, in CSS pixels, and the colour scheme, "light" or "dark".
func View(width, height int64, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.EmulateViewport(width, height),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{
					{Name: "prefers-color-scheme", Value: scheme},
					{Name: "prefers-reduced-motion", Value: "reduce"}, // nothing is caught half-way
				},
			})
			return err
		}),
	)
}

// Shoot writes what is seen to <name>.png in the directory that PAYOFF_SCREENSHOTS names.
func Shoot(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv(Shots)
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Errorf("screenshot %s: %v", name, err)
	}
}

// A Node is what a screen reader is told of one element.
type Node struct {
	Role, Name, Description string
}

// Tree is the accessibility tree of the page in reading order, without what is passed over.
func Tree(t testing.TB, ctx context.Context) []Node {
	t.Helper()
	got, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatalf("accessibility tree: %v", err)
	}
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range got.Nodes {
		byID[n.NodeID] = n
	}
	var nodes []Node
	var walk func(id accessibility.NodeID)
	walk = func(id accessibility.NodeID) {
		n := byID[id]
		if n == nil {
			return
		}
		if !n.Ignored {
			nodes = append(nodes, Node{value(n.Role), strings.TrimSpace(value(n.Name)), value(n.Description)})
		}
		for _, child := range n.ChildIDs {
			walk(child)
		}
	}
	if len(got.Nodes) > 0 {
		walk(got.Nodes[0].NodeID)
	}
	return nodes
}

func value(v *accessibility.Value) string {
	var s string
	if v != nil {
		_ = json.Unmarshal(v.Value, &s) // what is no text has no words either
	}
	return s
}

// Press types keys, one after the other: text, or those of chromedp's package kb. Unlike
// chromedp's own, a key that the page takes for itself writes nothing.
func Press(t testing.TB, ctx context.Context, keys ...string) {
	t.Helper()
	for _, r := range strings.Join(keys, "") {
		key(t, ctx, r, 0)
	}
}

// Shift types one key with Shift held down.
func Shift(t testing.TB, ctx context.Context, keys string) {
	t.Helper()
	for _, r := range keys {
		key(t, ctx, r, chromedp.ModifierShift)
	}
}

func key(t testing.TB, ctx context.Context, r rune, held chromedp.Modifier) {
	t.Helper()
	events := kb.Encode(r)
	down, up := *events[0], *events[len(events)-1]
	if len(events) == 3 { // what it writes comes with the key, as from a keyboard
		down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
	}
	for _, e := range []input.DispatchKeyEventParams{down, up} {
		e.Modifiers |= int64(held)
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, e); err != nil {
			t.Fatalf("browser: key %q: %v", r, err)
		}
	}
}
