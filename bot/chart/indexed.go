package chart

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// index reduces a picture to 256 colours. The pictures are flat, and all that is lost is
// the finest shades at the edges of letters; what is won is a PNG of less than half the bytes
// in a third of the time, because PNG stores one byte a pixel and need not filter it.
func index(dst *image.Paletted, src *image.RGBA) {
	places, palette := commonest(src)
	n := len(src.Pix) / 4
	dst.Pix = slices.Grow(dst.Pix[:0], n)[:n]
	dst.Stride, dst.Rect, dst.Palette = src.Stride/4, src.Rect, palette
	last := pixel(src.Pix, 0)
	place := places[last]
	for i := range dst.Pix {
		if rgb := pixel(src.Pix, i); rgb != last {
			last, place = rgb, places[rgb]
		}
		dst.Pix[i] = place
	}
}

// commonest takes the 256 most frequent colours as the palette, and gives every colour of
// the picture its nearest place there. Neighbouring pixels are mostly equal, so they are
// counted by runs.
func commonest(src *image.RGBA) (map[uint32]uint8, color.Palette) {
	counts := make(map[uint32]int, 2048)
	run, last := 0, pixel(src.Pix, 0)
	for i := range len(src.Pix) / 4 {
		rgb := pixel(src.Pix, i)
		if rgb != last {
			counts[last] += run
			run, last = 0, rgb
		}
		run++
	}
	counts[last] += run

	colours := make([]uint32, 0, len(counts))
	for rgb := range counts {
		colours = append(colours, rgb)
	}
	slices.SortFunc(colours, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	kept := colours[:min(256, len(colours))]
	places := make(map[uint32]uint8, len(colours))
	palette := make(color.Palette, len(kept))
	for i, rgb := range kept {
		places[rgb] = uint8(i)
		palette[i] = color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xFF}
	}
	for _, rgb := range colours[len(kept):] {
		places[rgb] = nearest(kept, rgb)
	}
	return places, palette
}

func nearest(kept []uint32, rgb uint32) uint8 {
	best, place := 1<<31-1, 0
	for i, k := range kept {
		dr, dg, db := int(k>>16)-int(rgb>>16), int(k>>8&0xFF)-int(rgb>>8&0xFF), int(k&0xFF)-int(rgb&0xFF)
		if d := dr*dr + dg*dg + db*db; d < best {
			best, place = d, i
		}
	}
	return uint8(place)
}

// pixel is the i-th pixel as 0xRRGGBB; a card is opaque.
func pixel(pix []uint8, i int) uint32 {
	p := pix[4*i : 4*i+4 : 4*i+4]
	return uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
}
