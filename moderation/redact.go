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

// A redactor takes what tells of somebody out of texts that are not theirs.
type redactor struct {
	words  map[string]string // what names the buyer or an order of theirs, and what stands for it
	whole  map[string]string // the same, but only where it is all of a text
	quotes *quotes           // of what they wrote
}

func newRedactor(buyer string) *redactor {
	r := &redactor{words: make(map[string]string), quotes: newQuotes(nil)}
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

// quote notes what the buyer wrote.
func (r *redactor) quote(text string) {
	if text != ErasedText {
		r.quotes.add(text)
	}
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
	if as, ok := r.whole[s]; ok {
		return as
	}
	for word, as := range r.words {
		if tells(word) {
			s = strings.ReplaceAll(s, word, as)
		}
	}
	return r.quotes.cut(s)
}

// free is the text of an effect, which may be JSON.
func (r *redactor) free(s string) (string, error) {
	if !strings.HasPrefix(s, "{") || !jsontext.Value(s).IsValid(jsontext.AllowInvalidUTF8(true)) {
		return r.text(s), nil
	}
	b, err := r.rewriteJSON([]byte(s))
	return string(b), err
}

// ours are the members of the desk's rows that name people of the desk or things,
// and never a buyer.
var ours = map[string]bool{
	"Owner": true, "Watchers": true, "Host": true, "Merchant": true, "Room": true, "Kind": true, "State": true, "SKU": true, "Category": true,
	"Outcome": true, "Status": true, "Policy": true, "Version": true, "OpenedAt": true, "ChangedAt": true, "DueAt": true, "ClosedAt": true,
	"At": true, "Type": true, "Priority": true, "Channel": true,
}

func (r *redactor) leaves(member string) bool {
	return ours[member] || strings.HasSuffix(member, "By")
}

// rewriteRow fills into with row, without what tells of the buyer, and tells
// whether that changed it; all takes out of its texts, too, what looks like
// anybody's data.
func (r *redactor) rewriteRow(row, into any, all bool) (changed bool, err error) {
	before, err := rowBytes(row)
	if err != nil {
		return false, err
	}
	after, err := r.walk(before, func(s string) string {
		out := r.text(s)
		if all || out != s {
			out = privacy.Text(out)
		}
		return out
	})
	if err != nil {
		return false, err
	}
	return !bytes.Equal(before, after), json.Unmarshal(after, into)
}

// name is a key that is made of names, parted by strokes.
func (r *redactor) name(key string) string {
	parts := strings.Split(key, "/")
	for i, p := range parts {
		if as, ok := r.words[p]; ok {
			parts[i] = as
		} else if as, ok := r.whole[p]; ok {
			parts[i] = as
		}
	}
	return strings.Join(parts, "/")
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

// reasons are the members in which people write freely.
var reasons = map[string]bool{"Reason": true, "reason": true, "Note": true}

// wipe is the JSON of an action's rows without what people wrote freely.
func (r *redactor) wipe(b []byte) ([]byte, error) {
	return r.walkMembers(b, func(member, s string) string {
		if reasons[member] && s != "" {
			return ErasedText
		}
		return r.text(s)
	})
}

// walk rewrites the string values of a JSON text, all but those of members that
// are the desk's own.
func (r *redactor) walk(b []byte, fn func(string) string) ([]byte, error) {
	return r.walkMembers(b, func(_, s string) string { return fn(s) })
}

func (r *redactor) walkMembers(b []byte, fn func(member, s string) string) ([]byte, error) {
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
			tok = jsontext.String(fn(dec.StackPointer().LastToken(), tok.String()))
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
