package web

import (
	"crypto/rand"
	"mime"
	"net/http"
	"net/url"

	"payoff/bot/chat"
)

// A media is a picture or a file of a message, served under an id that cannot be guessed for
// as long as its message is kept.
type media struct {
	name   string
	typ    string
	data   []byte
	inline bool
}

// keepMedia keeps what m carries and names each, in order. The caller holds mu.
func (w *Workspace) keepMedia(m chat.Message) []string {
	var ids []string
	for _, b := range m.Blocks {
		var kept *media
		switch b := b.(type) {
		case chat.Image:
			kept = &media{chat.Clean(b.Name), "image/png", b.PNG, true}
		case chat.File:
			kept = &media{chat.Clean(b.Name), b.Type, b.Data, false}
		default:
			continue
		}
		id := rand.Text()
		w.media[id] = kept
		ids = append(ids, id)
	}
	return ids
}

func (w *Workspace) dropMedia(ids []string) {
	for _, id := range ids {
		delete(w.media, id)
	}
}

func mediaPath(id, name string) string { return "/media/" + id + "/" + url.PathEscape(name) }

func (w *Workspace) serveMedia(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	m, ok := w.media[r.PathValue("id")]
	w.mu.Unlock()
	if !ok {
		http.Error(rw, "This picture or file is no longer kept.", http.StatusNotFound)
		return
	}
	h := rw.Header()
	h.Set("Content-Type", "application/octet-stream")
	if t, params, err := mime.ParseMediaType(m.typ); err == nil {
		h.Set("Content-Type", mime.FormatMediaType(t, params))
	}
	if !m.inline {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": m.name}))
	}
	// What a file holds came from people: it may run nothing, even when opened by itself.
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	_, _ = rw.Write(m.data) // the reader has gone; nobody to tell
}
