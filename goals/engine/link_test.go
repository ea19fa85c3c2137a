package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
)

// again is who a person is now: another owner, or of another team.
func (p person) again(t tester) person { return p.meets(t, p.Person) }

func (p person) teamCode(t tester) string {
	t.Helper()
	o, err := p.OfferTeam(p.ctx(), p.q(), p.Person)
	if err != nil {
		t.Fatalf("OfferTeam: %v", err)
	}
	return o.Code
}

func (p person) myCode(t tester) string {
	t.Helper()
	o, err := p.OfferMe(p.ctx(), p.q(), p.Person)
	if err != nil {
		t.Fatalf("OfferMe: %v", err)
	}
	return o.Code
}

// joins joins a person's team into another's.
func (p person) joins(t tester, other person) person {
	t.Helper()
	if _, err := p.LinkTeam(p.ctx(), p.q(), p.Person, other.teamCode(t)); err != nil {
		t.Fatalf("LinkTeam: %v", err)
	}
	return p.again(t)
}

// leavesTeam has the team that a person's space was joined with leave.
func (p person) leavesTeam(t tester) person {
	t.Helper()
	links, err := p.TeamLinks(p.ctx(), p.Team, p.Platform, p.Space)
	if err != nil || len(links) != 1 {
		t.Fatalf("TeamLinks = %v, %v, want one", links, err)
	}
	if _, err := p.UnlinkTeam(p.ctx(), p.q(), p.Person, links[0].Team); err != nil {
		t.Fatalf("UnlinkTeam: %v", err)
	}
	return p.again(t)
}

// records is what an owner has, as they can take it with them.
func (p person) records(t tester) string {
	t.Helper()
	var out strings.Builder
	if err := p.Export(p.ctx(), &out, p.Actor); err != nil {
		t.Fatalf("Export: %v", err)
	}
	return out.String()
}

// TestLinkTeams: spaces and people move, records and settings stay, and all of it is undone.
func TestLinkTeams(t *testing.T) {
	d := newDesk(t)
	a, b := d.owner(t, "Ann"), d.owner(t, "Bob")
	for p, room := range map[person]string{a: "traders", b: "office"} {
		name, in := p.Name+"'s", contactOf(p.Person)
		if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Name: &name, Room: &room, In: in}); err != nil {
			t.Fatal(err)
		}
	}
	b.logs(t, "BNI", b.today(t), goals.Amounts{goals.Revenue: 5000})
	before := b.records(t)
	b2 := b.joins(t, a)
	if b2.Owner != b.Owner || b2.Team != a.Team || b2.self(t).Team.Name != "Ann's" {
		t.Fatalf("Bob is %v of %q, want himself in Ann's team", b2.Actor, b2.self(t).Team.Name)
	}
	if after := b2.records(t); after != before {
		t.Errorf("Bob's records changed by the link:\n%s\n%s", before, after)
	}
	c := d.meets(t, Person{Platform: b.Platform, Space: b.Space, ID: "cy", Name: "Cy"}) // comes in the meantime
	d.run(t, "2026-11-23 12:00")
	var to []string
	for _, key := range d.sent(t) {
		if strings.HasPrefix(key, "board") {
			to = append(to, key)
		}
	}
	if len(to) != 2 || !strings.HasSuffix(to[0], a.Space) || !strings.HasSuffix(to[1], b.Space) {
		t.Errorf("boards = %q, want one for each space", to)
	}
	b3 := b2.leavesTeam(t)
	if b3.Actor != b.Actor || b3.self(t).Team.Name != "Bob's" {
		t.Errorf("Bob is %v of %q, want as before", b3.Actor, b3.self(t).Team.Name)
	}
	if got := c.again(t); got.Team != b.Team || got.Owner != c.Owner {
		t.Errorf("Cy, who came meanwhile, is %v, want himself in Bob's team", got.Actor)
	}
	for team, want := range map[goals.TeamID]string{a.Team: "traders", b.Team: "office"} {
		if list, err := d.Spaces(d.ctx(), team); err != nil || len(list) != 1 || list[0].Room != want {
			t.Errorf("Spaces = %v, %v, want one with room %s", list, err, want)
		}
		what := []string{"team link", "team unlink"}
		var told []string
		err := d.db.View(d.ctx(), func(r *storage.Reader) error {
			return r.Entries(storage.Journal{Team: team}, func(en storage.Entry) bool {
				if slices.Contains(what, en.What) {
					told = append(told, en.What)
				}
				return true
			})
		})
		if err != nil || !slices.Equal(told, []string{"team unlink", "team link"}) {
			t.Errorf("the journal of %s tells %q, %v, want both", want, told, err)
		}
	}
}

// TestLinkedTwiceAtOnce: of two teams that join each other at the same moment one keeps its
// settings, and both are one.
func TestLinkedTwiceAtOnce(t *testing.T) {
	d := newDesk(t)
	a, b := d.owner(t, "Ann"), d.owner(t, "Bob")
	codes := map[person]string{a: b.teamCode(t), b: a.teamCode(t)}
	var mu sync.Mutex
	var refused []error
	var at sync.WaitGroup
	for p, code := range codes {
		at.Go(func() {
			if _, err := p.LinkTeam(p.ctx(), p.q(), p.Person, code); err != nil {
				mu.Lock()
				defer mu.Unlock()
				refused = append(refused, err)
			}
		})
	}
	at.Wait()
	if len(refused) != 1 {
		t.Fatalf("refused: %v, want one of the two", refused)
	}
	mistaken(t, "the second", refused[0], goals.Conflict, "These two are one team already: /payoff team shows it.")
	if x, y := a.again(t), b.again(t); x.Team != y.Team {
		t.Errorf("they are in %s and %s, want one team", x.Team, y.Team)
	}
}

// TestCodes: a code works once, for ten minutes, in another space; it is nowhere to be read,
// and who guesses is stopped.
func TestCodes(t *testing.T) {
	d := newDesk(t)
	a, b, c := d.owner(t, "Ann"), d.owner(t, "Bob"), d.owner(t, "Cy")
	code := a.teamCode(t)
	if len(code) != codeLength || strings.Trim(code, codeLetters) != "" {
		t.Fatalf("code %q, want %d of %s", code, codeLength, codeLetters)
	}
	if keys := d.naming(t, code); len(keys) > 0 {
		t.Errorf("%q hold the code", keys)
	}
	q := b.q()
	for range 2 { // delivered twice, typed as people type
		if _, err := b.LinkTeam(b.ctx(), q, b.Person, " "+strings.ToLower(code[:4])+"-"+code[4:]); err != nil {
			t.Fatalf("LinkTeam: %v", err)
		}
	}
	_, err := c.LinkTeam(c.ctx(), c.q(), c.Person, code)
	mistaken(t, "a used code", err, goals.Conflict, "That code was used already: type /payoff team link in the other space for a new one.")

	code = a.teamCode(t)
	d.pass(codeLasts)
	_, err = c.LinkTeam(c.ctx(), c.q(), c.Person, code)
	mistaken(t, "an old code", err, goals.Conflict, "That code has run out, after 10 minutes: type /payoff team link in the other space for a new one.")
	d.pass(codeKept + time.Second)
	d.sweeps(t)
	for range maxTries {
		_, err = c.LinkTeam(c.ctx(), c.q(), c.Person, code)
		mistaken(t, "a code that is gone", err, goals.Unknown, "I don't know that code: type /payoff team link in the other space for a new one.")
	}
	code = a.teamCode(t)
	_, err = c.LinkTeam(c.ctx(), c.q(), c.Person, code)
	var m *goals.Mistake
	if !errors.As(err, &m) || m.Code != goals.Forbidden {
		t.Errorf("after %d guesses = %v, want no more for now", maxTries, err)
	}
	d.pass(tryAgain)
	c.joins(t, a)
}

// TestGuessCountsOnce: a guess delivered twice is one guess.
func TestGuessCountsOnce(t *testing.T) {
	d := newDesk(t)
	a, b := d.owner(t, "Ann"), d.owner(t, "Bob")
	q := b.q()
	for range maxTries + 1 {
		_, _ = b.LinkTeam(b.ctx(), q, b.Person, "AAAAAAAA")
	}
	b.joins(t, a)
}

// twoAccounts is a person with an account in each of two spaces of one team.
func twoAccounts(t tester, d *desk) (here, there person) {
	t.Helper()
	here, there = d.owner(t, "Sam"), d.owner(t, "Sam")
	return here.joins(t, there), there
}

func TestLinkMeKeepsAside(t *testing.T) {
	for _, keepHere := range []bool{true, false} {
		d := newDesk(t)
		here, there := twoAccounts(t, d)
		here.logs(t, "BNI", here.today(t), goals.Amounts{goals.Hours: 60})
		there.logs(t, "calls", there.today(t), goals.Amounts{goals.Hours: 120})
		before := map[goals.OwnerID]string{here.Owner: here.records(t), there.Owner: there.records(t)}
		link, err := here.LinkMe(d.ctx(), here.q(), here.Person, there.myCode(t))
		if err != nil || !link.Choose || link.Here.Lines != 1 || link.There.Lines != 1 {
			t.Fatalf("LinkMe = %+v, %v, want a choice", link, err)
		}
		if here.again(t).Owner == there.again(t).Owner {
			t.Fatal("joined without asking")
		}
		q := here.q()
		for range 2 {
			if _, err := here.KeepMe(d.ctx(), q, keepHere); err != nil {
				t.Fatalf("KeepMe: %v", err)
			}
			q.Actor = here.again(t).Actor // by whom it is delivered again
		}
		kept := there
		if keepHere {
			kept = here
		}
		if x, y := here.again(t), there.again(t); x.Owner != kept.Owner || y.Owner != kept.Owner {
			t.Fatalf("they are %s and %s, want both %s", x.Owner, y.Owner, kept.Owner)
		}
		if members, err := d.Members(d.ctx(), here.Team); err != nil || len(members) != 1 {
			t.Errorf("Members = %v, %v, want one", members, err)
		}
		d.run(t, "2026-11-23 09:00")
		if n := slices.IndexFunc(d.sent(t), func(key string) bool { return strings.HasPrefix(key, "checkin "+string(kept.Owner)) }); n != 0 {
			t.Errorf("sent %q, want the one who is kept asked once", d.sent(t))
		}
		back := here.again(t)
		if _, err := back.Undo(d.ctx(), back.q(), ""); !keepHere {
			mistaken(t, "Undo of a link", err, goals.Invalid, "What was linked is not undone but unlinked: type /payoff me unlink.")
		}
		u, err := back.UnlinkMe(d.ctx(), back.q(), here.Person)
		if err != nil || !u.Restored || len(u.Apart) != 1 {
			t.Fatalf("UnlinkMe = %+v, %v, want the other restored", u, err)
		}
		for _, p := range []person{here, there} {
			if p.again(t).Owner != p.Owner {
				t.Errorf("%s is %s, want the owner they were", p.Space, p.again(t).Owner)
			}
		}
		aside := here
		if keepHere {
			aside = there
		}
		if got := aside.records(t); got != before[aside.Owner] {
			t.Errorf("what was kept aside has changed:\n%s\n%s", before[aside.Owner], got)
		}
	}
}

// TestAsideIsErased: after a month the records are gone, and the accounts stay joined; taken
// apart then, the one begins anew.
func TestAsideIsErased(t *testing.T) {
	d := newDesk(t)
	here, there := twoAccounts(t, d)
	if _, err := here.LinkMe(d.ctx(), here.q(), here.Person, there.myCode(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := here.KeepMe(d.ctx(), here.q(), true); err != nil {
		t.Fatal(err)
	}
	d.pass(keepAside - time.Second)
	d.sweeps(t)
	if !there.there() {
		t.Fatal("erased a second too early")
	}
	d.pass(time.Second)
	d.sweeps(t)
	if there.there() {
		t.Fatal("not erased after a month")
	}
	if got := there.again(t); got.Owner != here.Owner {
		t.Errorf("the account is %s's, want it joined still", got.Owner)
	}
	u, err := here.UnlinkMe(d.ctx(), here.q(), here.Person)
	if err != nil || u.Restored {
		t.Errorf("UnlinkMe = %+v, %v, want it freed", u, err)
	}
	if got := there.again(t); got.Owner == here.Owner || got.Owner == there.Owner || got.self(t).Owner.Started {
		t.Errorf("the account is %s's, want a newcomer", got.Owner)
	}
}

// TestForgottenWithAll: who has joined accounts is forgotten with what was kept aside.
func TestForgottenWithAll(t *testing.T) {
	d := newDesk(t)
	here, there := twoAccounts(t, d)
	if _, err := here.LinkMe(d.ctx(), here.q(), here.Person, there.myCode(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := here.KeepMe(d.ctx(), here.q(), false); err != nil {
		t.Fatal(err)
	}
	if err := d.Forget(d.ctx(), here.again(t).Actor); err != nil {
		t.Fatal(err)
	}
	if here.there() || there.there() {
		t.Error("something is kept still")
	}
	if keys := d.naming(t, string(here.Owner), string(there.Owner)); len(keys) > 0 {
		t.Errorf("%q still name them", keys)
	}
}

// TestLinksHoldTogether does what teams and people can do to each other, in any order: nobody's
// records change by it, no account is nobody's who had one, and all refers to what is there,
// which the desk verifies when it is closed.
func TestLinksHoldTogether(t *testing.T) {
	eachDesk(t, func(t *rapid.T, d *desk) {
		people := make([]person, 4)
		for i := range people {
			people[i] = d.owner(t, fmt.Sprint("P", i))
			people[i].logs(t, "BNI", people[i].today(t), goals.Amounts{goals.Hours: int64(60 + i)})
		}
		forgotten := map[goals.OwnerID]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			p := rapid.SampledFrom(people).Draw(t, "who").again(t)
			other := rapid.SampledFrom(people).Draw(t, "other").again(t)
			var err error
			switch rapid.SampledFrom([]string{"team", "team", "unlink", "me", "me", "keep", "apart", "forget", "sweep"}).Draw(t, "what") {
			case "team":
				_, err = p.LinkTeam(d.ctx(), p.q(), p.Person, other.teamCode(t))
			case "unlink":
				links, _ := d.TeamLinks(d.ctx(), p.Team, p.Platform, p.Space)
				for _, l := range links[:min(1, len(links))] {
					_, err = p.UnlinkTeam(d.ctx(), p.q(), p.Person, l.Team)
				}
			case "me":
				_, err = p.LinkMe(d.ctx(), p.q(), p.Person, other.myCode(t))
			case "keep":
				_, err = p.KeepMe(d.ctx(), p.q(), rapid.Bool().Draw(t, "here"))
			case "apart":
				_, err = p.UnlinkMe(d.ctx(), p.q(), p.Person)
			case "forget":
				list, bad := d.allAsides(p.Team)
				forgotten[p.Owner] = true
				for _, a := range list {
					forgotten[a.Owner] = forgotten[a.Owner] || forgotten[a.Into]
				}
				err = errors.Join(bad, d.Forget(d.ctx(), p.Actor))
			case "sweep":
				d.sweeps(t)
			}
			var m *goals.Mistake
			if err != nil && !errors.As(err, &m) {
				t.Fatalf("%v", err)
			}
		}
		for i, p := range people {
			now := p.again(t)
			contacts, err := d.Accounts(d.ctx(), now.Actor)
			if err != nil || !slices.ContainsFunc(contacts, func(a Account) bool { return a.Contact == contactOf(p.Person) }) {
				t.Errorf("%s is %s, whose accounts are %v, %v", p.Name, now.Owner, contacts, err)
			}
			if forgotten[p.Owner] {
				continue
			}
			if lines, sum := p.ever(t); lines != 1 || sum[goals.Hours] != int64(60+i) {
				t.Errorf("%s has %d lines, %v, want the one they logged", p.Name, lines, sum)
			}
		}
	})
}

// allAsides lists who is kept aside in a team, from the one kept last on: who is kept for
// somebody comes behind them.
func (d *desk) allAsides(team goals.TeamID) (list []storage.Aside, err error) {
	err = d.db.View(d.ctx(), func(r *storage.Reader) error {
		list, err = r.Asides(team)
		slices.Reverse(list)
		return err
	})
	return list, err
}

// FuzzReadCode: whatever is typed, what is read is a code that is read as itself, or none.
func FuzzReadCode(f *testing.F) {
	for _, s := range []string{"", "acde-fghj", " ACDE FGHJ ", "ACDEFGH1", "ÀCDEFGHJ", "\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := readCode(typed)
		if again, still := readCode(code); ok && (again != code || !still || len(code) != codeLength) {
			t.Errorf("readCode(%q) = %q, which is read as %q, %t", typed, code, again, still)
		}
	})
}
