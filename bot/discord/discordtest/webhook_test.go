package discordtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// answer makes the callback of an interaction.
func (w raw) answer(in *interaction, body string) reply {
	w.t.Helper()
	return w.call("POST", "/interactions/"+in.id+"/"+in.token+"/callback", body)
}

// hook is the path of an interaction's webhook.
func (w raw) hook(in *interaction) string { return "/webhooks/" + w.ApplicationID() + "/" + in.token }

// TestCallbacks tries each kind of callback on each kind of interaction.
func TestCallbacks(t *testing.T) {
	bodies := map[int]string{
		messageCallback:      `{"type":4,"data":{"content":"hello"}}`,
		deferCallback:        `{"type":5}`,
		deferUpdateCallback:  `{"type":6}`,
		updateCallback:       `{"type":7,"data":{"content":"changed"}}`,
		autocompleteCallback: `{"type":8,"data":{"choices":[{"name":"BNI","value":"bni"}]}}`,
		modalCallback:        `{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":10,"content":"x"}]}}`,
	}
	for _, tt := range []struct {
		name        string
		kind        int
		fromMessage bool
		may         []int
	}{
		{"command", commandInteraction, false, []int{4, 5, 9}},
		{"button", componentInteraction, true, []int{4, 5, 6, 7, 9}},
		{"autocomplete", autocompleteInteraction, false, []int{8}},
		{"modal of a command", modalInteraction, false, []int{4, 5}},
		{"modal of a button", modalInteraction, true, []int{4, 5, 6, 7}},
	} {
		for kind, body := range bodies {
			t.Run(fmt.Sprintf("%s with %d", tt.name, kind), func(t *testing.T) {
				w := village(t)
				on := ""
				if tt.fromMessage {
					on = w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"press"}`)).get("id")
				}
				in := w.interaction(tt.kind, ada, lobby, on)
				got := w.answer(in, body)
				if !slices.Contains(tt.may, kind) {
					w.refused(got, 400, 50035)
					return
				}
				if w.ok(got); got.status != 204 {
					t.Errorf("answered %d", got.status)
				}
				select {
				case <-in.acked:
				default:
					t.Error("it is not acknowledged")
				}
				w.refused(w.answer(in, body), 400, 40060)
				want := map[int][]string{4: {"press", "hello"}, 5: {"press", ""}, 7: {"changed"}}[kind]
				if want == nil {
					want = []string{"press"}
				}
				if on == "" {
					want = want[1:]
				}
				if got := w.seen(bob, lobby); strings.Join(got, "|") != strings.Join(want, "|") {
					t.Errorf("in the room is %q, want %q", got, want)
				}
			})
		}
	}
}

// TestCallbackRefusals: late, unknown, wrong.
func TestCallbackRefusals(t *testing.T) {
	hello := `{"type":4,"data":{"content":"hello"}}`
	t.Run("late", func(t *testing.T) {
		w := village(t)
		in := w.interaction(commandInteraction, ada, lobby, "")
		w.Advance(answerWithin + time.Millisecond)
		w.refused(w.answer(in, hello), 404, 10062)
	})
	t.Run("unknown", func(t *testing.T) {
		w := village(t)
		in := w.interaction(commandInteraction, ada, lobby, "")
		w.refused(w.call("POST", "/interactions/"+nowhere+"/"+in.token+"/callback", hello), 404, 10062)
	})
	t.Run("another's token", func(t *testing.T) {
		w := village(t)
		in, other := w.interaction(commandInteraction, ada, lobby, ""), w.interaction(commandInteraction, bob, lobby, "")
		w.refused(w.call("POST", "/interactions/"+in.id+"/"+other.token+"/callback", hello), 404, 10062)
	})
	t.Run("message gone", func(t *testing.T) {
		w := village(t)
		in := w.interaction(componentInteraction, ada, lobby, nowhere)
		w.refused(w.answer(in, `{"type":7,"data":{"content":"x"}}`), 404, 10008)
	})
	for name, body := range map[string]string{
		"no kind": `{}`, "no such kind": `{"type":2}`, "nothing to say": `{"type":4}`, "deferred with words": `{"type":5,"data":{"content":"x"}}`,
		"deferred with another flag": `{"type":5,"data":{"flags":68}}`, "too long": `{"type":4,"data":{"content":"` + x(2001) + `"}}`,
		"no body": ``,
	} {
		t.Run(name, func(t *testing.T) {
			w := village(t)
			in := w.interaction(commandInteraction, ada, lobby, "")
			got := w.answer(in, body)
			if name == "nothing to say" {
				w.refused(got, 400, 50006)
			} else {
				w.refused(got, 400, 50035)
			}
			w.ok(w.answer(in, hello)) // what was refused did not acknowledge it
		})
	}
	t.Run("choices", func(t *testing.T) {
		w := village(t)
		choice := func(i int) string { return fmt.Sprintf(`{"name":"n%d","value":"v"}`, i) }
		w.ok(w.answer(w.interaction(autocompleteInteraction, ada, lobby, ""), `{"type":8,"data":{"choices":`+many(25, choice)+`}}`))
		for _, bad := range []string{many(26, choice), `[{"name":"","value":"v"}]`, `[{"name":"` + x(101) + `","value":"v"}]`, `[{"name":"n","value":"` + x(101) + `"}]`, many(2, same(choice(1)))} {
			w.refused(w.answer(w.interaction(autocompleteInteraction, ada, lobby, ""), `{"type":8,"data":{"choices":`+bad+`}}`), 400, 50035)
		}
	})
}

// TestPrivate: what is ephemeral is there for its person, and only through the interaction.
func TestPrivate(t *testing.T) {
	w := village(t)
	in := w.interaction(commandInteraction, ada, hidden, "") // an interaction answers also where payoff sees nothing
	got := w.ok(w.call("POST", "/interactions/"+in.id+"/"+in.token+"/callback?with_response=true", `{"type":4,"data":{"content":"psst","flags":64}}`))
	id := got.get("resource.message.id")
	if got.status != 200 || id == "" || got.get("resource.message.flags") != "64" {
		t.Errorf("answered %d %s", got.status, got.text)
	}
	if diff := cmp.Diff([]string{"psst"}, w.seen(ada, hidden)); diff != "" {
		t.Errorf("Ada (-want +got):\n%s", diff)
	}
	if got := w.seen(cat, hidden); got != nil {
		t.Errorf("Cat sees %q", got)
	}
	if got := w.ok(w.call("GET", w.hook(in)+"/messages/"+id, "")); got.get("content") != "psst" || got.get("interaction_metadata.user.id") != ada || got.get("type") != "20" {
		t.Errorf("GET = %s", got.text)
	}
	w.ok(w.call("DELETE", w.hook(in)+"/messages/@original", ""))
	if got := w.seen(ada, hidden); got != nil {
		t.Errorf("after deleting Ada sees %q", got)
	}
	w.refused(w.call("PATCH", w.hook(in)+"/messages/@original", `{"content":"x"}`), 404, 10008)
}

// TestDeferred: a deferral is filled by an edit, or by the first followup, and stays as visible
// as it was said to be.
func TestDeferred(t *testing.T) {
	for _, tt := range []struct {
		name, callback, method, path, body string
		private                            bool
	}{
		{"edited", `{"type":5}`, "PATCH", "/messages/@original", `{"content":"done"}`, false},
		{"edited privately", `{"type":5,"data":{"flags":64}}`, "PATCH", "/messages/@original", `{"content":"done"}`, true},
		{"followed up", `{"type":5}`, "POST", "?wait=true", `{"content":"done","flags":64}`, false},
		{"followed up privately", `{"type":5,"data":{"flags":64}}`, "POST", "", `{"content":"done"}`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			in := w.interaction(commandInteraction, ada, lobby, "")
			w.refused(w.call("POST", w.hook(in), tt.body), 404, 10015) // before it is acknowledged
			w.ok(w.answer(in, tt.callback))
			got := w.ok(w.call(tt.method, w.hook(in)+tt.path, tt.body))
			if got.get("id") != in.original || got.get("edited_timestamp") != "" || (got.get("flags") == "64") != tt.private {
				t.Errorf("answered %s", got.text)
			}
			if seen := w.seen(bob, lobby); (len(seen) == 0) != tt.private {
				t.Errorf("Bob sees %q, want it private: %v", seen, tt.private)
			}
			second := w.ok(w.call("POST", w.hook(in), `{"content":"more","flags":64}`))
			if second.get("id") == in.original || second.get("flags") != "64" {
				t.Errorf("the second followup is %s", second.text)
			}
			if diff := cmp.Diff([]string{"done", "more"}, w.seen(ada, lobby)); diff != "" {
				t.Errorf("Ada (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("deleted, then followed up", func(t *testing.T) {
		w := village(t)
		in := w.interaction(commandInteraction, ada, lobby, "")
		w.ok(w.answer(in, `{"type":5}`))
		w.ok(w.call("DELETE", w.hook(in)+"/messages/@original", ""))
		w.ok(w.call("POST", w.hook(in), `{"content":"psst","flags":64}`))
		if seen := w.seen(bob, lobby); seen != nil {
			t.Errorf("Bob sees %q", seen)
		}
	})
	t.Run("modal", func(t *testing.T) {
		w := village(t)
		in := w.interaction(modalInteraction, ada, lobby, "")
		w.ok(w.answer(in, `{"type":5}`))
		w.ok(w.call("PATCH", w.hook(in)+"/messages/@original", `{"content":"done"}`))
	})
	t.Run("update", func(t *testing.T) {
		w := village(t)
		id := w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"press","components":[`+row(many(1, pushButton))+`]}`)).get("id")
		in := w.interaction(componentInteraction, ada, lobby, id)
		w.ok(w.answer(in, `{"type":6}`))
		got := w.ok(w.call("PATCH", w.hook(in)+"/messages/@original", `{"content":"pressed","components":[]}`))
		if got.get("id") != id || got.get("components.0.type") != "" {
			t.Errorf("answered %s", got.text)
		}
		w.ok(w.call("POST", w.hook(in), `{"content":"and"}`))
		if diff := cmp.Diff([]string{"pressed", "and"}, w.seen(bob, lobby)); diff != "" {
			t.Errorf("Bob (-want +got):\n%s", diff)
		}
	})
}

// TestTokens: a token is good for 15 minutes, and for what answers its own interaction.
func TestTokens(t *testing.T) {
	w := village(t)
	in, other := w.interaction(commandInteraction, ada, lobby, ""), w.interaction(commandInteraction, bob, lobby, "")
	w.ok(w.answer(in, `{"type":4,"data":{"content":"one"}}`))
	w.ok(w.answer(other, `{"type":4,"data":{"content":"two"}}`))
	w.refused(w.call("PATCH", w.hook(in)+"/messages/"+other.original, `{"content":"x"}`), 404, 10008)
	w.refused(w.call("GET", "/webhooks/"+w.ApplicationID()+"/unknown/messages/@original", ""), 401, 50027)
	w.refused(w.call("GET", "/webhooks/"+nowhere+"/"+in.token+"/messages/@original", ""), 404, 10015)
	r := w.request("GET", w.hook(in)+"/messages/@original", "", nil)
	r.Header.Del("Authorization")
	w.ok(w.send(r)) // the token in the path is enough
	w.Advance(tokenLife)
	w.ok(w.call("GET", w.hook(in)+"/messages/@original", ""))
	w.Advance(time.Millisecond)
	w.refused(w.call("POST", w.hook(in), `{"content":"x"}`), 401, 50027)
	for _, c := range w.Calls() {
		if strings.Contains(c.Path, in.token) {
			t.Errorf("Calls() tells the token: %s", c.Path)
		}
	}
}

// TestCallbackFiles: callbacks and followups carry files, too.
func TestCallbackFiles(t *testing.T) {
	w := village(t)
	in := w.interaction(commandInteraction, ada, lobby, "")
	w.ok(w.upload("POST", "/interactions/"+in.id+"/"+in.token+"/callback", `{"type":4,"data":{"embeds":[{"image":{"url":"attachment://a.png"}}],"attachments":[{"id":"0","description":"A"}]}}`, "a.png"))
	w.ok(w.upload("POST", w.hook(in), `{"content":"x"}`, "b.csv"))
	got := w.ok(w.upload("PATCH", w.hook(in)+"/messages/@original", `{"embeds":[],"attachments":[]}`, "c.csv"))
	if got.get("attachments.0.filename") != "c.csv" || got.get("attachments.1.id") != "" {
		t.Errorf("answered %s", got.text)
	}
	bad := w.interaction(commandInteraction, ada, lobby, "")
	w.refused(w.upload("POST", "/interactions/"+bad.id+"/"+bad.token+"/callback", `{"type":4,"data":{"embeds":[{"image":{"url":"attachment://b.png"}}]}}`, "a.png"), 400, 50035)
}

// TestCallbackPings: answers ping as messages do, edits as well.
func TestCallbackPings(t *testing.T) {
	w := village(t)
	in := w.interaction(commandInteraction, ada, lobby, "")
	w.ok(w.answer(in, `{"type":4,"data":{"content":"<@`+ada+`>","allowed_mentions":{"parse":[]}}}`))
	if w.Mentions() != 0 {
		t.Errorf("Mentions() = %d", w.Mentions())
	}
	w.ok(w.call("POST", w.hook(in), `{"content":"<@`+ada+`>"}`))
	w.ok(w.call("PATCH", w.hook(in)+"/messages/@original", `{"content":"<@`+ada+`>"}`))
	if w.Mentions() != 2 {
		t.Errorf("Mentions() = %d, want 2", w.Mentions())
	}
}

// TestOneAcknowledgement: of many callbacks at once one is taken.
func TestOneAcknowledgement(t *testing.T) {
	w := village(t)
	w.Expect(40060)
	in := w.interaction(commandInteraction, ada, lobby, "")
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 20 {
		all.Go(func() {
			r := w.request("POST", "/interactions/"+in.id+"/"+in.token+"/callback", "application/json", strings.NewReader(`{"type":4,"data":{"content":"x"}}`))
			if w.send(r).status == 204 {
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if taken != 1 || len(w.seen(ada, lobby)) != 1 {
		t.Errorf("%d are taken, and %d shown", taken, len(w.seen(ada, lobby)))
	}
}
