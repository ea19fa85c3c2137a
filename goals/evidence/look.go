package evidence

import (
	"math"
	"slices"

	"payoff/goals"
)

// What a history says without a model: what a report shows beside the estimates, so that a
// reader sees what they rest on. As everywhere, only weeks that are over count.

// over is the Monday of the running week.
func (h History) over() goals.Date { return (h.AsOf + 1).Monday() }

func (h History) channel(id goals.ChannelID) goals.Channel {
	if i := slices.IndexFunc(h.Channels, func(c goals.Channel) bool { return c.ID == id }); i >= 0 {
		return h.Channels[i]
	}
	return goals.Channel{ID: id}
}

// Minutes is the time that went into a channel, or into all where it is empty.
func (h History) Minutes(id goals.ChannelID) (sum int64) {
	for _, w := range h.Weeks {
		if (id == "" || w.Channel == id) && w.Monday < h.over() {
			sum += w.Amounts[goals.Hours]
		}
	}
	return sum
}

// ActiveWeeks is how many weeks have anything of what a return is of: a channel, or a kind.
func (h History) ActiveWeeks(r Return) int {
	seen := map[goals.Date]bool{}
	for _, w := range h.Weeks {
		if (w.Channel == r.Channel || r.Channel == "" && h.channel(w.Channel).Kind == r.Kind) && w.Monday < h.over() && !w.Amounts.IsZero() {
			seen[w.Monday] = true
		}
	}
	return len(seen)
}

// Idle is how many full weeks have passed since a channel last had anything; false when it
// never had.
func (h History) Idle(id goals.ChannelID) (weeks int, ever bool) {
	var last goals.Date
	for _, w := range h.Weeks {
		if w.Channel == id && !w.Amounts.IsZero() {
			last = max(last, w.Monday)
		}
	}
	return int(h.over()-last)/7 - 1, last != 0
}

// Unpriced is how many deals have no amount: they count, and say nothing of what a deal is worth.
func (h History) Unpriced() (n int64) {
	for _, d := range h.Deals {
		if d.Revenue <= 0 && d.Deals > 0 && d.Date < h.over() {
			n += d.Deals
		}
	}
	return n
}

// Refunded is what was paid back, in minor units. It is taken off revenue, and not off what an
// hour brings.
func (h History) Refunded() (sum int64) {
	for _, d := range h.Deals {
		sum -= min(d.Revenue, 0)
	}
	return sum
}

// Biggest is the share that the largest deal has of all that a channel brought, and how many
// lines of revenue that is of.
func (h History) Biggest(id goals.ChannelID) (share float64, lines int) {
	var sum, most int64
	for _, d := range h.Deals {
		if d.Channel == id && d.Date < h.over() && d.Revenue > 0 {
			sum, lines, most = sum+d.Revenue, lines+1, max(most, d.Revenue/max(d.Deals, 1))
		}
	}
	return float64(most) / float64(max(sum, 1)), lines
}

// ChannelWithoutBiggest is what an hour of a channel brings when its largest deal is left out;
// false for a channel that has no such figure.
func (h History) ChannelWithoutBiggest(id goals.ChannelID) (Return, bool) {
	rest := Analyse(h.withoutBiggest(func(ch goals.Channel) bool { return ch.ID == id }))
	return pick(rest.Channels, func(r Return) bool { return r.Channel == id })
}

// KindWithoutBiggest is the same of a kind.
func (h History) KindWithoutBiggest(kind goals.Kind) (Return, bool) {
	rest := Analyse(h.withoutBiggest(func(ch goals.Channel) bool { return ch.Kind == kind }))
	return pick(rest.Kinds, func(r Return) bool { return r.Kind == kind })
}

func pick(list []Return, is func(Return) bool) (Return, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return Return{}, false
}

// withoutBiggest is the history without the largest deal of some channels.
func (h History) withoutBiggest(in func(goals.Channel) bool) History {
	found, most := -1, 0.
	for i, d := range h.Deals {
		if each := float64(d.Revenue) / float64(max(d.Deals, 1)); in(h.channel(d.Channel)) && d.Date < h.over() && each > most {
			found, most = i, each
		}
	}
	if found < 0 {
		return h
	}
	h.Deals, h.Weeks = slices.Clone(h.Deals), slices.Clone(h.Weeks)
	d := &h.Deals[found]
	gone := Deal{Date: d.Date, Channel: d.Channel, Deals: min(d.Deals, 1), Revenue: d.Revenue / max(d.Deals, 1)}
	d.Deals, d.Revenue = d.Deals-gone.Deals, d.Revenue-gone.Revenue
	for i := range h.Weeks {
		if w := &h.Weeks[i]; w.Channel == gone.Channel && w.Monday == gone.Date.Monday() {
			w.Amounts[goals.Deals] -= gone.Deals
			w.Amounts[goals.Revenue] -= gone.Revenue
		}
	}
	return h
}

// A Passage is how many contacts of a channel became deals, and between which shares that lies
// with 90 %.
type Passage struct {
	Channel         goals.ChannelID
	Contacts, Deals int64
	Lo, Hi          float64
}

// Passages is the way from contact to deal of each channel, for an owner who logs nothing in
// between; else none, for then the funnel says more.
func (h History) Passages() []Passage {
	sums := map[goals.ChannelID]goals.Amounts{}
	var all goals.Amounts
	for _, w := range h.Weeks {
		if w.Monday < h.over() {
			sums[w.Channel], all = sums[w.Channel].Plus(w.Amounts), all.Plus(w.Amounts)
		}
	}
	if all[goals.Conversations]+all[goals.Qualified] > 0 {
		return nil
	}
	var list []Passage
	for _, ch := range h.Channels {
		p := Passage{Channel: ch.ID, Contacts: sums[ch.ID][goals.Contacts], Deals: sums[ch.ID][goals.Deals]}
		if p.Deals >= 0 && p.Contacts >= max(p.Deals, 1) && all[goals.Deals] > 0 {
			p.Lo, p.Hi = wilson(float64(p.Deals), float64(p.Contacts))
			list = append(list, p)
		}
	}
	return list
}

// wilson is Wilson's interval of a share, k of n: it holds at few cases too, and never leaves 0 to 1.
func wilson(k, n float64) (lo, hi float64) {
	const z2 = 1.6449 * 1.6449 // 90 %
	mid := (k + z2/2) / (n + z2)
	half := math.Sqrt(z2*(k*(n-k)/n+z2/4)) / (n + z2)
	return max(mid-half, 0), min(mid+half, 1)
}
