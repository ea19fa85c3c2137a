package command

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/chat"
)

var update = flag.Bool("update", false, "write the goldens in testdata")

// page is blocks as a person reads them.
func page(blocks []chat.Block) string {
	plain := chat.Dialect{Escape: func(s string) string { return s }, Bold: [2]string{"*", "*"}, Code: [2]string{"`", "`"}}
	var b strings.Builder
	for _, block := range blocks {
		text := block.(chat.Text)
		if text.Quiet {
			b.WriteString("(small) ")
		}
		b.WriteString(chat.Render(text.Spans, plain) + "\n\n")
	}
	return b.String()
}

func TestHelp(t *testing.T) {
	for file, got := range map[string]string{
		"help.txt":        page(Help(table())),
		"help-add.txt":    page(HelpFor(spec(t, "channel add"))),
		"help-report.txt": page(HelpFor(spec(t, "report"))),
		"help-log.txt":    page(HelpFor(spec(t, "log"))),
		"reference.md":    Reference(table()),
	} {
		path := "testdata/" + file
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs (-want +got), run with -update:\n%s", file, diff)
		}
	}
}

func TestUsage(t *testing.T) {
	for name, want := range map[string]string{
		"goal set":    "/goal set <goal>",
		"report":      "/report [period] [channel]",
		"channel add": "/payoff channel add <name> <kind>",
		"checkin":     "/checkin",
	} {
		if got := Usage(spec(t, name)); got != want {
			t.Errorf("Usage(%s) = %q, want %q", name, got, want)
		}
	}
}

func TestReferenceEscapes(t *testing.T) {
	got := Reference([]Spec{{Name: "x", Summary: "A | and *stars* and <b>", Examples: []string{"x a|b"}}})
	if want := "| `/payoff x` | A \\| and \\*stars\\* and \\<b\\> | `/payoff x a\\|b` |\n"; !strings.HasSuffix(got, want) {
		t.Errorf("Reference = %q, want it to end in %q", got, want)
	}
}
