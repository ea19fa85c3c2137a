package storage

import (
	"bytes"
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// verifySpaces looks for spaces whose team is not there or does not know them, for removals
// from spaces that are not known, and for what was installed and cannot be read.
func (r *Reader) verifySpaces(are there) (wrong []string, err error) {
	prefix := under("s")
	var bad error
	err = r.kv.Scan(kv.Prefix(prefix), func(k, team []byte) bool {
		platform, space, _ := bytes.Cut(k[len(prefix):], []byte{0})
		if !are.teams[goals.TeamID(team)] {
			wrong = append(wrong, fmt.Sprintf("space %s of %s is of a team that is not there", space, platform))
			return true
		}
		var of []byte
		if of, bad = r.kv.Get(key("n", string(team), tSpace, string(platform), string(space))); of == nil && bad == nil {
			wrong = append(wrong, fmt.Sprintf("space %s of %s is not known to its team", space, platform))
		}
		return bad == nil
	})
	if err == nil {
		err = bad
	}
	if err != nil {
		return nil, err
	}
	left, err := r.LeftSpaces()
	if err != nil {
		return nil, err
	}
	for _, l := range left {
		if team, err := r.TeamOf(l.Platform, l.Space); err != nil || team == "" {
			wrong = append(wrong, fmt.Sprintf("space %s of %s was left and is not known", l.Space, l.Platform))
		}
	}
	err = scan(r.kv, kv.Prefix(under("i")), func(k []byte, in Install) bool {
		if !bytes.Equal(k, key("i", in.Platform, in.Space)) {
			wrong = append(wrong, fmt.Sprintf("install of %s of %s stands under another space", in.Space, in.Platform))
		}
		return true
	})
	return wrong, err
}

// verifyTeams looks for what is kept of teams that are not there, and for spaces that are
// another team's.
func (r *Reader) verifyTeams(are there) (wrong []string, err error) {
	prefix := under("n")
	err = r.kv.Scan(kv.Prefix(prefix), func(k, _ []byte) bool {
		parts := bytes.SplitN(k[len(prefix):], []byte{0}, 3)
		if len(parts) != 3 || !are.teams[goals.TeamID(parts[0])] {
			wrong = append(wrong, fmt.Sprintf("%q is of a team that is not there", k))
			return true
		}
		if string(parts[1]) == tSpace {
			team, bad := r.kv.Get(append(under("s"), parts[2]...))
			if bad == nil && !bytes.Equal(team, parts[0]) {
				wrong = append(wrong, fmt.Sprintf("space %q is not that of team %s", parts[2], parts[0]))
			}
		}
		return true
	})
	return wrong, err
}

// verifyDue holds the two halves of what is due against each other, and against whom it is about.
func (r *Reader) verifyDue(are there) (wrong []string, err error) {
	want := map[string]bool{}
	at := under("v")
	err = r.kv.Scan(kv.Prefix(at), func(k, v []byte) bool {
		what, subject, _ := bytes.Cut(k[len(at):], []byte{0})
		if !are.owners[goals.OwnerID(subject)] && !are.teams[goals.TeamID(subject)] {
			wrong = append(wrong, fmt.Sprintf("%s is due for %s, who is not there", what, subject))
		}
		want[string(dueKey(keyTime(v), Due{What: string(what), Subject: string(subject)}))] = true
		return true
	})
	if err != nil {
		return nil, err
	}
	err = r.kv.Scan(kv.Prefix(under("u")), func(k, _ []byte) bool {
		if !want[string(k)] {
			wrong = append(wrong, fmt.Sprintf("due at %q is not what its subject says", k))
		}
		delete(want, string(k))
		return true
	})
	for k := range want {
		wrong = append(wrong, fmt.Sprintf("due at %q is missing", k))
	}
	return wrong, err
}

// verifyOutbox looks for messages to owners and of teams that are not there.
func (r *Reader) verifyOutbox(are there) (wrong []string, err error) {
	look := func(m Outgoing) bool {
		if m.Owner != "" && !are.owners[m.Owner] || m.Team != "" && !are.teams[m.Team] {
			wrong = append(wrong, fmt.Sprintf("message %q is of somebody who is not there", m.Key))
		}
		return true
	}
	err = r.Waiting(look)
	if err == nil {
		err = r.Finished(look)
	}
	return wrong, err
}

// ownersOf is the members of a team and those who are kept aside.
func (r *Reader) ownersOf(team goals.TeamID) ([]goals.OwnerID, error) {
	owners, err := r.Members(team)
	if err != nil {
		return nil, err
	}
	asides, err := r.Asides(team)
	for _, a := range asides {
		if !a.Erased {
			owners = append(owners, a.Owner)
		}
	}
	return owners, err
}

// verifyLinks looks for teams and accounts that were joined to what is not there.
func (r *Reader) verifyLinks(are there) (wrong []string, err error) {
	for team := range are.teams {
		joined, err := r.Joined(team)
		if err != nil {
			return nil, err
		}
		for _, j := range joined {
			if !are.teams[j.Team] {
				wrong = append(wrong, fmt.Sprintf("team %s was joined into %s and is not there", j.Team, team))
			}
		}
		asides, err := r.Asides(team)
		if err != nil {
			return nil, err
		}
		for _, a := range asides {
			if !are.owners[a.Into] {
				wrong = append(wrong, fmt.Sprintf("owner %s is kept aside for %s, who is not there", a.Owner, a.Into))
			}
		}
	}
	err = scan(r.kv, kv.Prefix(under("c")), func(_ []byte, c Code) bool {
		if !are.owners[c.Owner] {
			wrong = append(wrong, fmt.Sprintf("a code is of %s, who is not there", c.Owner))
		}
		return true
	})
	return wrong, err
}
