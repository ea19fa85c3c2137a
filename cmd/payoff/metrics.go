package main

import (
	"context"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/bot/nudge"
)

// metrics is what /metrics shows, in a registry of its own. No label holds anything a person
// typed: routes, commands and kinds are closed sets.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	events   *prometheus.CounterVec
	nudges   *prometheus.CounterVec
	ticks    *prometheus.CounterVec
	backup   prometheus.Gauge
}

func newMetrics(r *records) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "payoff_http_requests_total", Help: "HTTP requests by route and status.",
		}, []string{"route", "status"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "payoff_events_total", Help: "Things people did by platform and command; log and message are lines to log.",
		}, []string{"platform", "command"}),
		nudges: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "payoff_nudges_total", Help: "Messages unasked for: claimed into the outbox, sent, or failed to be sent.",
		}, []string{"outcome"}),
		ticks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "payoff_tick_errors_total", Help: "Runs of a recurring task that ended in an error.",
		}, []string{"task"}),
		backup: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "payoff_last_backup_timestamp_seconds", Help: "When the last scheduled backup was made; 0 is never by this process.",
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "payoff_build_info", Help: "Always 1; the labels say which build this is.",
		ConstLabels: prometheus.Labels{"version": release(debug.ReadBuildInfo()), "go": runtime.Version()},
	})
	build.Set(1)
	size := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "payoff_database_bytes", Help: "Size of the database, free pages included.",
	}, func() float64 {
		n, _ := r.file.Size(context.Background()) // 0 once it is closed
		return float64(n)
	})
	m.registry.MustRegister(m.requests, m.events, m.nudges, m.ticks, m.backup, build, size,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, outcome := range []string{"claimed", "sent", "failed"} {
		m.nudges.WithLabelValues(outcome) // a rate needs a 0 to begin at
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// count adds what one run of the nudger did.
func (m *metrics) count(c nudge.Count) {
	m.nudges.WithLabelValues("claimed").Add(float64(c.Claimed))
	m.nudges.WithLabelValues("sent").Add(float64(c.Sent))
	m.nudges.WithLabelValues("failed").Add(float64(c.Failed))
}

// counted is next, with each request counted once it is answered, by the route that took it.
func (m *metrics) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		answer := &answerWriter{ResponseWriter: rw, status: http.StatusOK}
		// Counted also when a handler panics, which the server recovers.
		defer func() {
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			m.requests.WithLabelValues(route, strconv.Itoa(answer.status)).Inc()
		}()
		next.ServeHTTP(answer, r)
	})
}

// An answerWriter remembers the status.
type answerWriter struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (w *answerWriter) WriteHeader(status int) {
	if !w.begun {
		w.status, w.begun = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection: live streams flush through it.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A countingHandler counts events on their way to the bot.
type countingHandler struct {
	chat.Handler
	metrics *metrics
	specs   []command.Spec
}

func (m *metrics) counting(next chat.Handler) chat.Handler {
	return countingHandler{next, m, bot.Specs()}
}

func (h countingHandler) Handle(ctx context.Context, e chat.Event) chat.Reply {
	h.metrics.events.WithLabelValues(e.From.Platform, h.command(e.Did)).Inc()
	return h.Handler.Handle(ctx, e)
}

// command is the command an event calls, from the closed set of the table.
func (h countingHandler) command(did chat.Did) string {
	var line string
	switch did := did.(type) {
	case chat.Wrote:
		return "message"
	case chat.Typed:
		line = did.Text
	case chat.Pressed:
		line = did.Call
	case chat.Submitted:
		line = did.Call
	}
	if strings.TrimSpace(line) == "" { // as the bot takes it
		line = "payoff"
	}
	spec, _, err := command.Find(h.specs, line)
	if err != nil {
		return "other"
	}
	return spec.Name
}
