package discord

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"

	"payoff/bot/chat"
)

const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

// newWire is one that hears a text.
func newWire(heard io.Reader) *wire {
	ctx, end := context.WithCancelCause(context.Background())
	return &wire{in: bufio.NewReader(heard), ctx: ctx, end: end, acknowledged: &atomic.Int64{}}
}

// framed is a frame as a server sends it.
func framed(last bool, kind byte, payload string) []byte {
	if last {
		kind |= 0x80
	}
	head := []byte{kind, byte(len(payload))}
	switch {
	case len(payload) > 0xffff:
		head = binary.BigEndian.AppendUint64([]byte{kind, 127}, uint64(len(payload)))
	case len(payload) > 125:
		head = binary.BigEndian.AppendUint16([]byte{kind, 126}, uint16(len(payload)))
	}
	return append(head, payload...)
}

// TestWireHears: what discordgo hears, and how the connection ends.
func TestWireHears(t *testing.T) {
	const hello, ack = `{"op":10,"d":{"heartbeat_interval":41250}}`, `{"op":11}`
	interaction := `{"op":0,"s":2,"t":"INTERACTION_CREATE","d":{"x":"` + strings.Repeat("é", 40_000) + `"}}`
	closed := func(code uint16) []byte {
		return framed(true, 8, string(binary.BigEndian.AppendUint16(nil, code))+"why")
	}
	text := func(s string) []byte { return framed(true, 1, s) }
	for _, c := range []struct {
		name  string
		heard [][]byte
		want  int // of these frames are passed on
		end   error
	}{
		{"a conversation", [][]byte{text(hello), text(ack), text(interaction), text(`{"op":0,"t":"READY","d":{}}`), text(`{"op":1}`), text(`{"op":77}`)}, 6, io.EOF},
		{"pings", [][]byte{framed(true, 9, "p"), framed(true, 10, "")}, 2, io.EOF},
		{"fragments", [][]byte{framed(false, 1, interaction[:70_000]), framed(true, 9, "p"), framed(false, 0, ""), framed(true, 0, interaction[70_000:])}, 4, io.EOF},
		{"fragments of what it must not hear", [][]byte{framed(false, 1, `{"op"`), framed(true, 0, `:7}`)}, 0, errReconnect},
		{"reconnect", [][]byte{text(hello), text(`{"t":null,"s":null,"op":7,"d":null}`), text(ack)}, 1, errReconnect},
		{"invalid", [][]byte{text(`{"op":9,"d":false}`)}, 0, errInvalid},
		{"invalid, in some other way", [][]byte{text(`{"op":9}`)}, 0, errInvalid},
		{"invalid, to be resumed", [][]byte{text(`{"op":9,"d":true}`)}, 0, errReconnect},
		{"no op", [][]byte{text(`{}`)}, 0, errGarbled},
		{"null", [][]byte{text(`null`)}, 0, errGarbled},
		{"a list", [][]byte{text(`[]`)}, 0, errGarbled},
		{"no JSON", [][]byte{text(`{"op":`)}, 0, errGarbled},
		{"a heartbeat interval of nought", [][]byte{text(`{"op":10,"d":{"heartbeat_interval":0}}`)}, 0, errGarbled},
		{"a huge one", [][]byte{text(`{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`)}, 0, errGarbled},
		{"none", [][]byte{text(`{"op":10}`)}, 0, errGarbled},
		{"compressed", [][]byte{framed(true, 2, "x")}, 0, errGarbled},
		{"an unknown kind", [][]byte{framed(true, 5, "x")}, 0, errGarbled},
		{"masked", [][]byte{{0x81, 0x81, 0, 0, 0, 0, 'x'}}, 0, errGarbled},
		{"too large", [][]byte{{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, 0, errGarbled},
		{"too large in pieces", [][]byte{framed(false, 1, strings.Repeat("x", 3<<20)), framed(false, 0, strings.Repeat("x", 2<<20))}, 0, errGarbled},
		{"cut", [][]byte{{0x81, 20, 'x'}}, 0, io.ErrUnexpectedEOF},
		{"closed", [][]byte{closed(4004), text(ack)}, 0, &websocket.CloseError{Code: 4004}},
		{"closed without a code", [][]byte{framed(true, 8, "")}, 0, &websocket.CloseError{Code: 1005}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWire(io.MultiReader(strings.NewReader(switching), bytes.NewReader(bytes.Join(c.heard, nil))))
			got, err := io.ReadAll(iotest.OneByteReader(io.LimitReader(w, 1<<20)))
			if err == nil {
				err = io.EOF
			}
			order := c.heard
			if strings.HasPrefix(c.name, "fragments") && len(order) > 3 {
				order = [][]byte{order[1], order[0], order[2], order[3]} // a ping is not held up
			}
			want := switching + string(bytes.Join(order[:c.want], nil))
			if string(got) != want {
				t.Errorf("discordgo hears %d bytes, want %d", len(got), len(want))
			}
			var closed, wanted *websocket.CloseError
			if errors.As(c.end, &wanted) {
				if !errors.As(err, &closed) || closed.Code != wanted.Code {
					t.Errorf("it ends by %v, want %v", err, c.end)
				}
			} else if !errors.Is(err, c.end) {
				t.Errorf("it ends by %v, want %v", err, c.end)
			}
		})
	}
}

// TestWireIsRefused: a handshake that is refused is over at once, although the connection stays.
func TestWireIsRefused(t *testing.T) {
	for _, head := range []string{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", "HTTP/1.1\r\n\r\n", "\r\n\r\n"} {
		more, end := io.Pipe()
		t.Cleanup(func() { _ = end.Close() })
		w := newWire(io.MultiReader(strings.NewReader(head), more))
		if _, err := io.ReadAll(w); !errors.Is(err, errRefused) {
			t.Errorf("after %q the wire ends with %v, want %v", head, err, errRefused)
		}
	}
}

// TestWirePassesOnWhatGorillaSends: however a message is cut into frames, and those into reads.
func TestWirePassesOnWhatGorillaSends(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all, pings []byte
		var want []byte
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			message := fmt.Sprintf(`{"op":11,"d":%q}`, strings.Repeat("x", rapid.SampledFrom([]int{0, 1, 100, 125, 126, 4096, 65535, 65536, 70000}).Draw(t, "length")))
			for kind := byte(1); ; kind = 0 {
				n := rapid.IntRange(0, len(message)).Draw(t, "cut")
				last := n == len(message)
				f := framed(last, kind, message[:n])
				all, want, message = append(all, f...), append(want, f...), message[n:]
				if last {
					break
				}
				if rapid.Bool().Draw(t, "ping") {
					ping := framed(true, 9, "p")
					all, pings = append(all, ping...), append(pings, ping...)
				}
			}
		}
		w := newWire(io.MultiReader(strings.NewReader(switching), bytes.NewReader(all)))
		got, err := io.ReadAll(io.LimitReader(w, 1<<22))
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if len(got) != len(switching)+len(want)+len(pings) {
			t.Errorf("%d bytes came through, want all %d", len(got), len(switching)+len(want)+len(pings))
		}
		if len(pings) == 0 && string(got) != switching+string(want) {
			t.Error("what came through is something else")
		}
	})
}

// FuzzWire: whatever Discord says, discordgo hears no op 7 and no op 9, and nothing panics.
func FuzzWire(f *testing.F) {
	f.Add(framed(true, 1, `{"op":7}`))
	f.Add(framed(true, 1, `{"op":10,"d":{"heartbeat_interval":1}}`))
	f.Add(append(framed(false, 1, `{"op"`), framed(true, 0, `:9,"d":false}`)...))
	f.Add(framed(true, 8, "\x0f\xa4"))
	f.Add([]byte{0x81, 127, 0, 0, 0, 0, 0, 0, 0, 200})
	f.Fuzz(func(t *testing.T, said []byte) {
		w := newWire(io.MultiReader(strings.NewReader(switching), bytes.NewReader(said)))
		got, _ := io.ReadAll(io.LimitReader(w, 1<<20))
		in := bufio.NewReader(bytes.NewReader(got[len(switching):]))
		for {
			whole, payload, err := readFrame(in)
			if err != nil {
				return
			}
			var m struct{ Op int }
			if whole[0] == 0x81 && (json.Unmarshal(payload, &m) != nil || m.Op == opReconnect || m.Op == opInvalid) {
				t.Errorf("discordgo hears %q", payload)
			}
		}
	})
}

// TestWireIsCut: whoever ends the wire frees whoever reads or writes, and nothing more goes out.
func TestWireIsCut(t *testing.T) {
	here, there := net.Pipe()
	w := newWire(here)
	w.Conn, w.writing = here, time.Minute
	context.AfterFunc(w.ctx, func() { _ = here.Close() })
	read := make(chan error, 1)
	go func() { _, err := w.Read(make([]byte, 1)); read <- err }()
	w.end(errSilent)
	if err := <-read; !errors.Is(err, errSilent) {
		t.Errorf("Read = %v, want %v", err, errSilent)
	}
	if _, err := w.Write([]byte("close")); !errors.Is(err, errSilent) {
		t.Errorf("Write = %v, want %v", err, errSilent)
	}
	if n, err := there.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("something went out")
	}
}

// TestGatewayOverTLS: the real gateway is behind TLS, and the wire hears through it.
func TestGatewayOverTLS(t *testing.T) {
	ready := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(rw, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":41250}}`))
		_, _, _ = c.ReadMessage() // IDENTIFY
		_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":0,"s":1,"t":"READY","d":{"session_id":"s"}}`))
		close(ready)
		_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4014, ""), time.Now().Add(time.Second))
		_, _, _ = c.ReadMessage()
	}))
	defer server.Close()
	a := &Adapter{cfg: Config{BotToken: chat.NewSecret(gatewayToken)}, log: slog.New(slog.DiscardHandler), life: t.Context()}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	g := newGateway(a, func(_ context.Context, _ call, out any) error {
		out.(*directions).URL = "wss" + strings.TrimPrefix(server.URL, "https")
		return nil
	}, nil)
	g.look = func(context.Context) error { return nil }
	g.tls = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	var refused *Refused
	if err := g.run(t.Context()); !errors.As(err, &refused) || !strings.Contains(refused.Say, "4014") {
		t.Errorf("run = %v, want the close code 4014", err)
	}
	<-ready
}
