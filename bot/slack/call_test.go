package slack

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

func TestCallTriesAgain(t *testing.T) {
	refusedDial := tapeAnswer{err: &net.OpError{Op: "dial", Net: "tcp", Err: net.UnknownNetworkError("x")}}
	cut := tapeAnswer{err: errCut}
	tests := []struct {
		name    string
		answers []tapeAnswer
		calls   int
		kind    chat.ErrorKind // "" is success
	}{
		{"well", nil, 1, ""},
		{"429", []tapeAnswer{limited("1")}, 2, ""},
		{"429 without a time", []tapeAnswer{limited("")}, 2, ""},
		{"429 of zero", []tapeAnswer{limited("0")}, 2, ""},
		{"429 in JSON", []tapeAnswer{refusing("ratelimited")}, 2, ""},
		{"500", []tapeAnswer{{status: 500, body: "<html>"}, {status: 503}}, 3, ""},
		{"cut", []tapeAnswer{cut, cut}, 3, ""},
		{"refused dial", []tapeAnswer{refusedDial}, 2, ""},
		{"hangs", []tapeAnswer{{after: time.Hour}}, 2, ""},
		{"HTML", []tapeAnswer{{body: "<!DOCTYPE html>"}}, 2, ""},
		{"half an answer", []tapeAnswer{{body: `{"ok":true,`}}, 2, ""},
		{"no answer", []tapeAnswer{{body: `{"ok":false}`}}, 2, ""},
		{"fatal", []tapeAnswer{refusing("fatal_error"), refusing("internal_error")}, 3, ""},
		{"unknown room", []tapeAnswer{refusing("channel_not_found")}, 1, chat.Gone},
		{"bad blocks", []tapeAnswer{refusing("invalid_blocks")}, 1, chat.Invalid},
		{"bad request", []tapeAnswer{{status: 400}}, 1, chat.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, over, _ := wired(t, first(updateMessage, tt.answers...))
				err := a.spaces["T1"].update(t.Context(), "C1", "1.1", page{text: "x"})
				checkCalls(t, over, updateMessage, tt.calls)
				if tt.kind == "" && err != nil {
					t.Errorf("error = %v", err)
				}
				if tt.kind != "" {
					checkKind(t, err, tt.kind)
				}
			})
		})
	}
}

func TestCallGivesUpInTime(t *testing.T) {
	for name, answer := range map[string]tapeAnswer{
		"503": {status: 503}, "cut": {err: errCut}, "hangs": {after: time.Hour}, "429": limited("1"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, over, _ := wired(t, always(updateMessage, answer))
				start := time.Now()
				err := a.spaces["T1"].update(t.Context(), "C1", "1.1", page{text: "x"})
				if d := time.Since(start); err == nil || d > asked().total {
					t.Errorf("error = %v after %v, want one within %v", err, d, asked().total)
				}
				if name == "503" && len(over.of(updateMessage)) < 10 {
					t.Errorf("%d attempts: an answer must arrive where 1 in 3 fails", len(over.of(updateMessage)))
				}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(300*time.Millisecond, cancel)
				start = time.Now()
				err = a.spaces["T1"].update(ctx, "C1", "1.1", page{text: "x"})
				if d := time.Since(start); err == nil || d > 300*time.Millisecond {
					t.Errorf("cancelled: %v after %v, want an error at once", err, d)
				}
				before := len(over.of(updateMessage))
				err = a.spaces["T1"].update(ctx, "C1", "1.1", page{text: "x"})
				if checkKind(t, err, chat.Transient); unsure(err) || len(over.of(updateMessage)) > before {
					t.Errorf("cancelled before: %v, want it to be sure that nothing was done", err)
				}
			})
		})
	}
}

// TestRetryAfter holds that it pauses one method of one workspace, and that who sends unasked
// is told instead of waiting.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
			if c.method == updateMessage && c.n == 0 {
				return limited("7")
			}
			return usual(c)
		}, "T2")
		w := a.spaces["T1"]
		err := w.updateWithin(t.Context(), "C1", "1.1", page{text: "x"}, unasked())
		checkKind(t, err, chat.RateLimited)
		if after, _ := retryAfter(err); after != 7*time.Second {
			t.Errorf("RetryAfter = %v, want 7s", after)
		}
		time.Sleep(time.Second)
		err = w.updateWithin(t.Context(), "C2", "1.1", page{text: "x"}, unasked())
		if after, _ := retryAfter(err); after != 6*time.Second {
			t.Errorf("a second later: RetryAfter = %v, want 6s", after)
		}
		checkCalls(t, over, updateMessage, 1)
		start := time.Now()
		if err := w.whisper(t.Context(), "C1", "U1", page{text: "x"}); err != nil || time.Since(start) > 0 {
			t.Errorf("another method: %v after %v", err, time.Since(start))
		}
		if err := a.spaces["T2"].update(t.Context(), "C1", "1.1", page{text: "x"}); err != nil || time.Since(start) > 0 {
			t.Errorf("another workspace: %v after %v", err, time.Since(start))
		}
		if err := w.update(t.Context(), "C1", "1.1", page{text: "x"}); err != nil || time.Since(start) != 6*time.Second {
			t.Errorf("someone who waits for the answer: %v after %v, want 6s", err, time.Since(start))
		}
	})
}

func TestClientFollowsNoRedirect(t *testing.T) {
	client := newClient()
	client.Transport = &tape{answer: func(tapeCall) tapeAnswer { return tapeAnswer{status: http.StatusTemporaryRedirect} }}
	resp, err := client.Post(wireAPI+authTest, "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("status = %d, want the redirect itself", resp.StatusCode)
	}
}

// TestNothingSaidHoldsASecret has every call fail in every way, and reads all that is said of it.
func TestNothingSaidHoldsASecret(t *testing.T) {
	leaks := []tapeAnswer{
		{err: errCut}, {status: 500, body: wireToken}, {status: 403}, {status: 404}, {body: "<html>" + wireToken}, {after: time.Hour},
		refusing("invalid_auth"), refusing("channel_not_found"), limited("60"), limited("a while"), {status: 302},
		{body: `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["see ` + wireAddress + ` ` + wireToken + `"]}}`},
		{body: `{"ok":false,"error":"` + wireToken + `"}`},
	}
	for _, leak := range leaks {
		synctest.Test(t, func(t *testing.T) {
			broken := func(c tapeCall) tapeAnswer { return leak }
			for name, do := range map[string]func(context.Context, *workspace) error{
				"post": func(ctx context.Context, w *workspace) error {
					_, err := w.post(ctx, "C1", page{text: "x"}, "k", false)
					return err
				},
				"whisper": func(ctx context.Context, w *workspace) error { return w.whisper(ctx, "C1", "U1", page{text: "x"}) },
				"respond": func(ctx context.Context, w *workspace) error {
					return w.respond(ctx, wireAddress, page{text: "x"}, forAll)
				},
				"view": func(ctx context.Context, w *workspace) error {
					_, err := w.openView(ctx, "trigger", slackapi.ModalViewRequest{})
					return err
				},
				"admin": func(ctx context.Context, w *workspace) error { _, err := w.admin(ctx, "U1"); return err },
				"share": func(ctx context.Context, w *workspace) error {
					return w.share(ctx, "C1", chat.File{Name: "x", Data: []byte("x")})
				},
				"picture": func(ctx context.Context, w *workspace) error {
					w.upload(ctx, []chat.Image{{PNG: []byte("x")}})
					return nil
				},
			} {
				a, over, log := wired(t, broken)
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				err := do(ctx, a.spaces["T1"])
				cancel()
				said := log.String()
				if err != nil {
					said += err.Error()
				} else if name != "picture" {
					t.Errorf("%s with %+v: no error", name, leak)
				}
				for _, secret := range []string{"secret", "xoxb-", "slack.test"} {
					if strings.Contains(said, secret) {
						t.Errorf("%s with %+v says %q", name, leak, said)
					}
				}
				if len(over.calls) == 0 {
					t.Errorf("%s called nobody", name)
				}
			}
		})
	}
}
