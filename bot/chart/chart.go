// Package chart draws the pictures that payoff puts into chat: how an owner's revenue stands
// against the goal's line and where it is going, what an hour of each channel brings, how far
// contacts come in each kind, and where the team stands. A picture comes as the bytes of a PNG
// and an alternative text that says the same figures in plain words.
//
// Chat shows a picture about 360 points wide, on a phone and often on a desk too, so the
// pictures are made to be read there. Their visual rules, which every later picture keeps:
//
//   - A card 600 points wide at two pixels a point, on its own opaque paper with a hairline
//     edge: it looks the same in dark and in light chats. No text is smaller than 17 points,
//     which is 10 on a phone.
//   - One figure leads, in the colour of what it measures; the title is smaller than it, and
//     everything else is quieter still. Things are named where they stand: no legend but for
//     the kinds, whose signs come in every row.
//   - Blue is what came in or is well; orange is what is behind. The two differ to every
//     kind of colour blindness, and neither is ever the only sign: a word or a shape says it too.
//     Solid is what happened, dashed is the line to the goal, dotted in a pale wedge is what is
//     foretold. What is known is filled, what is not yet is open or faded.
//   - Each kind has a colour of its own, which is neither, and a shape: a disc for social, a square
//     for networking, a diamond for direct.
//   - A figure that is estimated stands with its interval and with no more digits than it
//     deserves. An interval that is cut ends in an arrow.
//   - Text contrasts with what it stands on by at least 4.5 to 1. Figures that stand below
//     each other have equal widths.
//   - Equal data makes equal bytes. No clock, no randomness, no map order.
//   - Every text is cleaned first, and what the fonts cannot draw is never drawn as an empty
//     box; see drawable for what happens to names in other scripts.
//
// Standings are shown to a room, so no amount of money can be passed to them.
//
// The package imports only payoff/goals and payoff/goals/evidence of the project, keeps no state but reusable buffers,
// and is safe for concurrent use.
package chart

import "image/color"

// Sizes of every card, in points. A point is scale pixels.
const (
	scale     = 2
	cardWidth = 600.0
	margin    = 30.0
)

// maxAlt is the longest alternative text, as length counts: Discord takes 1024 characters as an
// attachment's description, Slack 2000 as an image's alt_text.
const maxAlt = 1000

// The palette. TestPaletteContrast holds what may stand on what.
var (
	paper      = color.RGBA{0xFD, 0xFD, 0xFC, 0xFF}
	edge       = color.RGBA{0xDC, 0xE1, 0xE6, 0xFF}
	ink        = color.RGBA{0x16, 0x20, 0x2A, 0xFF} // what is read first
	quiet      = color.RGBA{0x54, 0x60, 0x6C, 0xFF} // what explains it
	grid       = color.RGBA{0xE6, 0xEA, 0xEE, 0xFF}
	axis       = color.RGBA{0xA9, 0xB3, 0xBD, 0xFF}
	band       = color.RGBA{0xEC, 0xEF, 0xF2, 0xFF} // time or room that does not count
	blue       = color.RGBA{0x0B, 0x5C, 0xAD, 0xFF}
	blueTint   = color.RGBA{0xDB, 0xE9, 0xF7, 0xFF}
	blueFaint  = color.RGBA{0xEC, 0xF3, 0xFB, 0xFF} // where it may go
	bluePale   = color.RGBA{0x7F, 0xB2, 0xE0, 0xFF} // the same thing, not yet where it should be
	orange     = color.RGBA{0xA6, 0x41, 0x05, 0xFF}
	orangeTint = color.RGBA{0xFC, 0xE9, 0xDC, 0xFF}
)
