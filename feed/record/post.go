package record

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
)

// opHTTP is the op of what came over HTTP.
const opHTTP = "http"

// A Post is a message over HTTP: a shop's request, or our answer to it.
type Post struct {
	Shop    string            // whose it is, as the config names its platform
	Method  string            // of a request
	Path    string            // of a request, without its query
	Status  int               // of an answer
	Headers map[string]string // what tells of the body, and proves it; no secret
	Body    []byte
	Plain   string // the body decrypted, where the platform encrypts it
}

// postLine is a Post in a recording. Package webhook reads it.
type postLine struct {
	line
	Shop    string            `json:"proto,omitzero"`
	Method  string            `json:"method,omitzero"`
	Path    string            `json:"path,omitzero"`
	Status  int               `json:"status,omitzero"`
	Headers map[string]string `json:"headers,omitzero"`
	Body    *string           `json:"body,omitzero"`
	Plain   string            `json:"plain,omitzero"`
}

// line is how p is written, l being what all messages have.
func (p *Post) line(l line) postLine {
	l.Op = opHTTP
	out := postLine{line: l, Shop: p.Shop, Method: p.Method, Path: p.Path, Status: p.Status, Headers: p.Headers, Plain: p.Plain}
	out.Body, out.B64 = asText(p.Body)
	return out
}

// readPost reads a line whose op is http.
func readPost(b []byte) (*Post, error) {
	var l postLine
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, fmt.Errorf("not a post of a recording: %w", err)
	}
	p := &Post{Shop: l.Shop, Method: l.Method, Path: l.Path, Status: l.Status, Headers: l.Headers, Plain: l.Plain}
	switch {
	case l.Dir != "in" && l.Dir != "out":
		return nil, errDir(l.Dir)
	case l.Body != nil && l.B64 != nil:
		return nil, errors.New("both body and b64: give one")
	case l.Body != nil:
		p.Body = []byte(*l.Body)
	case l.B64 != nil:
		body, err := base64.StdEncoding.DecodeString(*l.B64)
		if err != nil {
			return nil, fmt.Errorf("b64: %w", err)
		}
		p.Body = body
	default:
		return nil, errors.New("neither body nor b64")
	}
	return p, nil
}
