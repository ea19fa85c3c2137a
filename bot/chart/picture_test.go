package chart

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"payoff/goals"
	"payoff/goals/evidence"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// goldenWidth is the width in pixels at which goldens are kept and compared. A quarter of
// what is drawn makes small files that are blind to how an edge falls between pixels.
const goldenWidth = 300

// mostDistance is how far a picture may be from its golden. Equal pictures are at 0, a
// changed figure in small print is at 12 or more; see TestDistance.
const mostDistance = 6.0

func TestGolden(t *testing.T) {
	for name, draw := range pictures() {
		t.Run(name, func(t *testing.T) {
			png, alt, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			if alt == "" || length(alt) > maxAlt {
				t.Errorf("alt has %d units, want 1 to %d", length(alt), maxAlt)
			}
			compareGolden(t, filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".png"), png)
		})
	}
}

// pictures draw all that is held by goldens, by name.
func pictures() map[string]func() ([]byte, string, error) {
	all := map[string]func() ([]byte, string, error){}
	for name, d := range paceCases() {
		all["pace "+name] = func() ([]byte, string, error) { return Pace(d) }
	}
	for name, d := range forecastCases() {
		all["forecast "+name] = func() ([]byte, string, error) { return Pace(d) }
	}
	for name, d := range standingsCases() {
		all["standings "+name] = func() ([]byte, string, error) { return Standings(d) }
	}
	for name, d := range returnsCases() {
		all["returns "+name] = func() ([]byte, string, error) { return Returns(d) }
	}
	for name, d := range funnelCases() {
		all["funnel "+name] = func() ([]byte, string, error) { return Funnel(d) }
	}
	return all
}

func compareGolden(t *testing.T, path string, picture []byte) {
	t.Helper()
	got := shrunk(t, picture)
	checkPadding(t, got)
	if *update {
		for i, v := range got.Pix {
			got.Pix[i] = uint8(min(math.Round(float64(v)/8)*8, 255)) // for smaller files
		}
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestCompression}
		if err := enc.Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if d := distance(got, asRGBA(decode(t, golden))); d > mostDistance {
		failed := filepath.Join(t.ArtifactDir(), filepath.Base(path))
		if err := os.WriteFile(failed, picture, 0o644); err != nil {
			t.Error(err)
		}
		t.Errorf("distance from %s is %.1f, want at most %v; see %s", path, d, mostDistance, failed)
	}
}

func asRGBA(im image.Image) *image.RGBA {
	out := image.NewRGBA(im.Bounds())
	draw.Draw(out, out.Rect, im, im.Bounds().Min, draw.Src)
	return out
}

func decode(t testing.TB, picture []byte) image.Image {
	t.Helper()
	im, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// shrunk averages squares of pixels.
func shrunk(t testing.TB, picture []byte) *image.RGBA {
	t.Helper()
	im, ok := decode(t, picture).(*image.Paletted)
	if !ok || im.Rect.Dx() != cardWidth*scale || !im.Opaque() {
		t.Fatalf("not an opaque, indexed picture of %v pixels across", cardWidth*scale)
	}
	const square = int(cardWidth*scale) / goldenWidth
	small := image.NewRGBA(image.Rect(0, 0, goldenWidth, im.Rect.Dy()/square))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			var r, g, b int
			for i := range square * square {
				c := im.Palette[im.Pix[(y*square+i/square)*im.Stride+x*square+i%square]].(color.RGBA)
				r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
			}
			const n = square * square
			small.SetRGBA(x, y, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 0xFF})
		}
	}
	return small
}

// distance is how differently the eye sees two pictures: the greatest difference of any patch
// of 8 by 8 pixels, as the mean over its pixels of the weighted difference of the colours
// (by "redmean", a plain approximation of perceived difference; 255 is black to white).
// Pictures of different sizes are as far apart as can be.
func distance(a, b *image.RGBA) float64 {
	if a.Rect != b.Rect {
		return math.Inf(1)
	}
	const patch = 8
	worst := 0.0
	for y := 0; y+patch <= a.Rect.Dy(); y += patch / 2 {
		for x := 0; x+patch <= a.Rect.Dx(); x += patch / 2 {
			sum := 0.0
			for i := range patch * patch {
				at := a.PixOffset(x+i%patch, y+i/patch)
				sum += redmean(a.Pix[at:at+3:at+3], b.Pix[at:at+3:at+3])
			}
			worst = max(worst, sum/(patch*patch))
		}
	}
	return worst
}

func redmean(a, b []uint8) float64 {
	square := func(i int) float64 { d := float64(a[i]) - float64(b[i]); return d * d }
	mean := (float64(a[0]) + float64(b[0])) / 2
	return math.Sqrt(((2+mean/256)*square(0) + 4*square(1) + (2+(255-mean)/256)*square(2)) / 9)
}

// The golden test sees one figure of small print change, and does not see a shade.
func TestDistance(t *testing.T) {
	base := paceCases()["ahead"]
	of := func(d PaceData) *image.RGBA {
		png, _, err := Pace(d)
		if err != nil {
			t.Fatal(err)
		}
		return shrunk(t, png)
	}
	a := of(base)
	if d := distance(a, a); d != 0 {
		t.Errorf("distance to itself = %v, want 0", d)
	}
	changed := base
	changed.Period.To++ // "1 Oct – 1 Jan", and a day left more
	if d := distance(a, of(changed)); d < 2*mostDistance {
		t.Errorf("distance with another date = %v, want at least %v", d, 2*mostDistance)
	}
	shade := *a
	shade.Pix = slices.Clone(a.Pix)
	for i := range shade.Pix {
		shade.Pix[i] = uint8(min(int(shade.Pix[i])+i%3, 255))
	}
	if d := distance(a, &shade); d > mostDistance/2 {
		t.Errorf("distance with another shade = %v, want at most %v", d, mostDistance/2)
	}
}

// Equal data makes equal bytes, whatever other pictures are drawn at the time.
func TestDeterministic(t *testing.T) {
	names := []string{"pace ahead", "pace behind", "forecast behind", "forecast cut", "standings pace", "standings scripts", "returns few", "returns names", "funnel all"}
	picture := func(name string) []byte {
		png, _, err := pictures()[name]() // from data made anew
		if err != nil {
			t.Error(err)
		}
		return png
	}
	want := make(map[string][]byte)
	for _, name := range names {
		want[name] = picture(name)
	}
	var wg sync.WaitGroup
	for i := range 2 * len(names) {
		wg.Go(func() {
			if name := names[i%len(names)]; !bytes.Equal(picture(name), want[name]) {
				t.Errorf("%q: bytes differ from those drawn before", name)
			}
		})
	}
	wg.Wait()
}

// checkPadding wants nothing near the sides of a card but its hairline.
func checkPadding(t testing.TB, small *image.RGBA) {
	t.Helper()
	for y := 3; y < small.Rect.Dy()-3; y++ {
		for _, x := range [...]int{1, 2, 3, goldenWidth - 4, goldenWidth - 3, goldenWidth - 2} {
			if small.RGBAAt(x, y) != paper {
				t.Fatalf("something is drawn at %d, %d of %d", x, y, goldenWidth)
			}
		}
	}
}

var anyAmount = rapid.OneOf(rapid.Int64Range(-1e9, 1e9), rapid.Int64Range(1, 1e7), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 0}))

// anyDate is mostly near the others, so that pictures have something in them.
var anyDate = rapid.Map(rapid.OneOf(rapid.Int32Range(20_000, 20_400), rapid.Int32Range(20_000, 20_400), rapid.Int32Range(20_000, 20_400), rapid.Int32()), func(n int32) goals.Date { return goals.Date(n) })

// anyEstimate is an amount that was worked out, mostly one that makes sense.
var anyEstimate = rapid.OneOf(rapid.Float64Range(0, 1e7), rapid.Float64Range(0, 1e7), rapid.Float64(), rapid.SampledFrom([]float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), mostMinor}))

func TestPaceOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := PaceData{
			Title:  rapid.String().Draw(t, "title"),
			Goal:   goals.Money{Minor: anyAmount.Draw(t, "goal"), Currency: goals.Currency(rapid.SampledFrom([]string{"GBP", "JPY", "KWD", "AED", "", "?"}).Draw(t, "currency"))},
			Period: goals.Period{From: anyDate.Draw(t, "from")},
			Today:  anyDate.Draw(t, "today"),
		}
		d.Period.To = d.Period.From + goals.Date(rapid.OneOf(rapid.Int32Range(0, 400), rapid.Int32Range(-1, longestPeriod)).Draw(t, "days"))
		for range rapid.IntRange(0, 4).Draw(t, "breaks") {
			d.Breaks = append(d.Breaks, goals.Break{From: anyDate.Draw(t, "away"), Back: anyDate.Draw(t, "back")})
		}
		for range rapid.IntRange(0, 12).Draw(t, "deals") {
			d.Revenue = append(d.Revenue, Point{anyDate.Draw(t, "date"), anyAmount.Draw(t, "amount")})
		}
		if rapid.Bool().Draw(t, "foretold") {
			ends := []float64{anyEstimate.Draw(t, "end"), anyEstimate.Draw(t, "end"), anyEstimate.Draw(t, "end")}
			slices.Sort(ends)
			d.Forecast = &evidence.Forecast{Known: true, Computed: true, Lo: ends[0], Mid: ends[1], Hi: ends[2], Hit: rapid.Float64Range(-.1, 1.1).Draw(t, "hit")}
		}
		if d.check() == nil {
			p := progressOf(d)
			checkDrawn(t, func(c *canvas) { c.drawPace(p) }, p.alt())
		}
	})
}

func TestStandingsOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := StandingsData{
			Board:    rapid.SampledFrom(append(goals.Boards[:], "", "?", "山")).Draw(t, "board"),
			Subtitle: rapid.String().Draw(t, "subtitle"),
		}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			score := goals.Score{Num: anyAmount.Draw(t, "num"), Den: anyAmount.Draw(t, "den")}
			entry := goals.Entry{Name: rapid.String().Draw(t, "name"), Score: score}
			d.Places = append(d.Places, goals.Place{Rank: int(anyAmount.Draw(t, "rank")), Entry: entry, Tied: rapid.Bool().Draw(t, "tied")})
		}
		b := boardOf(d)
		checkDrawn(t, func(c *canvas) { c.drawBoard(b) }, b.alt())
	})
}

// checkDrawn is for pictures of data that may be senseless: drawing them does not panic, and
// they still say something that fits. They are not encoded, which takes most of the time.
func checkDrawn(t *rapid.T, draw func(*canvas), alt string) {
	c, err := newCanvas()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	draw(c)
	if alt == "" || length(alt) > maxAlt || strings.Contains(alt, "NaN") {
		t.Fatalf("alt = %q", alt)
	}
}

func BenchmarkPicture(b *testing.B) {
	for _, name := range []string{"pace behind", "forecast behind", "standings pace", "standings crowd", "returns few", "returns crowd", "funnel all"} {
		b.Run(name, func(b *testing.B) {
			draw := pictures()[name]
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := draw(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
