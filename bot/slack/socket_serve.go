package slack

import (
	"encoding/json"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"payoff/bot/chat"
)

// on serves what the library tells of, but for the connection. It never waits: the library
// reads nothing meanwhile, pings included.
func (s *socket) on(e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		s.serve(e.Request)
	case socketmode.EventTypeErrorBadMessage:
		// The library knows fewer events than Slack has.
		var r socketmode.Request
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok && json.Unmarshal(bad.Message, &r) == nil {
			s.serve(&r)
		}
	}
}

// serve has a delivery taken. One that cannot be read is acknowledged if it is an event, for
// Slack would bring it again as it is; of anything else its person is told by Slack.
func (s *socket) serve(r *socketmode.Request) {
	d, err := s.decode(r)
	if err != nil {
		s.a.log.Warn("slack: a delivery was not taken", "type", r.Type, "err", err)
		d = delivery{}
	}
	if d == (delivery{}) {
		if r.Type == socketmode.RequestTypeEventsAPI {
			s.send(socketmode.Response{EnvelopeID: r.EnvelopeID})
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return // not acknowledged: Slack brings it again, or tells its person
	}
	s.unacked.Add(1)
	done := sync.OnceFunc(s.unacked.Done)
	go func() {
		defer done()
		select {
		case s.handled <- struct{}{}:
			defer func() { <-s.handled }()
		case <-s.a.life.Done():
			return
		}
		s.take(s.a.life, d, func(payload any) {
			s.acknowledge(r.EnvelopeID, d, payload)
			done()
		})
	}()
}

func (s *socket) decode(r *socketmode.Request) (delivery, error) {
	switch r.Type {
	case socketmode.RequestTypeSlashCommands:
		var c slackapi.SlashCommand
		if err := json.Unmarshal(r.Payload, &c); err != nil {
			return delivery{}, err
		}
		return delivery{command: &c, retry: r.RetryAttempt}, nil
	case socketmode.RequestTypeInteractive:
		d, err := decodeInteraction(r.Payload)
		d.retry = r.RetryAttempt
		return d, err
	case socketmode.RequestTypeEventsAPI:
		d, outer, err := decodeEvent(r.Payload)
		if err != nil || d.event == nil {
			s.a.unknownEvent(outer)
			return delivery{}, err
		}
		d.retry = r.RetryAttempt
		return d, nil
	}
	return delivery{}, nil
}

func (s *socket) acknowledge(envelope string, d delivery, payload any) {
	if _, no := payload.(refused); no {
		return
	}
	r := socketmode.Response{EnvelopeID: envelope, Payload: payload}
	if fits(r) {
		s.send(r)
		return
	}
	answer, ok := payload.(*slackapi.ViewSubmissionResponse)
	if !ok || answer.View == nil || d.interaction == nil {
		s.a.log.Error("slack: an acknowledgement is too large, and its content was left out")
		s.send(socketmode.Response{EnvelopeID: envelope})
		return
	}
	s.replace(envelope, d.interaction, *answer.View)
}

// fits reports whether Slack will take r for an acknowledgement.
func fits(r socketmode.Response) bool {
	body, err := json.Marshal(r)
	return err == nil && len(body) < maxAcknowledgement
}

// replace shows a view that an acknowledgement cannot carry. An empty acknowledgement would
// close the form, and all that was typed would be lost; so a small view stands in for it.
func (s *socket) replace(envelope string, i *slackapi.InteractionCallback, view slackapi.ModalViewRequest) {
	small := noticeView(view.Title.Text, chat.Message{Blocks: []chat.Block{chat.T("One moment.")}}, nil)
	s.send(socketmode.Response{EnvelopeID: envelope, Payload: slackapi.NewUpdateViewSubmissionResponse(&small)})
	_ = waitFor(s.a.life, time.Second) // or else the small one could arrive last, and stay
	w, err := s.a.workspace(s.a.life, i.Team.ID, i.Enterprise.ID)
	if err == nil {
		err = w.updateView(s.a.life, i.View.ID, view)
	}
	if err != nil {
		s.a.log.Error("slack: a form was not shown", "err", err)
	}
}

// send writes a response as soon as there is a connection that takes it.
func (s *socket) send(r socketmode.Response) {
	s.mu.Lock()
	s.fresh[r.EnvelopeID] = r
	s.mu.Unlock()
	go func() {
		if err := s.client.SendCtx(s.out, r); err != nil {
			s.a.log.Debug("slack: a delivery was not acknowledged", "err", err)
		}
		_ = waitFor(s.out, ackWindow)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.fresh, r.EnvelopeID)
	}()
}

// repeat writes once more what was written just before a connection was lost. The library
// tells of a write that failed only sometimes, and nobody of one that never arrived. That
// something is acknowledged twice is nothing to Slack.
func (s *socket) repeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.fresh {
		go func() { _ = s.client.SendCtx(s.out, r) }() // its error is that of the end
	}
}

// end takes nothing new, and waits a moment until what was taken is acknowledged.
func (s *socket) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.unacked.Wait(); close(done) }()
	select {
	case <-done:
		_ = waitFor(s.out, lastWrite) // the library does not tell when it has written
	case <-time.After(farewell):
	case <-s.out.Done():
	}
}
