package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
)

type outboxCmd struct {
	List  outboxListCmd  `cmd:"" default:"1" help:"List them. This is what happens without a word behind outbox, too."`
	Retry outboxRetryCmd `cmd:"" help:"Send what was given up after all."`
}

// Help is shown below the flags.
func (outboxCmd) Help() string {
	return "What payoff sends unasked: check-ins, reminders, news of goals, leaderboards. What was done with is kept for sixty days."
}

type outboxListCmd struct{}

// Run prints a line for each message, the oldest first.
func (c *outboxListCmd) Run(p *program) error {
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
		table := chat.Table{Header: []string{"created", "what", "to", "state", "sent because", "key"}}
		dead := 0
		for _, m := range messages {
			if engine.Dead(m) {
				dead++
			}
			table.Rows = append(table.Rows, []string{stamp(m.Created), m.What, addressee(m, owners), state(m, r.now()), string(m.Why), m.Key})
		}
		if _, err = fmt.Fprintln(p.out, chat.Message{Blocks: []chat.Block{table}}.Plain()); err != nil || dead == 0 {
			return err
		}
		_, err = fmt.Fprintf(p.out, "\nGiven up: %s. To send one after all: payoff outbox retry \"KEY\"; to send them all: payoff outbox retry all.\n", count(dead, "message"))
		return err
	})
}

type outboxRetryCmd struct {
	Key string `arg:"" help:"The key of a message that was given up, as payoff outbox lists it, or all."`
}

// Help is shown below the flags.
func (outboxRetryCmd) Help() string {
	return "It is sent as soon as payoff runs, before what was written to the same person later, and unless there is nothing left to say."
}

// Run puts what was given up back.
func (c *outboxRetryCmd) Run(p *program) error {
	return p.with(false, func(r *records) error {
		key := c.Key
		if key == "all" {
			key = ""
		}
		n, err := r.engine.Retry(p.ctx, key)
		switch {
		case err != nil:
			return err
		case n == 0 && key == "":
			_, err = fmt.Fprintln(p.out, "Nothing was given up.")
		case n == 0:
			return failed(nil, "No message with the key %q was given up; payoff outbox lists those that were.", key)
		default:
			_, err = fmt.Fprintf(p.out, "Put back: %s. Sent as soon as payoff runs.\n", count(n, "message"))
		}
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
	case !m.Done.IsZero() && !engine.Dead(m):
		return "not sent " + stamp(m.Done) + ": " + m.Failed
	case !m.Done.IsZero():
		return fmt.Sprintf("given up %s after %s: %s", stamp(m.Done), count(m.Attempts, "attempt"), m.Failed)
	case m.Leased.After(now):
		return "being sent"
	case m.Attempts > 0 && m.Failed != "":
		return fmt.Sprintf("waits until %s after %s: %s", stamp(m.NotEarly), count(m.Attempts, "attempt"), m.Failed)
	case m.NotEarly.After(now):
		return "waits until " + stamp(m.NotEarly)
	}
	return "waits"
}

// stamp is a time as an operator reads it, in UTC like the log's.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
