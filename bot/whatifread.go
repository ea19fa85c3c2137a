package bot

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/bot/command"
	"payoff/goals"
)

// A move is so much time a week from a channel, or from none, to another.
type move struct {
	minutes  int64
	from, to goals.Channel
}

const tryWhatIf = "Try: /report what if 2h a week from Facebook to BNI"

// readMove reads "2h a week from Facebook to BNI", its parts in any order. Names of channels may
// hold the small words that part them, so each way to take the line apart is tried: the first
// whose names are whole ones holds, else the first whose names are known by a part. What is wrong
// with the likeliest is what is wrong. Values that a platform took apart are given by name.
func readMove(text string, given map[string]string, d command.Desk) (move, error) {
	if n := utf8.RuneCountInString(text); n > command.MaxLine {
		return move{}, goals.Wrong(goals.Invalid, tryWhatIf, "That has %d characters; I read up to %d.", n, command.MaxLine)
	}
	var partly *move
	var wrong error
	for _, parts := range waysApart(text) {
		maps.Copy(parts, given)
		m, err := moveOf(parts, d)
		switch {
		case err == nil && letters(parts["from"]+parts["to"]) == letters(m.from.Name+m.to.Name):
			return m, nil
		case err == nil && partly == nil:
			partly = &m
		case err != nil && wrong == nil:
			wrong = err
		}
	}
	if partly != nil {
		return *partly, nil
	}
	return move{}, wrong
}

// letters is what of a name tells it from others.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func moveOf(parts map[string]string, d command.Desk) (m move, err error) {
	switch {
	case parts["time"] == "":
		return m, goals.Wrong(goals.Unclear, tryWhatIf, "How much time a week?")
	case parts["to"] == "" || isOneOf(parts["to"], leads) || isOneOf(parts["to"], leadsTo):
		return m, goals.Wrong(goals.Unclear, tryWhatIf, "Which channel would the time go to?")
	}
	v, err := command.Parse(whatIfSpec, "", parts, d)
	if err != nil {
		return m, err
	}
	m.minutes, _ = v.Minutes("time")
	m.from, _ = v.Channel("from")
	m.to, _ = v.Channel("to")
	return m, nil
}

// Words that stand before a channel, and those around it that say nothing here.
var (
	leads    = []string{"from"}
	leadsTo  = []string{"to", "into", "onto", "on", "towards", "in"}
	nothings = []string{"more", "extra", "additional", "instead", "please", "i", "we", "move", "moved", "moving", "shift", "shifted",
		"put", "spend", "spent", "went", "and", "of", "of:", "if", "what", "-", "–"}
)

// mostLeads is how many of each small word are tried: no name has as many.
const mostLeads = 4

// waysApart are the ways to take a line apart into its options, the likeliest first.
func waysApart(text string) (ways []map[string]string) {
	time, words := timeIn(wordsOf(text))
	froms, tos := places(words, leads), places(words, leadsTo)
	for _, f := range append(froms, -1) {
		for _, t := range append(slices.Clone(tos), -1) {
			first := len(words)
			parts := map[string]string{"time": time}
			for name, at := range map[string][2]int{"from": {f, t}, "to": {t, f}} {
				if at[0] < 0 {
					continue
				}
				end := len(words)
				if at[1] > at[0] {
					end = at[1]
				}
				first = min(first, at[0])
				parts[name] = ended(words[at[0]+1 : end])
			}
			head := strings.Join(pared(words[:first]), " ")
			switch {
			case f >= 0 && t >= 0 && head != "":
				continue
			case f < 0 && t >= 0:
				parts["from"] = head
			case t < 0:
				parts["to"] = head
			}
			ways = append(ways, parts)
		}
	}
	return ways
}

// wordsOf splits a line, without the marks behind its words.
func wordsOf(text string) []string {
	words := strings.Fields(strings.ReplaceAll(text, "/week", " a week"))
	for i, w := range words {
		words[i] = strings.TrimRight(w, ",;?!")
	}
	if n := len(words); n > 0 {
		words[n-1] = strings.TrimRight(words[n-1], ".")
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// timeIn takes the length of time out of a line, with the "a week" behind it or at the end:
// the longest words that are one, else the first that begins like a figure.
func timeIn(words []string) (time string, rest []string) {
	const longest = 5 // "two and a half hours"
	from, to := -1, -1
	for i := range words {
		for j := min(len(words), i+longest); j > i && from < 0; j-- {
			if _, err := goals.ParseMinutes(strings.Join(words[i:j], " ")); err == nil {
				from, to = i, j
			}
		}
	}
	if from < 0 {
		from = slices.IndexFunc(words, func(w string) bool { return strings.IndexFunc(strings.TrimLeft(w, "-–−"), unicode.IsDigit) == 0 })
		to = from + 1
	}
	if from < 0 {
		return "", words
	}
	behind := words[to:]
	for len(behind) > 1 && isOneOf(behind[0], nothings) { // "2h more a week"
		behind = behind[1:]
	}
	rest = slices.Concat(words[:from], weekOff(behind))
	if n := len(rest); n > 2 && len(weekOff(rest[n-2:])) == 0 {
		rest = rest[:n-2]
	}
	return strings.Join(words[from:to], " "), rest
}

// weekOff takes "a week" off the front.
func weekOff(words []string) []string {
	if len(words) > 0 && isOneOf(words[0], []string{"weekly", "pw"}) {
		return words[1:]
	}
	if len(words) > 1 && isOneOf(words[0], []string{"a", "per", "each", "every"}) && isOneOf(words[1], []string{"week", "wk"}) {
		return words[2:]
	}
	return words
}

func isOneOf(word string, list []string) bool { return slices.Contains(list, strings.ToLower(word)) }

// places are where some of the small words stand.
func places(words, small []string) (at []int) {
	for i, w := range words {
		if isOneOf(w, small) && len(at) < mostLeads {
			at = append(at, i)
		}
	}
	return at
}

// pared takes the words that say nothing off both ends.
func pared(words []string) []string {
	for len(words) > 0 && isOneOf(words[0], nothings) {
		words = words[1:]
	}
	return strip(words)
}

func strip(words []string) []string {
	for len(words) > 0 && isOneOf(words[len(words)-1], nothings) {
		words = words[:len(words)-1]
	}
	return words
}

// ended takes them off the end of a name, unless they are all of it.
func ended(words []string) string {
	if name := strip(words); len(name) > 0 {
		words = name
	}
	return strings.Join(words, " ")
}
