package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A body is what a request carries: JSON, and files where it is multipart.
type body struct {
	raw   json.RawMessage // nil when there is none
	value any             // the same, decoded for the schema
	files []upload
}

// An upload is files[n] of a multipart body.
type upload struct {
	n          int
	name, mime string
	content    []byte
}

const (
	maxBody = 64 << 20 // more than Discord takes of any request
	// https://discord.com/developers/docs/reference#uploading-files
	maxFile  = 10 << 20
	maxFiles = 10
)

var filePart = regexp.MustCompile(`^files\[([0-9])\]$`)

// read reads the body, and says what is wrong with it whatever the route is.
func (q *request) read() *refusal {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, q.r.Body, maxBody))
	if err != nil {
		return refuse(codeTooLarge)
	}
	if len(raw) == 0 {
		return nil
	}
	kind, params, _ := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return q.body.json(raw)
	case "multipart/form-data":
		return q.body.multipart(multipart.NewReader(bytes.NewReader(raw), params["boundary"]))
	}
	k := &checker{}
	k.add("", "CONTENT_TYPE_INVALID", `Expected "Content-Type" header to be one of {'application/json'}.`)
	return k.refusal()
}

// json takes the JSON of a body.
func (b *body) json(raw []byte) *refusal {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return refuse(codeBadJSON)
	}
	b.raw, b.value = raw, value
	return nil
}

// multipart takes payload_json and files[n]: what else is there Discord leaves out.
func (b *body) multipart(parts *multipart.Reader) *refusal {
	k := &checker{}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return k.refusal()
		}
		if err != nil {
			k.add("", "MULTIPART_INVALID", "The multipart body ends early: %v.", err)
			return k.refusal()
		}
		content, err := io.ReadAll(part)
		if err != nil {
			k.add("", "MULTIPART_INVALID", "The multipart body ends early: %v.", err)
			return k.refusal()
		}
		name := part.FormName()
		switch found := filePart.FindStringSubmatch(name); {
		case name == "payload_json":
			if refused := b.json(content); refused != nil {
				return refused
			}
		case found == nil || part.FileName() == "":
			k.add(name, "MULTIPART_INVALID", "A part is payload_json or a file with a name, files[0] to files[9].")
		case len(content) > maxFile:
			return refuse(codeTooLarge)
		default:
			n, _ := strconv.Atoi(found[1])
			kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
			b.files = append(b.files, upload{n: n, name: fileName(part.FileName()), mime: kind, content: content})
		}
	}
}

// names are those of the files.
func (b body) names() []string {
	var names []string
	for _, f := range b.files {
		names = append(names, f.name)
	}
	return names
}

// fileName is a file's name as Discord changes it: https://discord.com/developers/docs/reference#uploading-files
// says that a name is made of letters, digits, underscores, dashes and dots.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r):
			return r
		}
		return -1
	}, path.Base(name))
}

// isSnowflake reports whether a text is an id as Discord writes it.
func isSnowflake(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && strconv.FormatUint(n, 10) == s
}

// decode takes the body's JSON apart. What the schema allows fits; without the schema at hand
// it is the only check of kinds.
func (q *request) decode(out any) *refusal {
	if q.body.raw == nil {
		return nil
	}
	err := json.Unmarshal(q.body.raw, out)
	if err == nil {
		return nil
	}
	k := &checker{}
	k.add("", "DICT_TYPE_CONVERT", "%v", err)
	return k.refusal()
}

// number is a number of the query, within bounds.
func (q *request) number(name string, least, most, otherwise int) (int, *refusal) {
	text := q.query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err == nil && n >= least && n <= most {
		return n, nil
	}
	k := &checker{}
	k.add(name, "NUMBER_TYPE_MAX", "int value should be between %d and %d.", least, most)
	return 0, k.refusal()
}

// known refuses a query that holds what the route does not know: Discord leaves it out, which
// would hide a name that is misspelt.
func (q *request) known(names ...string) *refusal {
	k := &checker{}
	for name := range q.query {
		if !slices.Contains(names, name) {
			k.add(name, "UNKNOWN_PARAMETER", "Discord knows no such parameter here.")
		}
	}
	return k.refusal()
}

// An optional value is one that may be left out, which is other than null.
type optional[T any] struct {
	set   bool
	value T
}

func (o *optional[T]) UnmarshalJSON(raw []byte) error {
	o.set = true
	if err := json.Unmarshal(raw, &o.value); err != nil {
		return fmt.Errorf("optional value: %w", err)
	}
	return nil
}
