// Command schemagen writes the JSON Schemas of the feed's data from its Go
// types. Run it with go generate ./feed/cloudevent.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"liveroom/feed/cloudevent"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

func run(args []string, said io.Writer) int {
	err := errors.New("name the directory to write to")
	if len(args) == 1 {
		err = write(args[0])
	}
	if err != nil {
		_, _ = fmt.Fprintln(said, "schemagen:", err)
		return 2
	}
	return 0
}

func write(dir string) error {
	for name, data := range types {
		b, err := render(name, data)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".json"), b, 0o644); err != nil {
			return fmt.Errorf("write schema: %w", err)
		}
	}
	b, err := asyncapi()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "..", asyncapiName), b, 0o644); err != nil {
		return fmt.Errorf("write the description: %w", err)
	}
	return nil
}

// asyncapiName is the description's file, beside the folder of schemas it names.
const asyncapiName = "asyncapi.json"

// types are the schemas' names and what they describe.
var types = map[string]any{
	cloudevent.TypeChat:       cloudevent.Chat{},
	cloudevent.TypeTranscript: cloudevent.Transcript{},
	cloudevent.TypeOrder:      cloudevent.Order{},
	cloudevent.TypeProduct:    cloudevent.ProductOnAir{},
	cloudevent.TypeComplaint:  cloudevent.Complaint{},
	cloudevent.TypeGift:       cloudevent.Gift{},
	cloudevent.TypeSystem:     cloudevent.System{},
	cloudevent.TypeAction:     cloudevent.Action{},
	cloudevent.TypeAck:        cloudevent.Ack{},
}

// A schema is the part of JSON Schema that the types need.
type schema struct {
	Schema      string            `json:"$schema,omitzero"`
	Title       string            `json:"title,omitzero"`
	Description string            `json:"description,omitzero"`
	Type        any               `json:"type,omitzero"`
	Format      string            `json:"format,omitzero"`
	Enum        []string          `json:"enum,omitzero"`
	Minimum     *int              `json:"minimum,omitzero"`
	Maximum     *int              `json:"maximum,omitzero"`
	Required    []string          `json:"required,omitzero"`
	Properties  map[string]schema `json:"properties,omitzero"`
}

func render(name string, data any) ([]byte, error) {
	s, err := schemaOf(reflect.TypeOf(data))
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = name
	s.Description = "The data of a CloudEvent of type " + name + ". Members that are not listed are allowed."
	b, err := json.Marshal(s, json.Deterministic(true), jsontext.Multiline(true))
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	return append(b, '\n'), nil
}

func schemaOf(t reflect.Type) (schema, error) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return schema{Type: "string", Format: "date-time"}, nil
	case t == reflect.TypeFor[cloudevent.ID]():
		return schema{Type: []string{"string", "integer"}}, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.String:
		return schema{Type: "string"}, nil
	case reflect.Bool:
		return schema{Type: "boolean"}, nil
	case reflect.Int64:
		return schema{Type: "integer"}, nil
	case reflect.Float64:
		return schema{Type: "number"}, nil
	case reflect.Struct:
		return objectOf(t)
	}
	return schema{}, fmt.Errorf("%s is not supported", t)
}

func objectOf(t reflect.Type) (schema, error) {
	s := schema{Type: "object", Properties: map[string]schema{}}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		p, err := schemaOf(f.Type)
		if err != nil {
			return s, fmt.Errorf("%s: %w", f.Name, err)
		}
		p.Description = f.Tag.Get("doc")
		if enum := f.Tag.Get("enum"); enum != "" {
			p.Enum = strings.Split(enum, "|")
		}
		if p.Minimum, err = bound(f.Tag.Get("min")); err != nil {
			return s, fmt.Errorf("%s: %w", f.Name, err)
		}
		if p.Maximum, err = bound(f.Tag.Get("max")); err != nil {
			return s, fmt.Errorf("%s: %w", f.Name, err)
		}
		if options != "omitzero" {
			s.Required = append(s.Required, name)
		}
		s.Properties[name] = p
	}
	return s, nil
}

func bound(tag string) (*int, error) {
	if tag == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(tag)
	return &n, err
}
