package goals

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A habitLog makes the log of somebody who does the same on some days, for as many weeks
// back as are looked at and some more.
type habitLog struct {
	lines []Activity
	weeks []WeekSum
}

var paddedOn = iso("2026-11-22") // a Sunday

func (h *habitLog) add(d Date, ch ChannelID, a Amounts, note string) {
	h.lines = append(h.lines, Activity{ID: ActivityID(fmt.Sprintf("%06d", len(h.lines))), Channel: ch, Date: d, Amounts: a, Note: note})
	h.weeks = append(h.weeks, WeekSum{d.Monday(), ch, a})
}

// every adds a line on each day that is wanted; i counts them from the oldest.
func (h *habitLog) every(ch ChannelID, wanted func(d Date) bool, line func(i int) Amounts) {
	i := 0
	for d := paddedOn - 83; d <= paddedOn; d++ {
		if wanted(d) {
			h.add(d, ch, line(i), "")
			i++
		}
	}
}

func workday(d Date) bool { return d.Weekday() >= 1 && d.Weekday() <= 5 }
func always(a Amounts) func(int) Amounts {
	return func(int) Amounts { return a }
}

func TestPadded(t *testing.T) {
	tests := []struct {
		name string
		log  func(*habitLog)
		want Padding
	}{
		{"nothing logged", func(*habitLog) {}, Padding{}},

		// Honest habits.
		{"a weekly breakfast", func(h *habitLog) {
			h.every("bni", func(d Date) bool { return d.Weekday() == 2 }, always(Amounts{Hours: 180, Contacts: 4, Conversations: 2}))
		}, Padding{}},
		{"two breakfasts a week", func(h *habitLog) {
			h.every("bni", func(d Date) bool { return d.Weekday() == 2 || d.Weekday() == 4 }, always(Amounts{Hours: 180, Conversations: 2}))
		}, Padding{}},
		{"a monthly fair of 8 hours", func(h *habitLog) {
			h.every("fair", func(d Date) bool { return (paddedOn-d)%28 == 1 }, always(Amounts{Hours: 480, Contacts: 15, Conversations: 3}))
		}, Padding{}},
		{"a fair of five days", func(h *habitLog) {
			h.every("fair", func(d Date) bool { return d > paddedOn-7 && workday(d) }, always(Amounts{Hours: 480, Contacts: 15}))
		}, Padding{}},
		{"a telephone day with 60 calls and 9 conversations", func(h *habitLog) {
			h.every("phone", func(d Date) bool { return d.Weekday() == 3 }, always(Amounts{Hours: 360, Contacts: 60, Conversations: 9}))
		}, Padding{}},
		{"half an hour of posts each morning", func(h *habitLog) {
			h.every("linkedin", func(Date) bool { return true }, always(Amounts{Hours: 30}))
		}, Padding{}},
		{"an hour and five messages each workday, one or two answered", func(h *habitLog) {
			h.every("linkedin", workday, func(i int) Amounts { return Amounts{Hours: 60, Contacts: 5, Conversations: int64(1 + i%2)} })
		}, Padding{}},
		{"two hours of calls each workday", func(h *habitLog) {
			h.every("phone", workday, always(Amounts{Hours: 120, Conversations: 1}))
		}, Padding{}},
		{"the same price, sold each day", func(h *habitLog) {
			h.every("shop", func(Date) bool { return true }, always(Amounts{Deals: 2, Revenue: 9_900}))
		}, Padding{}},
		{"a stall from 9 to 17 that takes money", func(h *habitLog) {
			h.every("market", workday, func(i int) Amounts { return Amounts{Hours: 480, Revenue: int64(20_000 + 1_000*(i%7))} })
		}, Padding{}},
		{"one-to-ones of an hour, with another each time", func(h *habitLog) {
			for i := range Date(10) {
				h.add(paddedOn-i, "bni", Amounts{Hours: 180, OneToOnes: 1}, fmt.Sprint("with number ", i))
			}
		}, Padding{}},
		{"600 leaflets, a week ago", func(h *habitLog) {
			h.add(paddedOn-8, "leaflets", Amounts{Hours: 240, Contacts: 600}, "")
		}, Padding{}},
		{"49 contacts that went no further", func(h *habitLog) {
			h.add(paddedOn-30, "phone", Amounts{Hours: 240, Contacts: 49}, "")
		}, Padding{}},
		{"contacts that went on, counted as one-to-ones", func(h *habitLog) {
			h.every("bni", func(d Date) bool { return d.Weekday() == 2 }, always(Amounts{Hours: 120, Contacts: 20, OneToOnes: 1}))
		}, Padding{}},
		{"whole days, and the contacts grow", func(h *habitLog) {
			h.every("fair", workday, func(i int) Amounts { return Amounts{Hours: int64(300 + 60*(i%3)), Contacts: int64(i / 20)} })
		}, Padding{}},

		// Those that are asked about.
		{"eleven times the same 3 hours", func(h *habitLog) {
			h.every("bni", func(d Date) bool { return d > paddedOn-11 }, always(Amounts{Hours: 180, Contacts: 4}))
		}, Padding{SameLines, "bni", 11}},
		{"the same conversations each workday", func(h *habitLog) {
			h.every("linkedin", workday, always(Amounts{Hours: 60, Contacts: 5, Conversations: 3}))
		}, Padding{SameLines, "linkedin", 10}},
		{"only in a row: the last was another", func(h *habitLog) {
			h.every("bni", func(d Date) bool { return d > paddedOn-11 }, func(i int) Amounts { return Amounts{Hours: int64(180 + 7*(i/10))} })
		}, Padding{}},
		{"whole days that lead nowhere", func(h *habitLog) {
			h.every("fair", workday, func(i int) Amounts { return Amounts{Hours: int64(300 + 60*(i%3)), Contacts: 1} })
		}, Padding{RoundHours, "fair", 10}},
		{"80 contacts in a month and no conversation since", func(h *habitLog) {
			h.every("phone", func(d Date) bool { return d.Weekday() == 3 && d < paddedOn-20 && d > paddedOn-49 }, always(Amounts{Hours: 90, Contacts: 20}))
		}, Padding{IdleContacts, "phone", 80}},
		{"the most of several", func(h *habitLog) {
			h.every("bni", func(d Date) bool { return d > paddedOn-8 }, always(Amounts{Hours: 180}))
			h.every("fair", func(d Date) bool { return d > paddedOn-10 }, always(Amounts{Hours: 180}))
		}, Padding{SameLines, "fair", 10}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var h habitLog
			tt.log(&h)
			if got := Padded(h.lines, h.weeks, paddedOn); got != tt.want {
				t.Errorf("Padded = %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestPaddedAnyOrder: neither the order of rows changes anything, nor what is too old, or yet
// to come.
func TestPaddedAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h, more habitLog
		n := rapid.IntRange(0, 30).Draw(t, "lines")
		for range n {
			ch := rapid.SampledFrom([]ChannelID{"a", "b"}).Draw(t, "channel")
			d := paddedOn - Date(rapid.IntRange(0, 70).Draw(t, "day"))
			h.add(d, ch, Amounts{Hours: 60 * rapid.Int64Range(0, 6).Draw(t, "hours"), Contacts: 30 * rapid.Int64Range(0, 1).Draw(t, "contacts")}, "")
		}
		want := Padded(h.lines, h.weeks, paddedOn)
		more.lines, more.weeks = append(more.lines, h.lines...), append(more.weeks, h.weeks...)
		for i := range Date(9) {
			more.add(paddedOn+1+i, "a", Amounts{Hours: 301}, "")
			more.lines[len(more.lines)-1].Date += 7
			more.weeks[len(more.weeks)-1].Monday += 7
			more.add(paddedOn-90-i, "a", Amounts{Hours: 301, Conversations: 1}, "")
		}
		got := Padded(rapid.Permutation(more.lines).Draw(t, "lines"), rapid.Permutation(more.weeks).Draw(t, "weeks"), paddedOn)
		if got != want {
			t.Fatalf("Padded = %+v, want %+v as in order", got, want)
		}
	})
}
