package ledger

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Record is the bytes of a leaf that the tree commits to: the JSON object
// {"data":…,"kind":…,"ref":…}. data is taken byte for byte, so that a change of
// any byte of it changes the record; it must be the canonical JSON of an object,
// as Canonical makes it.
func Record(kind, ref string, data []byte) ([]byte, error) {
	if jsontext.Value(data).Kind() != '{' {
		return nil, fmt.Errorf("leaf %s %q: data is no JSON object", kind, ref)
	}
	b := make([]byte, 0, len(data)+len(kind)+len(ref)+32)
	b = append(b, `{"data":`...)
	b = append(b, data...)
	b = append(b, `,"kind":`...)
	b, err := jsontext.AppendQuote(b, kind)
	if err != nil {
		return nil, fmt.Errorf("leaf kind %q: %w", kind, err)
	}
	b = append(b, `,"ref":`...)
	if b, err = jsontext.AppendQuote(b, ref); err != nil {
		return nil, fmt.Errorf("leaf ref %q: %w", ref, err)
	}
	return append(b, '}'), nil
}

// Canonical is v as canonical JSON: RFC 8785, but integers keep all their
// digits, as times in nanoseconds need more than a double holds.
func Canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	out := jsontext.Value(b)
	if err := out.Canonicalize(jsontext.CanonicalizeRawInts(false)); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return out, nil
}
