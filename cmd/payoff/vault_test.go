package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/bot/chat"
	"payoff/bot/slack"
	"payoff/storage"
)

const (
	aKey      = "0123456789abcdefghijklmnopqrstuv"
	otherKey  = "vutsrqponmlkjihgfedcba9876543210"
	someToken = "xoxb-1-very-secret"
)

func openDB(t *testing.T) *storage.DB {
	t.Helper()
	_, db, err := openFile(t.Context(), filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func vaultOn(t *testing.T, db *storage.DB, key string) *vault {
	t.Helper()
	v, err := newVault(db, chat.NewSecret(key))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func installed(space string) slack.Install {
	return slack.Install{
		Space: space, Name: "High Street", Bot: "U0BOT", Token: chat.NewSecret(someToken), Scopes: []string{"commands", "chat:write"},
		At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
}

// kept is the record of a space as it lies in the database, changed by change if that is not nil.
func kept(t *testing.T, db *storage.DB, space string, change func(*storage.Install)) (in storage.Install) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *storage.Tx) (err error) {
		in, _, err = tx.Install(slack.Platform, space)
		if err == nil && change != nil {
			change(&in)
			err = tx.PutInstall(in)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestVaultKeepsWhatItIsGiven(t *testing.T) {
	db := openDB(t)
	v, want := vaultOn(t, db, aKey), installed("T1")
	if _, found, err := v.Install(t.Context(), "T1"); found || err != nil {
		t.Errorf("of an empty vault Install() = %v, %v, want nothing", found, err)
	}
	for range 2 { // a second time replaces it
		if err := v.Keep(t.Context(), want); err != nil {
			t.Fatal(err)
		}
	}
	got, found, err := vaultOn(t, db, aKey).Install(t.Context(), "T1") // as after a restart
	if err != nil || !found {
		t.Fatalf("Install() = %v, %v, want it", found, err)
	}
	if got.Token.Reveal() != someToken {
		t.Error("the token is another one")
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(slack.Install{}, "Token")); diff != "" {
		t.Errorf("Install() differs (-want +got):\n%s", diff)
	}
	for _, space := range []string{"E1", "T2", "T3"} { // an organisation, and two teams that it came to by its token
		in := installed(space)
		if space != "E1" {
			in.Org = "E1"
		}
		if err := v.Keep(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if gone, err := v.Remove(t.Context(), "E1"); err != nil || !slices.Equal(gone, []string{"E1", "T2", "T3"}) {
		t.Errorf("Remove(E1) = %v, %v, want it with its teams", gone, err)
	}
	if gone, err := v.Remove(t.Context(), "T1"); err != nil || !slices.Equal(gone, []string{"T1"}) {
		t.Fatalf("Remove(T1) = %v, %v", gone, err)
	}
	if _, found, err := v.Install(t.Context(), "T1"); found || err != nil {
		t.Errorf("after Remove() Install() = %v, %v, want nothing", found, err)
	}
	if gone, err := v.Remove(t.Context(), "T1"); err != nil || len(gone) > 0 {
		t.Errorf("Remove() of what is not there = %v, %v, want nothing", gone, err)
	}
}

func TestSealedTokensHideTheirWords(t *testing.T) {
	db := openDB(t)
	v := vaultOn(t, db, aKey)
	var seen [][]byte
	for range 3 {
		if err := v.Keep(t.Context(), installed("T1")); err != nil {
			t.Fatal(err)
		}
		in := kept(t, db, "T1", nil)
		if bytes.Contains(in.Sealed, []byte("secret")) {
			t.Error("the token can be read in its record")
		}
		if slices.ContainsFunc(seen, func(b []byte) bool { return bytes.Equal(b, in.Sealed) }) {
			t.Error("the same token is sealed twice alike")
		}
		seen = append(seen, in.Sealed)
	}
}

// TestVaultRefuses: whatever is wrong, there is one sentence with what to do, and no token in it.
func TestVaultRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		key    string
		change func(*storage.Install)
		say    string
	}{
		"another key":     {otherKey, func(*storage.Install) {}, "PAYOFF_SECRET_KEY is not the one these tokens were sealed with"},
		"another space":   {aKey, func(in *storage.Install) { in.Space = "T2" }, "PAYOFF_SECRET_KEY is not the one"},
		"another version": {aKey, func(in *storage.Install) { in.Sealed[0]++ }, "in a way that this payoff does not know"},
		"nothing":         {aKey, func(in *storage.Install) { in.Sealed = nil }, "in a way that this payoff does not know"},
		"a version alone": {aKey, func(in *storage.Install) { in.Sealed = in.Sealed[:1] }, "PAYOFF_SECRET_KEY is not the one"},
		"the token bare":  {aKey, func(in *storage.Install) { in.Sealed = []byte(someToken) }, "in a way that this payoff does not know"},
	} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t)
			if err := vaultOn(t, db, aKey).Keep(t.Context(), installed("T1")); err != nil {
				t.Fatal(err)
			}
			in := kept(t, db, "T1", c.change)
			v := vaultOn(t, db, c.key)
			_, found, err := v.Install(t.Context(), in.Space)
			if err == nil || found {
				t.Fatalf("Install() = %v, %v, want an error", found, err)
			}
			if said := sentence(err); !strings.Contains(said, c.say) || strings.Contains(err.Error(), "secret-") || strings.Contains(said, someToken) {
				t.Errorf("Install() = %q, want %q in it and no token", said, c.say)
			}
			if _, shut, err := v.look(t.Context()); err != nil || len(shut) != 1 {
				t.Errorf("look() finds %d that do not open (%v), want 1", len(shut), err)
			}
		})
	}
}

// TestNoByteOfASealedTokenCanBeChanged flips bits, cuts and extends.
func TestNoByteOfASealedTokenCanBeChanged(t *testing.T) {
	v := vaultOn(t, openDB(t), aKey)
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.StringN(1, 80, -1).Draw(t, "token")
		sealed := v.seal("T1", chat.NewSecret(token))
		if got, err := v.unseal(storage.Install{Space: "T1", Sealed: sealed}); err != nil || got.Reveal() != token {
			t.Fatalf("unseal() = %v, want what was sealed", err)
		}
		changed := bytes.Clone(sealed)
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			changed[rapid.IntRange(0, len(changed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case 1:
			changed = changed[:rapid.IntRange(0, len(changed)-1).Draw(t, "length")]
		case 2:
			changed = append(changed, rapid.Byte().Draw(t, "more"))
		}
		if _, err := v.unseal(storage.Install{Space: "T1", Sealed: changed}); err == nil {
			t.Fatalf("what was changed is opened: %x instead of %x", changed, sealed)
		}
	})
}

func TestKeysThatAreTooShort(t *testing.T) {
	for key, say := range map[string]string{
		"":            "PAYOFF_SECRET_KEY; make one with: openssl rand -base64 32",
		"hunter2":     "PAYOFF_SECRET_KEY has 7 characters, and must have 32 or more",
		aKey[1:]:      "has 31 characters",
		aKey:          "",
		aKey + aKey:   "",
		aKey + "\x00": "",
	} {
		err := checkKey(chat.NewSecret(key))
		switch {
		case say == "" && err != nil:
			t.Errorf("checkKey() of %d characters = %v, want no error", len(key), err)
		case say != "" && (err == nil || exitCode(err) != exitMisuse || !strings.Contains(err.Error(), say)):
			t.Errorf("checkKey() of %d characters = %v, want misuse with %q", len(key), err, say)
		case key != "" && err != nil && strings.Contains(err.Error(), key):
			t.Errorf("checkKey() of %d characters names the key", len(key))
		}
	}
}
