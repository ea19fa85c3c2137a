package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// A cli is the command line: what holds for every subcommand, and the subcommands.
type cli struct {
	DB        string    `name:"db" env:"PAYOFF_DB" default:"payoff.db" placeholder:"FILE" help:"The database file."`
	Log       logLevel  `env:"PAYOFF_LOG" default:"info" placeholder:"LEVEL" help:"What is logged: debug, info, warn or error."`
	LogFormat logFormat `env:"PAYOFF_LOG_FORMAT" default:"text" placeholder:"FORMAT" help:"How it is logged: text or json."`

	Serve    serveCmd    `cmd:"" default:"withargs" help:"Run payoff. This is what happens without a command, too."`
	Demo     demoCmd     `cmd:"" help:"Replay a quarter of a team of six, then serve its workspace."`
	Import   importCmd   `cmd:"" help:"Read activities from a CSV file."`
	Export   exportCmd   `cmd:"" help:"Write activities as CSV."`
	Report   reportCmd   `cmd:"" help:"Print the figures of one owner."`
	Schedule scheduleCmd `cmd:"" help:"Print when a weekly schedule comes round."`
	Outbox   outboxCmd   `cmd:"" help:"List the messages that wait, were sent or were given up."`
	Backup   backupCmd   `cmd:"" help:"Write a copy of the database, and check it."`
	Restore  restoreCmd  `cmd:"" help:"Put a copy in the database's place."`
	Check    checkCmd    `cmd:"" help:"Look for damage in the database."`
	Doctor   doctorCmd   `cmd:"" help:"Look for what keeps payoff from running well here."`
	Manifest manifestCmd `cmd:"" help:"Print what a platform needs to know of payoff."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// A program is what every subcommand is given.
type program struct {
	ctx    context.Context // ends at the first signal to stop
	out    io.Writer       // what was asked for
	err    io.Writer       // what is said about it
	log    *slog.Logger
	env    environment
	dbPath string
	now    func() time.Time // the real time
}

const description = "A chat bot that keeps small-business owners accountable to a revenue figure."

// run is the program from its arguments to its exit code.
func run(args []string) int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	stopOnSignal(stop)
	err := dispatch(ctx, args, os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "payoff: "+sentence(err))
	}
	return exitCode(err)
}

func dispatch(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	unsetEmpty()
	var c cli
	parser, err := kong.New(&c,
		kong.Name("payoff"), kong.Description(description), kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return err
	}
	if err := knownCommand(parser, args); err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return misuse("%s; see payoff %s--help.", capital(strings.TrimSuffix(err.Error(), ".")), commandOf(err))
	}
	env, err := readEnvironment()
	if err != nil {
		return err
	}
	log := newLog(stderr, c.Log, c.LogFormat)
	warnOfUnknown(log, os.Environ())
	return chosen.Run(&program{ctx: ctx, out: stdout, err: stderr, log: log, env: env, dbPath: c.DB, now: time.Now})
}

// knownCommand refuses a first word that is no command. kong would take it for an argument
// of serve, which is run without a command.
func knownCommand(parser *kong.Kong, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return nil
	}
	var names []string
	for _, c := range parser.Model.Children {
		names = append(names, c.Name)
	}
	if slices.Contains(names, args[0]) {
		return nil
	}
	if near := nearest(args[0], names); near != "" {
		return misuse("There is no command %q; did you mean payoff %s?", args[0], near)
	}
	return misuse("There is no command %q; see payoff --help.", args[0])
}

// commandOf is the subcommand in which parsing failed, with a space behind it, or nothing.
func commandOf(err error) string {
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil && p.Context.Selected() != nil {
		return strings.TrimPrefix(p.Context.Selected().FullPath(), "payoff ") + " "
	}
	return ""
}

// capital begins a sentence, unless with the name of a flag.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
