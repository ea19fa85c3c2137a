package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// ackLimit: https://docs.discord.com/developers/interactions/receiving-and-responding: "You must
// send an initial response within 3 seconds of receiving the event".
const ackLimit = 3 * time.Second

// interactionsPath is where an app of these tests takes interactions over HTTP.
const interactionsPath = "/discord/interactions"

// acts are the gateway, deliveries, and what is open before people. What stands below probing
// is guarded by d.mu.
type acts struct {
	client  *http.Client // for HTTP deliveries
	gateway *Gateway
	probing sync.Mutex // an address is probed once

	probed    map[string]error // by address
	delivered map[string]*delivery
	modals    map[string]*openModal // by person
	tamper    func(payload map[string]any)
	newer     bool
	patience  time.Duration
}

// startActs is called by New when the server listens; endActs before it closes.
func (d *Discord) startActs() {
	d.acts = acts{
		client: &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		probed: map[string]error{}, delivered: map[string]*delivery{}, modals: map[string]*openModal{},
		patience: ackLimit,
	}
	d.startGateway()
}

func (d *Discord) endActs() {
	d.acts.gateway.end()
	d.acts.client.CloseIdleConnections()
}

// DeliverTo has interactions come to url + "/discord/interactions", signed, which is probed
// first as Discord does; "" is the gateway again, as at first.
func (d *Discord) DeliverTo(url string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deliverTo = url
}

// Tamper changes what every interaction that is built from now on carries, as Discord's JSON; nil
// is no longer. It makes what no person of these tests can do.
func (d *Discord) Tamper(change func(payload map[string]any)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts.tamper = change
}

// Newer has everything that is delivered from now on carry what a later API may add: fields,
// components and kinds of values that nobody knows yet.
func (d *Discord) Newer(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts.newer = on
}

// Patience is how long an act waits for its acknowledgement: Discord's three seconds unless told.
// It is for tests in which none is to come.
func (d *Discord) Patience(wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts.patience = wait
}

// A delivery is one interaction that payoff is told of, however often it is brought.
type delivery struct {
	in   *interaction
	body json.RawMessage
}

// act is the delivery of an act of one person. It is built, with d.mu held, the first time that
// an act of this kind has this id; afterwards it is the same. Without an id it is a new one
// each time.
func (d *Discord) act(kind, id, user string, build func() (*delivery, error)) (*delivery, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := kind + "/" + user + "/" + id
	if known := d.acts.delivered[key]; known != nil && id != "" {
		return known, nil
	}
	made, err := build()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	d.acts.delivered[key] = made
	return made, nil
}

// bring delivers an interaction and waits until payoff has acknowledged it.
func (d *Discord) bring(what *delivery) error {
	d.mu.Lock()
	to, wait := d.deliverTo, d.acts.patience
	d.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	if err := d.hand(to, what); err != nil {
		return err
	}
	select {
	case <-what.in.acked:
		return nil
	case <-timer.C:
		return fmt.Errorf("the application did not respond within %s", wait)
	case <-d.ended:
		return errors.New("the test is over")
	}
}

// hand gives an interaction to the gateway, or to an address.
func (d *Discord) hand(to string, what *delivery) error {
	if to != "" {
		if err := d.bringByHTTP(to, what); err != nil {
			return fmt.Errorf("deliver to %s: %w", to, err)
		}
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	guild := ""
	if g := what.in.guild; g != nil {
		guild = g.id
	}
	return d.acts.gateway.bring(guild, "INTERACTION_CREATE", what.body)
}

// Deliver brings any JSON as an interaction, without waiting for anything: by the gateway to the
// first shard, or over HTTP, signed, where a refusal is the error.
func (d *Discord) Deliver(raw []byte) error {
	d.mu.Lock()
	to := d.deliverTo
	if to == "" {
		defer d.mu.Unlock()
		return d.acts.gateway.bring("", "INTERACTION_CREATE", raw)
	}
	d.mu.Unlock()
	_, err := d.postSigned(to, raw)
	return err
}

// bringByHTTP posts an interaction. An answer that is not empty is the callback itself, as
// Discord takes it, and goes where callbacks are held against the limits.
func (d *Discord) bringByHTTP(to string, what *delivery) error {
	if err := d.probe(to); err != nil {
		return fmt.Errorf("Discord does not take this address: %w", err)
	}
	resp, err := d.postSigned(to, what.body)
	if err != nil || len(resp.body) == 0 {
		return err
	}
	callback := fmt.Sprintf("%s/api/v10/interactions/%s/%s/callback", d.URL(), what.in.id, what.in.token)
	header := http.Header{"Content-Type": {resp.kind}, "User-Agent": {"DiscordBot (discordtest, inline)"}}
	if _, err = d.postTo(callback, header, resp.body); err != nil {
		return errors.New("the answer was refused as a callback")
	}
	return nil
}

// A response is what an app answered with a 2xx.
type response struct {
	kind string // its content type
	body []byte
}

// postSigned makes one request as Discord makes them.
func (d *Discord) postSigned(to string, body []byte) (response, error) {
	d.mu.Lock()
	at := d.now()
	d.mu.Unlock()
	return d.postTo(to+interactionsPath, d.Signed(body, at), body)
}

// Signed is the header of a delivery of a body, signed at a time.
// https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
func (d *Discord) Signed(body []byte, at time.Time) http.Header {
	return signedBy(d.key, body, at)
}

func signedBy(key ed25519.PrivateKey, body []byte, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	header.Set("X-Signature-Timestamp", stamp)
	header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), body...))))
	return header
}

// A badStatus is an answer that is no 2xx.
type badStatus struct {
	status int
	body   []byte
}

func (b *badStatus) Error() string {
	return fmt.Sprintf("answered %d %s: %s", b.status, http.StatusText(b.status), excerpt(b.body))
}

func (d *Discord) postTo(to string, header http.Header, body []byte) (response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ackLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return response{}, err
	}
	r.Header = header
	resp, err := d.acts.client.Do(r)
	if err != nil {
		return response{}, fmt.Errorf("no answer within %s: %w", ackLimit, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return response{}, fmt.Errorf("read the answer: %w", err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return response{}, &badStatus{resp.StatusCode, answer}
	}
	return response{resp.Header.Get("Content-Type"), answer}, nil
}

// probe holds an address against what Discord demands of one before it saves it, and now and
// then afterwards: a ping is answered, a bad signature is refused. One that fails it also fails
// the test.
func (d *Discord) probe(to string) error {
	d.acts.probing.Lock()
	defer d.acts.probing.Unlock()
	d.mu.Lock()
	err, known := d.acts.probed[to]
	d.mu.Unlock()
	if known {
		return err
	}
	if err = d.tryAddress(to); err != nil {
		d.t.Errorf("discordtest: probe of %s%s: %v", to, interactionsPath, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts.probed[to] = err
	return err
}

func (d *Discord) tryAddress(to string) error {
	d.mu.Lock()
	at, id, developer := d.now(), d.nextID(), d.userJSON(applicationID)
	d.mu.Unlock()
	question := encode(object{
		"type": 1, "id": id, "application_id": applicationID, "token": "aW50ZXJhY3Rpb24.ping.discordtest", "version": 1,
		"app_permissions": "0", "authorizing_integration_owners": object{}, "entitlements": []any{}, "user": developer,
	})
	resp, err := d.postTo(to+interactionsPath, d.Signed(question, at), question)
	if err != nil {
		return fmt.Errorf("a ping: %w", err)
	}
	var pong struct{ Type int }
	kind, _, _ := mime.ParseMediaType(resp.kind)
	if json.Unmarshal(resp.body, &pong) != nil || pong.Type != pongCallback || kind != "application/json" {
		return fmt.Errorf("a ping was answered %q as %q, and not with type 1 as application/json", excerpt(resp.body), resp.kind)
	}
	seed := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	moved := d.Signed(question, at)
	moved.Set("X-Signature-Timestamp", strconv.FormatInt(at.Unix()+1, 10))
	for what, header := range map[string]http.Header{
		"of another key": signedBy(ed25519.NewKeyFromSeed(seed), question, at), "of another time": moved,
	} {
		var bad *badStatus
		if _, err := d.postTo(to+interactionsPath, header, question); !errors.As(err, &bad) || bad.status != http.StatusUnauthorized {
			return fmt.Errorf("a signature %s was not answered with 401: %w", what, errOr(err, "it was taken"))
		}
	}
	return nil
}

// errOr is an error where there is none.
func errOr(err error, otherwise string) error {
	if err == nil {
		return errors.New(otherwise)
	}
	return err
}
