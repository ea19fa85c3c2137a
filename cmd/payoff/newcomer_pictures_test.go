package main_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"payoff/bot/web/browsertest"
)

// first is the Monday on which the pictures' team begins. It is always the same, so that
// pictures made again differ only where the product does.
var first = time.Date(2026, time.September, 28, 10, 0, 0, 0, time.UTC)

// TestPictures makes the pictures of the README, of the real program:
//
//	PAYOFF_SCREENSHOTS=$PWD/docs/pictures go test ./cmd/payoff -run Pictures
func TestPictures(t *testing.T) {
	if os.Getenv(browsertest.Shots) == "" {
		t.Skip("no pictures are asked for: " + browsertest.Shots + " names no directory")
	}
	ctx := browsertest.New(t)
	db := t.TempDir() + "/payoff.db"
	setClock(t, db, first)
	site := run(t, db, "127.0.0.1:0")
	live(t, site.url)

	p := pageIn(t, ctx, "pictures")
	p.inZone("Europe/London")
	p.goTo(site.url)
	p.until(`document.activeElement.id == 'line'`)
	p.takeTheQuestion()
	p.takeTheBoards()
}

// takeTheQuestion logs a last week and meets Monday: workspace, phone, checkin.
func (p page) takeTheQuestion() {
	p.t.Helper()
	wide, phone := camera{p, 1120, 780, "light"}, camera{p, 390, 844, "light"}
	wide.aim()
	p.say("LinkedIn 90m 3 convos yesterday")
	p.say("BNI 2h £15 4 contacts 2 conversations 1 qualified Tuesday")
	p.say("won £1,200 BNI")
	were := len(p.answers())
	p.press("To Monday 09:00")
	question := p.next(were)
	wide.shoot("workspace")
	phone.aim()
	p.bring(question)
	phone.shoot("phone")

	wide.aim()
	p.press("Check in")
	p.formOpens("Check-in")
	p.answersInPart()
	wide.shoot("checkin")
	p.press("Send")
	p.formCloses()
}

// takeTheBoards goes on to the Tuesday: leaderboard, pace, returns, funnel, dark.
func (p page) takeTheBoards() {
	p.t.Helper()
	tall, dark := camera{p, 1120, 1000, "light"}, camera{p, 1120, 780, "dark"}
	tall.aim()
	p.clock("One day on", "Tue 24 Nov")
	p.room("team")
	board := p.next(0)
	p.picture(board)
	p.bring(board)
	tall.shoot("leaderboard")

	p.room("payoff")
	report := p.say("/report")
	p.picture(report)
	p.bring(report)
	tall.shoot("pace")
	were := len(p.answers())
	p.press("Details")
	details := p.next(were)
	for i, name := range []string{"returns", "funnel"} {
		p.bringTo(fmt.Sprintf(`document.getElementById(%q).querySelectorAll('img')[%d]`, details.ID, 1+i)) // the first is the sender's
		tall.shoot(name)
	}

	dark.aim()
	p.say("/payoff history")
	dark.shoot("dark")
}

// answersInPart fills what stands at the top of a check-in.
func (p page) answersInPart() {
	p.t.Helper()
	p.tabTo("cold calls")
	p.keys("1h 9 contacts 2 conversations")
	p.tabTo("You said: Ask two regulars for a referral")
	p.keys("Kept")
	p.tabTo("On track")
	p.keys(kb.ArrowDown, kb.ArrowUp)
	p.tabTo("What stands in the way?")
	p.keys("Two quotes still open")
	p.tabTo("What will you do before next time?")
	p.keys("Follow up both, and ask Priya's charity for a date")
	browsertest.Eval[bool](p.t, p.ctx, `document.querySelector('dialog .questions').scrollTo(0, 0), true`)
}

// bring scrolls the conversation until a message stands at its top.
func (p page) bring(m message) {
	p.t.Helper()
	p.bringTo(fmt.Sprintf(`document.getElementById(%q)`, m.ID))
}

// bringTo scrolls the conversation, and nothing around it, until an element stands at its top.
func (p page) bringTo(element string) {
	p.t.Helper()
	browsertest.Eval[bool](p.t, p.ctx, element+`.scrollIntoView({ block: 'start' }), document.scrollingElement.scrollTo(0, 0), true`)
}

// A camera is a window and what is seen in it.
type camera struct {
	page
	width, height int64 // CSS pixels
	scheme        string
}

// sharpness is how many pixels of a picture make one of CSS, each way.
const sharpness = 2

func (c camera) aim() {
	c.t.Helper()
	browsertest.Do(c.t, c.ctx, browsertest.View(c.width, c.height, c.scheme),
		chromedp.EmulateViewport(c.width, c.height, chromedp.EmulateScale(sharpness)))
}

func (c camera) shoot(name string) {
	c.t.Helper()
	// Two frames on, what was scrolled or resized is drawn.
	browsertest.Eval[float64](c.t, c.ctx, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
	c.until(`[...document.images].every((i) => i.complete || i.getBoundingClientRect().bottom < 0 || i.getBoundingClientRect().top > innerHeight)`)
	shot, err := chromedp.Run(c.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		c.t.Fatal(err)
	}
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		c.t.Fatal(err)
	}
	var small bytes.Buffer
	best := png.Encoder{CompressionLevel: png.BestCompression}
	if err := best.Encode(&small, indexed(full)); err != nil {
		c.t.Fatal(err)
	}
	dir := os.Getenv(browsertest.Shots)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), small.Bytes(), 0o644); err != nil {
		c.t.Fatal(err)
	}
	if heaviest := 300 << 10; small.Len() > heaviest {
		c.t.Errorf("%s.png has %d bytes, want at most %d", name, small.Len(), heaviest)
	}
}

// indexed is a picture in the 256 colours that it uses most. A page has few, and the shades at
// the edges of its letters lie close together.
func indexed(full image.Image) image.Image {
	uses := map[color.RGBA]int{}
	bounds := full.Bounds()
	flat := image.NewRGBA(bounds)
	draw.Draw(flat, bounds, full, bounds.Min, draw.Src)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			uses[flat.RGBAAt(x, y)]++
		}
	}
	most := slices.SortedFunc(maps.Keys(uses), func(a, b color.RGBA) int { return cmp.Compare(uses[b], uses[a]) })
	var palette color.Palette
	for _, c := range most[:min(256, len(most))] {
		palette = append(palette, c)
	}
	nearest := make(map[color.RGBA]uint8, len(most))
	for _, c := range most {
		nearest[c] = uint8(palette.Index(c))
	}
	small := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			small.SetColorIndex(x, y, nearest[flat.RGBAAt(x, y)])
		}
	}
	return small
}
