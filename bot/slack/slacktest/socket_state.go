package slacktest

import "time"

// chooseSocket is the connection whose turn it is. A dead one gets what comes only where
// there is no other. For an event it waits for a connection, and says that it did.
func (s *Slack) chooseSocket(wait bool) (c *socket, waited bool, err error) {
	timer := time.NewTimer(awaitSocket)
	defer timer.Stop()
	for {
		s.wires.mu.Lock()
		c, changed := s.wires.sockets.choose(), s.wires.sockets.changed
		if c == nil && wait && !waited {
			s.wires.sockets.held++
		}
		s.wires.mu.Unlock()
		if c != nil {
			return c, waited, nil
		}
		if !wait {
			return nil, false, errNoSocket
		}
		waited = true
		select {
		case <-changed:
		case <-timer.C:
			return nil, true, errNoSocket
		case <-s.ended:
			return nil, true, errNoSocket
		}
	}
}

func (k *sockets) choose() *socket {
	var dead *socket
	for range k.list {
		k.turn++
		switch c := k.list[k.turn%len(k.list)]; {
		case c.silent:
			dead = c
		case !c.leaving:
			return c
		}
	}
	return dead
}

// live is how many connections get what comes.
func (k *sockets) live() int {
	n := 0
	for _, c := range k.list {
		if !c.leaving && !c.silent {
			n++
		}
	}
	return n
}

// Sockets is how many are connected now, but for those that were told to go or are dead.
func (s *Slack) Sockets() int {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	return s.wires.sockets.live()
}

// WaitSockets waits until n are connected, or more; for 0, until none is.
func (s *Slack) WaitSockets(n int, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		s.wires.mu.Lock()
		have, changed := s.wires.sockets.live(), s.wires.sockets.changed
		s.wires.mu.Unlock()
		if have >= n && (n > 0 || have == 0) {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-s.ended:
			return false
		}
	}
}

func disconnectFrame(reason string) map[string]any {
	return map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-slacktest"}}
}

// Disconnect sends a disconnect frame to each connection ("refresh_requested", "warning",
// "too_many_websockets", "link_disabled"). But for a warning, they get nothing more, and are
// closed two seconds later if the app has not done it.
func (s *Slack) Disconnect(reason string) {
	for _, c := range s.eachSocket(func(c *socket) { c.leaving = c.leaving || reason != "warning" }) {
		_ = c.write(disconnectFrame(reason))
		if reason != "warning" {
			_ = c.conn.SetReadDeadline(time.Now().Add(socketGrace))
		}
	}
}

// CutSockets ends all connections without a word.
func (s *Slack) CutSockets() {
	for _, c := range s.eachSocket(func(c *socket) { c.leaving = true }) {
		_ = c.conn.NetConn().Close()
	}
}

// SilenceSockets has all connections look like a dead peer: no more pings, and nothing that
// the app writes is read.
func (s *Slack) SilenceSockets() { s.eachSocket(func(c *socket) { c.silent = true }) }

// eachSocket changes each connection that there is now, and returns them.
func (s *Slack) eachSocket(change func(*socket)) []*socket {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	k := &s.wires.sockets
	for _, c := range k.list {
		change(c)
	}
	k.change()
	return append([]*socket(nil), k.list...)
}

// RefuseSockets has the next n calls of apps.connections.open fail with err; a negative n is
// all, and 0 none any more.
func (s *Slack) RefuseSockets(n int, err string) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	s.wires.sockets.refuseOpens, s.wires.sockets.refuseWith = n, err
}

// RefuseDials has the next n websocket handshakes fail.
func (s *Slack) RefuseDials(n int) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	s.wires.sockets.refuseDials = n
}

// PingEvery is how often each connection is sent a ping: 10 s unless told.
func (s *Slack) PingEvery(d time.Duration) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	s.wires.sockets.every = d
	s.wires.sockets.change()
}
