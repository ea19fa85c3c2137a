package slack

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/santhosh-tekuri/jsonschema/v6"
	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"
)

// blockKit holds JSON against a schema of Block Kit that others transcribed from Slack's
// pages. A nil one, where the schema is not there, accepts everything.
type blockKit struct{ blocks, modal, home *jsonschema.Schema }

func blockKitSchema(t *testing.T) *blockKit {
	const path = "../../../shared/specs/slack-block-kit.tightknit.schema.json"
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("%s is not here: held to our own limits alone", path)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("kit.json", doc); err != nil {
		t.Fatal(err)
	}
	return &blockKit{c.MustCompile("kit.json"), c.MustCompile("kit.json#/$defs/modal_view"), c.MustCompile("kit.json#/$defs/home_view")}
}

type failer interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// asJSON is what goes over the wire, read again.
func asJSON(t failer, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("Marshal: %v", err)
	}
	got, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatalf("Unmarshal: %v", err)
	}
	return got
}

// A wire is what a test reads of blocks, on its own account.
type wire struct {
	text    strings.Builder // of everything that is read
	size    int             // of the text, as Slack keeps it
	labels  []string
	calls   []string
	alts    []string
	files   []string
	actions []string
	ids     []string
	tables  int
}

func (w *wire) read(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			w.read(e)
		}
	case map[string]any:
		w.object(v)
	}
}

func (w *wire) object(v map[string]any) {
	if id, ok := v["action_id"].(string); ok {
		w.actions = append(w.actions, id)
	}
	if id, ok := v["block_id"].(string); ok {
		w.ids = append(w.ids, id)
	}
	switch v["type"] {
	case "table":
		w.tables++
	case "button":
		w.labels = append(w.labels, v["text"].(map[string]any)["text"].(string))
		call, _ := v["value"].(string)
		w.calls = append(w.calls, call)
	case "image":
		w.alts = append(w.alts, v["alt_text"].(string))
		w.files = append(w.files, v["slack_file"].(map[string]any)["id"].(string))
		w.text.WriteString(v["alt_text"].(string) + "\n")
	case "channel":
		w.text.WriteString("#" + v["channel_id"].(string))
	case "mrkdwn":
		w.size += len(utf16.Encode([]rune(v["text"].(string))))
		// Only what holds no such marks of its own is written in markup.
		w.text.WriteString(strings.NewReplacer("*", "", "`", "", "<#", "#", ">", "").Replace(v["text"].(string)) + "\n")
		return
	}
	for _, key := range []string{"text", "alt_text"} {
		if s, ok := v[key].(string); ok {
			w.size += len(utf16.Encode([]rune(slackutilsx.EscapeMessage(s))))
		}
	}
	if s, ok := v["text"].(string); ok {
		w.text.WriteString(s)
		if v["type"] != "text" {
			w.text.WriteString("\n")
		}
	}
	for _, key := range []string{"text", "elements", "fields", "rows", "blocks", "label", "hint", "element", "options", "option_groups"} {
		w.read(v[key])
	}
	w.text.WriteString("\n")
}

func readWire(t failer, v any) *wire {
	t.Helper()
	w := &wire{}
	w.read(asJSON(t, v))
	return w
}

// dense is a text without its spaces, which a split may take away.
func dense(s string) string { return strings.Join(strings.Fields(s), "") }

// checkPages holds posts to what Slack takes.
func (k *blockKit) checkPages(t failer, list []page) {
	t.Helper()
	if len(list) == 0 || len(list) > 5 {
		t.Errorf("%d posts, want one to five", len(list))
	}
	for i, p := range list {
		w := readWire(t, p.blocks)
		if len(p.blocks) == 0 || len(p.blocks) > 50 {
			t.Errorf("post %d has %d blocks, want one to 50", i, len(p.blocks))
		}
		if w.size > 13_200 {
			t.Errorf("post %d has %d characters in its blocks, want at most 13200", i, w.size)
		}
		if w.tables > 1 {
			t.Errorf("post %d has %d tables, want one", i, w.tables)
		}
		if strings.TrimSpace(p.text) == "" || len(p.text) > 4000 {
			t.Errorf("post %d has %d bytes of text beside its blocks, want some, and at most 4000", i, len(p.text))
		}
		if s := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(p.text); strings.ContainsAny(s, "&<>") {
			t.Errorf("post %d: the text %q is not escaped", i, p.text)
		}
		checkUnique(t, "action_id", w.actions)
		if k != nil {
			if err := k.blocks.Validate(asJSON(t, p.blocks)); err != nil {
				t.Errorf("post %d: %v", i, err)
			}
		}
	}
}

func (k *blockKit) checkModal(t failer, v slackapi.ModalViewRequest) {
	t.Helper()
	checkView(t, v, v.Blocks)
	if k == nil {
		return
	}
	if err := k.modal.Validate(asJSON(t, v)); err != nil {
		t.Errorf("modal: %v", err)
	}
}

func (k *blockKit) checkHome(t failer, v slackapi.HomeTabViewRequest) {
	t.Helper()
	checkView(t, v, v.Blocks)
	if k == nil {
		return
	}
	if err := k.home.Validate(asJSON(t, v)); err != nil {
		t.Errorf("home: %v", err)
	}
}

func checkView(t failer, v any, blocks slackapi.Blocks) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil || len(data) > 250_000 {
		t.Errorf("the view has %d bytes (%v), want at most 250000", len(data), err)
	}
	if n := len(blocks.BlockSet); n == 0 || n > 100 {
		t.Errorf("%d blocks, want one to 100", n)
	}
	w := readWire(t, v)
	if w.tables > 0 {
		t.Errorf("a table in a view, where Slack takes none")
	}
	checkUnique(t, "action_id", w.actions)
	checkUnique(t, "block_id", w.ids)
}

func checkUnique(t failer, what string, ids []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, id := range ids {
		if id == "" || len(id) > 255 || seen[id] {
			t.Errorf("%s %q is empty, too long or there twice", what, id)
		}
		seen[id] = true
	}
}
