package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// leases takes the next message, or fails the test.
func (d *desk) leases(t tester) Outgoing {
	t.Helper()
	list, err := d.Lease(d.ctx(), Wish{Most: 1})
	if err != nil || len(list) != 1 {
		t.Fatalf("Lease = %d messages, %v, want one", len(list), err)
	}
	return list[0]
}

func (d *desk) leasesNothing(t tester, when string) {
	t.Helper()
	if list, err := d.Lease(d.ctx(), Wish{Most: 1}); err != nil || len(list) != 0 {
		t.Errorf("%s: Lease = %+v, %v, want nothing", when, list, err)
	}
}

// asksOne makes one message wait: a check-in on Monday.
func asksOne(t tester, d *desk) person {
	t.Helper()
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	return p
}

func TestLeaseAndDeliver(t *testing.T) {
	d := newDesk(t)
	d.leasesNothing(t, "before")
	p := asksOne(t, d)
	out := d.leases(t)
	if want := fmt.Sprintf("checkin %s 2026-11-23", p.Owner); out.Key != want || out.Attempts != 1 || out.To.Person != p.ID || out.Week != day("2026-11-23") {
		t.Errorf("leased %+v, want %s", out, want)
	}
	d.leasesNothing(t, "while it is leased")
	d.pass(lease - time.Second)
	d.leasesNothing(t, "a second before the lease runs out")
	d.pass(time.Second)
	if again := d.leases(t); again.Key != out.Key || again.Attempts != 2 {
		t.Errorf("leased again %+v, want %s a second time", again, out.Key)
	}
	for range 2 { // the receipt of the first sender comes as well
		if err := d.Delivered(d.ctx(), out, "message 7"); err != nil {
			t.Fatal(err)
		}
	}
	d.pass(time.Hour)
	d.leasesNothing(t, "once delivered")
	if err := d.Failed(d.ctx(), out, "too late", true, 0); err != nil {
		t.Fatal(err)
	}
	list, err := d.Outbox(d.ctx())
	if err != nil || len(list) != 1 || list[0].Message != "message 7" || list[0].Failed != "" || list[0].Done.IsZero() {
		t.Errorf("Outbox = %+v, %v, want it delivered", list, err)
	}
}

// TestBackOff: after each failure it waits longer, or as long as the platform says, and is
// given up in the end, hours later.
func TestBackOff(t *testing.T) {
	d := newDesk(t)
	asksOne(t, d)
	begin, last := d.now(), time.Duration(0)
	for n := 1; ; n++ {
		out := d.leases(t)
		if out.Attempts != n {
			t.Fatalf("attempt %d is counted as %d", n, out.Attempts)
		}
		if err := d.Failed(d.ctx(), out, fmt.Sprint("failure ", n), true, 0); err != nil {
			t.Fatal(err)
		}
		if n == maxAttempts {
			break
		}
		d.leasesNothing(t, "right after a failure")
		wait := time.Duration(0)
		for ; wait < maxWait; wait += time.Second {
			d.pass(time.Second)
			if list, err := d.Outbox(d.ctx()); err != nil || !list[0].NotEarly.After(d.now()) {
				break
			}
		}
		if wait < last {
			t.Errorf("after failure %d it waits %s, want at least %s", n, wait, last)
		}
		last = wait
	}
	d.pass(24 * time.Hour)
	d.leasesNothing(t, "once given up")
	if lasted := d.now().Add(-24 * time.Hour).Sub(begin); lasted < 4*time.Hour || lasted > 12*time.Hour {
		t.Errorf("given up after %s, want some hours", lasted)
	}
	list, err := d.Outbox(d.ctx())
	if err != nil || list[0].Failed != fmt.Sprint("failure ", maxAttempts) || list[0].Done.IsZero() {
		t.Errorf("Outbox = %+v, %v, want the last failure", list, err)
	}
}

func TestFailures(t *testing.T) {
	tests := []struct {
		name  string
		again bool
		after time.Duration
		early time.Duration // when it cannot be leased yet
		late  time.Duration // when it can; 0 is never
	}{
		{"for good", false, 0, 48 * time.Hour, 0},
		{"for a while", true, 0, time.Second, 2 * time.Second},
		{"for as long as the platform says", true, time.Hour, time.Hour - time.Second, time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			asksOne(t, d)
			if err := d.Failed(d.ctx(), d.leases(t), "no", tt.again, tt.after); err != nil {
				t.Fatal(err)
			}
			d.pass(tt.early)
			d.leasesNothing(t, "after "+tt.early.String())
			if tt.late > 0 {
				d.pass(tt.late - tt.early)
				d.leases(t)
			}
		})
	}
}

// TestSendersThatDie: a message whose senders all die with it is given up, and does not hold
// up the others.
func TestSendersThatDie(t *testing.T) {
	d := newDesk(t)
	asksOne(t, d)
	for range maxAttempts {
		d.leases(t)
		d.pass(lease)
	}
	d.leasesNothing(t, "after the last attempt")
	list, err := d.Outbox(d.ctx())
	if err != nil || len(list) != 1 || list[0].Failed != "no attempt came to an end" || list[0].Done.IsZero() {
		t.Errorf("Outbox = %+v, %v, want it given up", list, err)
	}
}

// TestEachLeasedOnce: of many senders at once no two have the same message.
func TestEachLeasedOnce(t *testing.T) {
	const owners = 40
	d := newDesk(t)
	for range owners {
		d.owner(t, "Sam")
	}
	d.run(t, "2026-11-23 09:00")
	var leased sync.Map
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				list, err := d.Lease(d.ctx(), Wish{Most: 3})
				if err != nil {
					t.Error(err)
				}
				if err != nil || len(list) == 0 {
					return
				}
				for _, out := range list {
					if _, twice := leased.LoadOrStore(out.Key, true); twice {
						t.Errorf("%s is leased twice", out.Key)
					}
				}
			}
		})
	}
	wg.Wait()
	n := 0
	leased.Range(func(any, any) bool { n++; return true })
	if n != owners {
		t.Errorf("%d were leased, want %d", n, owners)
	}
}

// TestClaimedOnce: of several processes that look at the same time one claims.
func TestClaimedOnce(t *testing.T) {
	d := newDesk(t)
	for range 40 {
		d.owner(t, "Sam")
	}
	d.at(t, "2026-11-23 09:00")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { d.claimAll(t) })
	}
	wg.Wait()
	if got := len(d.sent(t)); got != 40 {
		t.Errorf("%d were enqueued, want 40", got)
	}
	if n, err := d.Claim(d.ctx(), nil); n != 0 || err != nil {
		t.Errorf("Claim once more = %d, %v, want 0", n, err)
	}
}

// TestClaimGoesOn: one owner whose records cannot be read holds up nobody else.
func TestClaimGoesOn(t *testing.T) {
	d := newDesk(t)
	d.owner(t, "Ann")
	nobody := storage.Due{What: dueCheckIn, Subject: "nobody", At: d.now()}
	set := func(at time.Time) {
		t.Helper()
		nobody.At = at
		if err := d.db.Update(d.ctx(), func(tx *storage.Tx) error { return tx.SetDue(nobody) }); err != nil {
			t.Fatal(err)
		}
	}
	set(d.now())
	d.owner(t, "Bob")
	d.at(t, "2026-11-23 09:00")
	n, err := d.Claim(d.ctx(), nil)
	if n != 2 || !errors.Is(err, storage.ErrMissing) || !strings.Contains(err.Error(), "claim checkin of nobody") {
		t.Errorf("Claim = %d, %v, want 2 and what is wrong with nobody", n, err)
	}
	if got := len(d.sent(t)); got != 2 {
		t.Errorf("%d were enqueued, want 2", got)
	}
	set(time.Time{})
}

// TestClaimInBatches: one of many who cannot be claimed holds up nobody, neither in its own batch
// nor in those that are taken up meanwhile; and all are told of in one order.
func TestClaimInBatches(t *testing.T) {
	const owners = 3*claimAtOnce + 10
	e, now := peopled(t, owners)
	now.Add(int64((2 * time.Hour).Seconds()))
	nobody := storage.Due{What: dueCheckIn, Subject: "O0001500x", At: e.now().Add(-time.Minute)}
	if err := e.db.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetDue(nobody) }); err != nil {
		t.Fatal(err)
	}
	var told []goals.OwnerID
	n, err := e.Claim(t.Context(), func(d Decided) { told = append(told, d.Owner) })
	if n != owners || !errors.Is(err, storage.ErrMissing) || !strings.Contains(err.Error(), nobody.Subject) {
		t.Errorf("Claim = %d, %v, want %d and what is wrong with one", n, err, owners)
	}
	if len(told) != owners || !slices.IsSorted(told) {
		t.Errorf("%d are told of, in order: %t; want %d in theirs", len(told), slices.IsSorted(told), owners)
	}
	waiting := map[goals.OwnerID]int{}
	if err := e.db.View(t.Context(), func(r *storage.Reader) error {
		return r.Waiting(func(m storage.Outgoing) bool { waiting[m.Owner]++; return true })
	}); err != nil {
		t.Fatal(err)
	}
	for o, n := range waiting {
		if n != 1 {
			t.Errorf("%d messages wait for %s, want 1", n, o)
		}
	}
	if len(waiting) != owners {
		t.Errorf("messages wait for %d, want %d", len(waiting), owners)
	}
}

// TestLateProcess: after weeks without a process each is asked once, about all of it.
func TestLateProcess(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	d.at(t, "2026-12-16 10:00")
	d.claimAll(t)
	if got, want := fmt.Sprint(p.nudges(t)), "[checkin 2026-11-23 checkin 2026-12-14]"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	if st := p.asked(t); st.Covers != days("2026-11-16", "2026-12-13") {
		t.Errorf("covers %v, want all that was missed", st.Covers)
	}
}

// TestSweep: events are kept for as long as they may come again, messages for two months.
func TestSweep(t *testing.T) {
	d := newDesk(t)
	p := asksOne(t, d)
	if err := d.Delivered(d.ctx(), d.leases(t), "7"); err != nil {
		t.Fatal(err)
	}
	q := p.q()
	log := func() Receipt {
		t.Helper()
		rec, err := p.Log(p.ctx(), q, []NewActivity{{Channel: p.channel(t, "BNI"), Date: day("2026-11-23"), Amounts: goals.Amounts{goals.Hours: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		return rec
	}
	log()
	sweep := func() {
		t.Helper()
		if err := d.Sweep(d.ctx()); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []string{"2026-11-23 23:00", "2026-11-24 23:59"} {
		d.at(t, at)
		sweep()
		if !log().Repeated {
			t.Errorf("at %s the event is taken as new", at)
		}
	}
	d.at(t, "2027-01-22 08:00")
	sweep()
	if got := len(d.sent(t)); got != 1 {
		t.Errorf("%d messages after 59 days, want 1", got)
	}
	d.at(t, "2027-01-22 10:00")
	sweep()
	if got := len(d.sent(t)); got != 0 {
		t.Errorf("%d messages after 60 days, want none", got)
	}
}

// TestNextDue is the earliest of all.
func TestNextDue(t *testing.T) {
	d := newDesk(t)
	if _, ok, err := d.NextDue(d.ctx()); ok || err != nil {
		t.Errorf("NextDue of nobody = %t, %v, want none", ok, err)
	}
	d.owner(t, "Sam")
	at, ok, err := d.NextDue(d.ctx())
	if want := time.Date(2026, 11, 23, 9, 0, 0, 0, london); !ok || err != nil || !at.Equal(want) {
		t.Errorf("NextDue = %s, %t, %v, want %s", at, ok, err, want)
	}
}

// TestRemindedADayAfterItCame: a check-in that nobody was there to send is not followed at once by
// its reminder, whether that was written already or not; one that was answered is not reminded of.
func TestRemindedADayAfterItCame(t *testing.T) {
	for _, tt := range []struct{ back, reminded string }{
		{"2026-11-23 09:30", "2026-11-24 09:00"},
		{"2026-11-24 08:59", "2026-11-25 08:59"},
		{"2026-11-26 10:00", "2026-11-27 10:00"},
	} {
		d := newDesk(t)
		p := d.owner(t, "Sam")
		d.run(t, "2026-11-23 09:00") // and dies
		d.down(t, tt.back)
		if out := d.leases(t); out.What != dueCheckIn || d.Delivered(d.ctx(), out, "message 7") != nil {
			t.Fatalf("leased %+v, want the check-in", out)
		}
		d.leasesNothing(t, "behind it")
		if at, err := p.dueAt(dueReminder); err != nil || at.In(london).Format("2006-01-02 15:04") != tt.reminded {
			t.Errorf("came at %s, reminded at %s, %v, want %s", tt.back, at, err, tt.reminded)
		}
	}
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	out := d.leases(t)
	d.at(t, "2026-11-24 11:00")
	p.answers(t, "ring")
	if err := d.Delivered(d.ctx(), out, "message 7"); err != nil {
		t.Fatal(err)
	}
	if at, err := p.dueAt(dueReminder); err != nil || !at.IsZero() {
		t.Errorf("answered, and reminded at %s, %v", at, err)
	}
}
