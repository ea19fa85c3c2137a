package engine

import (
	"context"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// keepAside is how long the records of an account are kept that another one has replaced.
const keepAside = 30 * 24 * time.Hour

// Holdings is what an owner has, in counts.
type Holdings struct{ Goals, Lines, CheckIns, Channels int }

// Any reports whether there is anything to lose.
func (h Holdings) Any() bool { return h != Holdings{} }

// A MeLink is what joining two accounts came to, or, with Choose set, what there is to choose
// from: both have records, and nothing is joined yet.
type MeLink struct {
	Done
	Choose      bool
	Here, There Holdings
	Other       string        // where the other account is: "the Slack workspace"
	Kept        goals.OwnerID // whose records are kept
}

// LinkMe joins the actor's account with the one that a code is of, into one owner. When only
// one of them has records, these are kept; when both have, the actor is to choose by KeepMe.
func (e *Engine) LinkMe(ctx context.Context, q Request, from Person, code string) (MeLink, error) {
	var link MeLink
	done, err := e.redeem(ctx, q, from, code, forMe, func(c *change, code storage.Code) (*goals.Mistake, error) {
		link = MeLink{}
		other, err := c.tx.OwnerOf(code.Contact.Platform, code.Contact.Space, code.Contact.Person)
		if err != nil {
			return nil, err
		}
		wrong, err := c.canJoin(code.Contact, other)
		if err != nil || wrong != nil {
			return wrong, err
		}
		if link, err = compare(&c.tx.Reader, q.Owner, code.Contact, other); err != nil {
			return nil, err
		}
		if link.Choose {
			l, err := c.tx.Linking(q.Owner)
			if err != nil {
				return nil, err
			}
			l.With, l.Until = other, code.Until
			return nil, c.tx.PutLinking(q.Owner, l)
		}
		link.Kept = other
		if link.Here.Any() {
			link.Kept = q.Owner
		}
		return nil, c.joinAccounts(e, q, q.Owner, other, link.Kept)
	})
	if err == nil && done.Repeated {
		link, err = e.linkedBefore(ctx, q, done)
	}
	link.Done = done
	return link, err
}

// canJoin says what stands in the way of joining the actor's account with another.
func (c *change) canJoin(at storage.Contact, other goals.OwnerID) (*goals.Mistake, error) {
	team, err := c.tx.TeamOf(at.Platform, at.Space)
	switch {
	case err != nil:
		return nil, err
	case team == "" || other == "":
		return goals.Wrong(goals.Conflict, "", "Whoever asked for that code was forgotten since: type /payoff me link there for a new one."), nil
	case team != c.Actor.Team:
		return goals.Wrong(goals.Conflict, "", "That is in another team: have an admin join the two with /payoff team link first, then type the code again."), nil
	case other == c.Actor.Owner:
		return goals.Wrong(goals.Conflict, "", "These two accounts are joined already: /payoff me shows it."), nil
	}
	mine, err := c.tx.Contacts(c.Actor.Owner)
	if err != nil {
		return nil, err
	}
	theirs, err := c.tx.Contacts(other)
	for _, at := range theirs {
		if hasSpace(mine, at.Platform, at.Space) {
			called, err := where(&c.tx.Reader, at.Platform, at.Space)
			return goals.Wrong(goals.Conflict, "", "Both have an account in %s: take one out with /payoff me unlink first.", called), err
		}
	}
	return nil, err
}

// compare reads what an owner has, and what the one at another account.
func compare(r *storage.Reader, me goals.OwnerID, at storage.Contact, other goals.OwnerID) (link MeLink, err error) {
	if link.Here, err = holdings(r, me); err != nil {
		return link, err
	}
	if link.There, err = holdings(r, other); err != nil {
		return link, err
	}
	link.Choose = link.Here.Any() && link.There.Any()
	link.Other, err = where(r, at.Platform, at.Space)
	return link, err
}

func holdings(r *storage.Reader, o goals.OwnerID) (h Holdings, err error) {
	list, err := r.Goals(o)
	if err != nil {
		return h, err
	}
	objectives, err := r.Objectives(o)
	if err != nil {
		return h, err
	}
	totals, err := r.Totals(o, storage.Ever)
	if err != nil {
		return h, err
	}
	for _, t := range totals {
		h.Lines += t.Activities
	}
	checkIns, err := r.CheckIns(o, storage.Ever)
	if err != nil {
		return h, err
	}
	for _, c := range checkIns {
		if c.State == goals.CheckInAnswered {
			h.CheckIns++
		}
	}
	owner, err := r.Owner(o)
	h.Goals, h.Channels = len(list)+len(objectives), len(owner.Channels)
	return h, err
}

// linkedBefore is what an event that was handled before came to.
func (e *Engine) linkedBefore(ctx context.Context, q Request, done Done) (link MeLink, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		link = MeLink{Kept: q.Owner}
		if _, found, err := r.Entry(storage.Journal{Owner: q.Owner}, done.Entry); err != nil || found {
			return err
		}
		l, err := r.Linking(q.Owner)
		if err != nil {
			return err
		}
		if l.With == "" {
			return goals.Wrong(goals.Conflict, "", "That was answered already: type the code again if it was right.")
		}
		contacts, err := r.Contacts(l.With)
		if err != nil || len(contacts) == 0 {
			return err
		}
		link, err = compare(r, q.Owner, contacts[0], l.With)
		return err
	})
	return link, err
}

// KeepMe joins the actor's account with the one they gave the code of, and keeps the records
// from here, or those from there. The others are kept aside.
func (e *Engine) KeepMe(ctx context.Context, q Request, here bool) (MeLink, error) {
	var link MeLink
	q.Words = "me link"
	done, err := e.change(ctx, q, q.Words, func(c *change) error {
		link = MeLink{}
		l, err := c.tx.Linking(q.Owner)
		if err != nil {
			return err
		}
		contacts, err := c.tx.Contacts(l.With)
		if err != nil {
			return err
		}
		if l.With == "" || !c.Now.Before(l.Until) || len(contacts) == 0 {
			return goals.Wrong(goals.Conflict, "", "That choice has run out: type /payoff me link in the other space for a new code.")
		}
		wrong, err := c.canJoin(contacts[0], l.With)
		if err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		if link, err = compare(&c.tx.Reader, q.Owner, contacts[0], l.With); err != nil {
			return err
		}
		other := l.With
		l.With, l.Until = "", time.Time{}
		if err := c.tx.PutLinking(q.Owner, l); err != nil {
			return err
		}
		link.Choose = false
		link.Kept = other
		if here {
			link.Kept = q.Owner
		}
		return c.joinAccounts(e, q, q.Owner, other, link.Kept)
	})
	link.Done = done
	return link, err
}

// joinAccounts makes one owner of two: the accounts of the one who is not kept become those of
// the one who is, and their records are kept aside.
func (c *change) joinAccounts(e *Engine, q Request, a, b, kept goals.OwnerID) error {
	aside := a
	if kept == a {
		aside = b
	}
	contacts, err := c.tx.Contacts(aside)
	if err != nil {
		return err
	}
	for _, at := range contacts {
		if err := c.tx.MoveContact(at, aside, kept); err != nil {
			return err
		}
	}
	if err := c.tx.Exit(c.Actor.Team, aside); err != nil {
		return err
	}
	record := storage.Aside{Owner: aside, Into: kept, Contacts: contacts, At: c.Now.UTC(), Entry: c.entry}
	if err := c.tx.PutAside(c.Actor.Team, record); err != nil {
		return err
	}
	if err := c.tx.CancelDue(string(aside)); err != nil {
		return err
	}
	err = c.eachWaiting(func(m *storage.Outgoing) bool {
		if m.Owner == aside {
			m.Failed, m.Done = "the account was joined with another", c.Now.UTC()
		}
		return m.Owner == aside
	})
	if err != nil {
		return err
	}
	if err := c.letIn(e, kept); err != nil {
		return err
	}
	if err := c.handled(q, kept); err != nil {
		return err
	}
	if err := c.tell("me link", "", storage.Journal{Owner: kept}); err != nil {
		return err
	}
	return e.boardMoves(c.tx, c.Actor.Team)
}

// letIn plans anew what is due for an owner.
func (c *change) letIn(e *Engine, o goals.OwnerID) error {
	s, err := e.sceneOf(&c.tx.Reader, Actor{Team: c.Actor.Team, Owner: o})
	if err != nil {
		return err
	}
	return (&change{scene: s, tx: c.tx, entry: c.entry}).planAnew(e)
}

// An Account is one of an owner's.
type Account struct {
	Contact
	Called string // where it is: "the Discord server"
}

// Accounts lists an owner's.
func (e *Engine) Accounts(ctx context.Context, a Actor) (list []Account, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		contacts, err := r.Contacts(a.Owner)
		if err != nil {
			return err
		}
		list, err = accounts(r, contacts)
		return err
	})
	return list, err
}

func accounts(r *storage.Reader, contacts []Contact) (list []Account, err error) {
	for _, c := range contacts {
		called, err := where(r, c.Platform, c.Space)
		if err != nil {
			return nil, err
		}
		list = append(list, Account{c, called})
	}
	return list, nil
}

// A MeUnlink is what taking accounts apart came to.
type MeUnlink struct {
	Done
	Apart    []Account // are by themselves again
	Restored bool      // with the records that were kept aside
}

// UnlinkMe takes the last joining of the actor's accounts apart, first of all that of the one
// they ask from. The records kept aside are in their place again.
func (e *Engine) UnlinkMe(ctx context.Context, q Request, from Person) (MeUnlink, error) {
	var u MeUnlink
	q.Words = "me unlink"
	done, err := e.change(ctx, q, q.Words, func(c *change) error {
		u = MeUnlink{}
		a, found, err := c.lastAside(q.Owner, contactOf(from))
		if err != nil {
			return err
		}
		if !found {
			return goals.Wrong(goals.Conflict, "", "No account is joined with this one: /payoff me link begins it.")
		}
		u.Restored = !a.Erased
		if u.Apart, err = accounts(&c.tx.Reader, a.Contacts); err != nil {
			return err
		}
		if err := c.putBack(e, a); err != nil {
			return err
		}
		if a.Erased {
			return nil
		}
		return c.handled(q, a.Owner)
	})
	u.Done = done
	return u, err
}

// lastAside is who was kept aside last for an owner, of those whose account at is, if any.
func (c *change) lastAside(o goals.OwnerID, at storage.Contact) (last storage.Aside, found bool, err error) {
	asides, err := c.tx.Asides(c.Actor.Team)
	for _, a := range asides {
		if a.Into != o {
			continue
		}
		theirs := slices.Contains(last.Contacts, at)
		if !theirs || slices.Contains(a.Contacts, at) {
			last, found = a, true
		}
	}
	return last, found, err
}

// putBack takes the accounts of who was kept aside from whom they were joined into. With their
// records they are an owner again; without, they are nobody, and begin anew when they come.
func (c *change) putBack(e *Engine, a storage.Aside) error {
	back := a.Owner
	if a.Erased {
		back = ""
	}
	for _, at := range a.Contacts {
		is, err := c.tx.OwnerOf(at.Platform, at.Space, at.Person)
		if err != nil {
			return err
		}
		if is != a.Into { // taken from them in another way since
			continue
		}
		if err := c.tx.MoveContact(at, a.Into, back); err != nil {
			return err
		}
	}
	if err := c.tx.DropAside(c.Actor.Team, a.Owner); err != nil {
		return err
	}
	if !a.Erased {
		if err := c.tx.Enter(c.Actor.Team, a.Owner); err != nil {
			return err
		}
		if err := c.letIn(e, a.Owner); err != nil {
			return err
		}
	}
	if err := c.tell("me unlink", a.Entry, storage.Journal{Owner: a.Into}); err != nil {
		return err
	}
	return e.boardMoves(c.tx, c.Actor.Team)
}
