package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	ada, bob, cat = "200000000000000001", "200000000000000002", "200000000000000003"
	lobby, vault  = "300000000000000001", "300000000000000002"
	hidden, muted = "300000000000000003", "300000000000000004"
	nowhere       = "900000000000000009"
)

// A judged is a test that a Discord fails without failing the real one.
type judged struct {
	testing.TB
	mu   sync.Mutex
	told []string
}

func (j *judged) Errorf(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.told = append(j.told, fmt.Sprintf(format, args...))
}

func (j *judged) count() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.told)
}

// A raw is a Discord that is called by plain HTTP. Every answer that is no refusal is held
// against Discord's own document, so that the fake tells no lies.
type raw struct {
	*Discord
	t *testing.T
	j *judged
	g *Guild
}

// village is a server with an admin, two more, and a channel of each kind. Its clock stands.
func village(t *testing.T) raw {
	t.Helper()
	j := &judged{TB: t}
	d := New(j)
	began := time.Now()
	d.mu.Lock()
	d.clock = func() time.Time { return began } // it moves by Advance alone
	d.mu.Unlock()
	g := d.Guild("Village")
	g.AddUser(User{ID: ada, Name: "Ada", Nick: "Ada L", Admin: true})
	g.AddUser(User{ID: bob, Name: "Bob", Closed: true})
	g.AddUser(User{ID: cat, Name: "Cat"})
	g.AddChannel(Channel{ID: lobby, Name: "lobby"})
	g.AddChannel(Channel{ID: vault, Name: "vault", Members: []string{ada}})
	g.AddChannel(Channel{ID: hidden, Name: "hidden", Hidden: true})
	g.AddChannel(Channel{ID: muted, Name: "muted", ReadOnly: true})
	return raw{Discord: d, t: t, j: j, g: g}
}

// A reply is what was answered.
type reply struct {
	status int
	header http.Header
	text   string
	body   any
	err    error
}

// field is a value in the body, "0.id".
func (r reply) field(path string) any {
	at := r.body
	for step := range strings.SplitSeq(path, ".") {
		switch inside := at.(type) {
		case map[string]any:
			at = inside[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(inside) {
				return nil
			}
			at = inside[i]
		default:
			return nil
		}
	}
	return at
}

// get is a value in the body as text, "" when there is none.
func (r reply) get(path string) string {
	if value := r.field(path); value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// send carries out a request as it is.
func (w raw) send(r *http.Request) reply {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{err: err}
	}
	got := reply{status: resp.StatusCode, header: resp.Header, text: string(content)}
	if len(content) > 0 {
		got.body, _ = jsonschema.UnmarshalJSON(bytes.NewReader(content))
	}
	return got
}

// request is one of the API with what each must have.
func (w raw) request(method, path, kind string, body io.Reader) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.URL()+"/api/v9"+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
	r.Header.Set("Authorization", "Bot "+w.Token())
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

// call makes one with a JSON body, "" for none.
func (w raw) call(method, path, body string) reply {
	w.t.Helper()
	r := w.request(method, path, "", nil)
	if body != "" {
		r = w.request(method, path, "application/json", strings.NewReader(body))
	}
	got := w.send(r)
	w.honest(got)
	return got
}

// upload makes one with files, each under its n.
func (w raw) upload(method, path, body string, files ...string) reply {
	w.t.Helper()
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	part := func(header, content string) {
		out, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {header}, "Content-Type": {"image/png"}})
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = io.WriteString(out, content)
	}
	part(`form-data; name="payload_json"`, body)
	for i, name := range files {
		part(fmt.Sprintf(`form-data; name="files[%d]"; filename=%q`, i, name), "content of "+name)
	}
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	got := w.send(w.request(method, path, form.FormDataContentType(), &buffer))
	w.honest(got)
	return got
}

var braces = regexp.MustCompile(`\{[^}]*\}`)

// honest holds an answer against what the document says that Discord answers.
func (w raw) honest(got reply) {
	w.t.Helper()
	s, err := openAPI()
	if err != nil || s == nil || got.body == nil || got.status >= 300 {
		return
	}
	calls := w.Calls()
	last := calls[len(calls)-1]
	paths, _ := s.doc["paths"].(map[string]any)
	for name := range paths {
		if braces.ReplaceAllString(name, "") != braces.ReplaceAllString(last.Route, "") || strings.Contains(name, "@original") {
			continue
		}
		k := &checker{}
		pointer := []string{"paths", name, strings.ToLower(last.Method), "responses", fmt.Sprint(got.status), "content", "application/json", "schema"}
		if err := s.hold(k, got.body, pointer); err != nil {
			w.t.Errorf("%s %s: %v", last.Method, last.Route, err)
		}
		for _, p := range k.problems {
			w.t.Errorf("the fake answers %s %s with %s: %s", last.Method, last.Route, p.at, p.say)
		}
		return
	}
	w.t.Errorf("the document has no %s", last.Route)
}

// ok ends the test when a call was refused, or failed the fake's test.
func (w raw) ok(got reply) reply {
	w.t.Helper()
	if got.err != nil || got.status >= 300 || w.j.count() > 0 {
		w.t.Fatalf("answered %d %s %v; told %q", got.status, got.text, got.err, w.j.told)
	}
	return got
}

// refused holds an answer to be a refusal that failed the fake's test once.
func (w raw) refused(got reply, status, code int) {
	w.t.Helper()
	if got.status != status || got.get("code") != fmt.Sprint(code) || got.get("message") == "" {
		w.t.Errorf("answered %d %s %v, want %d with code %d", got.status, got.text, got.err, status, code)
	}
	if n := w.j.count(); n != 1 {
		w.t.Errorf("the test is failed %d times, want 1: %q", n, w.j.told)
	}
	for _, told := range w.j.told {
		if strings.Contains(told, botToken) {
			w.t.Errorf("the failure holds the token: %s", told)
		}
	}
	w.j.told = nil
}

// interaction makes one as ACTS does.
func (w raw) interaction(kind int, user, channel, message string) *interaction {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := w.interact(kind, user, w.channels[channel])
	in.message = message
	return in
}

// seen are the contents of messages that someone sees.
func (w raw) seen(user, channel string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	c := w.channels[channel]
	for _, m := range c.messages {
		if c.sees(user) && m.seenBy(user) {
			all = append(all, m.content)
		}
	}
	return all
}

func encoded(value any) string {
	out, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(out)
}
