package chattest_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
)

// fault is what TestFaulty does wrong, when it is started for that.
const fault = "PAYOFF_CHATTEST_FAULT"

func TestMemory(t *testing.T) { chattest.Run(t, newMemory("")) }

// TestFaulty is run by TestSuiteFinds, and fails.
func TestFaulty(t *testing.T) {
	if os.Getenv(fault) == "" {
		t.Skip("run by TestSuiteFinds")
	}
	chattest.Run(t, newMemory(os.Getenv(fault)))
}

// TestSuiteFinds has the suite find one fault after the other.
func TestSuiteFinds(t *testing.T) {
	for name, want := range map[string]string{
		"from":    "Events/typed_command",
		"id":      "Events/delivered_twice",
		"call":    "Events/button",
		"admin":   "Events/admin_is_looked_up",
		"private": "Replies/private",
		"update":  "Replies/update",
		"typed":   "Forms/errors_in_place",
		"key":     "Sending/same_key",
		"find":    "Sending/found_by_its_key",
		"markup":  "Hostile/text",
		"large":   "Shapes/many_blocks",
		"panic":   "Trouble/handler_panics",
		"leak":    "Trouble/stopped",
	} {
		group, test, _ := strings.Cut(want, "/")
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFaulty$/^"+group+"$/^"+test+"$")
		cmd.Env = append(os.Environ(), fault+"="+name)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil { // all at once: most of them wait for what does not come
			t.Fatal(err)
		}
		defer func() {
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) || !strings.Contains(out.String(), "--- FAIL: TestFaulty/"+want) {
				t.Errorf("an adapter with the fault %q: %v, want %s to fail\n%s", name, err, want, &out)
			}
		}()
	}
}

func TestPlatform(t *testing.T) {
	var p chattest.Platform
	ctx := t.Context()
	ann := chat.Address{Platform: "test", Space: "s", Person: "ann"}
	hello := chat.Message{Blocks: []chat.Block{chat.T("Hello")}}

	p.Fail(chat.RateLimited, chat.Transient, chat.Gone, chat.Invalid)
	for _, want := range []chat.ErrorKind{chat.RateLimited, chat.Transient, chat.Gone, chat.Invalid} {
		_, err := p.Send(ctx, ann, hello, "k")
		checkKind(t, err, want)
	}
	p.Lose()
	_, err := p.Send(ctx, ann, hello, "k")
	checkKind(t, err, chat.Transient)
	r, err := p.Send(ctx, ann, hello, "k")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Edit(ctx, r, chat.Message{Summary: "Edited"}); err != nil {
		t.Fatal(err)
	}
	sent := p.Sent()
	if len(sent) != 1 || sent[0].Edits != 1 || sent[0].Message.Summary != "Edited" || sent[0].Key != "k" {
		t.Errorf("Sent() = %+v, want one message of the key, edited once", sent)
	}
	checkKind(t, p.Edit(ctx, chat.Receipt{}, hello), chat.Gone)

	p.FailFor(ann, chat.Gone)
	_, err = p.Send(ctx, ann, hello, "k2")
	checkKind(t, err, chat.Gone)
	p.FailFor(ann, "")
	if _, err = p.Send(ctx, ann, hello, "k2"); err != nil {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = p.Send(cancelled, ann, hello, "k3")
	checkKind(t, err, chat.Transient)
}

func checkKind(t *testing.T, err error, want chat.ErrorKind) {
	t.Helper()
	var e *chat.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Errorf("error = %v, want kind %q", err, want)
	}
	if want == chat.RateLimited && e != nil && e.RetryAfter != time.Second {
		t.Errorf("RetryAfter = %s, want a second", e.RetryAfter)
	}
}
