package nudge_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"payoff/bot/chat"
)

// A fake is a platform with its log. One knows keys; on the other what stands can only be found.
type fake struct {
	w         *world
	name      string
	knowsKeys bool

	mu      sync.Mutex
	log     []post
	refused []post
	stands  map[string]int // in the log, by key
	calls   int
	read    int // how much of the log its people have seen
	repeats int // that it has held back
	found   int
}

// A post is a message as the platform saw it.
type post struct {
	at  time.Time
	to  chat.Address
	key string
}

func problem(kind chat.ErrorKind) error {
	return &chat.Error{Kind: kind, Err: errors.New("so it was drawn")}
}

// A line is a platform as a process sees it.
type line struct {
	p *process
	*fake
}

func (l line) Send(ctx context.Context, to chat.Address, _ chat.Message, key string) (chat.Receipt, error) {
	if err := errors.Join(l.p.alive(), l.p.inTime(ctx)); err != nil {
		return chat.Receipt{}, &chat.Error{Kind: chat.Transient, Err: err}
	}
	r, err := l.takes(post{l.w.clock(), to, key})
	if err == nil && l.p.strikes(unrecorded) != lives {
		return chat.Receipt{}, &chat.Error{Kind: chat.Transient, Err: errKilled}
	}
	return r, err
}

func (f *fake) takes(m post) (chat.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	luck := f.w.dice("luck", m.key, f.name, m.at.UnixNano()).IntN(200)
	switch {
	case m.to.Room == "" && f.w.by[f.name+m.to.Person].shut.Load():
		f.refused = append(f.refused, m)
		return chat.Receipt{}, problem(chat.Gone)
	case luck < 2:
		return chat.Receipt{}, problem(chat.Transient)
	}
	i, stands := f.stands[m.key]
	if stands && f.knowsKeys {
		f.repeats++
	} else {
		i = len(f.log)
		f.stands[m.key] = i
		f.log = append(f.log, m)
	}
	if luck == 2 { // it stands, and the answer is lost
		return chat.Receipt{}, problem(chat.Transient)
	}
	return chat.Receipt{Address: m.to, Message: strconv.Itoa(i + 1)}, nil
}

func (l line) Edit(context.Context, chat.Receipt, chat.Message) error { return problem(chat.Invalid) }

func (l line) Find(ctx context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	if err := errors.Join(l.p.alive(), ctx.Err()); err != nil {
		return chat.Receipt{}, false, &chat.Error{Kind: chat.Transient, Err: err}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i, found := l.stands[key]
	if !found || l.knowsKeys {
		return chat.Receipt{}, false, nil
	}
	l.found++
	return chat.Receipt{Address: to, Message: strconv.Itoa(i + 1)}, true, nil
}

// reads lets the people see what has come.
func (w *world) reads() {
	for _, f := range []*fake{w.discord, w.slack} {
		f.mu.Lock()
		fresh := f.log[f.read:]
		f.read = len(f.log)
		f.mu.Unlock()
		for _, m := range fresh {
			w.mu.Lock()
			said := w.said[m.key]
			w.mu.Unlock()
			w.by[f.name+m.to.Person].sees(said)
		}
	}
}
