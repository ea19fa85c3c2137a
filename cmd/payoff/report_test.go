package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// examples is the folder of example owners with the model's own answers.
const examples = "../../../shared/data/evidence"

// An example is what is known of one of them.
type example struct {
	Owner, File string
	AsOf        string      `json:"as_of"`
	HourValue   json.Number `json:"hour_value"`
	Goal        struct {
		Amount     json.Number
		Start, End string
	}
}

// answers reads the examples, and the model's answers as they stand.
func answers(t *testing.T) ([]example, map[string]map[string]any) {
	t.Helper()
	var list []example
	var all []map[string]any
	for name, into := range map[string]any{"owners.json": &list, "reference.json": &all} {
		b, err := os.ReadFile(filepath.Join(examples, name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the example owners are kept beside the project, and are not here")
		}
		if err == nil {
			err = json.Unmarshal(b, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	by := map[string]map[string]any{}
	for _, a := range all {
		by[a["owner"].(string)] = a
	}
	return list, by
}

// payoff runs the program, which must succeed.
func payoff(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, said bytes.Buffer
	if err := dispatch(t.Context(), args, &out, &said); err != nil {
		t.Fatalf("payoff %s: %s\n%s", strings.Join(args, " "), sentence(err), &said)
	}
	return out.Bytes()
}

// TestReportAgreesWithTheModel imports each example owner into the program, and holds its JSON
// against the model's own answers: numbers within 1 %, probabilities within .01, states equal.
func TestReportAgreesWithTheModel(t *testing.T) {
	list, want := answers(t)
	t.Setenv("PAYOFF_DB", filepath.Join(t.TempDir(), "payoff.db"))
	for _, e := range list {
		t.Run(e.Owner, func(t *testing.T) {
			file := filepath.Join(examples, e.File)
			rows, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Count(rows, []byte("\n")) < 2 {
				err := dispatch(t.Context(), []string{"import", file}, io.Discard, io.Discard)
				if err == nil || !strings.Contains(sentence(err), "Below it there must be a row for each activity.") {
					t.Errorf("a file without a row: %v", err)
				}
				return
			}
			payoff(t, "import", file)
			args := []string{"report", e.Owner, "--as-of", e.AsOf, "--hour-value", e.HourValue.String(),
				"--goal", e.Goal.Amount.String(), "--from", e.Goal.Start, "--to", e.Goal.End}
			text := string(payoff(t, args...))
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || !strings.Contains(text, "\nGoal: £") {
				t.Errorf("the report reads:\n%s", text)
			}
			var got map[string]any
			if err := json.Unmarshal(payoff(t, append(args, "--json")...), &got); err != nil {
				t.Fatal(err)
			}
			sameAnswer(t, got, want[e.Owner])
		})
	}
}

// sameAnswer compares with the reference, which leaves out what is nothing and keeps ROI flat.
func sameAnswer(t *testing.T, got, want map[string]any) {
	t.Helper()
	for _, part := range []string{"channels", "kinds"} {
		wanted, _ := want[part].(map[string]any)
		for name, line := range got[part].(map[string]any) {
			if line := line.(map[string]any); wanted[name] == nil && line["return_per_hour"] != nil {
				t.Errorf("%s has a return and should not: %v", name, line)
			}
		}
		for name, w := range wanted {
			line, ok := got[part].(map[string]any)[name].(map[string]any)
			hour, priced := line["return_per_hour"].(map[string]any)
			roi, valued := line["roi"].(map[string]any)
			if !ok || !priced || !valued {
				t.Errorf("%s is %v", name, line)
				continue
			}
			flat := map[string]any{"deals": line["deals"], "hours": line["hours"], "revenue": line["revenue"], "show": hour["show"],
				"lo": hour["lo"], "mid": hour["mid"], "hi": hour["hi"], "roi_lo": roi["lo"], "roi_mid": roi["mid"], "roi_hi": roi["hi"]}
			agrees(t, name, flat, w.(map[string]any))
		}
	}
	agrees(t, "verdict", got["verdict"].(map[string]any), want["verdict"].(map[string]any))
	agrees(t, "forecast", got["forecast"].(map[string]any), want["forecast"].(map[string]any))
	for _, list := range []string{"alarms", "watch"} {
		names, isList := got[list].([]any)
		wanted, _ := want[list].([]any)
		if !isList || !slices.Equal(names, wanted) {
			t.Errorf("%s = %v, want %v", list, got[list], wanted)
		}
	}
	holds, _ := got["bottleneck"].(map[string]any)
	wanted, called := want["bottleneck"].(map[string]any)
	if called != (holds != nil) {
		t.Errorf("bottleneck = %v, want %v", got["bottleneck"], want["bottleneck"])
	} else if called {
		agrees(t, "bottleneck", holds, wanted)
	}
	for name, lag := range got["lag"].(map[string]any) {
		for _, key := range []string{"first_weeks", "typical_weeks", "deals"} {
			if _, is := lag.(map[string]any)[key]; !is {
				t.Errorf("the lag of %s lacks %s", name, key)
			}
		}
	}
}

// probabilities are the figures that are held to .01 and not to 1 %.
var probabilities = []string{"p", "p_hit", "direct", "networking", "social"}

func agrees(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	for key, g := range got {
		w, at := want[key], what+"."+key
		switch w := w.(type) {
		case map[string]any:
			agrees(t, at, g.(map[string]any), w)
		case float64:
			x, is := g.(float64)
			allowed := .01*math.Abs(w) + 1e-4
			if slices.Contains(probabilities, key) {
				allowed = .01
			}
			if !is || math.Abs(x-w) > allowed {
				t.Errorf("%s = %v, want %v", at, g, w)
			}
		case nil:
			if m, empty := g.(map[string]any); g != nil && !(empty && len(m) == 0) && key != "known" {
				t.Errorf("%s = %v, want nothing", at, g)
			}
		default:
			if fmt.Sprint(g) != fmt.Sprint(w) {
				t.Errorf("%s = %v, want %v", at, g, w)
			}
		}
	}
	for key := range want {
		if _, is := got[key]; !is {
			t.Errorf("%s lacks %s", what, key)
		}
	}
}
