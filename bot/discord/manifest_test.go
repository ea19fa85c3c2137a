package discord

import (
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/command"
)

var updateManifest = flag.Bool("update-manifest", false, "write the golden manifest anew")

func TestManifest(t *testing.T) {
	got, err := Manifest(tableSpecs(), "100000000000000001")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "manifest.json")
	if *updateManifest {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update-manifest writes it):\n%s", path, diff)
	}
}

// TestInvite: it asks for the permissions that are explained, and for no others.
func TestInvite(t *testing.T) {
	raw, err := Manifest(tableSpecs(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(raw), "{\n  \"invite\": ") {
		t.Errorf("the manifest begins with %.60q, and the README says it begins with the invite", raw)
	}
	var m struct {
		Invite      string
		Permissions map[string]string
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(m.Invite)
	if err != nil || u.Query().Get("client_id") != "YOUR_APPLICATION_ID" || u.Query().Get("scope") != "bot applications.commands" {
		t.Errorf("invite = %s", m.Invite)
	}
	// View Channel, Send Messages, Embed Links, Attach Files, Create Private Threads, Send
	// Messages in Threads, by their bits in Discord's documentation.
	want := uint64(0x400 | 0x800 | 0x4000 | 0x8000 | 0x1000000000 | 0x4000000000)
	if n, err := strconv.ParseUint(u.Query().Get("permissions"), 10, 64); err != nil || n != want {
		t.Errorf("permissions = %d, want %d", n, want)
	}
	if len(m.Permissions) != 6 {
		t.Errorf("%d permissions are explained, want 6", len(m.Permissions))
	}
	for name, why := range m.Permissions {
		if !strings.HasPrefix(why, "to ") {
			t.Errorf("%s is explained by %q", name, why)
		}
	}
}

func TestManifestRefuses(t *testing.T) {
	if got, err := Manifest([]command.Spec{{Name: "log", Summary: strings.Repeat("x", 101)}}, ""); err == nil {
		t.Errorf("Manifest = %s, want an error", got)
	}
}
