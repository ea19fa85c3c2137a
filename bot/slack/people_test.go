package slack

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"payoff/bot/chat"
)

func user(fields string) tapeAnswer {
	return tapeAnswer{body: `{"ok":true,"user":{"id":"U1",` + fields + `}}`}
}

func TestPersonIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer { a := usual(c); a.after = 100 * time.Millisecond; return a })
		w := a.spaces["T1"]
		want := person{"ann", "Europe/London", "en-GB"}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if got := w.person(t.Context(), "U1", "x"); got != want {
					t.Errorf("person = %+v, want %+v", got, want)
				}
			})
		}
		wg.Wait()
		checkCalls(t, over, userInfo, 1)
		time.Sleep(profileStays - time.Minute)
		w.person(t.Context(), "U1", "x")
		checkCalls(t, over, userInfo, 1)
		time.Sleep(2 * time.Minute)
		w.person(t.Context(), "U1", "x")
		checkCalls(t, over, userInfo, 2)
		if over.calls[0].args.Get("include_locale") != "true" {
			t.Error("the locale was not asked for")
		}
	})
}

func TestPersonNeverTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer { a := usual(c); a.after = 3 * time.Second; return a })
		w := a.spaces["T1"]
		start := time.Now()
		if got := w.person(t.Context(), "U1", "ann.lee"); got.name != "ann.lee" || time.Since(start) != lookupLimit {
			t.Errorf("person = %+v after %v, want the fallback after %v", got, time.Since(start), lookupLimit)
		}
		time.Sleep(3 * time.Second) // the lookup went on
		start = time.Now()
		if got := w.person(t.Context(), "U1", "ann.lee"); got.zone != "Europe/London" || time.Since(start) > 0 {
			t.Errorf("later: %+v after %v, want what was looked up", got, time.Since(start))
		}
		time.Sleep(2 * profileStays)
		if got := w.person(t.Context(), "U1", "ann.lee"); got.name != "ann" {
			t.Errorf("when Slack is slow: %+v, want what was known before", got)
		}
		checkCalls(t, over, userInfo, 2)
	})
}

func TestPersonWhoCannotBeLookedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := wired(t, always(userInfo, refusing("user_not_found")))
		w := a.spaces["T1"]
		if got := w.person(t.Context(), "U1", "ann.lee"); got != (person{name: "ann.lee"}) {
			t.Errorf("person = %+v, want the fallback alone", got)
		}
		if !w.gone("U1") {
			t.Error("gone = false of someone whom Slack does not know")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got := w.person(ctx, "U2", "bob"); got.name != "bob" {
			t.Errorf("cancelled: %+v, want the fallback", got)
		}
	})
}

func TestProfile(t *testing.T) {
	tests := []struct {
		fields      string
		name, zone  string
		gone, admin bool
	}{
		{fields: `"name":"ann","real_name":"Ann Lee","profile":{"display_name":"Annie","real_name":"Ann Lee"},"tz":"Asia/Tokyo"`, name: "Annie", zone: "Asia/Tokyo"},
		{fields: `"name":"ann","real_name":"Ann Lee","profile":{"display_name":" "}`, name: "Ann Lee"},
		{fields: `"name":"ann","profile":{"real_name":"Ann Lee"}`, name: "Ann Lee"},
		{fields: `"name":"ann","tz":null`, name: "ann"},
		{fields: `"name":"ann","deleted":true,"is_admin":true`, name: "ann", gone: true},
		{fields: `"name":"robot","is_bot":true`, name: "robot", gone: true},
		{fields: `"name":"ann","is_admin":true`, name: "ann", admin: true},
		{fields: `"name":"ann","is_owner":true`, name: "ann", admin: true},
		{fields: `"name":"ann","is_primary_owner":true`, name: "ann", admin: true},
	}
	for _, tt := range tests {
		a, _, _ := wired(t, always(userInfo, user(tt.fields)))
		w := a.spaces["T1"]
		p := w.person(t.Context(), "U1", "x")
		admin, err := w.admin(t.Context(), "U1")
		if p.name != tt.name || p.zone != tt.zone || w.gone("U1") != tt.gone || admin != tt.admin || err != nil {
			t.Errorf("of %s: %+v, gone %t, admin %t, %v; want %+v", tt.fields, p, w.gone("U1"), admin, err, tt)
		}
	}
}

// TestAdminIsAskedEachTime: a right that was taken away is gone at once.
func TestAdminIsAskedEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := wired(t, first(userInfo, user(`"name":"ann","is_admin":true`), user(`"name":"ann"`), refusing("user_not_found")))
		w := a.spaces["T1"]
		for i, want := range []bool{true, false, false} {
			admin, err := w.admin(t.Context(), "U1")
			if admin != want || (err != nil) != (i == 2) {
				t.Errorf("time %d: admin = %t, %v, want %t", i, admin, err, want)
			}
		}
	})
}

func TestDirect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
			switch {
			case c.method == openRoom && c.args.Get("users") == "UGONE":
				return refusing("user_disabled")
			case c.method == openRoom && c.n == 0:
				return tapeAnswer{body: `{"ok":true}`} // no room in it
			}
			return usual(c)
		})
		w := a.spaces["T1"]
		for range 3 {
			if room, err := w.direct(t.Context(), "U1"); room != "DU1" || err != nil {
				t.Errorf("direct = %q, %v, want DU1", room, err)
			}
		}
		checkCalls(t, over, openRoom, 2)
		_, err := w.direct(t.Context(), "UGONE")
		checkKind(t, err, chat.Gone)
	})
}

// TestLookupOutlivesWhoBegan: one who gives up does not take the others along.
func TestLookupOutlivesWhoBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer { a := usual(c); a.after = time.Second; return a })
		w := a.spaces["T1"]
		hasty, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		var wg sync.WaitGroup
		for i, ctx := range []context.Context{hasty, t.Context(), t.Context()} {
			wg.Go(func() {
				if _, err := w.direct(ctx, "U1"); (err != nil) != (ctx == hasty) {
					t.Errorf("caller %d: %v", i, err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		checkCalls(t, over, openRoom, 1)
	})
}

func TestMemory(t *testing.T) {
	m := newMemory[int, string](3)
	for i := range 3 {
		m.put(i, fmt.Sprint(i))
	}
	m.get(0)                              // now 1 is the one used longest ago
	m.put(2, "two")                       // replaces
	m.or(3, func() string { return "3" }) // is one too many
	if got := m.or(0, func() string { return "new" }); got != "0" {
		t.Errorf("or of what is there = %q, want 0", got)
	}
	var there []string
	for i := range 4 {
		if v, ok := m.get(i); ok {
			there = append(there, v)
		}
	}
	if got := strings.Join(there, " "); got != "0 two 3" {
		t.Errorf("remembered: %s, want 0 two 3", got)
	}
	m.dropIf(func(v string) bool { return v != "two" })
	if _, ok := m.get(0); ok || m.order.Len() != 1 || len(m.byKey) != 1 {
		t.Errorf("after dropIf %d remain, want one", m.order.Len())
	}
}
