package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// A room that keeps what is posted, so that it can be looked up.
type roomTape struct {
	mu    sync.Mutex
	posts []map[string]any // newest last
	fault func(tapeCall) (answer tapeAnswer, done, wrong bool)
}

// answer does what is asked, and goes wrong before or after it as fault says.
func (r *roomTape) answer(c tapeCall) tapeAnswer {
	r.mu.Lock()
	defer r.mu.Unlock()
	var bad tapeAnswer
	done, wrong := true, false
	if r.fault != nil {
		bad, done, wrong = r.fault(c)
	}
	if !done {
		return bad
	}
	good := usual(c)
	switch c.method {
	case postMessage:
		ts := fmt.Sprintf("%d.000001", 1000+len(r.posts))
		r.posts = append(r.posts, map[string]any{
			"ts": ts, "text": c.args.Get("text"), "channel": c.args.Get("channel"), "metadata": json.RawMessage(c.args.Get("metadata")),
		})
		good = tapeAnswer{body: fmt.Sprintf(`{"ok":true,"ts":%q}`, ts)}
	case history:
		var newest []map[string]any
		for _, p := range slices.Backward(r.posts) {
			if p["channel"] == c.args.Get("channel") && len(newest) < searched {
				newest = append(newest, p)
			}
		}
		raw, _ := json.Marshal(map[string]any{"ok": true, "messages": newest})
		good = tapeAnswer{body: string(raw)}
	}
	if wrong {
		return bad
	}
	return good
}

func (r *roomTape) texts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for _, p := range r.posts {
		all = append(all, p["text"].(string))
	}
	return all
}

// lose has the first n calls of a method done, and their answers lost.
func lose(method string, n int) func(tapeCall) (tapeAnswer, bool, bool) {
	return func(c tapeCall) (tapeAnswer, bool, bool) {
		return tapeAnswer{err: errCut}, true, c.method == method && c.n < n
	}
}

// drop has them not done.
func drop(method string, n int) func(tapeCall) (tapeAnswer, bool, bool) {
	return func(c tapeCall) (tapeAnswer, bool, bool) {
		hit := c.method == method && c.n < n
		return tapeAnswer{err: errCut}, !hit, hit
	}
}

func TestPostStandsThereOnce(t *testing.T) {
	for name, fault := range map[string]func(tapeCall) (tapeAnswer, bool, bool){
		"well":        nil,
		"answer lost": lose(postMessage, 1),
		"cut before":  drop(postMessage, 3),
		"limited":     func(c tapeCall) (tapeAnswer, bool, bool) { return limited("3"), c.n > 0, c.n == 0 },
		"history cut": drop(history, 2),
		"lost, then cut": func(c tapeCall) (tapeAnswer, bool, bool) {
			return tapeAnswer{status: 500}, c.method != history || c.n > 1, c.n == 0
		},
		"hangs when done": func(c tapeCall) (tapeAnswer, bool, bool) {
			return tapeAnswer{after: time.Hour}, true, c.method == postMessage && c.n == 0
		},
		"fatal when done": func(c tapeCall) (tapeAnswer, bool, bool) {
			return refusing("fatal_error"), true, c.method == postMessage && c.n == 0
		},
		"silent when done": func(c tapeCall) (tapeAnswer, bool, bool) {
			return tapeAnswer{body: `{"ok":false}`}, true, c.method == postMessage && c.n == 0
		},
	} {
		for _, key := range []string{"", "week/46"} {
			t.Run(name+" "+key, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					room := &roomTape{fault: fault}
					a, _, _ := wired(t, room.answer)
					ts, err := a.spaces["T1"].post(t.Context(), "C1", page{text: "Once"}, key, true)
					if ts != "1000.000001" || err != nil {
						t.Errorf("post = %q, %v", ts, err)
					}
					if got := room.texts(); len(got) != 1 {
						t.Errorf("posted %q, want it once", got)
					}
				})
			})
		}
	}
}

func TestPostThatIsNotSureLooksFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &roomTape{}
		a, over, _ := wired(t, room.answer)
		w := a.spaces["T1"]
		first, err := w.post(t.Context(), "C1", page{text: "Once"}, "k", true)
		if err != nil {
			t.Fatal(err)
		}
		checkCalls(t, over, history, 0)
		again, err := w.post(t.Context(), "C1", page{text: "Once"}, "k", false)
		if again != first || err != nil || len(room.texts()) != 1 {
			t.Errorf("again: %q, %v, %d messages, want the first one's %q", again, err, len(room.texts()), first)
		}
		if _, err := w.post(t.Context(), "C1", page{text: "Other"}, "k2", false); err != nil || len(room.texts()) != 2 {
			t.Errorf("another key: %v, %d messages", err, len(room.texts()))
		}
		if got := over.of(postMessage)[0].args.Get("metadata"); got != `{"event_type":"payoff_message","event_payload":{"key":"k"}}` {
			t.Errorf("metadata = %s", got)
		}
	})
}

// TestPostWhereNothingCanBeLookedUp: an unsure message is sent again rather than never.
func TestPostWhereNothingCanBeLookedUp(t *testing.T) {
	for _, code := range []string{"missing_scope", "not_in_channel"} {
		synctest.Test(t, func(t *testing.T) {
			room := &roomTape{fault: func(c tapeCall) (tapeAnswer, bool, bool) {
				if c.method == history {
					return refusing(code), false, true
				}
				return drop(postMessage, 1)(c)
			}}
			a, _, _ := wired(t, room.answer)
			if _, err := a.spaces["T1"].post(t.Context(), "C1", page{text: "Once"}, "k", true); err != nil || len(room.texts()) != 1 {
				t.Errorf("%s: %v, %d messages", code, err, len(room.texts()))
			}
		})
	}
}

// TestPostThatCannotBeLookedUpNow: an answer is posted again, what the outbox sends waits.
func TestPostThatCannotBeLookedUpNow(t *testing.T) {
	for e, want := range map[effort]int{asked(): 2, unasked(): 1} {
		synctest.Test(t, func(t *testing.T) {
			room := &roomTape{fault: func(c tapeCall) (tapeAnswer, bool, bool) {
				if c.method == history {
					return limited("60"), false, true
				}
				return lose(postMessage, 1)(c)
			}}
			a, _, _ := wired(t, room.answer)
			m := mark{key: "k", sure: true}
			_, err := a.spaces["T1"].postMarked(t.Context(), "C1", page{text: "x"}, &m, e)
			if n := len(room.texts()); n != want || (err == nil) != e.twice || m.sure {
				t.Errorf("%+v: %d messages, %v, sure %t", e, n, err, m.sure)
			}
		})
	}
}

// badWeather has one call in five cut before it is done, one in five lost after it, and one
// in five limited or failing.
func badWeather() func(tapeCall) (tapeAnswer, bool, bool) {
	dice := rand.New(rand.NewPCG(1, 2))
	return func(tapeCall) (tapeAnswer, bool, bool) {
		switch dice.IntN(15) {
		case 0, 1, 2:
			return tapeAnswer{err: errCut}, false, true
		case 3, 4, 5:
			return tapeAnswer{err: errCut}, true, true
		case 6, 7:
			return limited("1"), false, true
		case 8:
			return tapeAnswer{status: 500}, dice.IntN(2) == 0, true
		}
		return tapeAnswer{}, true, false
	}
}

// TestAnswersInBadWeather: each arrives; that one comes twice, when too much has to be looked
// up, is rare.
func TestAnswersInBadWeather(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &roomTape{fault: badWeather()}
		a, _, _ := wired(t, room.answer)
		var wg sync.WaitGroup
		const people, each = 50, 6
		for i := range people {
			wg.Go(func() {
				for j := range each {
					if _, err := a.spaces["T1"].post(t.Context(), fmt.Sprint("D", i), page{text: fmt.Sprint(i, "/", j)}, "", true); err != nil {
						t.Errorf("post: %v", err)
					}
				}
			})
		}
		wg.Wait()
		texts := room.texts()
		slices.Sort(texts)
		if once := slices.Compact(slices.Clone(texts)); len(once) != people*each || len(texts) > people*each*5/4 {
			t.Errorf("%d messages, %d different ones, want all %d and few twice", len(texts), len(once), people*each)
		}
	})
}

// TestOutboxInBadWeather: what failed is sent again later, and stands there once.
func TestOutboxInBadWeather(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &roomTape{fault: badWeather()}
		a, _, _ := wired(t, room.answer)
		w := a.spaces["T1"]
		const messages = 60
		for i := range messages {
			list := []page{{text: fmt.Sprint(i, "/1")}, {text: fmt.Sprint(i, "/2")}}
			for {
				s, release, err := w.sending(t.Context(), "C1", fmt.Sprint("week/", i))
				if err != nil {
					t.Fatal(err)
				}
				err = w.send(t.Context(), "C1", list, fmt.Sprint("week/", i), s)
				release()
				if err == nil {
					break
				}
				if !isKind(err, chat.RateLimited) && !isKind(err, chat.Transient) {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
			}
		}
		var want []string
		for i := range messages {
			want = append(want, fmt.Sprint(i, "/1"), fmt.Sprint(i, "/2"))
		}
		if got := room.texts(); !slices.Equal(got, want) {
			t.Errorf("%d messages, want %d, each once and in order", len(got), len(want))
		}
	})
}

func TestWhisperAndViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
			if c.n < 2 { // each method fails twice
				return []tapeAnswer{{err: errCut}, {body: `{"ok":false}`}}[c.n]
			}
			return usual(c)
		})
		w := a.spaces["T1"]
		for method, do := range map[string]func(context.Context) error{
			postEphemeral: func(ctx context.Context) error { return w.whisper(ctx, "C1", "U1", page{text: "x"}) },
			viewsUpdate:   func(ctx context.Context) error { return w.updateView(ctx, "V1", slackapi.ModalViewRequest{}) },
			viewsPublish:  func(ctx context.Context) error { return w.publish(ctx, "U1", slackapi.HomeTabViewRequest{}) },
		} {
			if err := do(t.Context()); err != nil {
				t.Errorf("%s: %v", method, err)
			}
			checkCalls(t, over, method, 3)
		}
	})
}

// TestOpenViewThatSeemedToFail: the trigger was used, the answer was lost, and still the id of
// the view that stands there is found.
func TestOpenViewThatSeemedToFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, first(viewsOpen, tapeAnswer{err: errCut}, refusing("exchanged_trigger_id")))
		id, err := a.spaces["T1"].openView(t.Context(), "trigger", slackapi.ModalViewRequest{Type: slackapi.VTModal})
		if id != "V1" || err != nil {
			t.Errorf("openView = %q, %v, want V1", id, err)
		}
		var open, update struct {
			ExternalID string `json:"external_id"`
			View       struct {
				ExternalID string `json:"external_id"`
			}
		}
		_ = json.Unmarshal([]byte(over.of(viewsOpen)[0].body), &open)
		_ = json.Unmarshal([]byte(over.of(viewsUpdate)[0].body), &update)
		if open.View.ExternalID == "" || update.ExternalID != open.View.ExternalID {
			t.Errorf("opened as %q, looked for as %q", open.View.ExternalID, update.ExternalID)
		}
	})
	for _, code := range []string{"expired_trigger_id", "exchanged_trigger_id"} {
		a, over, _ := wired(t, always(viewsOpen, refusing(code)))
		_, err := a.spaces["T1"].openView(t.Context(), "trigger", slackapi.ModalViewRequest{})
		checkKind(t, err, chat.Gone)
		checkCalls(t, over, viewsOpen, 1)
	}
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := wired(t, always(viewsOpen, tapeAnswer{status: 500}))
		start := time.Now()
		_, err := a.spaces["T1"].openView(t.Context(), "trigger", slackapi.ModalViewRequest{})
		if checkKind(t, err, chat.Transient); time.Since(start) > 3*time.Second {
			t.Errorf("tried for %v, and a trigger is good for 3s", time.Since(start))
		}
	})
}
