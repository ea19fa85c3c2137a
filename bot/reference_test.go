package bot_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/bot"
	"payoff/bot/command"
)

// TestReadmeReference holds the README's list of commands against the table.
func TestReadmeReference(t *testing.T) {
	const file, begin, end = "../README.md", "<!-- commands -->\n", "<!-- /commands -->"
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), begin)
	got, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no part between %q and %q", file, begin, end)
	}
	want := command.Reference(bot.Specs())
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("README's commands differ from the table (-README +table), run with -update:\n%s", diff)
	}
}

// TestSpecsFit holds every command against the platforms' limits on names and summaries.
func TestSpecsFit(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range bot.Specs() {
		if seen[s.Name] {
			t.Errorf("command %q is declared twice", s.Name)
		}
		seen[s.Name] = true
		if n := len([]rune(s.Summary)); n == 0 || n > 100 {
			t.Errorf("summary of %q has %d characters, want 1 to 100", s.Name, n)
		}
		for _, o := range s.Options {
			if n := len([]rune(o.Summary)); n == 0 || n > 100 {
				t.Errorf("summary of %q's option %q has %d characters, want 1 to 100", s.Name, o.Name, n)
			}
			if o.Kind == command.Choice && (len(o.Choices) == 0 || len(o.Choices) > 25) {
				t.Errorf("option %q of %q has %d choices, want 1 to 25", o.Name, s.Name, len(o.Choices))
			}
		}
		for _, example := range s.Examples {
			if _, _, err := command.Find(bot.Specs(), strings.TrimPrefix(example, "/")); err != nil {
				t.Errorf("example %q of %q is not found: %v", example, s.Name, err)
			}
		}
	}
	for _, name := range command.TopLevel {
		if !seen[name] {
			t.Errorf("top-level command %q is not in the table", name)
		}
	}
}
