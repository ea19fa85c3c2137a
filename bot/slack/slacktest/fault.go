package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fault has f say how each call goes wrong from now on; nil, or a zero Fault, is not at all.
// No two calls are judged at the same time.
func (s *Slack) Fault(f func(Call) Fault) {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	s.fault = f
}

// Calls are all calls so far, those that went wrong among them.
func (s *Slack) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Expect names errors that Slack may answer without failing the test, such as
// "channel_not_found" or "expired_trigger_id".
func (s *Slack) Expect(errors ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range errors {
		s.expected[e] = true
	}
}

// SlowFiles has the next n posts or views that show a new picture refused, as they are at Slack
// while a file is still processed. That fails no test.
func (s *Slack) SlowFiles(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = n
}

// An answer is what goes back over the wire.
type answer struct {
	status int
	body   reply  // JSON; or
	text   string // plain text
	scopes string // those of the token
}

// serve records a call, and answers it, unless it is to go wrong.
func (s *Slack) serve(rw http.ResponseWriter, c Call, handle func() answer) {
	s.mu.Lock()
	c.N, c.At = s.counted[c.Method], s.now()
	s.counted[c.Method]++
	s.calls = append(s.calls, c)
	s.mu.Unlock()

	f := s.judge(c)
	s.wait(f.Delay)
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler) // cuts the connection without a word
	case f.Status != 0 || f.Error != "" || f.HTML:
		f.write(rw)
		return
	}
	a := handle()
	if f.Lose {
		panic(http.ErrAbortHandler)
	}
	a.write(rw)
}

// judge asks the test what is to go wrong.
func (s *Slack) judge(c Call) Fault {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	if s.fault == nil {
		return Fault{}
	}
	return s.fault(c)
}

// wait waits, but not beyond the test.
func (s *Slack) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ended:
	}
}

// write answers with what went wrong.
func (f Fault) write(rw http.ResponseWriter) {
	a := answer{status: f.Status, body: reply{"ok": false, "error": f.Error}}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status == http.StatusTooManyRequests {
		if f.RetryAfter > 0 {
			rw.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		}
		a.body["error"] = "ratelimited"
	}
	if f.HTML {
		rw.Header().Set("Content-Type", "text/html")
		rw.WriteHeader(a.status)
		_, _ = io.WriteString(rw, "<!DOCTYPE html><title>Slack is having trouble</title>")
		return
	}
	a.write(rw)
}

// write answers.
func (a answer) write(rw http.ResponseWriter) {
	if a.scopes != "" {
		rw.Header().Set("X-OAuth-Scopes", a.scopes)
	}
	if a.body == nil {
		rw.Header().Set("Content-Type", "text/plain")
		rw.WriteHeader(a.status)
		_, _ = io.WriteString(rw, a.text)
		return
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(a.status)
	_ = json.NewEncoder(rw).Encode(a.body)
}
