package storage

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"payoff/goals"
)

func TestDerivedRecordsRoundTrip(t *testing.T) {
	extremes := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, math.MinInt64}))
	rapid.Check(t, func(t *rapid.T) {
		total := Total{Activities: int(extremes.Draw(t, "lines"))}
		for m := range total.Amounts {
			total.Amounts[m] = extremes.Draw(t, "amount")
		}
		deal := Deal{Channel: goals.ChannelID(words().Draw(t, "channel")), Deals: extremes.Draw(t, "deals"), Revenue: extremes.Draw(t, "revenue")}
		var gotTotal Total
		var gotDeal Deal
		err := errors.Join(decode(total.pack(), &gotTotal), decode(deal.pack(), &gotDeal))
		check(t, err, gotTotal, total)
		check(t, err, gotDeal, deal)
	})
}

// Whatever stands there, reading it ends in an error at worst.
func TestDamagedDerivedRecords(t *testing.T) {
	whole := Total{Activities: 3, Amounts: goals.Amounts{goals.Hours: 1 << 40, goals.Advice: -5}}.pack()
	for n := 1; n < len(whole); n++ {
		var got Total
		if err := decode(whole[:n], &got); err == nil && got.Activities != 3 {
			t.Errorf("decode of %d bytes = %+v, want an error", n, got)
		}
	}
	for _, b := range [][]byte{{recordVersion}, {recordVersion, 0x80}, {recordVersion, 2, byte(goals.Measures), 2}, {recordVersion, 2, 0}, {recordVersion, 2, 0, 0x80}} {
		if err := decode(b, &Total{}); !errors.Is(err, errCutShort) {
			t.Errorf("decode(%x) as a total = %v, want %v", b, err, errCutShort)
		}
	}
	for _, b := range [][]byte{{recordVersion}, {recordVersion, 2}, {recordVersion, 0x80, 0x80}} {
		if err := decode(b, &Deal{}); !errors.Is(err, errCutShort) {
			t.Errorf("decode(%x) as a deal = %v, want %v", b, err, errCutShort)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := append([]byte{recordVersion}, rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")...)
		_, _ = decode(b, &Total{}), decode(b, &Deal{})
	})
}
