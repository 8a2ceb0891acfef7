package query

import (
	"regexp"
	"strings"
	"time"

	"liveroom/moderation"
)

// A Node is a term of a query or what joins terms.
type Node interface {
	// Span is where it stands in the query, in runes.
	Span() (from, to int)
	write(b *strings.Builder)
}

// A place is a stretch of the query.
type place struct{ from, to int }

// Span implements Node.
func (p place) Span() (from, to int) { return p.from, p.to }

// The nodes.
type (
	// And holds when all of its terms do.
	And struct {
		place
		Of []Node
	}
	// Or holds when one of its terms does.
	Or struct {
		place
		Of []Node
	}
	// Not holds when its term does not.
	Not struct {
		place
		Of Node
	}
	// Word is looked for in a row's words: Chinese anywhere in them, other words
	// by how they begin.
	Word struct {
		place
		Text  string
		words []moderation.SearchWord
	}
	// Phrase is looked for in a row's words as it stands, word by word.
	Phrase struct {
		place
		Text  string
		words []moderation.SearchWord
	}
	// Regex is an expression over a row's text; capital and small letters are the
	// same to it.
	Regex struct {
		place
		Source string
		re     *regexp.Regexp
	}
	// Term asks about a field: whether it has one of the values.
	Term struct {
		place
		Field  Field
		Op     Op
		Values []Value
	}
)

// An Op compares a field with a value.
type Op string

// The comparisons.
const (
	Is      Op = ":"
	More    Op = ">"
	Less    Op = "<"
	AtLeast Op = ">="
	AtMost  Op = "<="
)

// A Value is what a term compares with.
type Value struct {
	place
	Text   string // as it is written in a query, or of a list of values its name
	Quoted bool

	low, high int64  // shapeNumber and shapeMoney: both included
	moment    moment // shapeTime
}

// A moment is a stretch of time as people write it.
type moment struct {
	ago   time.Duration // with span: before now
	span  bool
	day   day
	clock clock
	zone  *time.Location // where the query names one
}

// A day is a date; a zero year or date is left to the moment of asking.
type day struct {
	year, month, date int
	back              int // with known: days before today
	known             bool
}

// A clock is a time of day, with the seconds only where they are told.
type clock struct {
	hour, min, sec  int
	known, seconded bool
}

// A Query is what somebody looks for in one list.
type Query struct {
	List moderation.List
	Root Node // nil: everything
}

// Empty tells whether the query lets through everything.
func (q *Query) Empty() bool { return q == nil || q.Root == nil }

// String is the query as it would be written, with no more signs than it needs.
func (q *Query) String() string {
	if q.Empty() {
		return ""
	}
	var b strings.Builder
	q.Root.write(&b)
	return b.String()
}

func (n *And) write(b *strings.Builder) {
	for i, t := range n.Of {
		if i > 0 {
			b.WriteByte(' ')
		}
		_, or := t.(*Or)
		wrapped(b, t, or)
	}
}

func (n *Or) write(b *strings.Builder) {
	for i, t := range n.Of {
		if i > 0 {
			b.WriteString(" or ")
		}
		t.write(b)
	}
}

func (n *Not) write(b *strings.Builder) {
	b.WriteByte('-')
	switch n.Of.(type) {
	case *And, *Or:
		wrapped(b, n.Of, true)
	default:
		n.Of.write(b)
	}
}

func wrapped(b *strings.Builder, n Node, on bool) {
	if on {
		b.WriteByte('(')
	}
	n.write(b)
	if on {
		b.WriteByte(')')
	}
}

func (n *Word) write(b *strings.Builder)   { b.WriteString(n.Text) }
func (n *Phrase) write(b *strings.Builder) { quote(b, n.Text) }
func (n *Regex) write(b *strings.Builder)  { b.WriteString("/" + n.Source + "/") }

func (n *Term) write(b *strings.Builder) {
	b.WriteString(string(n.Field) + string(n.Op))
	for i, v := range n.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		if v.Quoted {
			quote(b, v.Text)
		} else {
			b.WriteString(v.Text)
		}
	}
}

// Quoted writes a text as one phrase.
func Quoted(text string) string {
	var b strings.Builder
	quote(&b, text)
	return b.String()
}

func quote(b *strings.Builder, text string) {
	b.WriteByte('"')
	for _, r := range text {
		if r == '"' || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
}
