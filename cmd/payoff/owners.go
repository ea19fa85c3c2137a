package main

import (
	"context"
	"strings"

	"payoff/goals/engine"
	"payoff/storage"
)

// A namedOwner is an owner by the name that is typed for them.
type namedOwner struct {
	engine.Actor
	Name string
}

// owners lists the owners of every team, in the order they joined.
func (r *records) owners(ctx context.Context) ([]namedOwner, error) {
	var list []namedOwner
	err := r.db.View(ctx, func(reader *storage.Reader) error {
		list = nil
		teams, err := reader.Teams()
		if err != nil {
			return err
		}
		for _, team := range teams {
			ids, err := reader.Members(team.ID)
			if err != nil {
				return err
			}
			for _, id := range ids {
				o, err := reader.Owner(id)
				if err != nil {
					return err
				}
				list = append(list, namedOwner{engine.Actor{Team: team.ID, Owner: id}, o.Name})
			}
		}
		return nil
	})
	return list, err
}

// owner finds one by name, whatever the case and the blanks, or by id.
func (r *records) owner(ctx context.Context, name string) (namedOwner, error) {
	all, err := r.owners(ctx)
	if err != nil {
		return namedOwner{}, err
	}
	var found []namedOwner
	for _, o := range all {
		if string(o.Owner) == name {
			return o, nil
		}
		if strings.EqualFold(oneSpace(o.Name), oneSpace(name)) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return namedOwner{}, notAnOwner(name, all)
	}
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = string(o.Owner)
	}
	return namedOwner{}, failed(nil, "%d owners are called %s; name one of them by id: %s.", len(found), found[0].Name, either(ids))
}

// mostNamed is how many owners a message lists: more are no help.
const mostNamed = 8

func notAnOwner(name string, all []namedOwner) error {
	names := make([]string, len(all))
	for i, o := range all {
		names[i] = o.Name
	}
	near := nearest(name, names)
	switch {
	case near != "":
		return failed(nil, "There is no owner called %q; did you mean %s?", name, near)
	case len(all) == 0:
		return failed(nil, "There is no owner called %q, for there are no owners yet.", name)
	case len(all) <= mostNamed:
		return failed(nil, "There is no owner called %q; there is %s.", name, together(names))
	}
	return failed(nil, "There is no owner called %q among the %d there are.", name, len(all))
}

func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// either lists names of which one is meant, together names that are all there.
func either(names []string) string   { return joined(names, " or ") }
func together(names []string) string { return joined(names, " and ") }

func joined(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + last + names[len(names)-1]
}
