package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/discord/discordtest"
)

// backWithin is how soon payoff answers again, whatever happened to its connection.
const backWithin = 30 * time.Second

// An outage is something that happens to the gateway, from which discordgo would not come back
// by itself, or not soon.
type outage struct {
	name  string
	first func(*discordtest.Gateway) // before payoff connects for the first time
	then  func(*discordtest.Gateway)
	slow  bool // it takes payoff more than a few seconds to be back
	anew  bool // the session is lost, and with it what Discord has told nobody else of
}

// outages are those of PLATFORMS.md C, and their combinations.
func outages() []outage {
	return []outage{ // the longest of those that are not slow first
		{name: "Invalid Session after Resume", then: func(g *discordtest.Gateway) { g.InvalidateAfterResume(1); g.Drop() }, anew: true},
		{name: "dropped", then: (*discordtest.Gateway).Drop},
		{name: "told to reconnect", then: (*discordtest.Gateway).Reconnect},
		{name: "Reconnect as the first packet", then: func(g *discordtest.Gateway) { g.ReconnectFirst(1); g.Drop() }},
		{name: "Reconnect as the first packet, from the start", first: func(g *discordtest.Gateway) { g.ReconnectFirst(2) }, then: func(g *discordtest.Gateway) { g.ReconnectFirst(2); g.Reconnect() }, slow: true},
		{name: "Reconnect for READY", first: func(g *discordtest.Gateway) { g.ReconnectForReady(1) }, then: func(g *discordtest.Gateway) { g.ReconnectForReady(1); g.Drop() }},
		{name: "Invalid Session", then: (*discordtest.Gateway).Invalidate, anew: true, slow: true},
		{name: "closed", then: func(g *discordtest.Gateway) { g.CloseWith(4000) }},
		{name: "timed out", then: func(g *discordtest.Gateway) { g.CloseWith(4009) }, anew: true, slow: true},
		{name: "a dial refused", then: func(g *discordtest.Gateway) { g.RefuseDials(1); g.Drop() }},
		{name: "dials refused", then: func(g *discordtest.Gateway) { g.RefuseDials(3); g.Drop() }, slow: true},
		{name: "no HELLO", then: func(g *discordtest.Gateway) { g.NoHello(1); g.Drop() }, slow: true},
		{name: "no HELLO, from the start", first: func(g *discordtest.Gateway) { g.NoHello(1) }, then: (*discordtest.Gateway).Drop, slow: true},
		{name: "deaf", then: (*discordtest.Gateway).Deaf, slow: true},
		{name: "all at once", then: func(g *discordtest.Gateway) {
			g.RefuseDials(1)
			g.NoHello(1)
			g.ReconnectFirst(1)
			g.InvalidateAfterResume(1)
			g.Drop()
		}, anew: true, slow: true},
	}
}

// TestDiscordGatewayComesBack: after each outage payoff answers commands again within 30
// seconds, in real time, with discordgo and at the everyday pace. What was answered before stays
// answered once; what was typed meanwhile is answered when the session goes on, in time or
// directly, unless Discord has lost the session, and told whoever typed it.
func TestDiscordGatewayComesBack(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a connection is lost and made again in seconds")
	}
	var all sync.WaitGroup
	defer all.Wait()
	for _, o := range outages() {
		if o.slow && !atLength() {
			continue
		}
		c := &cutOff{stall: newStall(t, stallWays[0], november(13, 10, 0)), outage: o, heard: map[int]bool{}}
		c.there.Expect(tooLateToAnswer)
		c.sam = c.begins("Sam")
		if o.first != nil {
			o.first(c.there.Gateway())
		}
		c.opens()
		all.Go(func() { // each waits in real time
			if err := c.lives(); err != nil {
				t.Errorf("%s: %v; payoff logged\n%s", o.name, err, c.log)
			}
			c.holdsErrors()
		})
	}
}

// A cutOff is a payoff with which Discord loses touch, and somebody who types on all the while.
type cutOff struct {
	*stall
	outage outage
	sam    *visitor

	mu    sync.Mutex
	heard map[int]bool // of each line whether payoff acknowledged it in time
}

// typesEvery is the pause between two lines.
const typesEvery = 500 * time.Millisecond

func (c *cutOff) lives() error {
	if err := c.types(0); err != nil {
		return err
	}
	if _, err := c.sam.hears("", c.receipt(0), patience); err != nil {
		return err
	}
	c.outage.then(c.there.Gateway())
	begun := time.Now()
	var typing sync.WaitGroup
	next := time.NewTicker(typesEvery)
	defer next.Stop()
	typed, after := 1, 0 // lines, and those after payoff was back
	var back time.Duration
	for ; after < 2 && time.Since(begun) < backWithin+patience; typed++ {
		n := typed
		typing.Go(func() {
			if err := c.types(n); err != nil {
				c.t.Errorf("%s: %v", c.outage.name, err)
			}
		})
		<-next.C
		if c.answered() > 1 {
			if after++; after == 1 {
				back = time.Since(begun)
			}
		}
	}
	typing.Wait()
	if after == 0 || back > backWithin {
		return fmt.Errorf("payoff is back after %s (%v), want it within %s", back, after > 0, backWithin)
	}
	err := c.settles(typed)
	c.shut() // nothing more is on its way
	c.t.Logf("%s: the next command was answered within %s; of %d typed %d were answered in time", c.outage.name, back.Round(time.Millisecond), typed, c.answered())
	return errors.Join(err, c.holds(typed))
}

func (c *cutOff) line(n int) string { return fmt.Sprintf("won £%d BNI", 100+n) }
func (c *cutOff) receipt(n int) string {
	return fmt.Sprintf("Logged BNI, today: 1 deal, £%d revenue.", 100+n)
}

// types types a line, by turns in a channel and directly. That nobody answers is no error.
func (c *cutOff) types(n int) error {
	room := c.sam.room
	if n%2 == 1 {
		room = c.sam.direct()
	}
	err := c.sam.types("", room, "/log "+c.line(n))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard[n] = err == nil
	if err != nil && (strings.Contains(err.Error(), "did not respond within") || c.outage.anew && strings.Contains(err.Error(), "not connected to the gateway")) {
		return nil
	}
	return err
}

// answered is how many lines were acknowledged in time.
func (c *cutOff) answered() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, heard := range c.heard {
		if heard {
			n++
		}
	}
	return n
}

// settles waits until each line has its receipt that must have one.
func (c *cutOff) settles(typed int) (err error) {
	for n := range typed {
		if c.heard[n] || !c.outage.anew {
			_, none := c.sam.hears("", c.receipt(n), patience)
			err = errors.Join(err, none)
		}
	}
	return err
}

// holds: what has a receipt has one and is stored once, and nothing else is stored.
func (c *cutOff) holds(typed int) (err error) {
	var want []string
	for n := range typed {
		switch seen := len(c.sam.anywhere(c.receipt(n))); {
		case seen > 1:
			err = errors.Join(err, fmt.Errorf("line %d is answered %d times", n, seen))
		case seen == 1:
			want = append(want, fmt.Sprintf("%s: 1, %d", c.line(n), (100+n)*100))
		}
	}
	slices.Sort(want)
	got, failed := c.sam.activities()
	if !slices.Equal(got, want) {
		err = errors.Join(err, fmt.Errorf("stored are\n\t%q, want what has a receipt,\n\t%q", got, want))
	}
	return errors.Join(err, failed)
}
