package conformance

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// quote writes a text as JSON does.
func quote(text string) string {
	b, err := json.Marshal(text, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return `""`
	}
	return string(b)
}
