package web

import (
	"context"
	"errors"
	"strconv"

	"payoff/bot/chat"
)

var _ chat.Sender = (*Workspace)(nil)

// Send posts m to a room, or to a person directly. The same key posts once.
func (w *Workspace) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	r, err := w.address(ctx, to)
	if err != nil {
		return chat.Receipt{}, err
	}
	seq := w.post(r, entry{said: m}, key)
	to.Room = r.ID
	return chat.Receipt{Address: to, Message: strconv.FormatInt(seq, 10)}, nil
}

// Find looks for what was sent with a key, as long as it is kept.
func (w *Workspace) Find(ctx context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	r, err := w.address(ctx, to)
	if err != nil {
		return chat.Receipt{}, false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	seq, ok := r.keys[key]
	if !ok {
		return chat.Receipt{}, false, nil
	}
	to.Room = r.ID
	return chat.Receipt{Address: to, Message: strconv.FormatInt(seq, 10)}, true, nil
}

// Edit replaces what was sent. A message that is no longer kept is Gone.
func (w *Workspace) Edit(ctx context.Context, at chat.Receipt, m chat.Message) error {
	r, err := w.address(ctx, at.Address)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(at.Message, 10, 64)
	if err != nil {
		return &chat.Error{Kind: chat.Invalid, Err: errors.New("the receipt names no message")}
	}
	if !w.edit(r, seq, m) {
		return &chat.Error{Kind: chat.Gone, Err: errors.New("the message is no longer kept")}
	}
	return nil
}

func (w *Workspace) address(ctx context.Context, to chat.Address) (*room, error) {
	if err := ctx.Err(); err != nil {
		return nil, &chat.Error{Kind: chat.Transient, Err: err}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, &chat.Error{Kind: chat.Transient, Err: errClosing}
	}
	if to.Platform != Platform {
		return nil, &chat.Error{Kind: chat.Invalid, Err: errors.New("the address is of another platform")}
	}
	id := to.Room
	if to.Person != "" { // also where a room is named: here everybody can be written to
		id = directPrefix + to.Person
	}
	r, ok := w.rooms[id]
	if !ok || to.Space != w.cfg.Space {
		return nil, &chat.Error{Kind: chat.Gone, Err: errNoRoom}
	}
	return r, nil
}
