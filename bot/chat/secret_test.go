package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	const value = "xoxb-hush"
	secret := NewSecret(value)
	nested := struct {
		Exported Secret
		hidden   Secret
		list     []Secret
		byName   map[string]Secret
		pointer  *Secret
	}{secret, secret, []Secret{secret}, map[string]Secret{"token": secret}, &secret}

	var printed []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%t", "%p"} {
		printed = append(printed,
			fmt.Sprintf(verb, secret), fmt.Sprintf(verb, &secret), fmt.Sprintf(verb, []Secret{secret}), fmt.Sprintf(verb, nested))
	}
	printed = append(printed, fmt.Sprint(secret), fmt.Sprintln(secret), fmt.Errorf("with %w and %v", fmt.Errorf("%s", secret), secret).Error())
	for _, v := range []any{secret, &secret, nested, map[string]any{"token": secret}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		printed = append(printed, string(b))
	}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("set", "secret", secret, "pointer", &secret, "nested", nested, slog.Group("g", "s", secret))
	}
	printed = append(printed, log.String())

	for _, p := range printed {
		for _, leak := range []string{value, fmt.Sprintf("%x", value), fmt.Sprintf("%X", value)} {
			if strings.Contains(p, leak) {
				t.Errorf("the secret is in %q", p)
			}
		}
	}
	for _, verb := range []string{"%v", "%s", "%q", "%#v"} {
		if got := fmt.Sprintf(verb, secret); got != redacted {
			t.Errorf("Sprintf(%q, secret) = %q, want %q", verb, got, redacted)
		}
	}
	if b, _ := json.Marshal(secret); string(b) != `"[redacted]"` {
		t.Errorf("Marshal(secret) = %s, want %q", b, redacted)
	}
	if got := secret.Reveal(); got != value {
		t.Errorf("Reveal() = %q, want %q", got, value)
	}
	if s := NewSecret(""); s.IsSet() || s.Reveal() != "" {
		t.Errorf("an empty secret is set: %q", s.Reveal())
	}
}
