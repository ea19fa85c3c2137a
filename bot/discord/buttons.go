package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// maxCustomID bounds what a button or a modal carries.
// https://docs.discord.com/developers/components/reference#anatomy-of-a-component
const maxCustomID = 100

// What a custom_id begins with.
const (
	idOfCall = "c:" // then the server and the call
	idOfLong = "k:" // then the server and the digest of a call that is in Memory
	idOfForm = "f:" // a modal: the form and the part
	idOfPart = "p:" // a button that opens a part: the form and the part
)

// openPart begins the call of a button that opens a part of a form, which is no command: no
// one can type it.
const openPart = "\x00" + idOfPart

// buttons makes custom_ids for the messages to one server's people. What is too long for a
// custom_id is kept in Memory: keep must be called before the message is sent.
func (a *Adapter) buttons(server string) *buttons {
	return &buttons{a: a, server: base62(server), long: map[string]string{}}
}

type buttons struct {
	a      *Adapter
	server string
	long   map[string]string // calls to keep, by digest
}

// id is the custom_id of a call.
func (b *buttons) id(call string) string {
	if part, ok := strings.CutPrefix(call, openPart); ok {
		return idOfPart + part
	}
	if id := idOfCall + b.server + ":" + call; length(id) <= maxCustomID {
		return id
	}
	digest := digestOf(call)
	b.long[digest] = call
	return idOfLong + b.server + ":" + digest
}

// keep writes down the calls that were too long. They are kept for good: a button may be
// pressed at any time.
func (b *buttons) keep(ctx context.Context) error {
	for digest, call := range b.long {
		now := b.a.now()
		if _, kept := b.a.memory.calls.get(digest, now); kept {
			continue
		}
		if err := b.a.cfg.Memory.Remember(ctx, "call/"+digest, []byte(call), time.Time{}); err != nil {
			return fmt.Errorf("keep a button's call: %w", err)
		}
		b.a.memory.calls.put(digest, struct{}{}, now, time.Hour)
	}
	return nil
}

// callOf is the call of a custom_id and the server whose it is; found is false of what is no
// button of ours, or no more.
func (a *Adapter) callOf(ctx context.Context, customID string) (call, server string, found bool, err error) {
	kind, rest := customID[:min(2, len(customID))], customID[min(2, len(customID)):]
	number, what, ok := strings.Cut(rest, ":")
	server, known := fromBase62(number)
	switch {
	case !ok || !known:
	case kind == idOfCall:
		return what, server, true, nil
	case kind == idOfLong:
		value, found, err := a.cfg.Memory.Recall(ctx, "call/"+what)
		if err != nil {
			return "", "", false, fmt.Errorf("recall a button's call: %w", err)
		}
		return string(value), server, found, nil
	}
	return "", "", false, nil
}

// digestOf tells texts apart, however they are split.
func digestOf(texts ...string) string {
	h := sha256.New()
	for _, s := range texts {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// maxBase62 is how many letters twenty digits take.
const maxBase62 = 12

// base62 is an id in fewer letters; of what is none, nothing.
func base62(id string) string {
	if !isID(id) {
		return ""
	}
	n, ok := new(big.Int).SetString(id, 10)
	if !ok {
		return ""
	}
	return n.Text(62)
}

// fromBase62 is the id that base62 was given, "" of nothing.
func fromBase62(s string) (id string, ok bool) {
	if s == "" {
		return "", true
	}
	if len(s) > maxBase62 {
		return "", false
	}
	n, ok := new(big.Int).SetString(s, 62)
	if !ok || !isID(n.String()) || n.Text(62) != s {
		return "", false
	}
	return n.String(), true
}
