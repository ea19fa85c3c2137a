package storage

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"payoff/storage/kv"
)

// What waits in the outbox stands in lines, one for each recipient, in the order it was written:
// a later message never overtakes an earlier one. The first of each line stands in the queue of
// its space, by the time from which it may be sent. So that to find what may be sent now costs
// what may be sent, however much waits behind it or for later.

// A Space is a workspace or a server of a platform.
type Space struct{ Platform, ID string }

// Compare orders spaces as their queues stand.
func (s Space) Compare(to Space) int {
	return cmp.Or(strings.Compare(s.Platform, to.Platform), strings.Compare(s.ID, to.ID))
}

// In is the space of a contact.
func (c Contact) In() Space { return Space{c.Platform, c.Space} }

// ready is when a message may be sent: once nobody is sending it, and not before its time.
func (m Outgoing) ready() time.Time {
	at := m.Created
	for _, t := range []time.Time{m.NotEarly, m.Leased} {
		if t.After(at) {
			at = t
		}
	}
	return at
}

// line is the recipient of a message, as part of a key.
func (m Outgoing) line() []string {
	to := "@" + m.To.Person
	if m.To.Person == "" {
		to = "#" + m.Room
	}
	return []string{m.To.Platform, m.To.Space, to}
}

func (m Outgoing) lineKey() []byte {
	return key(append(append([]string{"y"}, m.line()...), timeKey(m.Created), m.Key)...)
}

// queueKey is where the first of a line stands, which may be sent from a time on.
func queueKey(s Space, ready, message string) []byte {
	return key("z", s.Platform, s.ID, ready, message)
}

// stand puts a message into its line, or writes anew how it stands there.
func (tx *Tx) stand(m Outgoing) error {
	before, err := tx.first(m)
	if err != nil {
		return err
	}
	ready := timeKey(m.ready())
	if err := tx.kv.Set(m.lineKey(), []byte(ready)); err != nil {
		return err
	}
	if before == nil { // nobody else is in it
		return tx.kv.Set(queueKey(m.To.In(), ready, m.Key), []byte{})
	}
	return tx.follow(before, m)
}

// leave takes a message out of its line.
func (tx *Tx) leave(m Outgoing) error {
	before, err := tx.first(m)
	if err != nil {
		return err
	}
	if err := tx.kv.Delete(m.lineKey()); err != nil {
		return err
	}
	return tx.follow(before, m)
}

// follow has the first of a message's line stand in the queue, in the place of who was it before.
func (tx *Tx) follow(before []byte, m Outgoing) error {
	now, err := tx.first(m)
	if err != nil || bytes.Equal(before, now) {
		return err
	}
	if before != nil {
		if err := tx.kv.Delete(before); err != nil {
			return err
		}
	}
	if now == nil {
		return nil
	}
	return tx.kv.Set(now, []byte{})
}

// first is where the first of a message's line stands in the queue, nil when nobody does.
func (r *Reader) first(m Outgoing) (at []byte, err error) {
	line, space := under(append([]string{"y"}, m.line()...)...), m.To.In()
	err = r.kv.Scan(kv.Prefix(line), func(k, ready []byte) bool {
		at = queueKey(space, string(ready), string(k[len(line)+9:])) // behind eight bytes of time, and a separator
		return false
	})
	return at, err
}

// ReadySpaces lists the spaces to which something may be sent now. It costs what there are, and
// nothing for what waits in them.
func (r *Reader) ReadySpaces(now time.Time) (list []Space, err error) {
	all := kv.Prefix(under("z"))
	for lo := all.Lo; lo != nil; {
		var s Space
		ready := false
		err := r.kv.Scan(kv.Range{Lo: lo, Hi: all.Hi}, func(k, _ []byte) bool {
			platform, rest, _ := bytes.Cut(k[len(all.Lo):], []byte{0})
			id, rest, _ := bytes.Cut(rest, []byte{0})
			s, ready = Space{string(platform), string(id)}, !keyTime(rest[:8]).After(now)
			return false
		})
		if err != nil || s == (Space{}) {
			return list, err
		}
		if ready {
			list = append(list, s)
		}
		lo = kv.Prefix(under("z", s.Platform, s.ID)).Hi
	}
	return list, nil
}

// Ready reads what may be sent to a space now, the one that has waited longest first and one of
// each recipient, until yield returns false.
func (r *Reader) Ready(s Space, now time.Time, yield func(Outgoing) bool) error {
	prefix := under("z", s.Platform, s.ID)
	var bad error
	err := r.kv.Scan(kv.Prefix(prefix), func(k, _ []byte) bool {
		if keyTime(k[len(prefix):][:8]).After(now) {
			return false
		}
		var m Outgoing
		var found bool
		if m, found, bad = r.Outgoing(string(k[len(prefix)+9:])); bad != nil {
			return false
		}
		return !found || m.ready().After(now) || yield(m)
	})
	if bad != nil {
		return bad
	}
	return err
}

// verifyQueues holds the lines and queues against the messages that wait.
func (r *Reader) verifyQueues(there) (wrong []string, err error) {
	lines := map[string]string{}
	first := map[string]Outgoing{} // by line
	err = r.Waiting(func(m Outgoing) bool {
		lines[string(m.lineKey())] = timeKey(m.ready())
		line := strings.Join(m.line(), "\x00")
		if f, is := first[line]; !is || bytes.Compare(m.lineKey(), f.lineKey()) < 0 {
			first[line] = m
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	queue := map[string]string{}
	for _, m := range first {
		queue[string(queueKey(m.To.In(), timeKey(m.ready()), m.Key))] = ""
	}
	for _, table := range []struct {
		name string
		want map[string]string
	}{{"y", lines}, {"z", queue}} {
		err = errors.Join(err, r.kv.Scan(kv.Prefix(under(table.name)), func(k, v []byte) bool {
			if w, is := table.want[string(k)]; !is || w != string(v) {
				wrong = append(wrong, fmt.Sprintf("the outbox's order at %q is not that of its messages", k))
			}
			delete(table.want, string(k))
			return true
		}))
		for k := range table.want {
			wrong = append(wrong, fmt.Sprintf("the outbox's order at %q is missing", k))
		}
	}
	return wrong, err
}

// requeue makes the lines and the queues of a database from before there were any.
func (tx *Tx) requeue() error {
	var all []Outgoing
	err := tx.Waiting(func(m Outgoing) bool { all = append(all, m); return true })
	for _, m := range all {
		if err == nil {
			err = tx.stand(m)
		}
	}
	return err
}
