package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// A logLevel is the least important thing that is logged.
type logLevel slog.Level

// UnmarshalText reads debug, info, warn or error.
func (l *logLevel) UnmarshalText(text []byte) error {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	level, ok := levels[strings.ToLower(string(text))]
	if !ok {
		return fmt.Errorf("%q is not debug, info, warn or error", text)
	}
	*l = logLevel(level)
	return nil
}

// A logFormat is how a line of the log is written.
type logFormat string

// UnmarshalText reads text or json.
func (f *logFormat) UnmarshalText(text []byte) error {
	*f = logFormat(strings.ToLower(string(text)))
	if *f != "text" && *f != "json" {
		return fmt.Errorf("%q is not text or json", text)
	}
	return nil
}

// newLog makes the log, which goes to standard error: standard output is for answers.
func newLog(w io.Writer, level logLevel, format logFormat) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.Level(level)}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
