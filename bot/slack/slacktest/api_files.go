package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
)

// getUploadURL announces a file.
func getUploadURL(c *call) (reply, *refusal) {
	size, err := strconv.Atoi(c.args.text("length"))
	if name := c.args.text("filename"); name == "" || err != nil || size < 1 {
		return nil, &refusal{code: "invalid_arguments", messages: []string{"[ERROR] filename and length are needed"}}
	}
	f := &file{
		id: c.s.nextID("F"), name: c.args.text("filename"), title: c.args.text("filename"),
		altText: c.args.text("alt_txt"), size: size,
	}
	c.in.w.files[f.id] = f
	return reply{"upload_url": c.s.server.URL + uploadPath + f.id, "file_id": f.id}, nil
}

// serveUpload takes the bytes of a file that was announced, as they are or as a form.
func (s *Slack) serveUpload(rw http.ResponseWriter, r *http.Request) {
	id := r.PathValue("file")
	content, err := readUpload(r)
	body, _ := json.Marshal(reply{"file": id, "size": len(content)})
	record := Call{Method: "upload", Body: body}
	var f *file
	s.mu.Lock()
	for _, w := range s.workspaces {
		if w.files[id] != nil {
			f, record.Space = w.files[id], w.ID
		}
	}
	s.mu.Unlock()
	s.serve(rw, record, func() answer {
		switch {
		case err != nil:
			s.refused("upload", &refusal{code: "no_file_data"})
			return answer{status: http.StatusBadRequest, text: "no file in this request"}
		case f == nil:
			s.refused("upload", &refusal{code: "file_not_found"})
			return answer{status: http.StatusNotFound, text: "no such upload"}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		f.content, f.uploaded = content, true
		return answer{status: http.StatusOK, text: fmt.Sprintf("OK - %d", len(content))}
	})
}

// readUpload reads the bytes of an upload.
func readUpload(r *http.Request) ([]byte, error) {
	body := http.MaxBytesReader(nil, r.Body, maxBody)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(body)
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() == "" {
			continue
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		// The rest is read too: a sender that is cut off while it writes sees an error.
		_, err = io.Copy(io.Discard, body)
		return content, err
	}
}

// completeUpload ends uploads, and shares them in a room if one is named.
func completeUpload(c *call) (reply, *refusal) {
	var named []struct{ ID, Title string }
	if err := json.Unmarshal(c.args["files"], &named); err != nil || len(named) == 0 {
		return nil, &refusal{code: "invalid_arguments", messages: []string{"[ERROR] files is a list"}}
	}
	w := c.in.w
	var files []*file
	for _, n := range named {
		f := w.files[n.ID]
		switch {
		case f == nil || !f.uploaded || f.complete:
			return nil, &refusal{code: "file_not_found"}
		case len(f.content) != f.size:
			// What Slack makes of it is not documented. It is a mistake in any case.
			return nil, &refusal{code: "invalid_arguments", messages: []string{fmt.Sprintf("[ERROR] %d bytes announced, %d uploaded", f.size, len(f.content))}}
		}
		files = append(files, f)
	}
	var into *room
	if channel := c.args.text("channel_id"); channel != "" {
		var where *Workspace
		where, into = c.place(channel)
		if refused := c.mayPost(where, into, false); refused != nil {
			return nil, refused
		}
	}
	list := []reply{}
	for i, f := range files {
		f.complete = true
		if named[i].Title != "" {
			f.title = named[i].Title
		}
		if into != nil {
			f.rooms = append(f.rooms, into.ID)
		}
		list = append(list, reply{"id": f.id, "title": f.title})
	}
	if into != nil {
		into.post(c.s, message{user: w.bot, bot: true, text: c.args.text("initial_comment"), files: files})
	}
	return reply{"files": list}, nil
}

// filesInfo describes a file.
func filesInfo(c *call) (reply, *refusal) {
	f := c.in.w.files[c.args.text("file")]
	if f == nil || !f.complete {
		return nil, &refusal{code: "file_not_found"}
	}
	return reply{"file": fileObject(f)}, nil
}

// fileObject is a file as Slack shows it.
func fileObject(f *file) reply {
	return reply{
		"id": f.id, "name": f.name, "title": f.title, "alt_txt": f.altText, "size": len(f.content),
		"mimetype": http.DetectContentType(f.content), "channels": f.rooms,
	}
}

// showFiles refuses blocks, or a view, with a picture by the id of a file that cannot be
// shown: one that was not uploaded, or is still processed (SlowFiles).
func (w *Workspace) showFiles(raw json.RawMessage, code string) *refusal {
	var shown []*file
	for _, id := range pictureIDs(raw) {
		f := w.files[id]
		if f == nil || !f.complete {
			return &refusal{code: code, messages: []string{"[ERROR] invalid slack file [json-pointer:/slack_file]"}}
		}
		if !f.shown && w.s.slow > 0 {
			w.s.slow--
			return &refusal{code: code, asked: true, messages: []string{"[ERROR] invalid slack file [json-pointer:/slack_file]"}}
		}
		shown = append(shown, f)
	}
	for _, f := range shown {
		f.shown = true
	}
	return nil
}

// pictureIDs are the ids of all slack_file objects in blocks or a view.
func pictureIDs(raw json.RawMessage) []string {
	var tree any
	if json.Unmarshal(raw, &tree) != nil {
		return nil
	}
	var ids []string
	walk(tree, func(key string, value any) {
		if object, ok := value.(map[string]any); ok && key == "slack_file" {
			id, _ := object["id"].(string)
			ids = append(ids, id)
		}
	})
	return ids
}

// walk visits every named value in a tree of JSON.
func walk(tree any, visit func(key string, value any)) {
	switch t := tree.(type) {
	case map[string]any:
		for key, value := range t {
			visit(key, value)
			walk(value, visit)
		}
	case []any:
		for _, value := range t {
			walk(value, visit)
		}
	}
}
