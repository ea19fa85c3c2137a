package main

import (
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"payoff/bot/chat"
)

// A variable is one of the environment that this program reads. Those that are flags too are
// read by kong, from the tags beside them; the others here.
type variable struct {
	name   string
	secret bool // may also be given as NAME_FILE, the path of a file that holds it
	about  string
}

// variables is every one of them, in the order of DESIGN §6.
var variables = []variable{
	{"PAYOFF_DB", false, "the database file"},
	{"PAYOFF_DATABASE_URL", true, "a postgres:// address instead of the file (not built yet)"},
	{"PAYOFF_HTTP", false, "address of the workspace, /healthz, /readyz, /metrics, /slack/ and /discord/"},
	{"PAYOFF_SECRET_KEY", true, "encrypts stored tokens; 32 characters or more"},
	{"PAYOFF_BACKUP_DIR", false, "folder for a backup each day"},
	{"PAYOFF_BACKUP_KEEP", false, "how many of them are kept"},
	{"PAYOFF_LOG", false, "what is logged"},
	{"PAYOFF_LOG_FORMAT", false, "how it is logged"},
	{"SLACK_BOT_TOKEN", true, "payoff's token in your Slack workspace, xoxb-..."},
	{"SLACK_APP_TOKEN", true, "turns on Socket Mode: the app's token, xapp-..."},
	{"SLACK_SIGNING_SECRET", true, "turns on HTTP: proves what comes from Slack"},
	{"SLACK_CLIENT_ID", false, "turns on /slack/install, into many workspaces"},
	{"SLACK_CLIENT_SECRET", true, "goes with SLACK_CLIENT_ID"},
	{"SLACK_API_URL", false, "another address for Slack's API, ending in a slash"},
	{"DISCORD_BOT_TOKEN", true, "turns on Discord: the bot's token"},
	{"DISCORD_PUBLIC_KEY", false, "turns on HTTP beside the gateway: proves what comes from Discord"},
	{"DISCORD_APPLICATION_ID", false, "the application's number; asked of Discord without it"},
	{"DISCORD_API_URL", false, "another address for Discord's API, without a path"},
}

const fileSuffix = "_FILE"

// An environment is what was set of the variables that are no flags.
type environment struct {
	plain   map[string]string
	secrets map[string]chat.Secret
}

// readEnvironment reads the variables. A secret given twice, or in a file that cannot be
// read, is misuse.
func readEnvironment() (environment, error) {
	env := environment{plain: map[string]string{}, secrets: map[string]chat.Secret{}}
	for _, v := range variables {
		value := os.Getenv(v.name)
		if !v.secret {
			if value != "" {
				env.plain[v.name] = value
			}
			continue
		}
		s, err := readSecret(v.name, value, os.Getenv(v.name+fileSuffix))
		if err != nil {
			return environment{}, err
		}
		if s.IsSet() {
			env.secrets[v.name] = s
		}
	}
	return env, nil
}

func readSecret(name, value, path string) (chat.Secret, error) {
	switch {
	case path == "":
		return chat.NewSecret(value), nil
	case value != "":
		return chat.Secret{}, misuse("%s and %s are both set; set one of them.", name, name+fileSuffix)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return chat.Secret{}, misuse("%s names %s, which cannot be read: %s.", name+fileSuffix, path, reason(err))
	}
	s := chat.NewSecret(strings.TrimRight(string(b), "\r\n"))
	if !s.IsSet() {
		return chat.Secret{}, misuse("%s names %s, which is empty.", name+fileSuffix, path)
	}
	return s, nil
}

// unsetEmpty makes an empty variable one that is not set, as people mean it and kong does not.
func unsetEmpty() {
	for _, v := range variables {
		if value, set := os.LookupEnv(v.name); set && value == "" {
			_ = os.Unsetenv(v.name) // fails for a bad name only
		}
	}
}

// firstSet is the first variable set whose name begins with one of the prefixes.
func (env environment) firstSet(prefixes ...string) (string, bool) {
	for _, v := range variables {
		begins := func(prefix string) bool { return strings.HasPrefix(v.name, prefix) }
		if slices.ContainsFunc(prefixes, begins) && (env.plain[v.name] != "" || env.secrets[v.name].IsSet()) {
			return v.name, true
		}
	}
	return "", false
}

// warnOfUnknown logs each PAYOFF_ variable that is none of ours: most often one that was
// misspelt, whose setting would else be missed without a word.
func warnOfUnknown(log *slog.Logger, environ []string) {
	var known []string
	for _, v := range variables {
		known = append(known, v.name)
		if v.secret {
			known = append(known, v.name+fileSuffix)
		}
	}
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "PAYOFF_") || slices.Contains(known, name) || slices.Contains(testVariables, name) {
			continue
		}
		if near := nearest(name, known); near != "" {
			log.Warn("environment variable is not known", "name", name, "near", near)
			continue
		}
		log.Warn("environment variable is not known", "name", name)
	}
}

// testVariables belong to the tests, which may be run with them set.
var testVariables = []string{"PAYOFF_SLOW", "PAYOFF_SCREENSHOTS"}

// nearest is the one of names that is at most two letters away from what was typed.
func nearest(typed string, names []string) string {
	best, found := 3, ""
	for _, name := range names {
		n := levenshtein.ComputeDistance(strings.ToLower(typed), strings.ToLower(name))
		if n < best && n < len([]rune(typed)) {
			best, found = n, name
		}
	}
	return found
}
