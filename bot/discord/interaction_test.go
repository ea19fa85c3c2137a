package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Of an interaction that is newer than payoff, what it knows is read and the rest left out.
func TestDecodeLeniently(t *testing.T) {
	in, err := decode([]byte(`{
		"id": "1000000000000000001", "application_id": "666666666666666666", "token": "abc", "type": 5, "version": "new",
		"guild_id": "111111111111111111", "channel": {"id": "222222222222222222", "type": 99, "name": ["x"]}, "context": "0",
		"member": {"nick": null, "user": {"id": "444444444444444444", "global_name": {}, "username": "ann", "bot": "no"}, "roles": 3},
		"locale": 7, "message": {"id": "777777777777777777", "flags": "64"}, "entitlements": {}, "data": {
			"custom_id": "f:x:0", "components": [
				null, 7, "x", {"type": 10, "content": "words"}, {"type": 21, "custom_id": "new", "value": null},
				{"type": 18, "component": {"type": 4, "custom_id": "a", "value": "one"}},
				{"type": 18, "component": [{"custom_id": "lost", "value": "x"}]},
				{"type": 1, "components": [{"type": 4, "custom_id": "b", "value": 2.50}]},
				{"type": 18, "component": {"type": 3, "custom_id": "c", "values": ["x", "y"]}},
				{"type": 18, "component": {"type": 3, "custom_id": "d", "values": []}},
				{"type": 23, "custom_id": "e", "value": true},
				{"type": 18, "component": {"type": 3, "custom_id": "f", "values": "z"}}
			]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []typed{{"new", ""}, {"a", "one"}, {"b", "2.50"}, {"c", "x"}, {"d", ""}, {"e", "true"}, {"f", ""}}
	if diff := cmp.Diff(want, in.typed, cmp.AllowUnexported(typed{})); diff != "" {
		t.Errorf("typed (-want +got):\n%s", diff)
	}
	if in.by.ID != standAnn || in.by.Name != "ann" || in.by.Locale != "7" || !in.hidden || in.message != standMessage || in.room.ID != standRoom {
		t.Errorf("decode = %+v", in)
	}
}

func TestDecodeOptions(t *testing.T) {
	in, err := decode([]byte(`{
		"id": "1000000000000000001", "application_id": "666666666666666666", "token": "abc", "type": 2, "channel_id": "222222222222222222",
		"user": {"id": "444444444444444444"}, "data": {"name": "payoff", "type": 1, "options": [
			{"type": 2, "name": "goal", "options": [{"type": 1, "name": "set", "options": [
				{"type": 3, "name": "text", "value": "£5k"}, {"type": 4, "name": "whole", "value": 12345678901234567890},
				{"type": 10, "name": "part", "value": 1.50}, {"type": 5, "name": "truth", "value": true},
				{"type": 3, "name": "nothing", "value": null}, {"type": 3, "name": "missing"}, {"type": 77, "name": "new", "value": "x"}
			]}]}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"text": "£5k", "whole": "12345678901234567890", "part": "1.50", "truth": "true", "nothing": "", "new": "x"}
	if diff := cmp.Diff(want, in.options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if got := strings.Join(in.names, " "); got != "payoff goal set" || !in.room.Direct || in.unread != "" {
		t.Errorf("names = %q, direct %t, unread %q", got, in.room.Direct, in.unread)
	}
}

// No bytes make the decoder panic, and what it takes can be put into the path of a call.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"id":"1000000000000000001","application_id":"666666666666666666","token":"a","type":5,"data":{"components":[{"component":{"component":{}}}]}}`))
	for _, in := range []map[string]any{
		inServer(kindCommand, chosen("goal", optionWith(optionSubcommand, "set", []any{optionWith(3, "goal", "£5k")}))),
		inServer(kindSubmit, filled("f:x:0", map[string]any{"a": "b", "c": []string{"d"}})),
		onMessage(standMessage, 64, directly(kindComponent, pressed(callID("undo 1")))),
		inServer(kindCommand, map[string]any{"type": 3, "name": "Log this", "target_id": "5", "resolved": map[string]any{"messages": map[string]any{"5": map[string]any{"content": "x"}}}}),
	} {
		raw, _ := json.Marshal(in)
		f.Add(raw)
	}
	deep := strings.Repeat(`{"options":[`, 200) + strings.Repeat(`]}`, 200)
	f.Add([]byte(strings.Replace(deep, `{`, `{"id":"1000000000000000001","application_id":"666666666666666666","token":"a","data":`+deep+`,`, 1)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		in, err := decode(raw)
		if in == nil && err == nil {
			t.Fatal("decode = nothing without an error")
		}
		if in == nil {
			return
		}
		path := in.id + in.token.Reveal() + in.application
		if strings.ContainsAny(path, "/?#% \n\\") || in.id == "" || !in.token.IsSet() {
			t.Errorf("id %q, application %q or the token is none", in.id, in.application)
		}
		if err == nil && (!isID(in.by.ID) || in.server != "" && !isID(in.server)) {
			t.Errorf("by %q in %q, want a person, and a server or none", in.by.ID, in.server)
		}
		if err != nil && strings.Contains(err.Error(), string(raw)) && len(raw) > 20 {
			t.Errorf("the error %q repeats what came", err)
		}
	})
}

// Whatever is in an interaction, its person is answered and nothing panics.
func TestTakeAnything(t *testing.T) {
	words := []string{"id", "type", "name", "value", "options", "components", "component", "custom_id", "values", "focused", "user", "nick", "resolved",
		"messages", "target_id", "5", "content", "mentions", "data", "flags", "log", "goal", "set", "channel", "component_type", "k::x", "c::log", "p:x:1", "f:x:0", "Log this"}
	var anything func(depth int) *rapid.Generator[any]
	anything = func(depth int) *rapid.Generator[any] {
		return rapid.Custom(func(t *rapid.T) any {
			kinds := 5
			if depth == 0 {
				kinds = 3
			}
			switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
			case 0:
				return rapid.SampledFrom(words).Draw(t, "word")
			case 1:
				return rapid.IntRange(-1, 12).Draw(t, "number")
			case 2:
				return rapid.SampledFrom([]any{nil, true, "", 1.5}).Draw(t, "value")
			case 3:
				return rapid.SliceOfN(anything(depth-1), 0, 3).Draw(t, "list")
			}
			return rapid.MapOfN(rapid.SampledFrom(words), anything(depth-1), 0, 5).Draw(t, "object")
		})
	}
	b := newBooth(t)
	rapid.Check(t, func(t *rapid.T) {
		in := inServer(rapid.IntRange(kindCommand, kindSubmit).Draw(t, "type"), nil)
		for _, key := range []string{"data", "channel", "message", "context"} {
			in[key] = anything(5).Draw(t, key)
		}
		raw, _ := json.Marshal(in)
		b.forget()
		b.brought[in["id"].(string)] = time.Now()
		b.take(t.Context(), raw)
		if b.names() == "" || strings.Contains(b.log.String(), "panicked") || strings.Contains(b.log.String(), "level=ERROR") {
			t.Fatalf("calls = %q after %s\n%s", b.names(), raw, b.log)
		}
	})
}
