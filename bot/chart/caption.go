package chart

// captionLine is how far below each other the lines of a caption stand, and captionLines how
// many there are at most.
const (
	captionLine  = 24.0
	captionLines = 5
)

// caption breaks sentences into the lines below a picture.
func (c *canvas) caption(text string) []string {
	return c.wrap(noteText, text, cardWidth-2*margin, captionLines)
}

// captionHeight is what a caption adds to the height of a card.
func captionHeight(lines int) float64 {
	if lines == 0 {
		return 0
	}
	return 26 + captionLine*float64(lines)
}

// drawCaption writes lines below a hairline, from what was the card's lower end.
func (c *canvas) drawCaption(top float64, lines []string) {
	if len(lines) == 0 {
		return
	}
	c.line(margin, top, cardWidth-margin, top, 1, grid)
	for i, text := range lines {
		c.write(noteText, quiet, margin, top+28+float64(i)*captionLine, text)
	}
}
