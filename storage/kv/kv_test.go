package kv_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/storage/kv"
)

func TestPrefix(t *testing.T) {
	for _, test := range []struct {
		prefix, hi string
		endless    bool
	}{
		{prefix: "", endless: true},
		{prefix: "a", hi: "b"},
		{prefix: "ab", hi: "ac"},
		{prefix: "a\x00", hi: "a\x01"},
		{prefix: "a\xff", hi: "b"},
		{prefix: "a\xfe\xff\xff", hi: "a\xff"},
		{prefix: "\xff", endless: true},
		{prefix: "\xff\xff", endless: true},
		{prefix: "\xfe\xff", hi: "\xff"},
	} {
		got := kv.Prefix([]byte(test.prefix))
		if string(got.Lo) != test.prefix || got.Reverse {
			t.Errorf("Prefix(%q) = %+v, want Lo to be the prefix and Reverse false", test.prefix, got)
		}
		if (got.Hi == nil) != test.endless || string(got.Hi) != test.hi {
			t.Errorf("Prefix(%q).Hi = %q, nil %t, want %q, nil %t", test.prefix, got.Hi, got.Hi == nil, test.hi, test.endless)
		}
	}
	if got := kv.Prefix(nil); len(got.Lo) != 0 || got.Hi != nil {
		t.Errorf("Prefix(nil) = %+v, want everything", got)
	}
}

// TestPrefixHoldsExactly: a key is in the range of a prefix exactly when it begins with it.
func TestPrefixHoldsExactly(t *testing.T) {
	few := rapid.SampledFrom([]byte{0, 1, 'a', 'b', 0xfe, 0xff})
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SliceOfN(few, 0, 4).Draw(t, "prefix")
		key := rapid.SliceOfN(few, 0, 6).Draw(t, "key")
		before := bytes.Clone(prefix)
		r := kv.Prefix(prefix)
		in := bytes.Compare(key, r.Lo) >= 0 && (r.Hi == nil || bytes.Compare(key, r.Hi) < 0)
		if want := bytes.HasPrefix(key, prefix); in != want {
			t.Fatalf("%q in Prefix(%q) = %t, want %t", key, prefix, in, want)
		}
		if !bytes.Equal(prefix, before) {
			t.Fatalf("Prefix changes its argument from %q to %q", before, prefix)
		}
	})
}

func TestCheckSet(t *testing.T) {
	for _, test := range []struct {
		key, value int // lengths
		want       string
	}{
		{1, 0, ""},
		{kv.MaxKey, kv.MaxValue, ""},
		{0, 1, "the key is empty"},
		{kv.MaxKey + 1, 1, "1025 bytes"},
		{1, kv.MaxValue + 1, "1048577 bytes"},
	} {
		err := kv.CheckSet(make([]byte, test.key), make([]byte, test.value))
		if test.want == "" {
			if err != nil {
				t.Errorf("CheckSet of %d and %d bytes = %v, want nil", test.key, test.value, err)
			}
			continue
		}
		if !errors.Is(err, kv.ErrLimit) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("CheckSet of %d and %d bytes = %v, want an ErrLimit with %q", test.key, test.value, err, test.want)
		}
	}
}
