package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The JSON of blocks, short to write.
type (
	o map[string]any
	l []any
)

func wide(n int) string       { return strings.Repeat("é", n) } // two bytes each: characters count
func plainText(n int) o       { return o{"type": "plain_text", "text": wide(n)} }
func mrkdwn(n int) o          { return o{"type": "mrkdwn", "text": wide(n)} }
func many(n int, one any) l   { return each(n, func(int) any { return one }) }
func inputOf(e o) o           { return o{"type": "input", "label": plainText(3), "element": e} }
func actionsOf(list ...any) o { return o{"type": "actions", "elements": list} }

func each(n int, one func(int) any) l {
	list := make(l, n)
	for i := range list {
		list[i] = one(i)
	}
	return list
}

func option(text, value int) o { return o{"text": plainText(text), "value": wide(value)} }

func choices(n int) l {
	return each(n, func(i int) any { return o{"text": plainText(3), "value": fmt.Sprint(i)} })
}

// with is a copy of an object that has one more value.
func with(in o, key string, value any) o {
	out := o{key: value}
	for k, v := range in {
		if k != key {
			out[k] = v
		}
	}
	return out
}

func button(text, value int) o {
	return o{"type": "button", "text": plainText(text), "value": wide(value)}
}

func rows(n, cells, text int) o {
	return o{"type": "table", "rows": many(n, many(cells, o{"type": "raw_text", "text": wide(text)}))}
}

func rich(n int) o {
	return o{"type": "rich_text", "elements": l{o{"type": "rich_text_section", "elements": l{o{"type": "text", "text": wide(n)}}}}}
}

// TestBlockLimits holds each limit from both sides: what is at it passes, by the schema too, and
// one more is refused, by our own check, as the schema is not always there.
func TestBlockLimits(t *testing.T) {
	image := o{"type": "image", "alt_text": "x", "slack_file": o{"id": "F1"}}
	for _, tt := range []struct {
		name        string
		least, most int // least is one that is refused below; 0 is none
		make        func(n int) any
		input       bool // in a modal only
	}{
		{"section text", 1, 3000, func(n int) any { return o{"type": "section", "text": mrkdwn(n)} }, false},
		{"section fields", 1, 10, func(n int) any { return o{"type": "section", "fields": many(n, plainText(1))} }, false},
		{"field text", 1, 2000, func(n int) any { return o{"type": "section", "fields": l{mrkdwn(n)}} }, false},
		{"header text", 1, 150, func(n int) any { return o{"type": "header", "text": plainText(n)} }, false},
		{"context elements", 1, 10, func(n int) any { return o{"type": "context", "elements": many(n, plainText(1))} }, false},
		{"context text", 1, 3000, func(n int) any { return o{"type": "context", "elements": l{plainText(n)}} }, false},
		{"actions", 1, 25, func(n int) any { return actionsOf(many(n, button(1, 1))...) }, false},
		{"button text", 1, 75, func(n int) any { return actionsOf(button(n, 1)) }, false},
		{"button value", 1, 2000, func(n int) any { return actionsOf(button(1, n)) }, false},
		{"action_id", 1, 255, func(n int) any { return actionsOf(with(button(1, 1), "action_id", wide(n))) }, false},
		{"block_id", 1, 255, func(n int) any { return o{"type": "divider", "block_id": wide(n)} }, false},
		{"overflow options", 1, 5, func(n int) any { return actionsOf(o{"type": "overflow", "options": choices(n)}) }, false},
		{"select options", 1, 100, func(n int) any { return actionsOf(o{"type": "static_select", "options": choices(n)}) }, false},
		{"select groups", 1, 100, func(n int) any {
			return actionsOf(o{"type": "static_select", "option_groups": many(n, o{"label": plainText(1), "options": choices(1)})})
		}, false},
		{"group label", 1, 75, func(n int) any {
			return actionsOf(o{"type": "static_select", "option_groups": l{o{"label": plainText(n), "options": choices(1)}}})
		}, false},
		{"placeholder", 1, 150, func(n int) any {
			return actionsOf(o{"type": "static_select", "options": choices(1), "placeholder": plainText(n)})
		}, false},
		{"option text", 1, 75, func(n int) any { return actionsOf(o{"type": "static_select", "options": l{option(n, 1)}}) }, false},
		{"option value", 1, 75, func(n int) any { return actionsOf(o{"type": "static_select", "options": l{option(1, n)}}) }, false},
		{"option description", 1, 75, func(n int) any {
			return actionsOf(o{"type": "static_select", "options": l{with(option(1, 1), "description", plainText(n))}})
		}, false},
		{"radio buttons", 1, 10, func(n int) any { return actionsOf(o{"type": "radio_buttons", "options": choices(n)}) }, false},
		{"checkboxes", 1, 10, func(n int) any { return actionsOf(o{"type": "checkboxes", "options": choices(n)}) }, false},
		{"confirm title", 1, 100, func(n int) any {
			return actionsOf(with(button(1, 1), "confirm", o{"title": plainText(n), "text": plainText(1), "confirm": plainText(1), "deny": plainText(1)}))
		}, false},
		{"confirm text", 1, 300, func(n int) any {
			return actionsOf(with(button(1, 1), "confirm", o{"title": plainText(1), "text": plainText(n), "confirm": plainText(1), "deny": plainText(1)}))
		}, false},
		{"confirm deny", 1, 30, func(n int) any {
			return actionsOf(with(button(1, 1), "confirm", o{"title": plainText(1), "text": plainText(1), "confirm": plainText(1), "deny": plainText(n)}))
		}, false},
		{"image alt_text", 1, 2000, func(n int) any { return with(image, "alt_text", wide(n)) }, false},
		{"image title", 1, 2000, func(n int) any { return with(image, "title", plainText(n)) }, false},
		{"table rows", 1, 100, func(n int) any { return rows(n, 1, 1) }, false},
		{"table cells", 1, 20, func(n int) any { return rows(1, n, 1) }, false},
		{"table text", 1, 10000, func(n int) any { return rows(1, 1, n) }, false},
		{"table column_settings", 0, 20, func(n int) any { return with(rows(1, 1, 1), "column_settings", many(n, o{"align": "right"})) }, false},
		{"markdown text", 1, 12000, func(n int) any { return o{"type": "markdown", "text": wide(n)} }, false},
		{"rich text", 1, 13200, func(n int) any { return rich(n) }, false},
		{"input label", 1, 2000, func(n int) any { return with(inputOf(o{"type": "plain_text_input"}), "label", plainText(n)) }, true},
		{"input hint", 1, 2000, func(n int) any { return with(inputOf(o{"type": "plain_text_input"}), "hint", plainText(n)) }, true},
		{"input placeholder", 1, 150, func(n int) any { return inputOf(o{"type": "plain_text_input", "placeholder": plainText(n)}) }, true},
		{"input initial_value", 0, 3000, func(n int) any { return inputOf(o{"type": "plain_text_input", "initial_value": wide(n)}) }, true},
		{"input max_length", 1, 3000, func(n int) any { return inputOf(o{"type": "plain_text_input", "max_length": n}) }, true},
		{"input files", 1, 10, func(n int) any { return inputOf(o{"type": "file_input", "max_files": n}) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check := func(n int) *refusal {
				blocks := toJSON(t, l{tt.make(n)})
				if tt.input {
					return checkView(toJSON(t, o{"type": "modal", "title": plainText(3), "submit": plainText(3), "blocks": blocks}), "modal")
				}
				return checkPost("x", blocks)
			}
			for _, n := range []int{tt.least, tt.most} {
				if r := check(n); r != nil {
					t.Errorf("%d is refused: %s %q", n, r.code, r.messages)
				}
			}
			mustRefuse(t, check(tt.most+1))
			if tt.least > 0 {
				mustRefuse(t, check(tt.least-1))
			}
		})
	}
}

// mustRefuse fails unless something was refused, and not by the schema alone.
func mustRefuse(t *testing.T, r *refusal) {
	t.Helper()
	if r == nil {
		t.Error("nothing is refused")
	} else if strings.Contains(strings.Join(r.messages, ""), "schema:") {
		t.Errorf("only the schema refuses it: %q", r.messages)
	}
}

func toJSON(t interface{ Fatal(...any) }, v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestMessageLimits are those of a message as a whole.
func TestMessageLimits(t *testing.T) {
	divider := o{"type": "divider"}
	text := func(n int) any { return o{"type": "section", "text": plainText(n)} }
	for _, tt := range []struct {
		name, want string
		text       int
		blocks     l
	}{
		{"50 blocks", "", 1, many(50, divider)},
		{"51 blocks", "invalid_blocks", 1, many(51, divider)},
		{"the longest text", "", 40000, nil},
		{"a longer text", "msg_too_long", 40001, nil},
		{"13,200 characters", "", 1, append(many(4, text(3000)), text(1200))},
		{"13,201 characters", "msg_blocks_too_long", 1, append(many(4, text(3000)), text(1201))},
		{"one table", "", 1, l{rows(1, 1, 1)}},
		{"two tables", "invalid_attachments", 1, l{rows(1, 1, 1), rows(1, 1, 1)}},
		{"block_ids that differ", "", 1, l{with(divider, "block_id", "a"), with(divider, "block_id", "b")}},
		{"the same block_id", "invalid_blocks", 1, l{with(divider, "block_id", "a"), with(divider, "block_id", "a")}},
		{"the same action_id in two blocks", "", 1, l{actionsOf(with(button(1, 1), "action_id", "a")), actionsOf(with(button(1, 1), "action_id", "a"))}},
		{"the same action_id in a block", "invalid_blocks", 1, l{actionsOf(with(button(1, 1), "action_id", "a"), with(button(1, 1), "action_id", "a"))}},
	} {
		t.Run(tt.name, func(t *testing.T) { mustBe(t, checkPost(wide(tt.text), toJSON(t, tt.blocks)), tt.want) })
	}
}

func mustBe(t *testing.T, r *refusal, want string) {
	t.Helper()
	switch {
	case want == "" && r != nil:
		t.Errorf("refused with %s %q", r.code, r.messages)
	case want != "" && (r == nil || r.code != want):
		t.Errorf("refused with %+v, want %s", r, want)
	}
}

// TestViewLimits are those of a view as a whole.
func TestViewLimits(t *testing.T) {
	divider := o{"type": "divider"}
	good := o{"type": "modal", "title": plainText(24), "submit": plainText(24), "close": plainText(24), "blocks": l{divider}}
	home := o{"type": "home", "blocks": l{divider}}
	focused := inputOf(o{"type": "plain_text_input", "focus_on_load": true})
	for _, tt := range []struct {
		name, want, kind string
		view             o
	}{
		{"a modal", "", "modal", good},
		{"a Home", "", "home", home},
		{"a Home for a modal", "invalid_arguments", "modal", home},
		{"title", "invalid_arguments", "modal", with(good, "title", plainText(25))},
		{"no title", "invalid_arguments", "modal", with(good, "title", nil)},
		{"submit", "invalid_arguments", "modal", with(good, "submit", plainText(25))},
		{"close", "invalid_arguments", "modal", with(good, "close", plainText(25))},
		{"empty close", "invalid_arguments", "modal", with(good, "close", plainText(0))},
		{"metadata", "", "modal", with(good, "private_metadata", wide(3000))},
		{"more metadata", "invalid_arguments", "modal", with(good, "private_metadata", wide(3001))},
		{"callback_id", "", "modal", with(good, "callback_id", wide(255))},
		{"longer callback_id", "invalid_arguments", "modal", with(good, "callback_id", wide(256))},
		{"longer external_id", "invalid_arguments", "home", with(home, "external_id", wide(256))},
		{"100 blocks", "", "home", with(home, "blocks", many(100, divider))},
		{"101 blocks", "invalid_arguments", "home", with(home, "blocks", many(101, divider))},
		{"no blocks", "invalid_arguments", "home", with(home, "blocks", l{})},
		{"null blocks", "invalid_arguments", "modal", with(good, "blocks", nil)},
		{"a table", "invalid_arguments", "modal", with(good, "blocks", l{rows(1, 1, 1)})},
		{"a question without submit", "invalid_arguments", "modal", o{"type": "modal", "title": plainText(1), "blocks": l{inputOf(o{"type": "plain_text_input"})}}},
		{"one in focus", "", "modal", with(good, "blocks", l{focused})},
		{"two in focus", "invalid_arguments", "modal", with(good, "blocks", l{focused, focused})},
		{"250 KB", "view_too_large", "home", with(home, "blocks", many(99, o{"type": "section", "text": o{"type": "mrkdwn", "text": strings.Repeat("x", 2600)}}))},
		{"what Slack does not know", "invalid_arguments", "home", with(home, "color", "red")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if parts, err := blockSchema(); tt.name == "what Slack does not know" && (parts == nil || err != nil) {
				t.Skipf("the schema is not there: %v", err)
			}
			mustBe(t, checkView(toJSON(t, tt.view), tt.kind), tt.want)
		})
	}
}

// TestBadBlocks are mistakes that are none of length.
func TestBadBlocks(t *testing.T) {
	image := o{"type": "image", "alt_text": "x"}
	chosen := o{"type": "static_select", "options": choices(2)}
	for name, block := range map[string]any{
		"no block":                        "divider",
		"an unknown type":                 o{"type": "carousel"},
		"no type":                         o{},
		"an empty section":                o{"type": "section"},
		"a section of a string":           o{"type": "section", "text": "x"},
		"mrkdwn in a header":              o{"type": "header", "text": mrkdwn(1)},
		"mrkdwn on a button":              actionsOf(with(button(1, 1), "text", mrkdwn(1))),
		"a button of a style":             actionsOf(with(button(1, 1), "style", "loud")),
		"a question among buttons":        actionsOf(o{"type": "plain_text_input"}),
		"a button as a question":          inputOf(button(1, 1)),
		"a question without one":          o{"type": "input", "label": plainText(1)},
		"an image from nowhere":           image,
		"an image from two places":        with(with(image, "image_url", "https://example.com/a.png"), "slack_file", o{"id": "F1"}),
		"an image without words":          o{"type": "image", "slack_file": o{"id": "F1"}},
		"a file by nothing":               with(image, "slack_file", o{}),
		"options and groups":              actionsOf(with(chosen, "option_groups", l{o{"label": plainText(1), "options": choices(1)}})),
		"neither options nor groups":      actionsOf(o{"type": "static_select"}),
		"options with the same value":     actionsOf(o{"type": "static_select", "options": l{option(1, 1), option(2, 1)}}),
		"an option without a value":       actionsOf(o{"type": "static_select", "options": l{o{"text": plainText(1)}}}),
		"a choice that is not there":      actionsOf(with(chosen, "initial_option", option(1, 9))),
		"a number that is one":            inputOf(o{"type": "number_input", "is_decimal_allowed": true, "initial_value": 3}),
		"a number that is none":           inputOf(o{"type": "number_input", "is_decimal_allowed": true, "min_value": "three"}),
		"a number, decimal or not":        inputOf(o{"type": "number_input"}),
		"a day that is none":              inputOf(o{"type": "datepicker", "initial_date": "2026-13-01"}),
		"a time that is none":             inputOf(o{"type": "timepicker", "initial_time": "24:00"}),
		"an empty cell":                   rows(1, 1, 0),
		"a null cell":                     o{"type": "table", "rows": l{l{nil}}},
		"a cell of numbers":               o{"type": "table", "rows": l{l{o{"type": "raw_number", "value": 1}}}},
		"an empty text in a rich text":    rich(0),
		"an empty part of a rich text":    o{"type": "rich_text", "elements": l{o{"type": "rich_text_section", "elements": l{}}}},
		"an unknown part of a rich text":  o{"type": "rich_text", "elements": l{o{"type": "rich_text_poem"}}},
		"an unknown leaf of a rich text":  o{"type": "rich_text", "elements": l{o{"type": "rich_text_section", "elements": l{o{"type": "poem"}}}}},
		"a long one in a list":            o{"type": "rich_text", "elements": l{o{"type": "rich_text_list", "style": "bullet", "elements": l{o{"type": "rich_text_section", "elements": l{o{"type": "text", "text": ""}}}}}}},
		"an element by itself as context": o{"type": "context", "elements": l{button(1, 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			r := checkPost("x", toJSON(t, l{block}))
			mustBe(t, r, "invalid_blocks")
			mustRefuse(t, r)
			if r != nil && !strings.Contains(r.messages[0], "[json-pointer:/blocks/0") {
				t.Errorf("it does not say where: %q", r.messages)
			}
		})
	}
}

// TestLettersAreCharacters: a limit is the same for any letters that are one character each.
func TestLettersAreCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SampledFrom([]string{"a", "é", "漢", "🏃", "<", "&", "\n"}).Draw(t, "letter")
		n := rapid.IntRange(1, maxHeaderText+20).Draw(t, "n")
		header := o{"type": "header", "text": o{"type": "plain_text", "text": strings.Repeat(one, n)}}
		r := checkPost("x", toJSON(t, l{header}))
		if (r == nil) != (n <= maxHeaderText) {
			t.Fatalf("%d times %q: %+v", n, one, r)
		}
	})
}

// FuzzChecks: whatever is sent is accepted or refused; and what gets ids keeps all else.
func FuzzChecks(f *testing.F) {
	for _, seed := range []any{
		l{rows(2, 2, 2), rich(3)}, l{actionsOf(button(1, 1), o{"type": "static_select", "options": choices(2)})},
		o{"type": "modal", "title": plainText(1), "blocks": l{inputOf(o{"type": "number_input"})}},
		o{"type": "home", "blocks": l{o{"type": "image", "slack_file": o{"id": "F1"}}}},
		l{o{"type": "section", "accessory": l{}, "fields": l{nil}}}, l{o{"type": "actions", "elements": l{1, o{"type": "button", "confirm": 1}}}}, nil,
	} {
		raw, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		accepted := checkPost("x", raw) == nil
		_ = checkView(raw, "modal")
		_ = checkView(raw, "home")
		_ = pictureIDs(raw)
		filled := withIDs(raw, "s")
		if accepted && !json.Valid(filled) {
			t.Errorf("withIDs(%s) = %s", raw, filled)
		}
		if again := withIDs(filled, "other"); accepted && string(again) != string(filled) {
			t.Errorf("ids that are there were changed: %s, %s", filled, again)
		}
	})
}

// FuzzArguments: whatever the body, it is read or refused, and no token is recorded.
func FuzzArguments(f *testing.F) {
	f.Add("application/json", `{"channel":"C1","token":"xoxb-1","blocks":"[]"}`)
	f.Add("application/x-www-form-urlencoded", "token=xoxb-1&blocks=%5B%5D&channel=C1")
	f.Add("application/json", `null`)
	f.Add("application/json", `[]`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest("POST", "/api/chat.postMessage", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		args, _, _ := readArguments(r)
		record := args.record()
		var shown map[string]json.RawMessage
		if err := json.Unmarshal(record, &shown); err != nil {
			t.Fatalf("recorded %s: %v", record, err)
		}
		if _, there := shown["token"]; there {
			t.Errorf("recorded %s", record)
		}
	})
}
