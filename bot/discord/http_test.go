package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
)

// A post office has the key that Discord signs with.
type postOffice struct {
	*booth
	key ed25519.PrivateKey
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &postOffice{newBooth(t, func(c *Config) { c.PublicKey = hex.EncodeToString(public) }), private}
}

// signed is a request as Discord makes it.
func (o *postOffice) signed(body []byte, at time.Time) *http.Request {
	stamp := fmt.Sprint(at.Unix())
	r := httptest.NewRequest(http.MethodPost, "/discord/interactions", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(o.key, append([]byte(stamp), body...))))
	return r
}

// deliver serves a request, and returns when what it asked for is done.
func (o *postOffice) deliver(r *http.Request) *httptest.ResponseRecorder {
	rw := httptest.NewRecorder()
	o.ServeHTTP(rw, r)
	o.work.Wait()
	return rw
}

func (o *postOffice) known(in map[string]any) []byte {
	raw, _ := json.Marshal(in)
	o.mu().Lock()
	defer o.mu().Unlock()
	o.brought[in["id"].(string)] = time.Now()
	return raw
}

func TestHTTP(t *testing.T) {
	o := newPostOffice(t)
	o.script.Answer(chat.Tell(chat.T("Logged")))
	body, now := o.known(inServer(kindCommand, chosen("log"))), time.Now()
	without := func(header string) *http.Request {
		r := o.signed(body, now)
		r.Header.Del(header)
		return r
	}
	with := func(header, value string) *http.Request {
		r := o.signed(body, now)
		r.Header.Set(header, value)
		return r
	}
	_, stranger, _ := ed25519.GenerateKey(nil)
	forged := &postOffice{o.booth, stranger}
	changed := o.signed(body, now)
	changed.Body = http.NoBody
	large := bytes.Repeat([]byte(" "), maxInteraction+1)
	for _, c := range []struct {
		name   string
		r      *http.Request
		status int
	}{
		{"another way", httptest.NewRequest(http.MethodGet, "/discord/interactions", nil), http.StatusMethodNotAllowed},
		{"another path", httptest.NewRequest(http.MethodPost, "/discord/", nil), http.StatusNotFound},
		{"a longer path", httptest.NewRequest(http.MethodPost, "/discord/interactions/1", nil), http.StatusNotFound},
		{"nothing, unsigned", httptest.NewRequest(http.MethodPost, "/discord/interactions", nil), http.StatusUnauthorized},
		{"no signature", without("X-Signature-Ed25519"), http.StatusUnauthorized},
		{"no time", without("X-Signature-Timestamp"), http.StatusUnauthorized},
		{"a signature that is none", with("X-Signature-Ed25519", "zz"), http.StatusUnauthorized},
		{"a short signature", with("X-Signature-Ed25519", "abcd"), http.StatusUnauthorized},
		{"another time", with("X-Signature-Timestamp", fmt.Sprint(now.Unix()+1)), http.StatusUnauthorized},
		{"another body", changed, http.StatusUnauthorized},
		{"another key", forged.signed(body, now), http.StatusUnauthorized},
		{"too old", o.signed(body, now.Add(-signatureWindow-2*time.Second)), http.StatusUnauthorized},
		{"too new", o.signed(body, now.Add(signatureWindow+2*time.Second)), http.StatusUnauthorized},
		{"too large", o.signed(large, now), http.StatusRequestEntityTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := o.deliver(c.r); got.Code != c.status {
				t.Errorf("answered %d %s, want %d", got.Code, got.Body, c.status)
			}
		})
	}
	if o.events(t, 0); o.names() != "" {
		t.Fatalf("calls = %q, want none", o.names())
	}

	ping := o.deliver(o.signed([]byte(`{"id":"1","type":1,"token":"x"}`), now))
	if ping.Code != http.StatusOK || ping.Body.String() != `{"type":1}` || ping.Header().Get("Content-Type") != "application/json" {
		t.Errorf("a ping is answered %d %q", ping.Code, ping.Body)
	}
	for range 2 { // the second is a replay
		if got := o.deliver(o.signed(body, now)); got.Code != http.StatusAccepted || got.Body.Len() != 0 {
			t.Errorf("answered %d %q, want 202 and nothing", got.Code, got.Body)
		}
	}
	if o.events(t, 1); o.names() != "answer 4" || !strings.Contains(o.last(), "Logged") {
		t.Errorf("calls = %q of %s, want one answer", o.names(), o.last())
	}
	if got := o.deliver(o.signed([]byte(`[1]`), now)); got.Code != http.StatusAccepted || strings.Count(o.log.String(), "level=WARN") != 1 {
		t.Errorf("what is malformed is answered %d\n%s", got.Code, o.log)
	}

	if err := o.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{o.known(inServer(kindCommand, chosen("log"))), []byte(`{"type":1}`)} {
		if got := o.deliver(o.signed(body, now)); got.Code != http.StatusServiceUnavailable {
			t.Errorf("answered %d when closed, want 503", got.Code)
		}
	}
	o.events(t, 1)
}

// Who delivered it need not wait for the answer, nor stay.
func TestHTTPAnswersAtOnce(t *testing.T) {
	o := newPostOffice(t)
	release := make(chan struct{})
	o.script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
		select {
		case <-release:
			return chat.Tell(chat.T("Logged"))
		case <-ctx.Done():
			return chat.Tell(chat.T("Given up"))
		}
	})
	ctx, leave := context.WithCancel(t.Context())
	rw := httptest.NewRecorder()
	o.ServeHTTP(rw, o.signed(o.known(inServer(kindCommand, chosen("log"))), time.Now()).WithContext(ctx))
	if rw.Code != http.StatusAccepted {
		t.Errorf("answered %d, want 202 before the handler has", rw.Code)
	}
	leave()
	close(release)
	o.work.Wait()
	if !strings.Contains(o.last(), "Logged") {
		t.Errorf("said %s", o.last())
	}
}

func TestHTTPWithoutAKey(t *testing.T) {
	b := newBooth(t)
	rw := httptest.NewRecorder()
	b.ServeHTTP(rw, httptest.NewRequest(http.MethodPost, "/discord/interactions", nil))
	if rw.Code != http.StatusNotFound {
		t.Errorf("answered %d, want 404: there is nothing to know Discord by", rw.Code)
	}
}
