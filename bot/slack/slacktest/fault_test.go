package slacktest

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
)

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault Fault
		done  bool // the message is posted all the same
		check func(error) bool
	}{
		{"rate limited", Fault{Status: http.StatusTooManyRequests, RetryAfter: 7}, false, func(err error) bool {
			var limited *slackapi.RateLimitedError
			return errors.As(err, &limited) && limited.RetryAfter == 7*time.Second
		}},
		{"rate limited by whom knows", Fault{Status: http.StatusTooManyRequests}, false, status(http.StatusTooManyRequests)},
		{"down", Fault{Status: http.StatusServiceUnavailable, HTML: true}, false, status(http.StatusServiceUnavailable)},
		{"a page where JSON should be", Fault{HTML: true}, false, func(err error) bool { return err != nil }},
		{"an error", Fault{Error: "fatal_error"}, false, func(err error) bool { return err != nil && err.Error() == "fatal_error" }},
		{"cut before", Fault{Drop: true}, false, func(err error) bool { return err != nil }},
		{"cut after", Fault{Lose: true}, true, func(err error) bool { return err != nil }},
		{"late", Fault{Delay: 20 * time.Millisecond}, true, func(err error) bool { return err == nil }},
		{"nothing", Fault{}, true, func(err error) bool { return err == nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, w, api := town(t)
			s.Fault(func(c Call) Fault {
				if c.Method == "chat.postMessage" && c.N == 0 {
					return tt.fault
				}
				return Fault{}
			})
			began := time.Now()
			_, _, err := api.PostMessage("C1", slackapi.MsgOptionText("hello", false))
			if !tt.check(err) {
				t.Errorf("chat.postMessage: %v", err)
			}
			if took := time.Since(began); took < tt.fault.Delay {
				t.Errorf("it took %s, want %s", took, tt.fault.Delay)
			}
			if got := posts(w, "U1", "C1"); (len(got) == 1) != tt.done {
				t.Errorf("posted %+v, want so: %v", got, tt.done)
			}
			if _, _, err := api.PostMessage("C1", slackapi.MsgOptionText("again", false)); err != nil {
				t.Errorf("the next call: %v", err)
			}
			if n := len(s.Calls()); n != 2 {
				t.Errorf("%d calls are recorded, want 2", n)
			}
		})
	}
}

// status says whether an error is an HTTP status.
func status(want int) func(error) bool {
	return func(err error) bool {
		var e slackapi.StatusCodeError
		return errors.As(err, &e) && e.Code == want
	}
}

// TestFaultsEverywhere: uploads, response addresses and installs go wrong like any call.
func TestFaultsEverywhere(t *testing.T) {
	s, w, api := town(t)
	s.Fault(func(c Call) Fault {
		if c.Method == "upload" || c.Method == "response_url" || c.Method == "oauth.v2.access" {
			return Fault{Status: http.StatusInternalServerError}
		}
		return Fault{}
	})
	if _, err := api.UploadFile(slackapi.UploadFileParameters{Content: "abc", FileSize: 3, Filename: "a"}); !status(500)(errors.Unwrap(err)) {
		t.Errorf("upload: %v", err)
	}
	if code, _ := say(t, addressFor(w, "C1", "U1", ""), map[string]any{"text": "x"}); code != 500 {
		t.Errorf("response address: %d", code)
	}
	if _, err := slackapi.GetOAuthV2ResponseContext(t.Context(), nethttp, s.ClientID(), s.ClientSecret(), "x", "", slackapi.OAuthOptionAPIURL(s.URL())); !status(500)(err) {
		t.Errorf("oauth.v2.access: %v", err)
	}
	var got []string
	for _, c := range s.Calls() {
		got = append(got, c.Method+" "+c.Space+" "+c.Room)
	}
	want := []string{"files.getUploadURLExternal T1 ", "upload T1 ", "response_url T1 C1", "oauth.v2.access  "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Calls (-want +got):\n%s", diff)
	}
}

// TestManyAtOnce has 50 callers while every call is judged: run with -race.
func TestManyAtOnce(t *testing.T) {
	s, w, api := town(t)
	judged := 0 // not guarded: calls are judged one at a time
	s.Fault(func(Call) Fault {
		judged++
		return Fault{Drop: judged%5 == 0}
	})
	var all sync.WaitGroup
	var mu sync.Mutex
	sent := 0
	for range 50 {
		all.Go(func() {
			for range 4 {
				if _, _, err := api.PostMessage("C1", slackapi.MsgOptionText("x", false), slackapi.MsgOptionBlocks(section("x"))); err == nil {
					mu.Lock()
					sent++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	got := posts(w, "U1", "C1")
	if len(got) != sent || sent != 160 {
		t.Errorf("%d messages of %d that were answered, want 160", len(got), sent)
	}
	for i, m := range got[1:] {
		if m.ts <= got[i].ts {
			t.Fatalf("ts %s after %s", m.ts, got[i].ts)
		}
	}
}
