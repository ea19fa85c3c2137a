package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"
)

// A respondAs is what an answer through a response address becomes.
type respondAs int

const (
	forPerson respondAs = iota // a message only they see
	forAll                     // one for the room
	instead                    // in place of the message whose button was pressed
)

// respond answers through a response address. Errors that mean the address is used up or too
// old are Gone.
//
// It tries again whatever went wrong on the way. A connection that was cut does not tell
// whether Slack had read all of it, and nothing can be looked up: an answer that comes twice
// is better than a receipt that never comes. An answer that replaces a message is the same
// twice.
func (w *workspace) respond(ctx context.Context, address string, p page, how respondAs) error {
	if address == "" {
		return goneFor(responseAddress, "there is none")
	}
	return w.withPictures(ctx, p.blocks, func(blocks []slackapi.Block) error {
		body, err := json.Marshal(answerOf(p.text, blocks, how))
		if err != nil {
			return translate(responseAddress, slackapi.SlackErrorResponse{Err: "invalid_blocks"})
		}
		return w.call(ctx, request{method: responseAddress, effort: asked()}, func(ctx context.Context) error {
			return w.postTo(ctx, address, body)
		})
	})
}

func answerOf(text string, blocks []slackapi.Block, how respondAs) slackapi.WebhookMessage {
	unfurl := false
	m := slackapi.WebhookMessage{
		Text:            text,
		ReplaceOriginal: how == instead,
		UnfurlLinks:     &unfurl,
		UnfurlMedia:     &unfurl,
	}
	if len(blocks) > 0 {
		m.Blocks = &slackapi.Blocks{BlockSet: blocks}
	}
	switch how {
	case forPerson:
		m.ResponseType = slackapi.ResponseTypeEphemeral
	case forAll:
		m.ResponseType = slackapi.ResponseTypeInChannel
	}
	return m
}

// postTo posts to a response address. slack-go would look at the status alone, and what is
// wrong with an answer Slack says in the body: with 404, as it does of an address that is
// used up. https://github.com/slackapi/java-slack-sdk/issues/1349
func (w *workspace) postTo(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return goneFor(responseAddress, "it is no address")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return err
	}
	status := resp.StatusCode
	switch code := refusal(status, answer); {
	case status == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &slackapi.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	case status >= http.StatusInternalServerError:
		return slackapi.StatusCodeError{Code: status}
	case code != "":
		return slackapi.SlackErrorResponse{Err: code}
	case status == http.StatusNotFound, status == http.StatusGone:
		return goneFor(responseAddress, "it is used up")
	case status != http.StatusOK:
		return slackapi.StatusCodeError{Code: status}
	case bytes.HasPrefix(bytes.TrimSpace(answer), []byte("<")):
		return errNothing // a page about some trouble; whatever else comes with 200 is taken for "ok"
	}
	return nil
}

var word = regexp.MustCompile(`^[a-z][a-z_]+$`)

// refusal is Slack's word for what is wrong, in JSON or on its own.
func refusal(status int, answer []byte) string {
	var said struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(answer, &said) == nil && said.OK != nil {
		if *said.OK {
			return ""
		}
		return said.Error
	}
	if text := strings.TrimSpace(string(answer)); status != http.StatusOK && word.MatchString(text) {
		return text
	}
	return ""
}
