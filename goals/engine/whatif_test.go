package engine

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"payoff/goals"
	"payoff/goals/evidence"
	"payoff/storage"
)

// weekOf logs hours, and a deal of some pounds unless they are 0, on the Tuesday of a week.
func (p person) weekOf(t tester, channel string, monday goals.Date, minutes, pounds int64) {
	t.Helper()
	a := goals.Amounts{goals.Hours: minutes, goals.Revenue: pounds * 100}
	if pounds > 0 {
		a[goals.Deals] = 1
	}
	p.logs(t, channel, monday+1, a)
}

// wonders is somebody with twelve weeks of two channels by 8 March 2027, a Monday.
func (d *desk) wonders(t tester) person {
	t.Helper()
	p := d.owner(t, "Sam")
	d.at(t, "2027-03-08 12:00")
	for w := range goals.Date(12) {
		monday := day("2027-03-08") - 7*(w+1)
		p.weekOf(t, "BNI", monday, 120, 300)
		p.weekOf(t, "LinkedIn", monday, 180, 0)
	}
	return p
}

func (p person) asks(t tester, from, to string, minutes int64) WhatIf {
	t.Helper()
	w, err := p.WhatIf(p.ctx(), p.q(), p.maybe(t, from), p.channel(t, to), minutes)
	if err != nil {
		t.Fatalf("WhatIf: %v", err)
	}
	return w
}

func (p person) maybe(t tester, name string) goals.ChannelID {
	if name == "" {
		return ""
	}
	return p.channel(t, name)
}

func (p person) whatIfs(t tester) (list []storage.WhatIf) {
	t.Helper()
	err := p.db.View(context.Background(), func(r *storage.Reader) (err error) {
		list, err = r.WhatIfs(p.Owner, storage.Ever)
		return err
	})
	if err != nil {
		t.Fatalf("WhatIfs: %v", err)
	}
	return list
}

func TestWhatIfIsKept(t *testing.T) {
	p := newDesk(t).wonders(t)
	q := p.q()
	li, bni := p.channel(t, "LinkedIn"), p.channel(t, "BNI")
	w, err := p.WhatIf(p.ctx(), q, li, bni, 120)
	if err != nil || w.Effect != evidence.MoreRevenue || w.Mid <= 0 || w.Deals != 12 || w.Weeks != 12 || w.To.Name != "BNI" {
		t.Fatalf("WhatIf = %+v, %v, want more revenue, on 12 deals and weeks", w, err)
	}
	want := []storage.WhatIf{{
		Asked: day("2027-03-08"), From: li, To: bni, Minutes: 120, Effect: "more",
		Lo: minor(w.Lo), Mid: minor(w.Mid), Hi: minor(w.Hi), Currency: "GBP", FromTook: 180, ToTook: 120,
	}}
	if diff := cmp.Diff(want, p.whatIfs(t)); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	again, err := p.WhatIf(p.ctx(), q, li, bni, 120)
	if diff := cmp.Diff(w, again, cmpopts.IgnoreFields(Done{}, "Repeated")); diff != "" || err != nil || !again.Repeated {
		t.Errorf("the same event again = %v (-first +second):\n%s", err, diff)
	}
	if diff := cmp.Diff(want, p.whatIfs(t)); diff != "" {
		t.Errorf("kept after the same event (-want +got):\n%s", diff)
	}
}

// TestWhatIfAskedAnew: within a week it takes the place of the one before, with whatever time;
// undone, that one is back. The other way round is another question.
func TestWhatIfAskedAnew(t *testing.T) {
	d := newDesk(t)
	p := d.wonders(t)
	p.asks(t, "LinkedIn", "BNI", 120)
	d.at(t, "2027-03-14 12:00")
	first := p.whatIfs(t)
	w := p.asks(t, "LinkedIn", "BNI", 60)
	if got := p.whatIfs(t); len(got) != 1 || got[0].Minutes != 60 || got[0].Asked != day("2027-03-14") {
		t.Errorf("asked anew after six days: %+v, want only the later one", got)
	}
	if _, err := p.Undo(p.ctx(), p.q(), w.Entry); err != nil {
		t.Fatalf("Undo: %v", err)
	}
	if diff := cmp.Diff(first, p.whatIfs(t)); diff != "" {
		t.Errorf("after the undo (-want +got):\n%s", diff)
	}
	p.asks(t, "BNI", "LinkedIn", 60)
	d.at(t, "2027-03-15 12:00")
	p.asks(t, "LinkedIn", "BNI", 60)
	if got := p.whatIfs(t); len(got) != 3 {
		t.Errorf("after a week, and the other way round: %+v, want three", got)
	}
}

// TestWhatIfCounts: a week without a line was not logged, and says nothing of the hours.
func TestWhatIfCounts(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.at(t, "2027-03-10 12:00")
	p.weekOf(t, "LinkedIn", day("2027-03-08"), 600, 0) // this week
	p.weekOf(t, "LinkedIn", day("2027-02-22"), 60, 0)
	p.weekOf(t, "BNI", day("2027-02-15"), 60, 0)
	p.weekOf(t, "LinkedIn", day("2027-02-15"), 180, 0)
	p.weekOf(t, "LinkedIn", day("2027-02-01"), 600, 0) // too long ago
	w := p.asks(t, "LinkedIn", "BNI", 120)
	if got := p.whatIfs(t)[0]; got.FromTook != 120 || got.ToTook != 30 || w.Effect != evidence.Unjudged {
		t.Errorf("took %d and %d minutes a week, want 120 and 30, too early to judge: %+v", got.FromTook, got.ToTook, w)
	}
}

func TestWhatIfMistakes(t *testing.T) {
	p := newDesk(t).wonders(t)
	old, err := p.ChangeChannel(p.ctx(), p.q(), p.channel(t, "calls"), "archive", func(ch *goals.Channel) { ch.Archived = true })
	if err != nil || old.Repeated {
		t.Fatal(err)
	}
	if _, err := p.AddChannel(p.ctx(), p.q(), "Rotary", goals.Networking); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		from, to string
		minutes  int64
		code     goals.Code
		want     string
	}{
		{"BNI", "BNI", 60, goals.Invalid, "From BNI to BNI nothing moves: name two channels."},
		{"BNI", "LinkedIn", 0, goals.Invalid, "With no time moved, nothing changes."},
		{"", "LinkedIn", -5, goals.Invalid, "With no time moved, nothing changes."},
		{"", "LinkedIn", 169 * 60, goals.Invalid, "A week has 168 hours."},
		{"BNI", "LinkedIn", 121, goals.Invalid, "BNI takes about 2h a week, so 2h 1m cannot be moved from it."},
		{"Rotary", "BNI", 60, goals.Invalid, "Rotary took no time in the last 4 full weeks, so there is none to move."},
		{"calls", "BNI", 60, goals.Invalid, "calls is archived."},
		{"BNI", "calls", 60, goals.Invalid, "calls is archived."},
	} {
		_, err := p.WhatIf(p.ctx(), p.q(), p.maybe(t, tt.from), p.channel(t, tt.to), tt.minutes)
		mistaken(t, "WhatIf "+tt.from+" to "+tt.to, err, tt.code, tt.want)
	}
	for _, ids := range [][2]goals.ChannelID{{"nobody", p.channel(t, "BNI")}, {p.channel(t, "BNI"), "nobody"}, {"", ""}} {
		_, err := p.WhatIf(p.ctx(), p.q(), ids[0], ids[1], 60)
		mistaken(t, "WhatIf of no channel", err, goals.Unknown, "That channel is not one of yours.")
	}
	if got := p.whatIfs(t); len(got) > 0 {
		t.Errorf("kept %+v, want nothing", got)
	}
}

// TestWhatIfHoldsItsChannel: to add a channel cannot be undone below a question about it.
func TestWhatIfHoldsItsChannel(t *testing.T) {
	p := newDesk(t).wonders(t)
	added, err := p.AddChannel(p.ctx(), p.q(), "Rotary", goals.Networking)
	if err != nil {
		t.Fatal(err)
	}
	w := p.asks(t, "LinkedIn", "Rotary", 60)
	if len(w.Unheard) != 1 || w.Unheard[0] != w.To.ID {
		t.Errorf("Unheard = %v, want Rotary", w.Unheard)
	}
	_, err = p.Undo(p.ctx(), p.q(), added.Entry)
	mistaken(t, "Undo of the channel", err, goals.Conflict, "Something you did since rests on that.")
	for _, entry := range []EntryID{w.Entry, added.Entry} {
		if _, err := p.Undo(p.ctx(), p.q(), entry); err != nil {
			t.Errorf("Undo from the last on: %v", err)
		}
	}
}

// TestLookBack: eight weeks later a check-in says what was moved and what came; once it is
// answered, no other does.
func TestLookBack(t *testing.T) {
	for _, tt := range []struct {
		name        string
		fromTakes   int64
		toTakes     int64
		moved       int64
		acted       bool
		skipped     bool
		wantOnTop   bool
		fromChannel string
	}{
		{"moved", 60, 240, 120, true, false, false, "LinkedIn"},
		{"half of it", 120, 190, 60, true, true, false, "LinkedIn"},
		{"less than half", 130, 240, 50, false, false, false, "LinkedIn"},
		{"only given up", 0, 120, 0, false, false, false, "LinkedIn"},
		{"stayed", 180, 120, 0, false, true, false, "LinkedIn"},
		{"on top", 180, 240, 120, true, false, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			p := d.wonders(t)
			p.asks(t, tt.fromChannel, "BNI", 120)
			d.run(t, "2027-05-02 12:00")
			for w := range goals.Date(8) {
				monday := day("2027-03-08") + 7*w
				p.weekOf(t, "BNI", monday, tt.toTakes, 500)
				if tt.fromTakes > 0 {
					p.weekOf(t, "LinkedIn", monday, tt.fromTakes, 0)
				}
			}
			if st := p.asked(t); st.Covers.To < day("2027-05-02") && len(st.LookBacks) > 0 {
				t.Errorf("looked back before the eighth week is over: %+v", st.LookBacks)
			}
			d.run(t, "2027-05-03 12:00")
			st := p.asked(t)
			if len(st.LookBacks) != 1 {
				t.Fatalf("LookBacks = %+v, want one", st.LookBacks)
			}
			l := st.LookBacks[0]
			if l.Moved() != tt.moved || l.Acted() != tt.acted || l.FromChannel.Name != tt.fromChannel || l.ToChannel.Name != "BNI" {
				t.Errorf("moved %d, acted %t (%+v), want %d, %t", l.Moved(), l.Acted(), l, tt.moved, tt.acted)
			}
			if before, after := (Brought{8, 2400_00, 8}), (Brought{8, 4000_00, 8}); l.Before != before || l.After != after {
				t.Errorf("brought %+v and %+v, want %+v and %+v", l.Before, l.After, before, after)
			}
			done := p.settles(t, tt.skipped)
			if again := p.asked(t); len(again.LookBacks) != 1 {
				t.Errorf("the same check-in, answered: %d, want one still", len(again.LookBacks))
			}
			d.run(t, "2027-05-10 12:00")
			if next := p.asked(t); len(next.LookBacks) != 0 {
				t.Errorf("a week later: %+v, want none", next.LookBacks)
			}
			if _, err := p.Undo(p.ctx(), p.q(), done.Entry); err != nil {
				t.Fatalf("Undo: %v", err)
			}
			if next := p.asked(t); len(next.LookBacks) != 1 {
				t.Errorf("with the answer undone: %d, want one again", len(next.LookBacks))
			}
		})
	}
}

func (p person) settles(t tester, skip bool) Done {
	t.Helper()
	if !skip {
		return p.answers(t, "ring")
	}
	done, err := p.Skip(p.ctx(), p.q())
	if err != nil {
		t.Fatalf("Skip: %v", err)
	}
	return done
}

// TestLookBackIsShort: of many only two are spoken of, what was done before what was not, and
// none of half a year ago.
func TestLookBackIsShort(t *testing.T) {
	d := newDesk(t)
	p := d.wonders(t)
	p.asks(t, "LinkedIn", "BNI", 60)
	p.asks(t, "LinkedIn", "calls", 60)
	d.pass(24 * 60 * 60e9)
	p.asks(t, "", "LinkedIn", 60)
	d.run(t, "2027-05-03 12:00")
	for w := range goals.Date(8) {
		p.weekOf(t, "BNI", day("2027-03-08")+7*w, 180, 0)
		p.weekOf(t, "LinkedIn", day("2027-03-08")+7*w, 120, 0)
	}
	backs := p.asked(t).LookBacks
	if len(backs) != 2 || backs[0].ToChannel.Name != "BNI" || backs[1].ToChannel.Name != "LinkedIn" {
		t.Errorf("LookBacks = %+v, want BNI and the newest", backs)
	}
	p.answers(t, "ring")
	d.run(t, "2027-05-10 12:00")
	if backs := p.asked(t).LookBacks; len(backs) > 0 {
		t.Errorf("a week later: %+v, want none", backs)
	}
}

func TestLookBackOfOldIsLeft(t *testing.T) {
	d := newDesk(t)
	p := d.wonders(t)
	p.asks(t, "LinkedIn", "BNI", 60)
	for at, want := range map[string]int{"2027-05-10 12:00": 1, "2027-09-06 12:00": 1, "2027-09-20 12:00": 0} {
		d.at(t, at)
		st := p.asked(t)
		if len(st.LookBacks) != want {
			t.Errorf("on %s: %d, want %d", at, len(st.LookBacks), want)
		}
		for _, l := range st.LookBacks {
			if l.Logged != 0 || l.Acted() {
				t.Errorf("on %s: %+v, want nothing known of the hours", at, l)
			}
		}
	}
}
