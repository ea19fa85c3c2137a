package storage

import (
	"crypto/sha256"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage/kv"
)

// A Code joins two teams, or two accounts of a person, when it is typed in the other space.
// The code itself is nowhere: it is found by its digest.
type Code struct {
	For     string        `json:"for"` // "team" or "me"
	Owner   goals.OwnerID `json:"owner"`
	Contact Contact       `json:"contact"` // who asked for it, and where
	Until   time.Time     `json:"until"`
	Used    bool          `json:"used,omitempty"`
}

func codeKey(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return append(under("c"), sum[:]...)
}

// PutCode writes what a code is for.
func (tx *Tx) PutCode(code string, c Code) error { return tx.set(codeKey(code), c) }

// Code is what a code is for; found is false when it is none.
func (r *Reader) Code(code string) (c Code, found bool, err error) {
	return get[Code](r.kv, codeKey(code))
}

// ForgetCodes deletes those that ran out before a time.
func (tx *Tx) ForgetCodes(before time.Time) error {
	return tx.forgetCodes(func(c Code) bool { return c.Until.Before(before) })
}

func (tx *Tx) forgetCodes(match func(Code) bool) error {
	return tx.deleteAll(kv.Prefix(under("c")), func(_, v []byte) bool {
		var c Code
		return decode(v, &c) == nil && match(c)
	})
}

// A Linking is what is on between an owner and codes.
type Linking struct {
	Tries []time.Time `json:"tries,omitempty"` // codes they typed that were none

	// With is another account of theirs, while they choose until a time whose records are kept.
	With  goals.OwnerID `json:"with,omitempty"`
	Until time.Time     `json:"until,omitzero"`
}

// PutLinking writes what is on between an owner and codes.
func (tx *Tx) PutLinking(o goals.OwnerID, l Linking) error { return tx.set(ownerKey(o, tLinking), l) }

// Linking is what is on between an owner and codes.
func (r *Reader) Linking(o goals.OwnerID) (Linking, error) {
	l, _, err := get[Linking](r.kv, ownerKey(o, tLinking))
	return l, err
}

// A Joined is a team whose spaces and people are another's. Its own settings are kept for when
// it leaves again.
type Joined struct {
	Team   goals.TeamID  `json:"team"`
	Spaces []Contact     `json:"spaces"`
	At     time.Time     `json:"at"`
	By     goals.OwnerID `json:"by"`
	Entry  EntryID       `json:"entry"` // of the journals that tell of it
}

// PutJoined remembers that a team was joined into another.
func (tx *Tx) PutJoined(into goals.TeamID, j Joined) error {
	return tx.set(key("n", string(into), tJoined, string(j.Team)), j)
}

// DropJoined forgets it.
func (tx *Tx) DropJoined(into, team goals.TeamID) error {
	return tx.kv.Delete(key("n", string(into), tJoined, string(team)))
}

// Joined lists the teams that were joined into one.
func (r *Reader) Joined(into goals.TeamID) ([]Joined, error) {
	return listed[Joined](r, under("n", string(into), tJoined))
}

// An Aside is an owner whose accounts are another's, who is the same person. Their records are
// kept aside for a while.
type Aside struct {
	Owner    goals.OwnerID `json:"owner"`
	Into     goals.OwnerID `json:"into"`
	Contacts []Contact     `json:"contacts"` // that were theirs
	At       time.Time     `json:"at"`
	Entry    EntryID       `json:"entry"`            // in the journal of Into
	Erased   bool          `json:"erased,omitempty"` // the records are gone, the accounts are joined still
}

// PutAside writes that an owner of a team is kept aside.
func (tx *Tx) PutAside(team goals.TeamID, a Aside) error {
	return tx.set(key("n", string(team), tAside, string(a.Owner)), a)
}

// DropAside forgets it.
func (tx *Tx) DropAside(team goals.TeamID, o goals.OwnerID) error {
	return tx.kv.Delete(key("n", string(team), tAside, string(o)))
}

// Asides lists the owners of a team who are kept aside, who came first first.
func (r *Reader) Asides(team goals.TeamID) ([]Aside, error) {
	list, err := listed[Aside](r, under("n", string(team), tAside))
	slices.SortStableFunc(list, func(a, b Aside) int { return a.At.Compare(b.At) })
	return list, err
}

// EraseAside erases the records of an owner who is kept aside, and those kept aside for them.
func (tx *Tx) EraseAside(team goals.TeamID, a Aside) error {
	below, err := tx.Asides(team)
	for _, b := range below {
		if err == nil && b.Into == a.Owner {
			if err = tx.EraseAside(team, b); err == nil {
				err = tx.DropAside(team, b.Owner)
			}
		}
	}
	if err != nil {
		return err
	}
	if err := tx.forgetOwner(a.Owner); err != nil {
		return err
	}
	if err := tx.forgetCodes(func(c Code) bool { return c.Owner == a.Owner }); err != nil {
		return err
	}
	if err := tx.forgetDeeds(func(by goals.OwnerID) bool { return by == a.Owner }); err != nil {
		return err
	}
	if err := tx.forgetOutgoing(func(m Outgoing) bool { return m.Owner == a.Owner }); err != nil {
		return err
	}
	a.Erased = true
	return tx.PutAside(team, a)
}

// Enter makes an owner a member of a team, and Exit makes them none.
func (tx *Tx) Enter(team goals.TeamID, o goals.OwnerID) error {
	return tx.kv.Set(key("n", string(team), tMember, string(o)), []byte{})
}

// Exit makes an owner no member of a team.
func (tx *Tx) Exit(team goals.TeamID, o goals.OwnerID) error {
	return tx.kv.Delete(key("n", string(team), tMember, string(o)))
}

// MoveContact makes an account of one owner another's, or, with to empty, nobody's.
func (tx *Tx) MoveContact(c Contact, from, to goals.OwnerID) error {
	if err := tx.kv.Delete(ownerKey(from, tPerson, c.Platform, c.Space)); err != nil {
		return err
	}
	person := key("p", c.Platform, c.Space, c.Person)
	if to == "" {
		return tx.kv.Delete(person)
	}
	if err := tx.kv.Set(person, []byte(to)); err != nil {
		return err
	}
	return tx.kv.Set(ownerKey(to, tPerson, c.Platform, c.Space), []byte(c.Person))
}

// MoveSpace makes a space of one team another's.
func (tx *Tx) MoveSpace(platform, space string, from, to goals.TeamID) error {
	if err := tx.kv.Delete(key("n", string(from), tSpace, platform, space)); err != nil {
		return err
	}
	return tx.JoinSpace(to, platform, space)
}

// CancelDue takes back all that is due for a subject.
func (tx *Tx) CancelDue(subject string) error {
	return tx.forgetDue(func(s string) bool { return s == subject })
}

// MarkUndone marks an entry of a journal as taken back by another; that there is none is no error.
func (tx *Tx) MarkUndone(j Journal, id, by EntryID) error {
	e, found, err := tx.Entry(j, id)
	if err != nil || !found {
		return err
	}
	e.Undone = by
	return tx.set(j.key(id), e)
}

// listed reads all records below a prefix.
func listed[R any](r *Reader, prefix []byte) (list []R, err error) {
	err = scan(r.kv, kv.Prefix(prefix), func(_ []byte, rec R) bool {
		list = append(list, rec)
		return true
	})
	return list, err
}
