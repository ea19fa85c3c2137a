package storage

import (
	"encoding/binary"
	"errors"

	"payoff/goals"
)

// A Total is what one channel came to in one week, kept up with every activity.
type Total struct {
	Week       goals.Date
	Channel    goals.ChannelID
	Amounts    goals.Amounts
	Activities int
}

// A Deal is the deals and the revenue of one activity, by date.
type Deal struct {
	Date    goals.Date
	Channel goals.ChannelID
	Deals   int64
	Revenue int64 // minor units; negative for a refund
}

// Totals and deals are read by the thousand for a report, so they are not kept as JSON: after
// the version come varints. Of a total these are its lines and each measure that is not zero
// with its value; of a deal its deals, its revenue, and then the channel's id to the end.
// What the key says is not said again.

func (t Total) pack() []byte {
	b := binary.AppendVarint([]byte{recordVersion}, int64(t.Activities))
	for m, n := range t.Amounts {
		if n != 0 {
			b = binary.AppendVarint(append(b, byte(m)), n)
		}
	}
	return b
}

func (t *Total) unpack(b []byte) error {
	lines, b, ok := varint(b)
	t.Activities = int(lines)
	for ok && len(b) > 0 {
		m := b[0]
		if m >= byte(goals.Measures) {
			return errCutShort
		}
		t.Amounts[m], b, ok = varint(b[1:])
	}
	if !ok {
		return errCutShort
	}
	return nil
}

func (d Deal) pack() []byte {
	b := binary.AppendVarint([]byte{recordVersion}, d.Deals)
	return append(binary.AppendVarint(b, d.Revenue), d.Channel...)
}

func (d *Deal) unpack(b []byte) error {
	var ok1, ok2 bool
	d.Deals, b, ok1 = varint(b)
	d.Revenue, b, ok2 = varint(b)
	if !ok1 || !ok2 {
		return errCutShort
	}
	d.Channel = goals.ChannelID(b)
	return nil
}

var errCutShort = errors.New("the record is damaged")

// varint takes one off the front.
func varint(b []byte) (n int64, rest []byte, ok bool) {
	n, size := binary.Varint(b)
	if size <= 0 {
		return 0, nil, false
	}
	return n, b[size:], true
}
