package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"payoff/bot/chat"
)

// specSchemas are the schemas of Discord's own OpenAPI document that bodies are held to. Of
// what the document is lax about, the tests count by themselves.
type specSchemas struct {
	ofMessages map[string]*jsonschema.Schema
	modal      *jsonschema.Schema
}

// schemas is nil, with the reason, where the document is not there.
var schemas = sync.OnceValues(func() (*specSchemas, error) {
	const path = "../../../shared/specs/discord-openapi.json"
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not here: held to our own limits alone", path)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("discord.json", doc); err != nil {
		return nil, err
	}
	named := func(name string) *jsonschema.Schema { return c.MustCompile("discord.json#/components/schemas/" + name) }
	return &specSchemas{modal: named("ModalInteractionCallbackRequestData"), ofMessages: map[string]*jsonschema.Schema{
		"message": named("MessageCreateRequest"), "edit": named("MessageEditRequestPartial"),
		"followup": named("IncomingWebhookInteractionRequest"), "update": named("IncomingWebhookUpdateForInteractionCallbackRequestPartial"),
	}}, nil
})

func discordSchemas(t *testing.T) *specSchemas {
	t.Helper()
	s, err := schemas()
	if err != nil {
		t.Log(err)
	}
	return s
}

// TestSchemas says when the other tests hold nothing to Discord's document.
func TestSchemas(t *testing.T) {
	s, err := schemas()
	if err != nil {
		t.Skip(err)
	}
	if s.ofMessages["message"].Validate(map[string]any{"content": 1}) == nil || s.modal.Validate(map[string]any{"custom_id": "a", "title": "a"}) == nil {
		t.Error("the schemas take what is wrong")
	}
}

type failer interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// asJSON is what goes over the wire, read again.
func asJSON(t failer, v any) map[string]any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("Marshal: %v", err)
	}
	got, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatalf("Unmarshal: %v", err)
	}
	return got.(map[string]any)
}

// testID makes custom_ids as the adapter does: never more than 100 characters.
func testID(call string) string {
	if id := "c:7xq:" + call; utf16Len(id) <= 100 {
		return id
	}
	h := fnv.New64()
	h.Write([]byte(call))
	return fmt.Sprint("k:7xq:", h.Sum64())
}

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

// A wireText is what a test reads of pages, on its own account.
type wireText struct {
	text     strings.Builder // all that is read
	marks    []string        // markup that is none of ours
	labels   []string
	ids      []string
	pictures []string // by their names, as embeds show them
	alts     []string
	files    []string
}

func (w *wireText) markdown(s string) {
	r := readMarkdown(s)
	w.text.WriteString(r.text.String() + "\n")
	w.marks = append(w.marks, r.hasOther("bold", "code", "block", "room", "subtext")...)
}

func readPages(t failer, list ...page) *wireText {
	t.Helper()
	w := &wireText{}
	for _, p := range list {
		body := asJSON(t, p.body)
		w.markdown(body["content"].(string))
		for _, e := range body["embeds"].([]any) {
			w.embed(e.(map[string]any))
		}
		for _, row := range body["components"].([]any) {
			for _, b := range row.(map[string]any)["components"].([]any) {
				w.labels = append(w.labels, b.(map[string]any)["label"].(string))
				w.ids = append(w.ids, b.(map[string]any)["custom_id"].(string))
			}
		}
		for _, a := range body["attachments"].([]any) {
			if said, ok := a.(map[string]any)["description"]; ok {
				w.alts = append(w.alts, said.(string))
			} else {
				w.files = append(w.files, a.(map[string]any)["filename"].(string))
			}
		}
	}
	return w
}

func (w *wireText) embed(e map[string]any) {
	if s, ok := e["description"].(string); ok {
		w.markdown(s)
	}
	if fields, ok := e["fields"].([]any); ok {
		for _, f := range fields {
			w.markdown(f.(map[string]any)["name"].(string))
			w.markdown(f.(map[string]any)["value"].(string))
		}
	}
	if image, ok := e["image"].(map[string]any); ok {
		w.pictures = append(w.pictures, strings.TrimPrefix(image["url"].(string), "attachment://"))
	}
	if footer, ok := e["footer"].(map[string]any); ok {
		w.text.WriteString(footer["text"].(string) + "\n") // no markdown there
	}
}

// checkPages holds pages to what Discord takes.
func (s *specSchemas) checkPages(t failer, list []page) {
	t.Helper()
	if len(list) == 0 || len(list) > 5 {
		t.Errorf("%d pages, want one to five", len(list))
	}
	for i, p := range list {
		checkPage(t, i, p)
		w := readPages(t, p)
		if len(w.marks) > 0 {
			t.Errorf("page %d holds %q, which nobody wrote", i, w.marks)
		}
		if s == nil {
			continue
		}
		body := asJSON(t, p.body)
		for name, schema := range s.ofMessages {
			if err := schema.Validate(body); err != nil {
				t.Errorf("page %d, as %s: %v", i, name, err)
			}
		}
	}
}

func checkPage(t failer, i int, p page) {
	t.Helper()
	b := p.body
	if b.Content == "" && len(b.Embeds) == 0 && len(p.files) == 0 {
		t.Errorf("page %d is empty", i)
	}
	if n := utf16Len(b.Content); n > 2000 {
		t.Errorf("page %d has %d characters of content, want at most 2000", i, n)
	}
	sum := 0
	for _, e := range b.Embeds {
		sum += checkEmbed(t, i, p, e)
	}
	if sum > 6000 || len(b.Embeds) > 10 {
		t.Errorf("page %d has %d characters in %d embeds, want at most 6000 in 10", i, sum, len(b.Embeds))
	}
	if len(p.files) > 10 || len(p.files) != len(b.Attachments) {
		t.Errorf("page %d has %d files and %d attachments, want as many, and at most 10", i, len(p.files), len(b.Attachments))
	}
	for n, a := range b.Attachments {
		if a.ID != fmt.Sprint(n) || a.Filename != p.files[n].name || utf16Len(a.Description) > 1024 {
			t.Errorf("page %d: attachment %d is %+v of %q", i, n, a, p.files[n].name)
		}
	}
	checkButtons(t, i, b.Components)
	if body := asJSON(t, b); fmt.Sprint(body["allowed_mentions"]) != "map[parse:[]]" {
		t.Errorf("page %d mentions %v, want nobody", i, body["allowed_mentions"])
	}
}

func checkEmbed(t failer, i int, p page, e embed) (size int) {
	t.Helper()
	size = utf16Len(e.Description)
	if size > 4096 || len(e.Fields) > 25 {
		t.Errorf("page %d: an embed of %d characters and %d fields", i, size, len(e.Fields))
	}
	for _, f := range e.Fields {
		name, value := utf16Len(f.Name), utf16Len(f.Value)
		if name == 0 || name > 256 || value == 0 || value > 1024 {
			t.Errorf("page %d: a field of %d and %d characters", i, name, value)
		}
		size += name + value
	}
	if e.Footer != nil {
		if n := utf16Len(e.Footer.Text); n == 0 || n > 2048 {
			t.Errorf("page %d: a footer of %d characters", i, n)
		}
		size += utf16Len(e.Footer.Text)
	}
	if e.Image != nil {
		found := 0
		for _, f := range p.files {
			if "attachment://"+f.name == e.Image.URL {
				found++
			}
		}
		if found != 1 {
			t.Errorf("page %d shows %s, of which it has %d", i, e.Image.URL, found)
		}
	} else if size == 0 {
		t.Errorf("page %d has an empty embed", i)
	}
	return size
}

func checkButtons(t failer, i int, rows []actionRow) {
	t.Helper()
	if len(rows) > 5 {
		t.Errorf("page %d has %d rows of buttons, want at most five", i, len(rows))
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if len(row.Components) == 0 || len(row.Components) > 5 {
			t.Errorf("page %d has a row of %d buttons, want one to five", i, len(row.Components))
		}
		for _, b := range row.Components {
			if n := utf16Len(b.Label); n == 0 || n > 80 || b.CustomID == "" || utf16Len(b.CustomID) > 100 || seen[b.CustomID] {
				t.Errorf("page %d: the button %+v is too long, empty or there twice", i, b)
			}
			seen[b.CustomID] = true
		}
	}
}

// checkModals holds the modals of a form to what Discord takes, and returns them.
func (s *specSchemas) checkModals(t failer, f chat.Form) []modalBody {
	t.Helper()
	var all []modalBody
	parts := partsOf(f)
	for n := range parts {
		m := modal(f, parts, n, fmt.Sprint("f:1:", n))
		all = append(all, m)
		if len(m.Components) == 0 || len(m.Components) > 5 || m.Title == "" || utf16Len(m.Title) > 45 {
			t.Errorf("modal %d is called %q and has %d components, want one to five", n, m.Title, len(m.Components))
		}
		if s != nil {
			if err := s.modal.Validate(asJSON(t, m)); err != nil {
				t.Errorf("modal %d: %v", n, err)
			}
		}
		for _, c := range m.Components {
			checkModalComponent(t, c)
		}
	}
	return all
}

func checkModalComponent(t failer, c any) {
	t.Helper()
	switch c := c.(type) {
	case modalText:
		if n := utf16Len(c.Content); n == 0 || n > 4000 {
			t.Errorf("a text of %d characters", n)
		}
		if r := readMarkdown(c.Content); len(r.hasOther("bold", "code", "room")) > 0 {
			t.Errorf("the text %q holds %q", c.Content, r.marks)
		}
	case modalLabel:
		if n := utf16Len(c.Label); n == 0 || n > 45 || utf16Len(c.Description) > 100 {
			t.Errorf("a label of %d characters, described in %d", n, utf16Len(c.Description))
		}
		switch in := c.Component.(type) {
		case modalInput:
			if utf16Len(in.Placeholder) > 100 || utf16Len(in.Value) > 4000 || in.MaxLength > 0 && utf16Len(in.Value) > in.MaxLength {
				t.Errorf("the input %+v is too long", in)
			}
		case modalSelect:
			checkOptions(t, in)
		}
	}
}

func checkOptions(t failer, in modalSelect) {
	t.Helper()
	seen, chosen := map[string]bool{}, 0
	for _, o := range in.Options {
		if utf16Len(o.Label) > 100 || utf16Len(o.Value) > 100 || o.Label == "" || o.Value == "" || seen[o.Value] {
			t.Errorf("the option %+v is too long, empty or there twice", o)
		}
		seen[o.Value] = true
		if o.Default {
			chosen++
		}
	}
	if len(in.Options) > 25 || chosen > 1 {
		t.Errorf("%d options, %d of them chosen", len(in.Options), chosen)
	}
}
