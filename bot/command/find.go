package command

import (
	"slices"
	"strings"

	"payoff/goals"
)

// Find is the command that a text calls, the one of the most words first, and the rest of the
// text as it was typed. "payoff" before a command, and a slash, change nothing. A command that
// does not exist is a Mistake that offers the nearest one.
func Find(specs []Spec, text string) (Spec, string, error) {
	l := read(text)
	first := 0
	for first < len(l.atoms) && l.atoms[first].low == "/" {
		first++
	}
	if l.low(first) == "payoff" && !l.inner(first+1) {
		if s, rest, ok := l.command(specs, first+1); ok {
			return s, rest, l.subcommand(specs, s, first+1)
		}
		if first+1 == len(l.atoms) {
			return helpOf(specs)
		}
		return Spec{}, "", l.noCommand(specs, first+1)
	}
	if s, rest, ok := l.command(specs, first); ok {
		return s, rest, l.subcommand(specs, s, first)
	}
	return Spec{}, "", l.noCommand(specs, first)
}

// helpOf is what "payoff" by itself calls: a command of that name, or the help.
func helpOf(specs []Spec) (Spec, string, error) {
	for _, name := range []string{"payoff", "help"} {
		if i := slices.IndexFunc(specs, func(s Spec) bool { return s.Name == name }); i >= 0 {
			return specs[i], "", nil
		}
	}
	return Spec{}, "", goals.Wrong(goals.Unclear, "Type a command behind it, such as “/payoff report”.", "What shall I do?")
}

// command is the command of the most words that begins at atom i, and the text behind it.
func (l *line) command(specs []Spec, i int) (found Spec, rest string, ok bool) {
	longest := 0
	for _, s := range specs {
		if end := l.calls(s, i); end > longest {
			found, ok, longest = s, true, end
		}
	}
	if ok && longest < len(l.atoms) {
		rest = strings.TrimSpace(l.typed[l.from[l.atoms[longest].start]:])
	}
	return found, rest, ok
}

// calls is the end of a command's words at atom i; 0 if they are not there. "check in" and
// "check-in" both call checkin.
func (l *line) calls(s Spec, i int) int {
	key := keyOf(s.Name)
	for j := i + 1; j <= len(l.atoms); j++ {
		switch k := l.key(i, j); {
		case k == key && !l.inner(j) && l.isWord(j-1):
			return j
		case !strings.HasPrefix(key, k):
			return 0
		}
	}
	return 0
}

// subcommand refuses words behind a command that takes none but has others below it: "goal sett £5k".
func (l *line) subcommand(specs []Spec, s Spec, i int) error {
	end := l.calls(s, i)
	if len(s.Options) > 0 || end == len(l.atoms) || !slices.ContainsFunc(specs, func(o Spec) bool {
		return !o.Hidden && strings.HasPrefix(o.Name, s.Name+" ")
	}) {
		return nil
	}
	return l.noCommand(specs, i)
}

// noCommand is the Mistake of words at atom i that call nothing.
func (l *line) noCommand(specs []Spec, i int) error {
	if i >= len(l.atoms) {
		return goals.Wrong(goals.Unclear, "Try “/payoff help”.", "There is no command in that.")
	}
	end := l.wordEnd(i)
	group := l.said(i, end)
	if below := beneath(specs, l.key(i, end)); len(below) > 0 {
		if end < len(l.atoms) {
			end = l.wordEnd(end)
		}
		hint := "Try " + either(below[:min(len(below), 4)]) + "."
		if near := l.nearestCommand(specs, i, end); near != "" {
			hint = "Did you mean " + near + "?"
		}
		return l.wrong(goals.Unknown, i, end, hint, "I don't know the command “%s”.", l.said(i, end))
	}
	hint := "Try “/payoff help”."
	if near := l.nearestCommand(specs, i, end); near != "" {
		hint = "Did you mean " + near + "?"
	}
	return l.wrong(goals.Unknown, i, end, hint, "I don't know the command “%s”.", group)
}

// beneath names the commands that begin with a word and go on: “/goal set”, “/goal list”.
func beneath(specs []Spec, word string) (names []string) {
	for _, s := range specs {
		if head, _, more := strings.Cut(s.Name, " "); more && !s.Hidden && keyOf(head) == word {
			names = append(names, "“"+Call(s)+"”")
		}
	}
	return names
}

// nearestCommand is the command whose words a misspelt one at atoms i up to j is nearest to.
func (l *line) nearestCommand(specs []Spec, i, j int) string {
	byName := map[string]Spec{}
	var names []string
	for _, s := range specs {
		if !s.Hidden && s.Name != "forget" { // never to be come upon by a slip
			byName[s.Name], names = s, append(names, s.Name)
		}
	}
	for _, end := range []int{l.nextWord(j), j} {
		if near := nearest(l.said(i, end), names); near != "" {
			return "“" + Call(byName[near]) + "”"
		}
	}
	return ""
}

func (l *line) nextWord(j int) int {
	if j < len(l.atoms) {
		return l.wordEnd(j)
	}
	return j
}

// Call is how a command is typed on a platform: "/goal set", "/payoff export".
func Call(s Spec) string {
	if head, _, _ := strings.Cut(s.Name, " "); slices.Contains(TopLevel, head) {
		return "/" + s.Name
	}
	return "/payoff " + s.Name
}
