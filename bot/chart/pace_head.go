package chart

import "image/color"

func (c *canvas) drawPace(p progress) {
	caption := c.forecastCaption(p)
	c.begin(paceHeight + captionHeight(len(caption)))
	c.drawPaceHead(p)
	c.drawPacePlot(p)
	c.drawCaption(paceHeight, caption)
}

// drawPaceHead writes what is read first: whose goal, how much so far, and how that stands.
func (c *canvas) drawPaceHead(p progress) {
	const right = cardWidth - margin
	dates := p.Period.Human(p.On)
	c.writeRight(noteText, quiet, right, 54, dates)
	title, ok := drawable(p.title)
	if !ok {
		title = "Revenue goal"
	}
	c.write(titleText, ink, margin, 54, c.shorten(titleText, title, right-margin-c.width(noteText, dates)-20))

	hero := p.drawHero(c, 120)
	goal := "of " + amount(p.Goal)
	if room := right - hero - 14; c.width(leadText, goal) > room {
		goal = c.firstFit(leadText, room, "of "+shortAmount(p.Goal))
	}
	c.write(leadText, quiet, hero+14, 120, goal)
	c.drawVerdict(p, 139)
}

// drawHero writes the revenue so far, as large as it fits beside the goal, and returns
// where it ends.
func (p progress) drawHero(c *canvas, baseline float64) (end float64) {
	const room = cardWidth - 2*margin
	rest := min(c.width(leadText, "of "+amount(p.Goal)), c.width(leadText, "of "+shortAmount(p.Goal))) + 14
	st, text := heroText, amount(p.SoFar)
	for ; st.size > 34 && c.width(st, text)+rest > room; st.size -= 4 {
		st.tracking = -st.size / 36
	}
	if c.width(st, text)+rest > room {
		text = c.firstFit(st, room-rest, shortAmount(p.SoFar))
	}
	c.write(st, blue, margin-2, baseline, text) // large figures stand in by about two points
	return margin - 2 + c.width(st, text)
}

// drawVerdict sets the verdict in a pill, and beside it how much of goal and time is done.
func (c *canvas) drawVerdict(p progress, top float64) {
	const height, pad = 34.0, 13.0
	side := p.remaining()
	if p.state != upcoming {
		side = p.attainment() + " · " + side
	}
	c.writeRight(bodyText, quiet, cardWidth-margin, top+24, side)
	sign, text, ground := p.look()
	room := cardWidth - 2*margin - c.width(bodyText, side) - 16 - 2*pad
	words := sign + p.verdict(amount)
	words = c.firstFit(firmText, room, words, sign+p.verdict(shortAmount), sign+p.briefly())
	c.rect(margin, top, c.width(firmText, words)+2*pad, height, height/2, ground)
	c.write(firmText, text, margin+pad, top+24, words)
}

// briefly is the verdict for a pill with little room.
func (p progress) briefly() string {
	switch p.state {
	case reached:
		return "goal reached"
	case missed:
		return "goal missed"
	case behind:
		return shortAmount(p.money(-p.Gap().Minor)) + " behind"
	case ahead:
		return shortAmount(p.Gap()) + " ahead"
	}
	return p.verdict(shortAmount)
}

// look is the sign and the colours of a verdict.
func (p progress) look() (sign string, text, ground color.Color) {
	switch p.state {
	case behind:
		return "▼ ", orange, orangeTint
	case missed:
		return "", orange, orangeTint
	case ahead:
		return "▲ ", blue, blueTint
	case reached:
		return "✓ ", paper, blue
	default:
		return "", ink, band
	}
}
