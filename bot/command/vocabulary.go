package command

import (
	"slices"
	"strings"

	"payoff/goals"
)

// A noun is what a phrase counts.
type noun struct {
	measure goals.Measure
	one     bool // it counts one when no number stands before it: "1-2-1"
	unsided bool // a referral of which it is not said whether it was given or received
}

// nounPhrases are the everyday names of what is counted: the ones that count one by
// themselves, then the ones that need a number.
var nounPhrases = []struct {
	measure   goals.Measure
	one, many string
}{
	{goals.Contacts, "contact, connection, lead", "contacts, connections, leads"},
	{goals.Conversations, "conversation, convo, chat", "conversations, convos, chats"},
	{goals.Qualified, "qualified lead, qualified contact, qualified prospect",
		"qualified, qualified leads, qualified contacts, qualified prospects"},
	{goals.Deals, "deal, sale, order", "deals, sales, wins, orders"},
	{goals.OneToOnes, "1-2-1, 1:1, 1 to 1, 1 on 1, one to one, one 2 one, one on one",
		"1-2-1s, 1:1s, 1 to 1s, 1 on 1s, one to ones, one 2 ones, one on ones"},
	{goals.ReferralsGiven, "referral given, given referral, referral passed",
		"referrals given, given referrals, referrals passed"},
	{goals.ReferralsReceived, "referral received, received referral", "referrals received, received referrals"},
	{goals.Visitors, "visitor, guest", "visitors, guests"},
	{goals.Partners, "partner, strategic partner, partnership, strategic partnership",
		"partners, strategic partners, partnerships, strategic partnerships"},
	{goals.Advice, "advice, piece of advice, bit of advice", "pieces of advice, bits of advice"},
}

// vague names things that the funnel does not count under that name, and what may be meant.
var vague = map[string][]goals.Measure{
	"call": {goals.Contacts, goals.Conversations}, "meeting": {goals.Conversations, goals.OneToOnes},
	"prospect": {goals.Contacts, goals.Qualified}, "person": {goals.Contacts, goals.Conversations},
	"people": {goals.Contacts, goals.Conversations}, "client": {goals.Contacts, goals.Deals},
	"customer": {goals.Contacts, goals.Deals}, "email": {goals.Contacts, goals.Conversations},
	"message": {goals.Contacts, goals.Conversations}, "dm": {goals.Contacts, goals.Conversations},
	"reply": {goals.Conversations}, "replies": {goals.Conversations}, "intro": {goals.Contacts, goals.ReferralsReceived},
	"introduction": {goals.Contacts, goals.ReferralsReceived}, "proposal": {goals.Qualified}, "quote": {goals.Qualified},
}

// vanity names what is not counted at all: quality, not quantity.
var vanity = words("follower, like, view, post, impression, comment, share, click, reach, subscriber, visit, event, story, stories, reel")

// A role is what a word says of the money or the referrals beside it.
type role uint8

const (
	noRole   role = iota
	spent         // "spent £25"
	earned        // "invoiced £300": revenue, without a deal
	won           // "won £1,200": revenue, with a deal
	refunded      // "refunded £200": revenue given back
	gave          // "gave 2 referrals"
	got           // "got a referral", "got £300"
	sold          // "1 sale £300": a count of deals beside money; never said of a word
)

var rolePhrases = []struct {
	role    role
	phrases string
}{
	{spent, "spent, spend, spending, cost, costs, costing, fee, fees, expense, expenses, paid"},
	{earned, "revenue, earned, earning, earnings, invoiced, invoice, takings, income, turnover, billed, paid me, paid us, got paid"},
	{won, "won, win, sold, closed, close, signed"},
	{refunded, "refund, refunds, refunded"},
	{gave, "gave, given, passed"},
	{got, "got, received, receive, made, took"},
}

// opener words begin a note: what follows them, up to a comma or something that is understood.
// Those of a place can also lead to the name of a channel that is not known yet.
var (
	openers   = words("with, about, re, met, spoke, talked, saw, to, at, from, for")
	places    = words("at, from, for")
	occasions = words("meeting, event, session, breakfast, lunch, dinner, coffee, drinks, workshop, webinar, meetup, stand, seminar, " +
		"conference, expo, fair, ads, ad, advert, adverts")

	fillers = words("a, an, the, on, in, via, through, using, by, of, and, my, our, i, we, had, have, did, do, was, were, is, " +
		"worth, totalling, some, new, more, further, good, great, this, morning, afternoon, evening, x, plus, then, also, log, " +
		"channel, date, time, please")
	adjectives = words("of, new, more, further, good, great, x")
	units      = words("h, hr, hrs, hour, hours, m, min, mins, minute, minutes")

	figures = map[string]int64{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
		"seven": 7, "eight": 8, "nine": 9, "ten": 10, "couple": 2, "no": 0, "zero": 0}

	// currencyWords are the names of money in everyday speech; whether one fits is for goals.ParseMoney.
	currencyWords = words("quid, yen, kr, zł, zl, rs, lei, tl, rmb, pence, p, cents")
	magnitudes    = words("k, m, mn, bn, grand, thousand, million, billion")
	fractions     = words("half, quarter, ½, ¼, ¾")

	calendar = words("today, yesterday, tomorrow, monday, tuesday, wednesday, thursday, friday, saturday, sunday, january, february, " +
		"march, april, may, june, july, august, september, october, november, december")
)

// occasion reports a word for what was going on, which is a note by itself: "lunch", "posting".
func occasion(word string) bool {
	return occasions[word] || len(word) > 5 && strings.HasSuffix(word, "ing") && !fillers[word]
}

// The phrases by key, and the longest of them in words.
var (
	nouns = nounTable()
	roles = roleTable()
)

const maxPhrase = 8 // atoms; "one-to-ones" is five

func nounTable() map[string]noun {
	table := map[string]noun{}
	for _, p := range nounPhrases {
		for phrase := range strings.SplitSeq(p.one, ", ") {
			table[keyOf(phrase)] = noun{measure: p.measure, one: true}
		}
		for phrase := range strings.SplitSeq(p.many, ", ") {
			table[keyOf(phrase)] = noun{measure: p.measure}
		}
	}
	table["referral"] = noun{measure: goals.ReferralsGiven, one: true, unsided: true}
	table["referrals"] = noun{measure: goals.ReferralsGiven, unsided: true}
	return table
}

func roleTable() map[string]role {
	table := map[string]role{}
	for _, p := range rolePhrases {
		for phrase := range strings.SplitSeq(p.phrases, ", ") {
			table[keyOf(phrase)] = p.role
		}
	}
	return table
}

func keyOf(s string) string {
	l := read(s)
	return l.key(0, len(l.atoms))
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(list, ", ") {
		set[w] = true
	}
	return set
}

func isFigure(word string) bool { _, ok := figures[word]; return ok }

// reserved words do so much work in a line that a channel called like one has to be quoted.
func reserved(word string) bool {
	return isFigure(word) || word == "note" || word == "notes" || fillers[word] || openers[word] || units[word] || roles[word] != noRole
}

// known are the words a misspelt one is held against.
var known = knownWords()

func knownWords() []string {
	list := strings.Split("1-2-1, one-to-one, referral, referrals", ", ")
	for _, p := range nounPhrases {
		list = append(list, strings.Split(p.one+", "+p.many, ", ")...)
	}
	for _, p := range rolePhrases {
		list = append(list, strings.Split(p.phrases, ", ")...)
	}
	for _, set := range []map[string]bool{occasions, units, calendar, words("with, about")} {
		for w := range set {
			list = append(list, w)
		}
	}
	slices.Sort(list)
	return list
}
