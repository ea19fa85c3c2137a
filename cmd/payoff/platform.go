package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"payoff/bot/chat"
)

// A platform is one that payoff is in besides the local workspace: Slack or Discord.
type platform struct {
	name    string // "Slack"
	id      string // as in addresses
	adapter adapter

	// enters waits until the platform has let payoff in, and says where that is. Nothing is sent
	// before: with a token that cannot work, what is due would be given up. When the platform
	// does not answer at all, payoff starts without knowing.
	enters func(refused <-chan error) (where string, err error)
	ways   []string // how the platform reaches payoff
	more   string   // what else an operator is told at the start
}

// An adapter is payoff on a platform.
type adapter interface {
	http.Handler
	chat.Sender
	Run(context.Context) error
	Close(context.Context) error
}

// routes is the path below which the platform's requests come.
func (p *platform) routes() string { return "/" + p.id + "/" }

// runPlatform keeps a platform connected, and tells when a token can never work; the channel is closed
// when the platform is left. The connection
// outlives the program's context, for what came in by it is acknowledged by it: it is cut when
// the adapter has ended its work.
func (a *app) runPlatform(p *platform) (refused <-chan error) {
	ctx, cut := context.WithCancel(context.WithoutCancel(a.program.ctx))
	ran, ended := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ended)
		defer close(ran)
		if err := p.adapter.Run(ctx); err != nil {
			ran <- failed(err, "%s", err.Error())
		}
	}()
	a.stops.add("work for "+p.name, func(limit context.Context) error {
		limit, cancel := context.WithTimeout(limit, requestWait)
		defer cancel()
		if err := p.adapter.Close(limit); err != nil {
			a.program.log.Warn("work for "+p.name+" did not end in time and was given up", "err", err)
		}
		cut()
		select {
		case <-ended:
		case <-time.After(cutWait):
		}
		return nil
	})
	return ran
}

// cutWait is how long a connection may take to close. What comes after it matters more.
const cutWait = time.Second

// askWait is how long the start waits for a platform to answer.
const askWait = 5 * time.Second

// unanswered is where payoff is said to be when the platform did not say. The reason is told by
// its adapter; when that is a token that can never work, it is returned.
func (a *app) unanswered(p *platform, refused <-chan error) (where string, err error) {
	select {
	case err, is := <-refused:
		if is {
			return "", err
		}
	case <-time.After(askWait):
	case <-a.program.ctx.Done():
	}
	return p.name + " once it can be reached", nil
}

// places names where on a platform payoff is: "Slack workspace Acme", "Discord servers A and B".
func (p *platform) places(kind string, names []string) string {
	switch n := len(names); {
	case n == 0:
		return fmt.Sprintf("no %s %s yet", p.name, kind)
	case n == 1:
		return fmt.Sprintf("%s %s %s", p.name, kind, chat.Clean(names[0]))
	case n <= mostNamed:
		return fmt.Sprintf("%s %ss %s", p.name, kind, chat.Clean(together(names)))
	default:
		return count(n, p.name+" "+kind)
	}
}

// greeting says where payoff is on a platform, and how the platform reaches it.
func (p *platform) greeting(where string) string {
	return strings.TrimSpace("payoff is in " + where + " (" + together(p.ways) + "). " + p.more)
}

// errMovedClock refuses a database whose clock does not show real time.
func errMovedClock(path, platforms string) error {
	return failed(nil, "%s is from a local workspace whose clock was moved, and %s goes by real time; name another database with PAYOFF_DB.", path, platforms)
}
