package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	printing "golang.org/x/text/message"
)

const (
	schemaFile = "shared/specs/discord-openapi.json"
	schemaURL  = "https://discord.com/openapi.json"
)

// callbackSchemas are the components that a callback is one of, by its type. The document lists
// them as alternatives; the type picks one, and the refusal is about that one alone.
var callbackSchemas = map[string]string{
	"1": "PongInteractionCallbackRequest",
	"4": "CreateMessageInteractionCallbackRequest",
	"5": "CreateMessageInteractionCallbackRequest",
	"6": "UpdateMessageInteractionCallbackRequest",
	"7": "UpdateMessageInteractionCallbackRequest",
	"8": "ApplicationCommandAutocompleteCallbackRequest",
	"9": "ModalInteractionCallbackRequest",
}

// A spec is Discord's OpenAPI document: 3.1, so that its schemas are JSON Schema 2020-12.
type spec struct {
	doc map[string]any

	mu       sync.Mutex // guards both below
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by pointer
}

// openAPI is the document; nil when the file is not there.
var openAPI = sync.OnceValues(func() (*spec, error) {
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
	s := &spec{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	s.doc, _ = doc.(map[string]any)
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.AssertFormat()
	if err := s.compiler.AddResource(schemaURL, doc); err != nil {
		return nil, fmt.Errorf("add schema: %w", err)
	}
	return s, nil
})

// toldAbsent says once for all tests that bodies are not held against the document.
var toldAbsent sync.Once

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

// checkSchema holds a body against the document.
func (q *request) checkSchema() *refusal {
	k := &checker{}
	switch {
	case q.way.schema == "" && q.body.value != nil:
		k.add("", "UNKNOWN_FIELD", "Discord takes no body here.")
		return k.refusal()
	case q.way.schema == "":
		return nil
	case q.body.raw == nil && q.way.method != "PATCH":
		k.add("", "BASE_TYPE_REQUIRED", "This field is required")
		return k.refusal()
	case q.body.raw == nil:
		return nil
	}
	s, err := openAPI()
	if err != nil {
		q.d.t.Errorf("discordtest: %v", err)
		return nil
	}
	if s == nil {
		toldAbsent.Do(func() { q.d.t.Logf("discordtest: %s is not there: bodies are not held against it", schemaFile) })
		return nil
	}
	pointer := []string{"paths", q.way.schema, strings.ToLower(q.way.method), "requestBody", "content", "application/json", "schema"}
	if q.way.schema == callbackPath {
		if pointer = callbackPointer(q.body.value); pointer == nil {
			k.add("type", "BASE_TYPE_CHOICES", "Value must be one of {1, 4, 5, 6, 7, 8, 9}.")
			return k.refusal()
		}
	}
	if err := s.hold(k, q.body.value, pointer); err != nil {
		q.d.t.Errorf("discordtest: %v", err)
	}
	return k.refusal()
}

// callbackPointer is where the schema of a callback is; nil when it has no type.
func callbackPointer(body any) []string {
	callback, _ := body.(map[string]any)
	if name := callbackSchemas[fmt.Sprint(callback["type"])]; name != "" {
		return []string{"components", "schemas", name}
	}
	return nil
}

// hold gathers what is wrong with a value by the schema at a pointer.
func (s *spec) hold(k *checker, value any, pointer []string) error {
	schema, err := s.compile(pointer)
	if err != nil {
		return err
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); errors.As(err, &invalid) {
		k.invalid(invalid)
		return nil
	}
	at := any(s.doc)
	for _, step := range pointer {
		below, _ := at.(map[string]any)
		at = below[step]
	}
	s.unknown(k, "", value, []any{at})
	return nil
}

// compile is the schema at a pointer.
func (s *spec) compile(pointer []string) (*jsonschema.Schema, error) {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	location := schemaURL + "#"
	for _, step := range pointer {
		location += "/" + url.PathEscape(escape.Replace(step))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if done := s.compiled[location]; done != nil {
		return done, nil
	}
	done, err := s.compiler.Compile(location)
	if err != nil {
		return nil, fmt.Errorf("compile schema: %w", err)
	}
	s.compiled[location] = done
	return done, nil
}

// maxCauses is how many causes of a refusal are told.
const maxCauses = 5

// invalid adds what made a value invalid.
func (k *checker) invalid(e *jsonschema.ValidationError) {
	leaves := causes(e)
	slices.SortStableFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return len(a.InstanceLocation) - len(b.InstanceLocation)
	})
	english := printing.NewPrinter(language.English)
	for _, leaf := range leaves[:min(len(leaves), maxCauses)] {
		at := strings.Join(leaf.InstanceLocation, ".")
		switch why := leaf.ErrorKind.(type) {
		case *kind.Required:
			for _, name := range why.Missing {
				k.add(under(at, name), "BASE_TYPE_REQUIRED", "This field is required")
			}
		case *kind.MaxLength:
			k.add(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", why.Want)
		case *kind.MaxItems:
			k.add(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", why.Want)
		case *kind.MinLength, *kind.MinItems:
			k.add(at, "BASE_TYPE_BAD_LENGTH", "Too short: %s.", why.LocalizedString(english))
		case *kind.Enum, *kind.Const:
			k.add(at, "BASE_TYPE_CHOICES", "%s.", why.LocalizedString(english))
		default:
			k.add(at, "BASE_TYPE_BAD_VALUE", "%s.", leaf.ErrorKind.LocalizedString(english))
		}
	}
}

// causes are the reasons at the bottom of a failure. Where something could have been one of
// many, those are left out that it says itself it is not, by its type or its kind of value; and
// if it is none of them, that is the reason.
func causes(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	below := e.Causes
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		denied := func(leaf *jsonschema.ValidationError) bool {
			steps := leaf.InstanceLocation[len(e.InstanceLocation):]
			_, bad := leaf.ErrorKind.(*kind.Enum)
			_, typed := leaf.ErrorKind.(*kind.Type)
			return bad && slices.Equal(steps, []string{"type"}) || typed && len(steps) == 0
		}
		meant := slices.DeleteFunc(slices.Clone(below), func(branch *jsonschema.ValidationError) bool {
			return slices.ContainsFunc(causes(branch), denied)
		})
		if len(meant) > 0 {
			below = meant
			break
		}
		var leaves []*jsonschema.ValidationError
		for _, branch := range below {
			leaves = append(leaves, slices.DeleteFunc(causes(branch), func(leaf *jsonschema.ValidationError) bool { return !denied(leaf) })...)
		}
		return leaves
	}
	var leaves []*jsonschema.ValidationError
	for _, cause := range below {
		leaves = append(leaves, causes(cause)...)
	}
	return leaves
}

// unknown adds the fields of a valid value that no schema it may be of has. Discord leaves them
// out, so that a name that is misspelt would go unseen.
func (s *spec) unknown(k *checker, at string, value any, schemas []any) {
	leaves := s.leaves(schemas, value)
	switch value := value.(type) {
	case []any:
		var items []any
		for _, leaf := range leaves {
			items = append(items, leaf["items"])
		}
		for i, item := range value {
			s.unknown(k, under(at, i), item, items)
		}
	case map[string]any:
		for name, inside := range value {
			var fields []any
			for _, leaf := range leaves {
				if more, open := leaf["additionalProperties"]; open {
					fields = append(fields, more)
				}
				properties, _ := leaf["properties"].(map[string]any)
				if field := properties[name]; field != nil {
					fields = append(fields, field)
				}
			}
			if len(fields) == 0 {
				k.add(under(at, name), "UNKNOWN_FIELD", "Discord knows no such field here.")
				continue
			}
			s.unknown(k, under(at, name), inside, fields)
		}
	}
}

// leaves are the schemas that some stand for, but for those of another type than the value says.
func (s *spec) leaves(schemas []any, value any) []map[string]any {
	var all []map[string]any
	for _, one := range schemas {
		schema, _ := one.(map[string]any)
		if ref, ok := schema["$ref"].(string); ok {
			components, _ := s.doc["components"].(map[string]any)
			named, _ := components["schemas"].(map[string]any)
			all = append(all, s.leaves([]any{named[strings.TrimPrefix(ref, "#/components/schemas/")]}, value)...)
			continue
		}
		for _, of := range []string{"oneOf", "anyOf", "allOf"} {
			if list, ok := schema[of].([]any); ok {
				all = append(all, s.leaves(list, value)...)
			}
		}
		if schema != nil && mayBe(schema, value) {
			all = append(all, schema)
		}
	}
	return all
}

// mayBe is false when the type in a value is none that the schema allows.
func mayBe(schema map[string]any, value any) bool {
	object, _ := value.(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	field, _ := properties["type"].(map[string]any)
	allowed, _ := field["enum"].([]any)
	given, isNumber := object["type"].(json.Number)
	return !isNumber || len(allowed) == 0 || slices.Contains(allowed, any(given))
}
