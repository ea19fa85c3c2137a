package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strings"
)

// The largest body of a post, in bytes: a form of many long fields.
const largestBody = 512 << 10

// policy lets the page load what this server serves, and talk to it, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (w *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.home)
	mux.HandleFunc("POST /people", w.addPerson)
	mux.HandleFunc("GET /media/{id}/{name}", w.serveMedia)
	mux.Handle("GET /static/", static())
	mux.HandleFunc("GET /as/{person}", w.asPerson(w.homeOf))
	mux.HandleFunc("POST /as/{person}/clock", w.asPerson(w.moveClock))
	mux.HandleFunc("GET /as/{person}/{room}", w.inRoom(w.showPage))
	mux.HandleFunc("GET /as/{person}/{room}/earlier", w.inRoom(w.showEarlier))
	mux.HandleFunc("GET /as/{person}/{room}/live", w.inRoom(w.live))
	mux.HandleFunc("GET /as/{person}/{room}/complete", w.inRoom(w.complete))
	mux.HandleFunc("POST /as/{person}/{room}/say", w.acting(w.say))
	mux.HandleFunc("POST /as/{person}/{room}/press", w.acting(w.press))
	mux.HandleFunc("POST /as/{person}/{room}/submit", w.acting(w.submit))

	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		http.Error(rw, "This came from another site, and was not carried out.", http.StatusForbidden)
	}))
	return w.headers(w.onlyHosts(sameOrigin.Handler(limited(mux))))
}

func (w *Workspace) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(rw, r)
	})
}

// onlyHosts refuses names that are not this machine's: a page elsewhere may have pointed one
// of its own here, and would then be of the same origin.
func (w *Workspace) onlyHosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !knownHost(r.Host, w.cfg.Hosts) {
			http.Error(rw, "The workspace is not known by this name; open it as localhost.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

func knownHost(hostport string, known []string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || slices.Contains(known, "0.0.0.0") || slices.Contains(known, "::") || slices.Contains(known, host)
	}
	return strings.EqualFold(host, "localhost") || slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, host) })
}

func limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(rw, r.Body, largestBody)
		next.ServeHTTP(rw, r)
	})
}

func (w *Workspace) asPerson(next func(http.ResponseWriter, *http.Request, Person)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		p, ok := w.person(r.PathValue("person"))
		if !ok {
			w.refuse(rw, r, errNoPerson)
			return
		}
		next(rw, r, p)
	}
}

func (w *Workspace) inRoom(next func(http.ResponseWriter, *http.Request, Person, *room)) http.HandlerFunc {
	return w.asPerson(func(rw http.ResponseWriter, r *http.Request, p Person) {
		at, err := w.place(p.ID, r.PathValue("room"))
		if err != nil {
			w.refuse(rw, r, err)
			return
		}
		next(rw, r, p, at)
	})
}

// lasting is the context of what a person did: it goes on when they close the page.
func lasting(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }

// static serves the embedded files; a browser asks each time and is told they are the same.
func static() http.Handler {
	tags := map[string]string{}
	_ = fs.WalkDir(staticFiles, "static", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := staticFiles.ReadFile(path)
		sum := sha256.Sum256(data)
		tags["/"+path] = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		return err
	})
	files := http.FileServerFS(staticFiles)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		tag, ok := tags[r.URL.Path]
		if !ok {
			http.Error(rw, "There is no such file.", http.StatusNotFound)
			return
		}
		rw.Header().Set("ETag", tag)
		rw.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(rw, r)
	})
}
