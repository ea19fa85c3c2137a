package chart

// A naming finds room for the names of what stands in the plot: names that nothing crosses,
// so that no legend is needed. A name without room is left out; the alternative text has it.
type naming struct {
	*canvas
	plot
	paths [][]spot // nothing may be written over these
	taken []box    // nor over these
}

// nameLines writes "goal", "pace" and "break" beside what they name.
func (c *canvas) nameLines(p progress, l plot, paths [][]spot) {
	goal := l.y(p.Goal.Minor)
	line := paths[len(paths)-1]
	n := naming{c, l, append(paths, []spot{{l.left, goal}, {l.right, goal}}), nil}
	if p.running() {
		x := l.on(p.On)
		n.taken = append(n.taken, box{x - 4, plotTop, x + 4, plotBottom})
	}
	n.nameGoal(goal)
	n.namePace(line)
	n.nameForecast(p)
	for _, b := range p.rests(l) {
		n.nameBreak(b)
	}
}

// nameGoal writes above the goal's line, from the left.
func (n *naming) nameGoal(goal float64) {
	for share := 0.0; share < 1; share += 0.05 {
		if n.place("goal", n.x(share*n.days)+4, goal-21, plotTop-30) {
			return
		}
	}
}

// namePace writes right below the line or left above it, rather late than early.
func (n *naming) namePace(line []spot) {
	w := n.width(noteText, "pace") + 8
	for _, share := range [...]float64{0.72, 0.8, 0.62, 0.52, 0.42, 0.32, 0.22, 0.88} {
		x := n.x(share * n.days)
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			if a.x > x || x > b.x || a.x == b.x {
				continue
			}
			y := heightAt(a, b, x)
			if n.place("pace", x+3, y+3, plotTop) || n.place("pace", x-3-w, y-22, plotTop) {
				return
			}
		}
	}
}

// nameBreak writes in the middle of the shaded days, which may be narrower than the word;
// rather high, where revenue does not cover the shade.
func (n *naming) nameBreak(b box) {
	w := n.width(noteText, "break") + 8
	for _, y := range [...]float64{plotTop + 6, plotTop + 40, plotBottom - 25, plotTop + 110} {
		if n.place("break", (b.x1+b.x2-w)/2, y, plotTop) {
			return
		}
	}
}

// place writes a word into the box whose left top is x, y, and reports whether there was room
// for it, below the given ceiling.
func (n *naming) place(word string, x, y, ceiling float64) bool {
	b := box{x, y, x + n.width(noteText, word) + 8, y + 19}
	free := b.x1 >= n.left && b.x2 <= n.right && b.y1 >= ceiling && b.y2 <= plotBottom-2
	for _, path := range n.paths {
		free = free && !b.crossed(path)
	}
	for _, o := range n.taken {
		free = free && !b.meets(o)
	}
	if free {
		n.write(noteText, quiet, x+4, y+14, word)
		n.taken = append(n.taken, b)
	}
	return free
}
