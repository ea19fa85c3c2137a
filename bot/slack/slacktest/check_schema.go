package slacktest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	printing "golang.org/x/text/message"
)

const (
	schemaFile = "shared/specs/slack-block-kit.tightknit.schema.json"
	schemaURL  = "https://tightknit.com/schemas/slack-block-kit.schema.json"
)

// schemaParts are what is checked by the schema: its definitions of these names.
var schemaParts = []string{
	"divider_block", "section_block", "header_block", "context_block", "actions_block", "image_block",
	"input_block", "rich_text_block", "table_block", "markdown_block", "modal_view", "home_view",
}

// blockSchema is the schema by the names of its definitions; nil when the file is not there.
var blockSchema = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	path := findAbove(schemaFile)
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("parse schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaURL, doc); err != nil {
		return nil, fmt.Errorf("add schema: %w", err)
	}
	parts := map[string]*jsonschema.Schema{}
	for _, name := range schemaParts {
		if parts[name], err = compiler.Compile(schemaURL + "#/$defs/" + name); err != nil {
			return nil, fmt.Errorf("compile schema: %w", err)
		}
	}
	return parts, nil
})

// findAbove finds a file below the working directory or one above it; "" when it is nowhere.
func findAbove(name string) string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			return path
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// schema holds a block or a view against the schema.
func (c *checker) schema(value object, name, at string) {
	parts, err := blockSchema()
	if err != nil {
		c.fail(at, "%v", err)
		return
	}
	part := parts[name]
	if part == nil {
		return
	}
	var invalid *jsonschema.ValidationError
	if err := part.Validate(value); errors.As(err, &invalid) {
		c.causes(invalid, at)
	}
}

// maxCauses is how many causes of a refusal are told.
const maxCauses = 5

// causes tells the deepest causes of a failure: they are the nearest to what is wrong, where
// something could have been one of many.
func (c *checker) causes(invalid *jsonschema.ValidationError, at string) {
	var leaves []*jsonschema.ValidationError
	var gather func(*jsonschema.ValidationError)
	gather = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			leaves = append(leaves, e)
		}
		for _, cause := range e.Causes {
			gather(cause)
		}
	}
	gather(invalid)
	slices.SortStableFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return len(b.InstanceLocation) - len(a.InstanceLocation)
	})
	english := printing.NewPrinter(language.English)
	for _, leaf := range leaves[:min(len(leaves), maxCauses)] {
		place := strings.Join(append([]string{at}, leaf.InstanceLocation...), "/")
		c.fail(place, "schema: %s", leaf.ErrorKind.LocalizedString(english))
	}
}
