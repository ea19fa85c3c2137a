package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"payoff/bot/command"
)

func manifestSpecs() []command.Spec {
	return []command.Spec{
		{Name: "goal", Summary: "Show your goal and how it stands, or set it"},
		{Name: "goal set", Summary: "Name a revenue figure", Examples: []string{"/goal set £120k by 31 Dec", "/goal set £8k a month"}},
		{Name: "log", Summary: "Log what you did, in one line", Shortcut: "Log this", Examples: []string{"/log 2h BNI £25 4 contacts yesterday"}},
		{Name: "log more", Hidden: true, Summary: "x", Examples: []string{"/log more"}},
		{Name: "checkin", Summary: "Answer this week's check-in", Form: true},
		{Name: "report", Summary: "See what came of your hours and money", Examples: []string{"/report", "/report last quarter"}},
		{Name: "leaderboard", Summary: "See where the team stands"},
		{Name: "payoff", Summary: "Everything payoff can do"},
		{Name: "history", Summary: "List what you logged", Examples: []string{"/payoff history"}},
	}
}

func TestManifest(t *testing.T) {
	for file, url := range map[string]string{"manifest.json": "", "manifest_http.json": "https://payoff.example.com/"} {
		got, err := Manifest(manifestSpecs(), url)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", file)
		if *updateRendered {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got; -update writes it):\n%s", file, diff)
		}
	}
}

// manifestSchema is Slack's own. Its references name pages of GitHub: they are read from the
// files beside it.
func manifestSchema(t *testing.T) *jsonschema.Schema {
	const specs = "../../../shared/specs"
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) {
		if strings.Contains(pattern, "(?!") {
			return foreignPattern{t, pattern}, nil
		}
		return regexp.Compile(pattern)
	})
	for name, address := range map[string]string{
		"slack-manifest.schema.json":       "https://github.com/slackapi/manifest-schema/blob/main/manifest.schema.json",
		"slack-manifest.schema.1.0.0.json": "https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/manifest.schema.1.0.0.json",
		"slack-manifest.schema.2.0.0.json": "https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/manifest.schema.2.0.0.json",
	} {
		body, err := os.ReadFile(filepath.Join(specs, name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("Slack's schema of a manifest is not here: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(address, doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("https://github.com/slackapi/manifest-schema/blob/main/manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A foreignPattern is one that Go cannot read. They are for domains, of which we name none.
type foreignPattern struct {
	t       *testing.T
	pattern string
}

func (p foreignPattern) String() string { return p.pattern }
func (p foreignPattern) MatchString(s string) bool {
	p.t.Errorf("%q is to be held against %s, which Go cannot read", s, p.pattern)
	return false
}

func TestManifestIsValid(t *testing.T) {
	schema := manifestSchema(t)
	for _, url := range []string{"", "https://payoff.example.com", "https://example.com:8443/below/this"} {
		body, err := Manifest(manifestSpecs(), url)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("Manifest(%q): %v", url, err)
		}
		// That the schema was read at all.
		doc.(map[string]any)["display_information"].(map[string]any)["long_description"] = "short"
		if schema.Validate(doc) == nil {
			t.Error("the schema takes a long description that is short")
		}
	}
}

func TestManifestAddresses(t *testing.T) {
	body, err := Manifest(manifestSpecs(), "https://example.com/below/")
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	got := []string{m.Features.Commands[0].URL, m.Settings.Events.URL, m.Settings.Interactivity.URL, m.OAuth.Redirects[0]}
	for i, name := range []string{"commands", "events", "interactive", "oauth"} {
		if want := "https://example.com/below/slack/" + name; got[i] != want {
			t.Errorf("address = %s, want %s", got[i], want)
		}
	}
	if m.Settings.Socket {
		t.Error("Socket Mode is on, want it off: with it Slack delivers nothing by HTTP")
	}
	for _, url := range []string{"http://payoff.example.com", "payoff.example.com", "https://", "https://:443", "https://e.com?a=b", "https://e.com?", "https://e.com/#a", "https://e.com#", "https://me:hush@e.com", "ftp://e.com", "://", "https://e.com/%zz", "-"} {
		if _, err := Manifest(manifestSpecs(), url); err == nil {
			t.Errorf("Manifest(%q) is taken", url)
		} else {
			isOneSentence(t, err, "https://payoff.example.com")
		}
	}
}

func TestManifestOfAnotherTable(t *testing.T) {
	with := func(s command.Spec) []command.Spec { return append(manifestSpecs(), s) }
	for name, specs := range map[string][]command.Spec{
		"no log":             slices.DeleteFunc(manifestSpecs(), func(s command.Spec) bool { return s.Name == "log" }),
		"a long shortcut":    with(command.Spec{Name: "x", Summary: "x", Shortcut: strings.Repeat("é", maxShortcutName+1)}),
		"a long description": with(command.Spec{Name: "x", Summary: strings.Repeat("é", maxShortcutSays+1), Shortcut: "x"}),
	} {
		if body, err := Manifest(specs, ""); err == nil {
			t.Errorf("%s: Manifest = %s", name, body)
		}
	}
	specs := manifestSpecs()
	for i := range maxShortcuts {
		specs = append(specs, command.Spec{Name: fmt.Sprint("x", i), Summary: "x", Shortcut: strings.Repeat("é", maxShortcutName)})
	}
	if _, err := Manifest(specs[:len(specs)-1], ""); err != nil {
		t.Errorf("ten shortcuts at their limits: %v", err)
	}
	if _, err := Manifest(specs, ""); err == nil {
		t.Error("eleven shortcuts are taken")
	}
}

func TestScopes(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Scopes() {
		if s.Name == "" || s.Why == "" || seen[s.Name] {
			t.Errorf("scope %+v is twice, or says not what it is for", s)
		}
		seen[s.Name] = true
	}
	for _, c := range []struct {
		granted string
		want    []string
	}{{"a,b", nil}, {"b, a,c", nil}, {"a", []string{"b"}}, {"", []string{"a", "b"}}, {"ab", []string{"a", "b"}}} {
		if got := missingScopes(c.granted, []string{"a", "b"}); !slices.Equal(got, c.want) {
			t.Errorf("missingScopes(%q) = %q, want %q", c.granted, got, c.want)
		}
	}
}
