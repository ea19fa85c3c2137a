package slack

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
)

// served is an adapter that has met nobody yet, before a Slack at an address: newWorkspace
// makes clients of its own.
func served(t *testing.T, answer func(tapeCall) tapeAnswer) (*Adapter, *tape) {
	t.Helper()
	a, over, _ := wired(t, answer)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		resp, err := over.RoundTrip(r)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		rw.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(rw, resp.Body)
	}))
	t.Cleanup(server.Close)
	a.cfg.APIURL = server.URL + "/api/"
	clear(a.spaces)
	return a, over
}

func install(space, token string) Install {
	return Install{Space: space, Bot: "UBOT", Token: chat.NewSecret(token), At: time.Unix(1, 0)}
}

func auth(fields string) tapeAnswer { return tapeAnswer{body: `{"ok":true,` + fields + `}`} }

func TestWorkspaceOfTheToken(t *testing.T) {
	a, over := served(t, first(authTest, tapeAnswer{status: 500}, auth(`"team_id":"T1","enterprise_id":"E1","user_id":"UPAY"`)))
	a.cfg.BotToken = chat.NewSecret(wireToken)
	var wg sync.WaitGroup
	found := make([]*workspace, 20)
	for i := range found {
		wg.Go(func() {
			w, err := a.workspace(t.Context(), "", "T1", "E1")
			if err != nil {
				t.Error(err)
			}
			found[i] = w
		})
	}
	wg.Wait()
	for _, w := range found {
		if w != found[0] || w.space != "T1" || w.bot != "UPAY" {
			t.Fatalf("workspace = %+v, want one for all, T1 with UPAY", w)
		}
	}
	checkCalls(t, over, authTest, 2)
	for _, ids := range [][]string{{"T2"}, {"T2", "E1"}, {""}, nil} { // E1 is only where T1 belongs to
		_, err := a.workspace(t.Context(), ids...)
		checkKind(t, err, chat.Gone)
	}
	if _, err := found[0].direct(t.Context(), "U1"); err != nil || over.of(openRoom)[0].token != wireToken {
		t.Errorf("direct: %v, with token %q", err, over.of(openRoom)[0].token)
	}
}

func TestWorkspaceOfAnOrganisation(t *testing.T) {
	a, over := served(t, always(authTest, auth(`"team_id":"E1","enterprise_id":"E1","user_id":"UPAY"`)))
	a.cfg.BotToken = chat.NewSecret(wireToken)
	one, err := a.workspace(t.Context(), "T1", "E1")
	if err != nil || one.space != "T1" {
		t.Fatalf("workspace = %+v, %v, want T1", one, err)
	}
	two, err := a.workspace(t.Context(), "T2") // all that an address says
	if err != nil || two.space != "T2" || two.queue == one.queue {
		t.Fatalf("workspace = %+v, %v, want T2 with a queue of its own", two, err)
	}
	checkCalls(t, over, authTest, 1)
	if gone, err := a.leave(t.Context(), "E1"); err != nil || !slices.Equal(gone, []string{"E1", "T1", "T2"}) || !one.left.Load() || !two.left.Load() {
		t.Errorf("after the organisation left (%v): T1 %t, T2 %t, want both gone", err, one.left.Load(), two.left.Load())
	}
	_, err = a.workspace(t.Context(), "T1", "E1")
	checkKind(t, err, chat.Gone)
}

func TestWorkspaceOfInstalls(t *testing.T) {
	a, over := served(t, usual)
	kept := &drawer{kept: map[string]Install{"T1": install("T1", "xoxb-one"), "E2": install("E2", "xoxb-org")}}
	a.cfg.Installs = kept
	w, err := a.workspace(t.Context(), "T1")
	if err != nil || w.space != "T1" || w.token.Reveal() != "xoxb-one" {
		t.Fatalf("workspace = %+v, %v", w, err)
	}
	_, err = a.workspace(t.Context(), "T9", "E9")
	checkKind(t, err, chat.Gone)
	org, err := a.workspace(t.Context(), "T2", "E2")
	if err != nil || org.space != "T2" || org.token.Reveal() != "xoxb-org" {
		t.Fatalf("of an organisation: %+v, %v", org, err)
	}
	clear(a.spaces) // a restart
	if again, err := a.workspace(t.Context(), "T2"); err != nil || again.token.Reveal() != "xoxb-org" {
		t.Errorf("after a restart, by the team alone: %+v, %v", again, err)
	}
	newer := install("E2", "xoxb-org-new")
	newer.At = newer.At.Add(time.Hour)
	_ = kept.Keep(t.Context(), newer)
	clear(a.spaces) // as the installer does
	if again, err := a.workspace(t.Context(), "T2", "E2"); err != nil || again.token.Reveal() != "xoxb-org-new" || kept.kept["T2"].Token.Reveal() != "xoxb-org-new" {
		t.Errorf("after the organisation installed it again: %+v, %v", again, err)
	}
	kept.err = errors.New("disk is full of xoxb-one")
	_, err = a.workspace(t.Context(), "T3")
	if checkKind(t, err, chat.Transient); strings.Contains(err.Error(), "xoxb-") {
		t.Errorf("error holds a token: %v", err)
	}
	if len(over.calls) > 0 {
		t.Errorf("Slack was called: %+v", over.calls)
	}
}

func TestLeave(t *testing.T) {
	a, _ := served(t, usual)
	kept := &drawer{kept: map[string]Install{"T1": install("T1", "xoxb-one"), "E2": install("E2", "xoxb-org"), "T3": install("T3", "xoxb-three")}}
	a.cfg.Installs = kept
	for _, ids := range [][]string{{"T1"}, {"T2", "E2"}} {
		if _, err := a.workspace(t.Context(), ids...); err != nil {
			t.Fatal(err)
		}
	}
	old := a.spaces["T1"]
	for space, want := range map[string][]string{"T1": {"T1"}, "E2": {"E2", "T2"}, "T3": {"T3"}, "T7": {"T7"}} {
		if gone, err := a.leave(t.Context(), space); err != nil || !slices.Equal(gone, want) {
			t.Errorf("leave %s = %v, %v, want %v", space, gone, err, want)
		}
	}
	if len(kept.kept) > 0 {
		t.Errorf("still kept: %v", kept.kept)
	}
	for _, ids := range [][]string{{"T1"}, {"T2", "E2"}, {"T3"}} {
		_, err := a.workspace(t.Context(), ids...)
		checkKind(t, err, chat.Gone)
	}
	checkKind(t, old.whisper(t.Context(), "C1", "U1", page{text: "x"}), chat.Gone)

	_ = kept.Keep(t.Context(), install("T1", "xoxb-new"))
	if w, err := a.workspace(t.Context(), "T1"); err != nil || w == old || w.left.Load() {
		t.Errorf("installed again: %+v, %v", w, err)
	}
	kept.err = errors.New("disk is full")
	if _, err := a.leave(t.Context(), "T1"); err == nil {
		t.Error("leave = nil although the install could not be removed")
	}
}

func TestRevokedToken(t *testing.T) {
	for _, code := range []string{"token_revoked", "account_inactive", "invalid_auth"} {
		a, over, log := wired(t, func(c tapeCall) tapeAnswer {
			if c.token == wireToken+"T1" {
				return refusing(code)
			}
			return usual(c)
		}, "T2")
		kept := &drawer{kept: map[string]Install{"T1": install("T1", wireToken+"T1")}}
		a.cfg.Installs = kept
		w := a.spaces["T1"]
		for range 3 {
			checkKind(t, w.update(t.Context(), "C1", "1.1", page{text: "x"}), chat.Gone)
		}
		checkCalls(t, over, updateMessage, 1)
		if n := strings.Count(log.String(), "level=WARN"); n != 1 || strings.Contains(log.String(), wireToken) {
			t.Errorf("%s: %d warnings, want one without the token: %s", code, n, log)
		}
		_, err := a.workspace(t.Context(), "T1")
		checkKind(t, err, chat.Gone)
		if err := a.spaces["T2"].update(t.Context(), "C1", "1.1", page{text: "x"}); err != nil {
			t.Errorf("another workspace: %v", err)
		}
		in := install("T1", wireToken+"T1")
		in.At = time.Now().Add(time.Hour)
		_ = kept.Keep(t.Context(), in)
		if again, err := a.workspace(t.Context(), "T1"); err != nil || again == w {
			t.Errorf("installed again with the same token: %v", err)
		}
	}
}
