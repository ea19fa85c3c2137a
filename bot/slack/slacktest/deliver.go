package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// https://docs.slack.dev/apis/events-api: an app answers within three seconds, and an event
// that it does not answer comes again, three times. Slack waits a minute and five minutes
// before the last two; nobody here has that long.
const (
	ackLimit     = 3 * time.Second
	eventRepeats = 3
)

// Kinds of deliveries, as Socket Mode names them.
const (
	ofCommands     = "slash_commands"
	ofInteractions = "interactive"
	ofEvents       = "events_api"
)

// wires are Socket Mode, HTTP deliveries and installs: all that half two keeps.
type wires struct {
	client    *http.Client // for HTTP deliveries
	verifying sync.Mutex   // an address is asked once, or the second challenge is a replay

	mu       sync.Mutex // never taken with Slack.mu held, nor the other way round
	acks     []Ack
	verified map[string]bool // addresses that have answered url_verification
	grants   map[string]issued
	sockets  sockets

	acts map[string]*delivery // by workspace, kind and id; guarded by Slack.mu
}

// startWires is called by New when the server listens; endWires before it closes.
func (s *Slack) startWires() {
	s.wires = wires{
		client:   &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		verified: map[string]bool{},
		grants:   map[string]issued{},
		acts:     map[string]*delivery{},
	}
	s.exchange = s.redeem
	s.startSockets()
}

func (s *Slack) endWires() {
	s.endSockets()
	s.wires.client.CloseIdleConnections()
}

// Acks are how long each delivery so far waited for its acknowledgement.
func (s *Slack) Acks() []Ack {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	return slices.Clone(s.wires.acks)
}

// A delivery is one thing that the app is told of. What it holds is never changed, however
// often it is brought.
type delivery struct {
	kind    string
	payload json.RawMessage // what a socket carries
	path    string          // where HTTP brings it, below the app's address
	body    []byte          // what HTTP carries there
	form    bool            // and whether that is a form
	accepts bool            // whether the acknowledgement may say something
	view    string          // the form that was submitted

	mu     sync.Mutex
	times  int    // how often it was brought
	failed string // why it had to be brought again
	signed int64  // when it was signed last, in Unix seconds
}

// once is one bringing of a delivery: the number of those before, and why it is repeated.
type once struct {
	*delivery
	retry  int
	reason string
}

func (d *delivery) next() once {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := once{delivery: d, retry: d.times, reason: d.failed}
	if o.retry > 0 && o.reason == "" {
		o.reason = "timeout" // the acknowledgement was lost on its way
	}
	d.times++
	return o
}

// signingTime is now, but later than the last time: a repeat that Slack makes is never signed
// like what it repeats, although tests are faster than Slack.
func (d *delivery) signingTime(s *Slack) int64 {
	now := s.unix()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.signed = max(d.signed+1, now)
	return d.signed
}

func (s *Slack) unix() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now().Unix()
}

func (d *delivery) failedBy(reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = reason
}

// A setback is a delivery that did not succeed: reason is Slack's word for it, and last says
// that it is not to be brought again.
type setback struct {
	reason string
	last   bool
	err    error
}

func (b *setback) Error() string { return b.err.Error() }
func (b *setback) Unwrap() error { return b.err }

// bring delivers d, an event again if need be, and returns what the acknowledgement says.
func (s *Slack) bring(d *delivery) (answer []byte, err error) {
	tries := 1
	if d.kind == ofEvents {
		tries += eventRepeats
	}
	for range tries {
		var bad *setback
		if answer, err = s.bringOnce(d.next()); err == nil {
			return answer, nil
		} else if errors.As(err, &bad) {
			d.failedBy(bad.reason)
			if bad.last {
				break
			}
		}
	}
	return nil, fmt.Errorf("deliver %s: %w", d.kind, err)
}

func (s *Slack) bringOnce(o once) (answer []byte, err error) {
	s.mu.Lock()
	to := s.deliverTo
	s.mu.Unlock()
	if to == "" {
		return s.bringBySocket(o)
	}
	if o.kind == ofEvents {
		if err := s.verify(to); err != nil {
			return nil, &setback{reason: "error", last: true, err: err}
		}
	}
	header := http.Header{}
	if o.retry > 0 {
		header.Set("X-Slack-Retry-Num", strconv.Itoa(o.retry))
		header.Set("X-Slack-Retry-Reason", "http_"+o.reason)
	}
	kind := "application/json"
	if o.form {
		kind = "application/x-www-form-urlencoded"
	}
	header.Set("Content-Type", kind)
	began := time.Now()
	answer, err = s.postSigned(to+o.path, header, o.body, o.signingTime(s))
	s.acked(o.kind, began, err == nil)
	return answer, err
}

func (s *Slack) acked(kind string, began time.Time, ok bool) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	s.wires.acks = append(s.wires.acks, Ack{Kind: kind, After: time.Since(began), OK: ok})
}

// verify asks an address, once, to repeat a challenge, as Slack does when it is entered.
// https://docs.slack.dev/reference/events/url_verification
func (s *Slack) verify(to string) error {
	s.wires.verifying.Lock()
	defer s.wires.verifying.Unlock()
	s.wires.mu.Lock()
	known := s.wires.verified[to]
	s.wires.mu.Unlock()
	if known {
		return nil
	}
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	body := encode(map[string]any{"token": verificationToken, "challenge": challenge, "type": "url_verification"})
	answer, err := s.postSigned(to+"/slack/events", http.Header{"Content-Type": {"application/json"}}, body, s.unix())
	if err != nil {
		return fmt.Errorf("verify the address: %w", err)
	}
	var object struct{ Challenge string }
	if _ = json.Unmarshal(answer, &object); object.Challenge != challenge && string(bytes.TrimSpace(answer)) != challenge {
		return fmt.Errorf("verify the address: it answered %q, not the challenge", answer)
	}
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	s.wires.verified[to] = true
	return nil
}

// postSigned makes one signed request.
func (s *Slack) postSigned(to string, header http.Header, body []byte, at int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ackLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = header
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	s.sign(r.Header, body, at)
	resp, err := s.wires.client.Do(r)
	if err != nil {
		return nil, &setback{reason: "timeout", err: fmt.Errorf("not acknowledged within %s: %w", ackLimit, err)}
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, &setback{reason: "timeout", err: fmt.Errorf("read the acknowledgement: %w", err)}
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, &setback{reason: "error", last: resp.Header.Get("X-Slack-No-Retry") == "1", err: fmt.Errorf("answered %s: %s", resp.Status, answer)}
	}
	return answer, nil
}

// sign signs a request as it is sent at a time.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func (s *Slack) sign(header http.Header, body []byte, at int64) {
	mac := hmac.New(sha256.New, []byte(s.SigningSecret()))
	_, _ = fmt.Fprintf(mac, "v0:%d:%s", at, body)
	header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(at, 10))
	header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// encode is v as JSON, as Slack writes it: with < and > as they are.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("slacktest: encode %T: %v", v, err)) // only values made here are encoded
	}
	return bytes.TrimSpace(b.Bytes())
}
