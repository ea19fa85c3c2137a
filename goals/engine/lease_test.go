package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"payoff/storage"
)

// fills puts messages into the outbox, each "SPACE PERSON".
func (d *desk) fills(t testing.TB, messages ...string) {
	t.Helper()
	err := d.db.Update(d.ctx(), func(tx *storage.Tx) error {
		for i, m := range messages {
			space, person, _ := strings.Cut(m, " ")
			out := Outgoing{Key: fmt.Sprintf("%s %d", m, i), To: Contact{Platform: "slack", Space: space, Person: person}, Created: d.now()}
			if err := tx.Enqueue(out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) taken(t testing.TB, w Wish) string {
	t.Helper()
	list, err := d.Lease(d.ctx(), w)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range list {
		keys = append(keys, m.Key)
	}
	return strings.Join(keys, ", ")
}

// TestLeaseTakesTurns: the thousand messages of one space never stand before the one of another,
// a person's second message waits for the first, and a space that is busy is left out.
func TestLeaseTakesTurns(t *testing.T) {
	d := newDesk(t)
	big := []string{"T1 ann", "T1 ann"}
	for i := range 1000 {
		big = append(big, fmt.Sprintf("T1 p%03d", i))
	}
	d.fills(t, append(big, "T2 bob", "T3 cat", "T3 dan")...)
	for _, tt := range []struct {
		wish Wish
		want string
	}{
		{Wish{Most: 4}, "T1 ann 0, T2 bob 1002, T3 cat 1003, T1 p000 2"},
		{Wish{Most: 1, After: SpaceID{Platform: "slack", ID: "T1"}}, "T3 dan 1004"},
		{Wish{Most: 2, After: SpaceID{Platform: "slack", ID: "T3"}}, "T1 p001 3, T1 p002 4"},
		{Wish{Most: 5, Room: func(s SpaceID) int { return map[string]int{"T1": 1}[s.ID] }}, "T1 p003 5"},
		{Wish{Most: 5, Room: func(SpaceID) int { return 0 }}, ""},
	} {
		if got := d.taken(t, tt.wish); got != tt.want {
			t.Errorf("Lease(%d after %s) = %s, want %s", tt.wish.Most, tt.wish.After.ID, got, tt.want)
		}
	}
}

// TestLateSender: a process that was stopped while another took over does not begin to send, its
// failure changes nothing, and what it did send counts.
func TestLateSender(t *testing.T) {
	d := newDesk(t)
	d.fills(t, "T1 ann")
	slept := d.leases(t)
	if _, ok := d.Holds(slept); !ok {
		t.Error("a message just leased may not be sent")
	}
	d.pass(lease - leaseEnd)
	if left, ok := d.Holds(slept); ok {
		t.Errorf("a message is begun with %s of its lease left", left)
	}
	d.pass(leaseEnd)
	now := d.leases(t)
	if err := d.Failed(d.ctx(), slept, "I slept", false, 0); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Holds(now); !ok {
		t.Error("who took over may not send")
	}
	list, err := d.Outbox(d.ctx())
	if err != nil || !list[0].Done.IsZero() || list[0].Failed != "" {
		t.Errorf("Outbox = %+v, %v, want the message still on its way", list, err)
	}
	if err := d.Delivered(d.ctx(), slept, "message 7"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Hour)
	d.leasesNothing(t, "once it stands there")
}
