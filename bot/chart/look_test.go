package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"slices"
	"testing"

	xdraw "golang.org/x/image/draw"
)

func montage(t *testing.T, path string, pics [][]byte, width, cols int) {
	var ims []image.Image
	cell := image.Point{X: width}
	for _, p := range pics {
		im, err := png.Decode(bytes.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		h := im.Bounds().Dy() * width / im.Bounds().Dx()
		cell.Y = max(cell.Y, h)
		small := image.NewRGBA(image.Rect(0, 0, width, h))
		xdraw.CatmullRom.Scale(small, small.Rect, im, im.Bounds(), draw.Src, nil)
		ims = append(ims, small)
	}
	rows := (len(ims) + cols - 1) / cols
	out := image.NewRGBA(image.Rect(0, 0, cols*(cell.X+16)+16, rows*(cell.Y+16)+16))
	draw.Draw(out, out.Rect, image.NewUniform(color.RGBA{0x31, 0x33, 0x38, 255}), image.Point{}, draw.Src)
	for i, im := range ims {
		at := image.Pt(16+i%cols*(cell.X+16), 16+i/cols*(cell.Y+16))
		draw.Draw(out, im.Bounds().Add(at), im, image.Point{}, draw.Src)
	}
	f, _ := os.Create(path)
	defer f.Close()
	png.Encode(f, out)
}

func TestLook(t *testing.T) {
	cases := paceCases()
	var pics [][]byte
	for _, n := range slices.Sorted(maps.Keys(cases)) {
		png, alt, err := Pace(cases[n])
		if err != nil {
			t.Fatal(n, err)
		}
		t.Log(n, len(png), alt)
		pics = append(pics, png)
	}
	var boards [][]byte
	all := standingsCases()
	for _, n := range slices.Sorted(maps.Keys(all)) {
		png, alt, err := Standings(all[n])
		if err != nil {
			t.Fatal(n, err)
		}
		t.Log(n, len(png), length(alt), alt)
		boards = append(boards, png)
		os.WriteFile("/tmp/chart-standings-"+n+".png", png, 0o644)
	}
	montage(t, "/tmp/chart-standings-all.png", [][]byte{boards[0], boards[4], boards[5], boards[6], boards[7], boards[8]}, 560, 3)
	montage(t, "/tmp/chart-phone.png", [][]byte{pics[0], pics[1], boards[6]}, 360, 3)
	montage(t, "/tmp/chart-pace-all-1.png", pics[:8], 560, 3)
	montage(t, "/tmp/chart-pace-all-2.png", pics[8:], 560, 3)
}

func TestLoss(t *testing.T) {
	c, _ := newCanvas()
	c.begin(paceHeight)
	p := progressOf(paceCases()["behind"])
	c.drawPaceHead(p)
	c.drawPacePlot(p)
	index(&c.reduced, &c.pixels)
	hist := map[int]int{}
	distinct := map[uint32]bool{}
	for i := range c.reduced.Pix {
		a := c.reduced.Palette[c.reduced.Pix[i]].(color.RGBA)
		b := c.pixels.Pix[4*i:]
		distinct[pixel(c.pixels.Pix, i)] = true
		d := 0
		for _, x := range []int{int(a.R) - int(b[0]), int(a.G) - int(b[1]), int(a.B) - int(b[2])} {
			d = max(d, x, -x)
		}
		hist[d]++
	}
	t.Log(len(distinct), hist)
}
