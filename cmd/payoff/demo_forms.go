package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"payoff/bot/chat"
)

func (s *seat) fill(id, value string) error {
	if s.form == nil {
		return errors.New("no form is open")
	}
	for _, f := range s.form.Fields {
		if f.ID == id || f.Label == id {
			s.filled = append(s.filled, filled{f, value})
			return nil
		}
	}
	return fmt.Errorf("the form has no field %q", id)
}

func (r *replay) submit(ctx context.Context, m moment) error {
	s := r.seats[m.who]
	form, with := s.form, s.filled
	reply, err := r.submitted(ctx, m.who)
	if err != nil {
		return err
	}
	r.story.submits(m.who, *form, with)
	r.story.answers(reply)
	return nil
}

// submitted sends the open form, with what was filled in.
func (r *replay) submitted(ctx context.Context, who *character) (chat.Reply, error) {
	s := r.seats[who]
	if s.form == nil {
		return nil, errors.New("no form is open")
	}
	values := map[string]string{}
	for _, f := range s.form.Fields {
		values[f.ID] = f.Value
	}
	for _, f := range s.filled {
		values[f.field.ID] = f.value
	}
	call := s.form.Call
	s.form, s.filled = nil, nil
	return r.do(ctx, who, chat.Submitted{Call: call, Values: values})
}

// checkInFields are the questions of a check-in, in the order of a moment's parts.
var checkInFields = []string{"kept", "confidence", "obstacle", "commitment"}

// checkIn answers the week's check-in: how the last commitment went, confidence, obstacle, the
// next commitment, each "-" where nothing is said, and then channels whose figures are put right.
func (r *replay) checkIn(ctx context.Context, m moment, said []string) error {
	s := r.seats[m.who]
	if err := r.openCheckIn(ctx, m.who); err != nil {
		return err
	}
	for i, value := range said {
		var field string
		if i < len(checkInFields) {
			field = checkInFields[i]
		} else {
			field, value, _ = strings.Cut(value, " = ")
		}
		if value == "-" {
			continue
		}
		if err := s.fill(field, value); err != nil {
			return err
		}
	}
	form, with := *s.form, s.filled
	reply, err := r.submitted(ctx, m.who)
	switch again, refused := reply.(chat.OpenForm); {
	case err != nil:
		return err
	case refused:
		return fmt.Errorf("the check-in is refused: %+v", again.Form)
	case m.full:
		r.story.submits(m.who, form, with)
		r.story.answers(reply)
	default:
		r.story.checksIn(m.who, with, reply)
	}
	return nil
}

// openCheckIn opens the form, with the button on the question where one was asked.
func (r *replay) openCheckIn(ctx context.Context, who *character) (err error) {
	s := r.seats[who]
	if s.asked {
		_, err = r.pressed(ctx, who, "Check in")
	} else {
		_, err = r.do(ctx, who, chat.Typed{Text: "checkin"})
	}
	s.asked = false
	if err == nil && s.form == nil {
		err = errors.New("no form is opened")
	}
	return err
}
