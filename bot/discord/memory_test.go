package discord

import (
	"testing"
	"time"
)

func TestRecent(t *testing.T) {
	var r recent[string, int]
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if _, ok := r.get("a", now); ok {
		t.Error("a new one knows something")
	}
	if !r.put("a", 1, now, time.Minute) || r.put("a", 2, now, time.Minute) {
		t.Error("put does not tell what is new")
	}
	if v, ok := r.get("a", now.Add(time.Minute-1)); !ok || v != 2 {
		t.Errorf("get = %d, %t, want the value put last", v, ok)
	}
	if _, ok := r.get("a", now.Add(time.Minute)); ok {
		t.Error("what is over is still known")
	}
	if !r.put("a", 3, now.Add(time.Minute), time.Minute) {
		t.Error("what is over is not new")
	}
	r.drop("a")
	r.drop("a")
	if _, ok := r.get("a", now); ok {
		t.Error("what was dropped is known")
	}
	var full recent[int, int]
	for i := range mostRecent + 10 {
		full.put(i, i, now, time.Hour)
	}
	if _, ok := full.get(9, now); ok || len(full.byKey) != mostRecent || full.order.Len() != mostRecent {
		t.Errorf("%d are known, want the last %d", len(full.byKey), mostRecent)
	}
}
