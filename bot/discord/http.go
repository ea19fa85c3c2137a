package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	maxInteraction = 1 << 20 // bytes; Discord's own are far smaller

	// signatureWindow is how old a signature may be: ours, for Discord names none.
	signatureWindow = 5 * time.Minute
)

// mux routes /discord/interactions, where there is a key to know Discord by.
func (a *Adapter) mux() http.Handler {
	m := http.NewServeMux()
	if key, err := a.cfg.publicKey(); err == nil && key != nil {
		m.HandleFunc("POST /discord/interactions", func(rw http.ResponseWriter, r *http.Request) { a.deliver(rw, r, key) })
	}
	return m
}

// deliver takes an interaction that Discord signed. It is answered as one of the gateway is, so
// that the request itself is told no more than that it has come.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback
func (a *Adapter) deliver(rw http.ResponseWriter, r *http.Request, key ed25519.PublicKey) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxInteraction))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		http.Error(rw, "That is more than Discord would deliver.", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(rw, "There is nothing in that.", http.StatusBadRequest)
		return
	case !signed(r.Header, body, key, a.rest.traffic.clock()):
		a.log.DebugContext(r.Context(), "discord: a request was refused that Discord did not sign, or not now")
		http.Error(rw, "That is not signed by Discord, or not now.", http.StatusUnauthorized)
		return
	}
	if !a.begin() {
		http.Error(rw, "Not now; try again.", http.StatusServiceUnavailable)
		return
	}
	if objectOf(body).number("type") == kindPing {
		a.work.Done()
		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, `{"type":1}`)
		return
	}
	rw.WriteHeader(http.StatusAccepted)
	go func() {
		defer a.work.Done()
		a.serve(a.life, body)
	}()
}

// signed holds a signature against the time and the raw body, of which nothing is read before.
// The time is real time, as Discord's is: the clock in a Config is the calendar's.
// https://docs.discord.com/developers/interactions/overview#validating-security-request-headers
func signed(h http.Header, body []byte, key ed25519.PublicKey, now time.Time) bool {
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	stamp := h.Get("X-Signature-Timestamp")
	if err != nil || !ed25519.Verify(key, append([]byte(stamp), body...), signature) {
		return false
	}
	at, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && now.Sub(time.Unix(at, 0)).Abs() <= signatureWindow
}
