package chattest

import (
	"context"
	"errors"
	"testing"

	"payoff/bot/chat"
)

var sendTests = []test{
	{"to a person", testSendPerson},
	{"to a room", testSendRoom},
	{"same key", testSendKey},
	{"found by its key", testFind},
	{"edit", testEdit},
	{"nobody there", testSendNobody},
	{"cancelled", testSendCancelled},
}

func testSendPerson(t *testing.T, s *stage) {
	r, err := s.Send(t.Context(), s.to(s.ann), say("Only for Ann"), "k1")
	s.ok(err)
	m := s.said(s.ann, s.Direct(s.ann), "Only for Ann")
	if m.ID != r.Message {
		t.Errorf("Receipt.Message = %q, and the message is %q", r.Message, m.ID)
	}
	s.unsaid(s.ann, s.shared, "Only for Ann")
	s.unsaid(s.bob, s.shared, "Only for Ann")
	s.unsaid(s.bob, s.Direct(s.bob), "Only for Ann")
}

func testSendRoom(t *testing.T, s *stage) {
	_, err := s.Send(t.Context(), s.toRoom(s.shared), say("For the team"), "k1")
	s.ok(err)
	for _, p := range []chat.Person{s.ann, s.bob} {
		if m := s.said(p, s.shared, "For the team"); m.Private {
			t.Error("what was sent to a room is marked private")
		}
		s.unsaid(p, s.Direct(p), "For the team")
	}
}

func testSendKey(t *testing.T, s *stage) {
	first, err := s.Send(t.Context(), s.to(s.ann), say("Once"), "week/46")
	s.ok(err)
	second, err := s.Send(t.Context(), s.to(s.ann), say("Once"), "week/46")
	s.ok(err)
	if first != second {
		t.Errorf("receipts = %+v and %+v, want the same", first, second)
	}
	other, err := s.Send(t.Context(), s.to(s.ann), say("Once"), "week/47")
	s.ok(err)
	if other == first {
		t.Error("another key was given the receipt of the first")
	}
	n := 0
	for _, m := range s.Seen(s.ann, s.Direct(s.ann)) {
		if read(m.Text) == "Once" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d messages for two keys, want 2", n)
	}
}

func testFind(t *testing.T, s *stage) {
	sent, err := s.Send(t.Context(), s.to(s.ann), say("Once"), "week/46")
	s.ok(err)
	got, found, err := s.Find(t.Context(), s.to(s.ann), "week/46")
	s.ok(err)
	if !found || got != sent {
		t.Errorf("Find = %+v, %t, want what was sent: %+v", got, found, sent)
	}
	_, found, err = s.Find(t.Context(), s.to(s.ann), "week/47")
	s.ok(err)
	if found {
		t.Error("Find of a key that was never sent found something")
	}
	nobody := s.to(s.ann)
	nobody.Person = "nobody-of-that-name"
	_, _, err = s.Find(t.Context(), nobody, "week/46")
	s.checkKind(err, chat.Gone)
}

func testEdit(t *testing.T, s *stage) {
	r, err := s.Send(t.Context(), s.toRoom(s.shared), say("Standings at noon"), "k1")
	s.ok(err)
	s.said(s.bob, s.shared, "Standings at noon")
	s.ok(s.Edit(t.Context(), r, say("Standings at one")))
	m := s.said(s.bob, s.shared, "Standings at one")
	s.unsaid(s.bob, s.shared, "Standings at noon")
	if m.ID != r.Message {
		t.Errorf("the edited message is %q, want %q as it was", m.ID, r.Message)
	}
	s.checkKind(s.Edit(t.Context(), chat.Receipt{Address: s.toRoom(s.shared), Message: "99999999"}, say("x")), chat.Gone)
}

func (s *stage) checkKind(err error, want chat.ErrorKind) {
	s.t.Helper()
	var e *chat.Error
	if !errors.As(err, &e) || e.Kind != want {
		s.t.Errorf("error = %v, want a *chat.Error that is %q", err, want)
	}
}

func testSendNobody(t *testing.T, s *stage) {
	to := s.to(s.ann)
	to.Person = "nobody-of-that-name"
	_, err := s.Send(t.Context(), to, say("x"), "k1")
	s.checkKind(err, chat.Gone)
	room := s.toRoom(s.shared)
	room.Room = "no-such-room"
	_, err = s.Send(t.Context(), room, say("x"), "k2")
	s.checkKind(err, chat.Gone)
}

func testSendCancelled(t *testing.T, s *stage) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Send(ctx, s.to(s.ann), say("Never"), "k1")
	s.checkKind(err, chat.Transient)
	_, err = s.Send(t.Context(), s.to(s.ann), say("Afterwards"), "k2")
	s.ok(err)
	s.said(s.ann, s.Direct(s.ann), "Afterwards")
	s.unsaid(s.ann, s.Direct(s.ann), "Never")
}
