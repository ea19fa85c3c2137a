package chattest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"payoff/bot/chat"
)

// A Platform is a chat.Sender that keeps what is sent to it, each key once, and fails when it
// is told to. The zero value takes everything.
type Platform struct {
	mu    sync.Mutex
	sent  []Sent
	plans []plan
	gone  map[chat.Address]chat.ErrorKind
}

var _ chat.Sender = (*Platform)(nil)

// Sent is a message as it stands on a Platform.
type Sent struct {
	Receipt chat.Receipt
	Key     string
	Message chat.Message // as last edited
	Edits   int
}

// A plan is how the next call fails; a lost one fails after it was carried out.
type plan struct {
	err  *chat.Error
	lost bool
}

// Fail has the next calls of Send or Edit fail, one for each kind. RateLimited asks for a
// second of patience.
func (p *Platform) Fail(kinds ...chat.ErrorKind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kind := range kinds {
		p.plans = append(p.plans, plan{err: failure(kind)})
	}
}

// Lose has the next call carried out, and its answer lost on the way back.
func (p *Platform) Lose() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plans = append(p.plans, plan{failure(chat.Transient), true})
}

// FailFor has every call for an address fail; an empty kind has them work again.
func (p *Platform) FailFor(to chat.Address, kind chat.ErrorKind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone == nil {
		p.gone = map[chat.Address]chat.ErrorKind{}
	}
	p.gone[to] = kind
}

// Sent is all that was sent, in order.
func (p *Platform) Sent() []Sent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent)
}

func (p *Platform) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	var r chat.Receipt
	err := p.call(ctx, to, func() error {
		i := slices.IndexFunc(p.sent, func(s Sent) bool { return key != "" && s.Key == key })
		if i < 0 {
			i = len(p.sent)
			p.sent = append(p.sent, Sent{Receipt: chat.Receipt{Address: to, Message: strconv.Itoa(i + 1)}, Key: key, Message: m})
		}
		r = p.sent[i].Receipt
		return nil
	})
	if err != nil {
		return chat.Receipt{}, err
	}
	return r, nil
}

func (p *Platform) Edit(ctx context.Context, r chat.Receipt, m chat.Message) error {
	return p.call(ctx, r.Address, func() error {
		i := slices.IndexFunc(p.sent, func(s Sent) bool { return s.Receipt == r })
		if i < 0 {
			return failure(chat.Gone)
		}
		p.sent[i].Message = m
		p.sent[i].Edits++
		return nil
	})
}

func (p *Platform) Find(ctx context.Context, to chat.Address, key string) (r chat.Receipt, found bool, err error) {
	err = p.call(ctx, to, func() error {
		if i := slices.IndexFunc(p.sent, func(s Sent) bool { return key != "" && s.Key == key }); i >= 0 {
			r, found = p.sent[i].Receipt, true
		}
		return nil
	})
	return r, found, err
}

// call carries out f unless it is planned otherwise.
func (p *Platform) call(ctx context.Context, to chat.Address, f func() error) error {
	if ctx.Err() != nil {
		return &chat.Error{Kind: chat.Transient, Err: ctx.Err()}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if kind := p.gone[to]; kind != "" {
		return failure(kind)
	}
	if len(p.plans) == 0 {
		return f()
	}
	next := p.plans[0]
	p.plans = p.plans[1:]
	if next.lost {
		_ = f() // nobody is told
	}
	return next.err
}

func failure(kind chat.ErrorKind) *chat.Error {
	e := &chat.Error{Kind: kind, Err: errors.New("planned by the test")}
	if kind == chat.RateLimited {
		e.RetryAfter = time.Second
	}
	return e
}
