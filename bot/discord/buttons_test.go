package discord

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

// Whatever a button calls, pressing it calls that again.
func TestButtonsComeBack(t *testing.T) {
	b := newBooth(t)
	rapid.Check(t, func(t *rapid.T) {
		call := rapid.String().Draw(t, "call")
		server := rapid.SampledFrom([]string{"", standServer, otherServer, "100000000000000", "99999999999999999999"}).Draw(t, "server")
		if strings.HasPrefix(call, openPart) {
			t.Skip("no command begins so")
		}
		ids := b.Adapter.buttons(server)
		id := ids.id(call)
		if n := length(id); n < 1 || n > maxCustomID {
			t.Fatalf("custom_id %q is %d long", id, n)
		}
		if err := ids.keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, in, found, err := b.callOf(t.Context(), id)
		if err != nil || !found || in != server || got != call {
			t.Fatalf("callOf(%q) = %q, %q, %t, %v, want %q of %q", id, got, in, found, err, call, server)
		}
	})
}

func TestButtonsAreKeptOnce(t *testing.T) {
	b := newBooth(t)
	long := strings.Repeat("long ", 40)
	for range 2 {
		ids := b.Adapter.buttons(standServer)
		ids.id("short")
		ids.id(long)
		if err := ids.keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := b.notes.has("call/"); n != 1 {
			t.Errorf("%d calls are kept, want the long one", n)
		}
		b.notes.broken = errNotes // it is not written again
	}
	if err := func() error { ids := b.Adapter.buttons(""); ids.id(long + "!"); return ids.keep(t.Context()) }(); err == nil {
		t.Error("a call that could not be kept is no error")
	}
}

var errNotes = &chat.Error{Kind: chat.Transient}

func FuzzCallOf(f *testing.F) {
	for _, id := range []string{"", "c", "c:", "c::", "c:8cTbq3hUpN:undo 1", "k::x", "p:x:1", "f:x:1", "c:-1:x", "c:999999999999:x"} {
		f.Add(id)
	}
	b := newBooth(f)
	f.Fuzz(func(t *testing.T, id string) {
		call, server, found, err := b.callOf(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if found && id != idOfCall+base62(server)+":"+call {
			t.Errorf("callOf(%q) = %q of %q, which has another custom_id", id, call, server)
		}
		if form, part := formAndPart(id); part < 0 || !strings.HasPrefix(id, form) {
			t.Errorf("formAndPart(%q) = %q, %d", id, form, part)
		}
	})
}
