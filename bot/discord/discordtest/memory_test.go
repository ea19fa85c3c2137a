package discordtest

import (
	"context"
	"slices"
	"testing"
	"time"
)

func TestMemory(t *testing.T) {
	w := village(t)
	m, ctx := w.Memory(), t.Context()
	value := []byte("one")
	for key, until := range map[string]time.Time{"short": m.Now().Add(time.Hour), "long": {}} {
		if err := m.Remember(ctx, key, value, until); err != nil {
			t.Fatal(err)
		}
	}
	value[0] = 'X'
	recall := func(key, want string) {
		t.Helper()
		got, found, err := m.Recall(ctx, key)
		if err != nil || string(got) != want || found != (want != "") {
			t.Errorf("Recall(%q) = %q, %v, %v, want %q", key, got, found, err, want)
		}
	}
	recall("short", "one")
	recall("none", "")
	w.Advance(time.Hour)
	recall("short", "")
	recall("long", "one")
	if err := m.Remember(ctx, "long", nil, time.Time{}); err != nil {
		t.Fatal(err)
	}
	recall("long", "")
	if keys := m.Keys(); !slices.Equal(keys, []string{"short"}) {
		t.Errorf("Keys() = %v", keys)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := m.Recall(ended, "long"); err == nil {
		t.Error("Recall after the context ended gave no error")
	}
}
