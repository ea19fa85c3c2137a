package command

import (
	"strconv"
	"strings"

	"payoff/goals"
)

// count is a number and what it counts, or a noun alone: "4 new contacts", "contacts: 4", "1-2-1".
func (r *reader) count(i int) (part, error) {
	if j, n := r.number(i); j > 0 {
		k := j
		for k < len(r.atoms) && k < j+3 && adjectives[r.low(k)] {
			k++
		}
		if noun, end := r.nounAt(k); end > 0 {
			p := part{kind: countPart, from: i, to: end, noun: noun, counted: true}
			var err error
			p.value, err = r.whole(n, p)
			return p, err
		}
	}
	noun, end := r.nounAt(i)
	if end == 0 {
		return part{}, nil
	}
	p := part{kind: countPart, from: i, to: end, noun: noun, value: 1}
	if sep := r.low(end); sep == ":" || sep == "=" {
		if j, n := r.number(end + 1); j > 0 && !r.inner(j) {
			var err error
			p.to, p.counted = j, true
			p.value, err = r.whole(n, p)
			return p, err
		}
	}
	return p, nil
}

// number is the end and the text of a number at atom i, in figures or in words.
func (r *reader) number(i int) (end int, n string) {
	if i >= len(r.atoms) || !r.free(i) {
		return 0, ""
	}
	if r.atoms[i].shape == digits {
		return i + 1, r.atoms[i].low
	}
	if (r.low(i) == "a" || r.low(i) == "an") && r.low(i+1) == "couple" {
		i++
	}
	if v, ok := figures[r.low(i)]; ok {
		return i + 1, strconv.FormatInt(v, 10)
	}
	return 0, ""
}

// whole is the value of a number of things: whole, and no more than a line may hold.
func (r *reader) whole(n string, p part) (int64, error) {
	noun := p.noun.measure.String()
	if i, fraction, ok := strings.Cut(n, ","); ok && (len(fraction) != 3 && strings.IndexByte(fraction, ',') < 0 || len(i) > 3) {
		return 0, r.wrong(goals.Unclear, p.from, p.to, "Type it without a comma.", "I can't read the number %s.", n)
	}
	n = strings.ReplaceAll(n, ",", "")
	if whole, fraction, ok := strings.Cut(n, "."); ok {
		if len(fraction) == 3 {
			whole += "," + fraction // the point of a German thousand
		}
		return 0, r.wrong(goals.Invalid, p.from, p.to, "Type a whole number, such as “"+whole+" "+noun+"”.",
			"“%s” is not a whole number.", r.said(p.from, p.to))
	}
	v, err := strconv.ParseInt(n, 10, 64)
	if err != nil || v > goals.MaxCount {
		return 0, r.wrong(goals.Invalid, p.from, p.to, "Check the number: 100,000 is the most one line can hold.",
			"“%s” is too many.", r.said(p.from, p.to))
	}
	return v, nil
}

// wholeNumber reads a number of things for which no noun is at hand to make a Mistake with.
func wholeNumber(n string) (int64, bool) {
	v, err := strconv.ParseInt(strings.ReplaceAll(n, ",", ""), 10, 64)
	return v, err == nil && v >= 0 && v <= goals.MaxCount
}

// nounAt is the longest phrase at atom i that names what is counted, and its end; 0 if there is none.
func (r *reader) nounAt(i int) (found noun, end int) {
	for j := i + 1; i < len(r.atoms) && j <= r.openTo(i, maxPhrase); j++ {
		last := r.atoms[j-1]
		if last.shape == mark && last.low != "-" && last.low != ":" && last.low != "'" || last.shape == ornament ||
			j > i+1 && last.spaced && last.shape == digits && r.atoms[j-2].shape == digits {
			break
		}
		if n, ok := nouns[r.key(i, j)]; ok && r.isWord(j-1) && !r.inner(j) && r.free(i) {
			found, end = n, j
		}
	}
	return found, end
}
