package main

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"payoff/storage"
)

// Limits on connections. There is none on how long an answer takes to write: live streams
// stay open for as long as their page does, and the workspace limits each of their writes.
const (
	headerWait = 10 * time.Second // for the head of a request
	bodyWait   = time.Minute      // for its body
	idleWait   = 2 * time.Minute  // between two requests of a connection
	mostHeader = 64 << 10         // bytes
)

// healthHeader marks /healthz as ours, so that another program's is not taken for it.
const healthHeader = "Payoff-Version"

// newServer serves the workspace and, beside it, what an operator asks for.
func newServer(a *app) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.healthz)
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", a.metrics.handler())
	for _, p := range a.platforms {
		mux.Handle(p.routes(), p.adapter)
	}
	if len(a.platforms) > 0 {
		mux.HandleFunc("POST /as/{person}/clock", a.clockStays)
	}
	if a.workspace != nil {
		mux.Handle("/", a.workspace)
	} else {
		mux.HandleFunc("/", a.noPages)
	}
	return &http.Server{
		Handler:           a.metrics.counted(hurried(mux)),
		ReadHeaderTimeout: headerWait,
		IdleTimeout:       idleWait,
		MaxHeaderBytes:    mostHeader,
		ErrorLog:          slog.NewLogLogger(a.program.log.Handler(), slog.LevelDebug), // broken connections of others
	}
}

// noPages answers where the local workspace would be.
func (a *app) noPages(rw http.ResponseWriter, _ *http.Request) {
	http.Error(rw, "payoff serves "+a.platformNames()+" here, and no pages. payoff serve --local opens the local workspace too.", http.StatusNotFound)
}

// clockStays refuses to move the workspace's clock: the people of the platforms share it, and
// live in real time.
func (a *app) clockStays(rw http.ResponseWriter, _ *http.Request) {
	http.Error(rw, "The clock cannot be moved while payoff is in "+a.platformNames()+": it is the same clock.", http.StatusConflict)
}

// hurried limits how long a body may take to arrive. http.Server's ReadTimeout would end live
// streams too.
func hurried(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			_ = http.NewResponseController(rw).SetReadDeadline(time.Now().Add(bodyWait))
		}
		next.ServeHTTP(rw, r)
	})
}

// healthz says that the process answers.
func (a *app) healthz(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set(healthHeader, "1")
	_, _ = io.WriteString(rw, "ok\n")
}

// readyz says that it can do its work: the database can be read and nothing is being stopped.
func (a *app) readyz(rw http.ResponseWriter, r *http.Request) {
	err := a.program.ctx.Err()
	if err == nil {
		err = a.records.db.View(r.Context(), func(*storage.Reader) error { return nil })
	}
	if err != nil {
		http.Error(rw, "not ready", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(rw, "ready\n")
}

// hosts is the names under which the workspace may be asked for, besides this machine's own.
func (a *app) hosts(address httpFlag) []string {
	host, _, err := address.split()
	if err != nil || slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, host) {
		return nil
	}
	if host == "" {
		host = "0.0.0.0"
	}
	return []string{host}
}
