package discordtest

import (
	"slices"
	"time"
)

// Gateway is the websocket, to be watched and disturbed. A count of the next connections or
// packets may be negative, which is all, or 0, which is none any more.
func (d *Discord) Gateway() *Gateway { return d.acts.gateway }

// NoHello has the next n connections stay silent: no HELLO, and no answer to anything.
func (g *Gateway) NoHello(n int) { g.set(func() { g.noHello = n }) }

// ReconnectFirst has the next n connections be told to reconnect (op 7) in place of HELLO.
func (g *Gateway) ReconnectFirst(n int) { g.set(func() { g.reconnectFirst = n }) }

// ReconnectForReady has the next n IDENTIFYs and RESUMEs be answered with op 7, in place of
// READY and RESUMED.
func (g *Gateway) ReconnectForReady(n int) { g.set(func() { g.reconnectForReady = n }) }

// InvalidateAfterResume has the next n RESUMEs be answered with op 9: the session is lost, and
// what was missed with it.
func (g *Gateway) InvalidateAfterResume(n int) { g.set(func() { g.invalidResumes = n }) }

// RefuseIdentify has each IDENTIFY be answered with a close code, such as 4014; 0 is none any more.
func (g *Gateway) RefuseIdentify(code int) { g.set(func() { g.refuseIdentify = code }) }

// RefuseDials has the next n handshakes fail with 503.
func (g *Gateway) RefuseDials(n int) { g.set(func() { g.refuseDials = n }) }

// HeartbeatEvery is what HELLO asks for from now on: 41.25 s unless told.
func (g *Gateway) HeartbeatEvery(d time.Duration) { g.set(func() { g.every = d }) }

// Shards is how many shards are recommended, and how many of them may begin at once: one of one
// unless told. It is not enforced how fast sessions begin: Pace does that.
func (g *Gateway) Shards(n int) { g.set(func() { g.shards, g.concurrency = n, n }) }

// Pace sets max_concurrency and enforces it: an IDENTIFY that comes too soon after the last is
// answered with op 9.
func (g *Gateway) Pace(concurrency int) { g.set(func() { g.concurrency, g.paced = concurrency, true }) }

// CloseWith closes all connections with a code.
func (g *Gateway) CloseWith(code int) { g.each(func(l *link) { g.closing(l, code) }) }

// Drop cuts all connections without a word. What happens until they are resumed is kept.
func (g *Gateway) Drop() {
	g.each(func(l *link) {
		l.leaving = true
		_ = l.conn.NetConn().Close()
	})
}

// Deaf has all connections look like a dead peer: nothing is acknowledged, and nothing comes.
// What happens meanwhile is kept for a RESUME.
func (g *Gateway) Deaf() {
	g.each(func(l *link) {
		l.deaf = true
		_ = l.conn.SetReadDeadline(time.Time{})
	})
}

// Reconnect tells all connections to reconnect (op 7) and sends them nothing more.
func (g *Gateway) Reconnect() {
	g.each(func(l *link) {
		l.leaving = true
		l.send(opReconnect, nil)
	})
}

// Invalidate tells all connections that their session is lost (op 9), out of the blue.
func (g *Gateway) Invalidate() {
	g.each(func(l *link) {
		g.forget(l.session)
		l.session = nil
		l.send(opInvalidSession, false)
	})
}

// Beat asks all connections for a heartbeat at once (op 1).
func (g *Gateway) Beat() { g.each(func(l *link) { l.send(opHeartbeat, nil) }) }

// Identifies are the IDENTIFYs so far whose token was right, in order.
func (g *Gateway) Identifies() []Identify {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	return slices.Clone(g.identifies)
}

// Resumes is how many RESUMEs came so far, Replayed how many events they got again.
func (g *Gateway) Resumes() int  { return g.count(&g.resumes) }
func (g *Gateway) Replayed() int { return g.count(&g.replayed) }

func (g *Gateway) count(n *int) int {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	return *n
}

func (g *Gateway) set(f func()) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	f()
}

// each changes each connection that there is now.
func (g *Gateway) each(f func(*link)) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	for _, l := range slices.Clone(g.links) {
		f(l)
	}
	g.change()
}

// WaitGateway waits until n sessions are connected, or more; for 0, until none is.
func (d *Discord) WaitGateway(n int, within time.Duration) bool {
	timer := time.NewTimer(within)
	defer timer.Stop()
	for {
		d.mu.Lock()
		have, changed := d.acts.gateway.live(), d.acts.gateway.changed
		d.mu.Unlock()
		if have >= n && (n > 0 || have == 0) {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-d.ended:
			return false
		}
	}
}

// live is how many sessions have a connection that is neither dead nor told to go.
func (g *Gateway) live() int {
	n := 0
	for _, l := range g.links {
		if l.session != nil && !l.deaf && !l.leaving {
			n++
		}
	}
	return n
}
