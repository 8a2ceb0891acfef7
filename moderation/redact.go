package moderation

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/moderation/privacy"
)

// A redactor takes what tells of one buyer out of texts that are not theirs.
type redactor struct {
	words  map[string]string // what names the buyer or an order of theirs, and what stands for it
	quoted []string          // what they wrote
	heard  map[string]bool
}

func newRedactor(buyer string) *redactor {
	r := &redactor{words: make(map[string]string), heard: make(map[string]bool)}
	r.learn(buyer)
	return r
}

// learn notes what names the buyer.
func (r *redactor) learn(names ...string) {
	for _, n := range names {
		if n != "" && n != ErasedText {
			r.words[n] = ErasedText
		}
	}
}

// call notes what an order is called from now on.
func (r *redactor) call(order, erased string) {
	if order != "" {
		r.words[order] = erased
	}
}

func (r *redactor) quote(text string) {
	if text != "" && !r.heard[text] {
		r.heard[text], r.quoted = true, append(r.quoted, text)
	}
}

// said tells whether the buyer wrote just this.
func (r *redactor) said(text string) bool { return r.heard[text] }

// quotes tells whether the buyer wrote this among other things.
func (r *redactor) quotes(text string) bool {
	for _, q := range r.quoted {
		if text != "" && strings.Contains(q, text) {
			return true
		}
	}
	return false
}

// tells is how long a word must be for its being found inside another text to
// mean the buyer: a short id is found in every other one.
func tells(word string) bool {
	if len(word) == utf8.RuneCountInString(word) {
		return len(word) >= 4
	}
	return utf8.RuneCountInString(word) >= 2
}

// text is a text that is not the buyer's without what tells of them.
func (r *redactor) text(s string) string {
	if as, ok := r.words[s]; ok {
		return as
	}
	for word, as := range r.words {
		if tells(word) {
			s = strings.ReplaceAll(s, word, as)
		}
	}
	for _, q := range r.quoted {
		if tells(q) {
			s = strings.ReplaceAll(s, q, ErasedText)
		}
	}
	return s
}

// ours are the members of the desk's rows that name people of the desk or things,
// and never a buyer.
var ours = map[string]bool{
	"Owner": true, "Watchers": true, "Host": true, "Merchant": true, "Room": true, "Kind": true, "State": true, "SKU": true, "Category": true,
	"Outcome": true, "Status": true, "Policy": true, "Version": true, "OpenedAt": true, "ChangedAt": true, "DueAt": true, "ClosedAt": true,
	"At": true, "Type": true, "Priority": true, "Channel": true, "reveal": true, "import": true, "erasure": true,
}

func (r *redactor) leaves(member string) bool {
	return ours[member] || strings.HasSuffix(member, "By")
}

// rewrite fills into with row, without what tells of the buyer and without what
// looks like anybody's data.
func (r *redactor) rewrite(row, into any) error {
	b, err := rowBytes(row)
	if err != nil {
		return err
	}
	if b, err = r.walk(b, func(s string) string { return privacy.Text(r.text(s)) }); err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// rewriteJSON is the JSON of an action's rows without what tells of the buyer. A
// text in which anything does loses all that looks like somebody's data.
func (r *redactor) rewriteJSON(b []byte) ([]byte, error) {
	return r.walk(b, func(s string) string {
		if out := r.text(s); out != s {
			return privacy.Text(out)
		}
		return s
	})
}

// walk rewrites the string values of a JSON text, all but those of members that
// are the desk's own.
func (r *redactor) walk(b []byte, fn func(string) string) ([]byte, error) {
	var out bytes.Buffer
	dec := jsontext.NewDecoder(bytes.NewReader(b), jsontext.AllowInvalidUTF8(true))
	enc := jsontext.NewEncoder(&out, jsontext.AllowInvalidUTF8(true))
	for {
		tok, err := dec.ReadToken()
		if err == io.EOF { //nolint:errorlint // the decoder returns it bare
			return bytes.TrimSpace(out.Bytes()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("rewrite JSON: %w", err)
		}
		if tok.Kind() == '"' && !isName(dec) && !r.kept(dec) {
			tok = jsontext.String(fn(tok.String()))
		}
		if err := enc.WriteToken(tok); err != nil {
			return nil, fmt.Errorf("rewrite JSON: %w", err)
		}
	}
}

// isName tells whether the token just read is a member's name.
func isName(dec *jsontext.Decoder) bool {
	kind, n := dec.StackIndex(dec.StackDepth())
	return kind == '{' && n%2 == 1
}

// kept tells whether the value just read stands in a member of the desk's own.
func (r *redactor) kept(dec *jsontext.Decoder) bool {
	for token := range dec.StackPointer().Tokens() {
		if r.leaves(token) {
			return true
		}
	}
	return false
}
