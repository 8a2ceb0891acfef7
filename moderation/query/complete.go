package query

import (
	"slices"
	"strings"

	"liveroom/moderation"
)

// Names are what a room knows by name, to be offered for a field's values.
type Names struct {
	Products []Name // number and title
	Users    []Name
	Owners   []Name // people at the desk
	Rooms    []Name
	Rules    []Name
	Channels []Name
}

// A Name is a value with what people call it.
type Name struct{ Value, Title string }

// A Candidate is something that could stand at the cursor.
type Candidate struct {
	Insert string // with what must stand behind it: a field its colon, a value a space
	Text   string // the name of the field or value
	Title  string // what it is called, where the room knows: untrusted
	Alias  string // its Chinese name, where it is a word of the language
	Field  Field  // the field that it is, or whose value it is; "" : a word that joins
	Value  bool   // it is a value
}

// A Completion is what could stand at the cursor, in place of [From, To) of the
// query, in runes.
type Completion struct {
	From, To   int
	Candidates []Candidate
}

// maxCandidates bounds what is offered: nobody reads more.
const maxCandidates = 50

// Complete tells what could stand at a cursor of a query that is being written.
// It is pure, and needs no query without mistakes.
func Complete(l moderation.List, text string, cursor int, n Names) Completion {
	p := &parser{list: l, text: text, r: []rune(text)}
	cursor = max(0, min(cursor, len(p.r)))
	from, quoted := p.wordAt(cursor)
	c := Completion{From: from, To: cursor}
	if quoted {
		c.From = cursor
		return c
	}
	p.at = from
	if width := p.fieldName(); width > 0 && from+width < cursor {
		return p.completeValue(c, from+width, cursor, n)
	}
	typed := strings.ToLower(string(p.r[from:cursor]))
	for _, f := range Fields(l) {
		if strings.HasPrefix(string(f), typed) || strings.HasPrefix(f.Alias(), typed) {
			c.Candidates = append(c.Candidates, Candidate{Insert: string(f) + ":", Text: string(f), Alias: f.Alias(), Field: f})
		}
	}
	if typed != "" && strings.HasPrefix("or", typed) && from > 0 {
		c.Candidates = append(c.Candidates, Candidate{Insert: "or ", Text: "or"})
	}
	return c
}

// wordAt is where the word begins in which the cursor stands, without the signs
// that stand before a word; quoted tells that it stands in a quotation or an
// expression, where nothing can be offered.
func (p *parser) wordAt(cursor int) (from int, quoted bool) {
	for i := 0; i < cursor; {
		switch s := p.sign(i); {
		case closers[p.r[i]] != "":
			p.at = i
			if _, err := p.quotation(); err != nil || p.at > cursor {
				return i, true
			}
			i, from = p.at, p.at
		case s == '/' && i == from:
			p.at = i
			if _, err := p.regex(); p.at == i && err != nil || p.at > cursor {
				return i, true
			}
			i, from = p.at, p.at
		case s == ' ', s == '(', s == ')', s == '-' && i == from:
			i++
			from = i
		default:
			i++
		}
	}
	return from, false
}

// completeValue offers values of the field whose name ends before the sign at.
func (p *parser) completeValue(c Completion, at, cursor int, n Names) Completion {
	f, ok := fieldNamed(strings.ToLower(string(p.r[c.From:at])))
	s, has := specOf(p.list, f)
	if !ok || !has {
		return c
	}
	for at < cursor && strings.ContainsRune(":<>=", p.sign(at)) {
		at++
	}
	for i := at; i < cursor; i++ {
		if p.sign(i) == ',' {
			at = i + 1
		}
	}
	c.From = at
	typed := strings.ToLower(string(p.r[at:cursor]))
	for _, v := range s.values {
		if strings.HasPrefix(v.name, typed) || strings.Contains(v.zh, typed) {
			c.Candidates = append(c.Candidates, Candidate{Insert: v.name + " ", Text: v.name, Alias: v.zh, Field: f, Value: true})
		}
	}
	for _, v := range s.offered(n) {
		if len(c.Candidates) == maxCandidates {
			break
		}
		if strings.HasPrefix(strings.ToLower(v.Value), typed) || strings.Contains(strings.ToLower(v.Title), typed) {
			c.Candidates = append(c.Candidates, Candidate{Insert: written(v.Value) + " ", Text: v.Value, Title: v.Title, Field: f, Value: true})
		}
	}
	return c
}

// written is a value as it stands in a query.
func written(v string) string {
	p := &parser{r: []rune(v)}
	for i := range p.r {
		if p.ends(i) || p.sign(i) == ',' {
			return Quoted(v)
		}
	}
	if v == "" {
		return Quoted(v)
	}
	return v
}

// timesOffered are times to choose from; what else there is the field's meaning
// says.
var timesOffered = []Name{{Value: "10m"}, {Value: "1h"}, {Value: "today"}, {Value: "yesterday"}}

// offered are the names that a room has for the field.
func (s spec) offered(n Names) []Name {
	switch s.field {
	case FieldProduct:
		return n.Products
	case FieldUser:
		return n.Users
	case FieldOwner, FieldBy:
		return slices.Concat([]Name{{Value: ownerMe}, {Value: ownerNone}}, n.Owners)
	case FieldRoom:
		return n.Rooms
	case FieldRule:
		return n.Rules
	case FieldChannel:
		return n.Channels
	case FieldSince, FieldUntil:
		return timesOffered
	case FieldAt:
		return timesOffered[2:]
	}
	return nil
}
