package command

import (
	"slices"

	"payoff/goals"
)

// What an amount of money is: spend, revenue, or revenue given back.
type label uint8

const (
	noLabel label = iota
	asSpend
	asRevenue
	asRefund
)

var labels = map[role]label{spent: asSpend, earned: asRevenue, won: asRevenue, got: asRevenue, sold: asRevenue, refunded: asRefund}

// A claim is a word, or a count of deals, that says what the money beside it is.
type claim struct {
	part   int
	role   role
	beside []int // the amounts it stands next to, as indexes among the amounts
	must   bool  // it has no other sense than to speak of money
}

// settleMoney decides which amount is spend and which is revenue, and whether a deal was won.
func (r *reader) settleMoney(e *Entry) error {
	money := r.all(moneyPart)
	deals := slices.ContainsFunc(r.all(countPart), func(p part) bool { return p.noun.measure == goals.Deals })
	claims := r.claims(deals)
	if len(money) > 3 {
		return r.tooManyAmounts(money[3])
	}
	found := readings(claims, len(money))
	var label []label
	switch {
	case len(money) == 0:
	case len(found) == 1:
		label = found[0]
	case len(money) == 1:
		return r.wrong(goals.Ambiguous, money[0].from, money[0].to, "Type “spent”, “won” or “refund” right before it.",
			"I can't tell whether “%s” was spent or earned.", r.said(money[0].from, money[0].to))
	default:
		return r.whichIsWhich(money)
	}
	if len(money) == 1 && label[0] == noLabel {
		if err := r.loneAmount(label, claims, deals); err != nil {
			return err
		}
	}
	if err := r.idleClaims(claims, label, deals); err != nil {
		return err
	}
	return r.bookMoney(e, money, label, claims, deals)
}

// claims are the words and counts that can speak of money.
func (r *reader) claims(deals bool) (all []claim) {
	amount := map[int]int{} // part to amount
	for i, p := range r.parts {
		if p.kind == moneyPart {
			amount[i] = len(amount)
		}
	}
	for i, p := range r.parts {
		c := claim{part: i}
		switch {
		case p.kind == rolePart && p.role == spent && r.besideTime(i): // "spent 2h and £25", or just "spent 2h"
			if a, ok := amount[r.after(r.after(i))]; ok {
				all = append(all, claim{part: i, role: spent, beside: []int{a}})
			}
			continue
		case p.kind == rolePart && p.role != gave:
			c.role, c.must = p.role, p.role != got && !(p.role == won && deals)
		case p.kind == countPart && p.noun.measure == goals.Deals:
			c.role = sold
		default:
			continue
		}
		if a, ok := amount[r.before(i)]; ok && c.role != got {
			c.beside = append(c.beside, a)
		}
		if a, ok := amount[r.after(i)]; ok {
			c.beside = append(c.beside, a)
		}
		all = append(all, c)
	}
	// Those that must speak of money choose first.
	slices.SortStableFunc(all, func(a, b claim) int {
		switch {
		case a.must == b.must:
			return 0
		case a.must:
			return -1
		}
		return 1
	})
	return all
}

func (r *reader) besideTime(i int) bool {
	j := r.after(i)
	return j >= 0 && r.parts[j].kind == durationPart
}

// readings are the ways in which the claims can be shared out among n amounts without
// contradiction. With more than one amount, a way that leaves one unexplained is none.
func readings(claims []claim, n int) (found [][]label) {
	var try func(rest []claim, so []label)
	try = func(rest []claim, so []label) {
		if len(rest) == 0 {
			complete := n == 1 || !slices.Contains(so, noLabel)
			same := func(other []label) bool { return slices.Equal(other, so) }
			if complete && !slices.ContainsFunc(found, same) {
				found = append(found, slices.Clone(so))
			}
			return
		}
		c, fits := rest[0], false
		for _, a := range c.beside {
			if was := so[a]; was == noLabel || was == labels[c.role] {
				so[a], fits = labels[c.role], true
				try(rest[1:], so)
				so[a] = was
			}
		}
		if len(c.beside) == 0 || !c.must && (n > 1 || !fits) {
			try(rest[1:], so)
		}
	}
	try(claims, make([]label, n))
	return found
}

// loneAmount decides what a single amount is that no word stands beside: what the one word about
// money elsewhere in the line says; else revenue if there is a deal, and spend if there is none.
func (r *reader) loneAmount(l []label, claims []claim, deals bool) error {
	for _, c := range claims {
		if c.role == got || c.role == sold {
			continue
		}
		if says := labels[c.role]; l[0] == noLabel {
			l[0] = says
		} else if l[0] != says {
			p := r.parts[c.part]
			return r.wrong(goals.Ambiguous, p.from, p.to, "Type “spent”, “won” or “refund” right before the amount.",
				"I can't tell what “%s” is about.", r.said(p.from, p.to))
		}
	}
	switch {
	case l[0] != noLabel:
	case deals:
		l[0] = asRevenue
	default:
		l[0] = asSpend
	}
	return nil
}

// idleClaims answers a word about money that no money belongs to.
func (r *reader) idleClaims(claims []claim, label []label, deals bool) error {
	for _, c := range claims {
		p := r.parts[c.part]
		if c.role == got || c.role == sold || c.role == won && deals || slices.Contains(label, labels[c.role]) {
			continue
		}
		said := r.said(p.from, p.to)
		sign := r.desk.Currency.Symbol()
		if c.role == won {
			return r.wrong(goals.Unclear, p.from, p.to, "Type “"+said+" "+sign+"300” or “"+said+" a deal”.", "“%s” needs an amount.", said)
		}
		return r.wrong(goals.Unclear, p.from, p.to, "Type it right behind: “"+said+" "+sign+"25”.", "“%s” needs an amount.", said)
	}
	return nil
}

// bookMoney writes down the amounts and the deals.
func (r *reader) bookMoney(e *Entry, money []part, label []label, claims []claim, deals bool) error {
	revenue := -1
	for i, p := range money {
		m, v := goals.Spend, p.money.Minor
		if label[i] != asSpend {
			m = goals.Revenue
			if revenue >= 0 {
				return r.twice(money[revenue], p, "Log each on a line of its own.", "amounts of revenue")
			}
			revenue = i
		}
		for j := range i {
			if label[j] == asSpend && label[i] == asSpend {
				return r.twice(money[j], p, "Add them up, or log each on a line of its own.", "amounts of spend")
			}
		}
		if label[i] == asRefund {
			v = -v
		}
		e.Amounts[m] = v
	}
	hasWon := slices.ContainsFunc(claims, func(c claim) bool { return c.role == won })
	if slices.Contains(label, asRefund) && (deals || hasWon) {
		p := money[revenue]
		return r.wrong(goals.Ambiguous, p.from, p.to, "Log the refund and the deal on a line each.", "A refund is not a deal.")
	}
	if hasWon && !deals {
		e.Amounts[goals.Deals] = 1
	}
	return nil
}

// whichIsWhich answers two amounts of which it is not clear what each is, in the owner's own figures.
func (r *reader) whichIsWhich(money []part) error {
	a, b := money[0], money[1]
	low, high := r.said(a.from, a.to), r.said(b.from, b.to)
	if a.money.Minor > b.money.Minor {
		low, high = high, low
	}
	return r.wrong(goals.Ambiguous, a.from, b.to, "Type “spent "+low+" won "+high+"”.",
		"I can't tell which of %s and %s was spent and which was earned.", r.said(a.from, a.to), r.said(b.from, b.to))
}

func (r *reader) tooManyAmounts(p part) error {
	return r.wrong(goals.Ambiguous, p.from, p.to, "Log each on a line of its own.", "That line has too many amounts of money.")
}
