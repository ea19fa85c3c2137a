package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/storage"
)

type outboxCmd struct{}

// Help is shown below the flags.
func (outboxCmd) Help() string {
	return "What payoff sends unasked: check-ins, reminders, leaderboards. What was done with is kept for sixty days."
}

// Run prints a line for each message, the oldest first.
func (c *outboxCmd) Run(p *program) error {
	return p.with(false, func(r *records) error {
		messages, err := r.engine.Outbox(p.ctx)
		if err != nil {
			return err
		}
		if len(messages) == 0 {
			_, err := fmt.Fprintln(p.out, "The outbox is empty.")
			return err
		}
		owners, err := r.owners(p.ctx)
		if err != nil {
			return err
		}
		slices.SortStableFunc(messages, func(a, b storage.Outgoing) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Key, b.Key))
		})
		table := chat.Table{Header: []string{"created", "what", "to", "state"}}
		for _, m := range messages {
			table.Rows = append(table.Rows, []string{stamp(m.Created), m.What, addressee(m, owners), state(m, r.now())})
		}
		_, err = fmt.Fprintln(p.out, chat.Message{Blocks: []chat.Block{table}}.Plain())
		return err
	})
}

// addressee is who or where a message goes to.
func addressee(m storage.Outgoing, owners []namedOwner) string {
	at := m.To.Platform
	if m.Room != "" {
		return fmt.Sprintf("room %s (%s)", m.Room, at)
	}
	for _, o := range owners {
		if o.Owner == m.Owner && m.Owner != goals.OwnerID("") {
			return fmt.Sprintf("%s (%s)", o.Name, at)
		}
	}
	return fmt.Sprintf("%s (%s)", m.To.Person, at)
}

// state says what became of a message so far.
func state(m storage.Outgoing, now time.Time) string {
	switch {
	case !m.Done.IsZero() && m.Message != "":
		return "sent " + stamp(m.Done)
	case !m.Done.IsZero():
		return fmt.Sprintf("given up %s after %s: %s", stamp(m.Done), count(m.Attempts, "attempt"), m.Failed)
	case m.Leased.After(now):
		return "being sent"
	case m.Attempts > 0 && m.Failed != "":
		return fmt.Sprintf("waits until %s after %s: %s", stamp(m.NotEarly), count(m.Attempts, "attempt"), m.Failed)
	}
	return "waits"
}

// stamp is a time as an operator reads it, in UTC like the log's.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
