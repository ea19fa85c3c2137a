package command

import (
	"strings"

	"payoff/goals"
)

// settleNumbers makes money of a number behind a word that can only mean money, "spent 25", and
// a count of one that stands apart from its noun.
func (r *reader) settleNumbers(*Entry) error {
	for i := range r.parts {
		p := &r.parts[i]
		if p.kind != numberPart || p.to != p.from+1 || r.joinCount(i) {
			continue
		}
		before := r.before(i)
		if before < 0 || r.parts[before].kind != rolePart {
			continue
		}
		switch r.parts[before].role {
		case spent, earned, refunded:
			m, err := goals.ParseMoney(r.slice(p.from, p.to), r.desk.Currency)
			if err != nil {
				return r.within(err, p.from, p.to)
			}
			if m.Minor > goals.MaxMinor {
				return r.tooMuch(p.from, p.to)
			}
			p.kind, p.money = moneyPart, m
		}
	}
	return nil
}

// joinCount takes a bare number before a channel for that of the noun behind it: "3 LinkedIn convos".
func (r *reader) joinCount(i int) bool {
	if i+2 >= len(r.parts) || r.parts[i+1].kind != channelPart {
		return false
	}
	p := &r.parts[i+2]
	n, ok := wholeNumber(r.slice(r.parts[i].from, r.parts[i].to))
	if p.kind != countPart || p.counted || !ok {
		return false
	}
	p.value, p.counted = n, true
	r.parts[i].kind = skipPart
	return true
}

// before is the index of the part before i that says something; -1 behind a comma or at the start.
func (r *reader) before(i int) int {
	for i--; i >= 0 && r.parts[i].kind == skipPart; i-- {
	}
	if i >= 0 && r.parts[i].kind == pausePart {
		return -1
	}
	return i
}

// after is the index of the part behind i that says something; -1 before a comma or at the end.
func (r *reader) after(i int) int {
	for i++; i < len(r.parts) && r.parts[i].kind == skipPart; i++ {
	}
	if i == len(r.parts) || r.parts[i].kind == pausePart {
		return -1
	}
	return i
}

// settleWords answers the first word or number that is not understood. When that is all that
// keeps the line from being understood, and no channel is named, the words may be a new channel.
func (r *reader) settleWords(e *Entry) error {
	r.settleSides()
	var open []guess
	for _, g := range r.guesses() {
		if r.parts[g.part].kind == unknownPart {
			open = append(open, g)
		}
	}
	for i, p := range r.parts {
		switch p.kind {
		case unknownPart:
			if err := r.strangeWord(i, e.Channel != "", open); err != nil {
				return err
			}
		case numberPart:
			return r.bareNumberMistake(i)
		case countPart:
			if err := r.countMistake(p); err != nil {
				return err
			}
		}
	}
	if e.Channel == "" {
		return r.lastly(e)
	}
	return nil
}

// lastly answers a line without a channel, after whatever else may be wrong with it.
func (r *reader) lastly(e *Entry) error {
	if r.nothingSaid() {
		return r.wrong(goals.Unclear, 0, len(r.atoms), logExample, "I don't understand that line.")
	}
	rest := *e
	for _, step := range []func(*Entry) error{r.settleDay, r.settleCounts, r.settleMoney, r.settleNote} {
		if err := step(&rest); err != nil {
			return err
		}
	}
	if rest.Amounts.IsZero() {
		return r.settleRest(&rest)
	}
	return r.unknownChannel()
}

// strangeWord is the Mistake about an unknown word; nil when it may be a new channel's name.
// Open are the guesses at one among such words.
func (r *reader) strangeWord(i int, channel bool, open []guess) error {
	p := r.parts[i]
	word := r.said(p.from, p.to)
	low := r.key(p.from, p.to)
	near := nearest(word, known)
	switch {
	case isCurrencySign(word):
		return r.wrong(goals.Unclear, p.from, p.to, "Type the amount right behind it: “"+word+"25”.", "There is no amount behind “%s”.", word)
	case r.atoms[p.from].shape == mark:
		return r.wrong(goals.Unclear, p.from, p.to, "Leave it out, or put a note in quotes.", "I don't know what “%s” is for.", word)
	case !channel && inName(p, open):
		return nil
	case vanity[low] || vanity[strings.TrimSuffix(low, "s")]:
		return r.wrong(goals.Unclear, p.from, p.to, "Log what came of it: contacts, conversations, qualified, deals or revenue.",
			"I don't count “%s”.", word)
	case vagueOf(low) != nil:
		return r.wrong(goals.Unclear, p.from, p.to, "Type “"+meant(vagueOf(low), "")+"”, or put a note in quotes.",
			"“%s” can mean several things.", word)
	case isFigure(low):
		if next := i + 1; next < len(r.parts) && r.parts[next].kind == unknownPart {
			return r.unknownNoun(word, r.parts[next])
		}
		return r.wrong(goals.Unclear, p.from, p.to, "Type it behind, such as “"+word+" contacts”.", "I don't know what “%s” counts.", word)
	case near != "" && !r.nearChannel(word, channel):
		return r.wrong(goals.Unclear, p.from, p.to, "Did you mean “"+near+"”?", "I don't know the word “%s”.", word)
	case channel || len(open) == 1 && !looksLikeName(open[0].name):
		return r.wrong(goals.Unclear, p.from, p.to, "If it is a note, put it in quotes.", "I don't know the word “%s”.", word)
	case len(open) > 1:
		return r.wrong(goals.Unclear, p.from, p.to, "Name a channel, and put a note in quotes.", "I don't know the word “%s”.", word)
	}
	return nil
}

// inName reports one word of several that may be a name: the Earth of "Friends of the Earth".
func inName(p part, open []guess) bool {
	return len(open) == 1 && looksLikeName(open[0].name) && (open[0].from < p.from || p.to < open[0].to)
}

// nearChannel reports that a word is nearer to the name of a channel, in a line that names none.
func (r *reader) nearChannel(word string, channel bool) bool {
	return !channel && nearest(word, r.roll.names()) != ""
}

func vagueOf(low string) []goals.Measure {
	if v := vague[low]; v != nil {
		return v
	}
	return vague[strings.TrimSuffix(low, "s")]
}

// meant is how to write a number of one of some measures.
func meant(measures []goals.Measure, n string) string {
	names := make([]string, len(measures))
	for i, m := range measures {
		names[i] = strings.TrimSpace(n + " " + m.String())
	}
	return strings.Join(names, "” or “")
}

// bareNumberMistake answers a number that counts nothing that is known.
func (r *reader) bareNumberMistake(i int) error {
	p := r.parts[i]
	n := r.said(p.from, p.to)
	if j := i + 1; j < len(r.parts) && r.parts[j].kind == unknownPart {
		return r.unknownNoun(n, r.parts[j])
	}
	sign := r.desk.Currency.Symbol()
	switch rest := strings.TrimLeft(fold(n), "0123456789.,"); {
	case strings.Contains(n, "-"):
		return r.wrong(goals.Unclear, p.from, p.to, "Type one number.", "“%s” is not one number.", n)
	case rest == "st" || rest == "nd" || rest == "rd" || rest == "th":
		return r.wrong(goals.Unclear, p.from, p.to, "Type “the "+n+"” if it is a date.", "I can't tell what “%s” is.", n)
	case magnitudes[rest]:
		return r.wrong(goals.Unclear, p.from, p.to, "Type “"+sign+n+"” if it is money.", "I don't know what %s counts.", n)
	case rest != "":
		return r.wrong(goals.Unclear, p.from, p.to, "Put spaces between the parts, or quotes around a note.", "I can't read “%s”.", n)
	}
	if before := r.before(i); before >= 0 && r.parts[before].role == won {
		verb := r.parts[before]
		said := r.said(verb.from, verb.to)
		return r.wrong(goals.Ambiguous, p.from, p.to, "Type “"+said+" "+sign+n+"” or “"+said+" "+n+" deals”.",
			"“%s” could be money or deals.", r.said(verb.from, p.to))
	}
	return r.wrong(goals.Unclear, p.from, p.to,
		"Type “"+sign+n+"”, “"+n+" contacts” or “"+n+" minutes”.", "I don't know what %s counts.", n)
}

// unknownNoun answers a word behind a number that is nothing known to be counted.
func (r *reader) unknownNoun(n string, p part) error {
	word, low := r.said(p.from, p.to), r.key(p.from, p.to)
	hint := "I count contacts, conversations, qualified, deals, one-to-ones and referrals. A note goes in quotes."
	message := "I don't know what “%s” counts."
	if low == "" && word == "%" {
		return r.wrong(goals.Unclear, p.from, p.to, "Type the number itself, such as “5 contacts” or “£25”.", "A percentage is not an amount.")
	}
	if v := vagueOf(low); v != nil {
		hint = "Type “" + meant(v, n) + "”."
	} else if vanity[low] || vanity[strings.TrimSuffix(low, "s")] {
		message = "I don't count “%s”."
	} else if near := nearest(word, known); near != "" {
		hint = "Did you mean “" + n + " " + near + "”?"
	}
	return r.wrong(goals.Unclear, p.from, p.to, hint, message, word)
}

// settleSides gives referrals their side by the verb: "gave 2 referrals", "got a referral".
func (r *reader) settleSides() {
	for i := range r.parts {
		p := &r.parts[i]
		if p.kind != countPart || !p.noun.unsided {
			continue
		}
		switch r.verb(i) {
		case gave:
			p.noun.unsided = false
		case got:
			p.noun.measure, p.noun.unsided = goals.ReferralsReceived, false
		}
	}
}

// verb is the giving or getting that a part belongs to: the word right behind it, or else the
// last one before it.
func (r *reader) verb(i int) role {
	is := func(j int) bool {
		return j >= 0 && r.parts[j].kind == rolePart && (r.parts[j].role == gave || r.parts[j].role == got)
	}
	if j := r.after(i); is(j) {
		return r.parts[j].role
	}
	for j := i - 1; j >= 0; j-- {
		if is(j) {
			return r.parts[j].role
		}
	}
	return noRole
}

// countMistake answers a noun that says too little.
func (r *reader) countMistake(p part) error {
	said := r.said(p.from, p.to)
	switch {
	case p.noun.unsided && p.counted:
		return r.wrong(goals.Ambiguous, p.from, p.to, "Type “"+said+" given” or “"+said+" received”.", "“%s” could be given or received.", said)
	case p.noun.unsided:
		return r.wrong(goals.Ambiguous, p.from, p.to, "Type “1 referral given” or “1 referral received”.", "“%s” could be given or received.", said)
	case !p.counted && !p.noun.one:
		return r.wrong(goals.Unclear, p.from, p.to, "Put the number before it: “2 "+said+"”.", "I don't know how many “%s”.", said)
	}
	return nil
}
