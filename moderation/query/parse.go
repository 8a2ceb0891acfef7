package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"liveroom/claims/tomldoc"
	"liveroom/moderation"
)

// Bounds of a query: a person writes far less, and neither a paste nor a file
// may cost more than reading it.
const (
	maxRunes = 2000
	maxDepth = 50
)

// Parse reads a query about a list. A mistake is an *Error.
func Parse(l moderation.List, text string) (*Query, error) {
	p := &parser{list: l, text: text, r: []rune(text)}
	root, err := p.query()
	if err != nil {
		return nil, err
	}
	return &Query{List: l, Root: root}, nil
}

// A parser reads a query rune by rune. What an input method types in full width
// means the same.
type parser struct {
	list  moderation.List
	text  string
	r     []rune
	at    int
	depth int
}

func (p *parser) fail(from, to int, c Code, args ...any) error {
	return &Error{Query: p.text, From: from, To: to, Code: c, Args: args}
}

// sign is the sign at i as the language knows it; 0 at the end.
func (p *parser) sign(i int) rune {
	if i >= len(p.r) {
		return 0
	}
	return plain(p.r[i])
}

// plain is the sign that a full-width one stands for.
func plain(r rune) rune {
	switch r {
	case '：':
		return ':'
	case '（':
		return '('
	case '）':
		return ')'
	case '＞':
		return '>'
	case '＜':
		return '<'
	case '＝':
		return '='
	case '－':
		return '-'
	case '，', '、':
		return ','
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// closers are the signs that end what a quotation mark begins.
var closers = map[rune]string{'"': `"`, '＂': `＂"`, '“': `”"“`, '”': `”"`, '「': `」"`}

func (p *parser) query() (Node, error) {
	if len(p.r) > maxRunes {
		return nil, p.fail(maxRunes, len(p.r), ErrTooLong, maxRunes)
	}
	p.space()
	if p.at == len(p.r) {
		return nil, nil
	}
	n, err := p.or()
	if err == nil && p.at < len(p.r) {
		err = p.fail(p.at, p.at+1, ErrStrayParen)
	}
	return n, err
}

func (p *parser) space() {
	for p.at < len(p.r) && p.sign(p.at) == ' ' {
		p.at++
	}
}

// joiner tells whether a word joins terms, and its length in runes.
func (p *parser) joiner(words ...string) int {
	for _, w := range words {
		n := len([]rune(w))
		if p.at+n > len(p.r) || !strings.EqualFold(string(p.r[p.at:p.at+n]), w) {
			continue
		}
		if s := p.sign(p.at + n); s == 0 || s == ' ' || s == '(' || s == ')' {
			return n
		}
	}
	return 0
}

var (
	orWords  = []string{"or", "或", "或者"}
	andWords = []string{"and", "且", "并且"}
	notWords = []string{"not", "非"}
)

// or reads terms of which one must hold. What is alike in parentheses is no other
// query than without them.
func (p *parser) or() (Node, error) {
	from := p.at
	var of []Node
	for {
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		if sub, ok := n.(*Or); ok {
			of = append(of, sub.Of...)
		} else {
			of = append(of, n)
		}
		width := p.joiner(orWords...)
		if width == 0 {
			break
		}
		if err := p.joined(width); err != nil {
			return nil, err
		}
	}
	if len(of) == 1 {
		return of[0], nil
	}
	return &Or{place{from, p.end()}, of}, nil
}

// joined passes over a word that joins, behind which something must stand.
func (p *parser) joined(width int) error {
	from, word := p.at, string(p.r[p.at:p.at+width])
	p.at += width
	p.space()
	if p.over() || p.joiner(orWords...) > 0 || p.joiner(andWords...) > 0 {
		return p.fail(from, from+width, ErrNothingAfter, word)
	}
	return nil
}

// over tells whether the terms of these parentheses are over.
func (p *parser) over() bool { return p.at == len(p.r) || p.sign(p.at) == ')' }

// end is where the last term ended, without the spaces behind it.
func (p *parser) end() int {
	i := min(p.at, len(p.r))
	for i > 0 && p.sign(i-1) == ' ' {
		i--
	}
	return i
}

func (p *parser) and() (Node, error) {
	from := p.at
	var of []Node
	for !p.over() && p.joiner(orWords...) == 0 {
		if width := p.joiner(andWords...); width > 0 {
			if len(of) == 0 {
				return nil, p.fail(p.at, p.at+width, ErrNothingBefore, string(p.r[p.at:p.at+width]))
			}
			if err := p.joined(width); err != nil {
				return nil, err
			}
			continue
		}
		n, err := p.term()
		if err != nil {
			return nil, err
		}
		if sub, ok := n.(*And); ok {
			of = append(of, sub.Of...)
		} else {
			of = append(of, n)
		}
		p.space()
	}
	switch {
	case len(of) > 1:
		return &And{place{from, p.end()}, of}, nil
	case len(of) == 1:
		return of[0], nil
	}
	width := p.joiner(orWords...)
	if p.sign(p.at) == ')' {
		if p.depth == 0 {
			return nil, p.fail(p.at, p.at+1, ErrStrayParen)
		}
		width = 1
	}
	return nil, p.fail(p.at, p.at+width, ErrNothingBefore, string(p.r[p.at:p.at+width]))
}

func (p *parser) term() (Node, error) {
	from := p.at
	if width := p.joiner(notWords...); width > 0 {
		if err := p.joined(width); err != nil {
			return nil, err
		}
		return p.negated(from)
	}
	switch s := p.sign(p.at); {
	case s == '-':
		p.at++
		if p.over() || p.sign(p.at) == ' ' {
			return nil, p.fail(from, p.at, ErrNothingAfter, "-")
		}
		return p.negated(from)
	case s == '(':
		return p.parens()
	case s == '/':
		return p.regex()
	case closers[p.r[p.at]] != "":
		text, err := p.quotation()
		if err != nil {
			return nil, err
		}
		words := moderation.SearchRuns(text)
		if len(words) == 0 {
			return nil, p.fail(from, p.at, ErrNoLetters, p.snippet(from, p.at))
		}
		return &Phrase{place{from, p.at}, text, words}, nil
	}
	if n := p.fieldName(); n > 0 {
		return p.field(n)
	}
	return p.word()
}

func (p *parser) negated(from int) (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(from, p.at, ErrTooDeep, maxDepth)
	}
	defer func() { p.depth-- }()
	n, err := p.term()
	if err != nil {
		return nil, err
	}
	return &Not{place{from, p.at}, n}, nil
}

func (p *parser) parens() (Node, error) {
	from := p.at
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(from, from+1, ErrTooDeep, maxDepth)
	}
	defer func() { p.depth-- }()
	p.at++
	p.space()
	if p.at == len(p.r) {
		return nil, p.fail(from, from+1, ErrParen)
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.sign(p.at) != ')' {
		return nil, p.fail(from, from+1, ErrParen)
	}
	p.at++
	return n, nil
}

func (p *parser) regex() (Node, error) {
	from := p.at
	for i := from + 1; i < len(p.r); i++ {
		if p.r[i] == '\\' {
			i++
			continue
		}
		if p.r[i] != '/' {
			continue
		}
		p.at = i + 1
		source := string(p.r[from+1 : i])
		if source == "" {
			return nil, p.fail(from, p.at, ErrRegex, "it is empty")
		}
		re, err := regexp.Compile("(?i)" + source)
		if err != nil {
			return nil, p.fail(from, p.at, ErrRegex, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		return &Regex{place{from, p.at}, source, re}, nil
	}
	return nil, p.fail(from, from+1, ErrNoRegexEnd)
}

// quotation reads what stands between quotation marks.
func (p *parser) quotation() (string, error) {
	from := p.at
	ends := closers[p.r[from]]
	var b strings.Builder
	for i := from + 1; i < len(p.r); i++ {
		if p.r[i] == '\\' && i+1 < len(p.r) && (p.r[i+1] == '\\' || strings.ContainsRune(ends, p.r[i+1])) {
			i++
		} else if strings.ContainsRune(ends, p.r[i]) {
			p.at = i + 1
			return b.String(), nil
		}
		b.WriteRune(p.r[i])
	}
	return "", p.fail(from, from+1, ErrQuote)
}

// ends tells whether a word or value ends before the rune at i.
func (p *parser) ends(i int) bool {
	switch p.sign(i) {
	case 0, ' ', '(', ')':
		return true
	}
	return closers[p.r[i]] != ""
}

func (p *parser) word() (Node, error) {
	from := p.at
	for p.at < len(p.r) && !p.ends(p.at) {
		p.at++
	}
	text := string(p.r[from:p.at])
	words := moderation.SearchRuns(text)
	if len(words) == 0 {
		return nil, p.fail(from, p.at, ErrNoLetters, p.snippet(from, p.at))
	}
	return &Word{place{from, p.at}, text, words}, nil
}

// fieldName is the length of the field's name that stands here, 0 for none.
func (p *parser) fieldName() int {
	i := p.at
	for i < len(p.r) && (unicode.IsLetter(p.r[i]) || p.r[i] == '_') {
		i++
	}
	switch p.sign(i) {
	case ':', '>', '<', '=':
		return i - p.at
	}
	return 0
}

func (p *parser) field(width int) (Node, error) {
	from := p.at
	name := strings.ToLower(string(p.r[from : from+width]))
	f, known := fieldNamed(name)
	if !known {
		return nil, p.unknownField(from, from+width, name)
	}
	s, ok := specOf(p.list, f)
	if !ok {
		return nil, p.fail(from, from+width, ErrNoSuchField, string(f), string(p.list), listed(Fields(p.list)))
	}
	p.at += width
	t := &Term{place: place{from, 0}, Field: f, Op: p.op()}
	if t.Op != Is && !s.shape.ordered() {
		return nil, p.fail(from, p.at, ErrNotOrdered, string(f))
	}
	for {
		v, err := p.value(s, t.Op)
		if err != nil {
			return nil, err
		}
		t.Values = append(t.Values, v)
		if p.sign(p.at) != ',' {
			break
		}
		p.at++
	}
	t.to = p.at
	return t, nil
}

func (p *parser) op() Op {
	s := p.sign(p.at)
	p.at++
	if s == '>' || s == '<' {
		if p.sign(p.at) == '=' {
			p.at++
			return Op(string(s) + "=")
		}
		return Op(string(s))
	}
	return Is
}

func (p *parser) unknownField(from, to int, name string) error {
	var known []string
	for _, f := range Fields(p.list) {
		known = append(known, string(f), f.Alias())
	}
	if near := tomldoc.Nearest(name, known); near != "" && len([]rune(name)) > 1 {
		return p.fail(from, to, ErrNearField, p.snippet(from, to), near)
	}
	return p.fail(from, to, ErrUnknownField, p.snippet(from, to), listed(Fields(p.list)))
}

// value reads one value of a field.
func (p *parser) value(s spec, op Op) (Value, error) {
	from := p.at
	v := Value{place: place{from: from}}
	if p.at < len(p.r) && closers[p.r[p.at]] != "" {
		text, err := p.quotation()
		if err != nil {
			return v, err
		}
		v.Text, v.Quoted = text, true
	} else {
		for p.at < len(p.r) && !p.ends(p.at) && p.sign(p.at) != ',' {
			p.at++
		}
		v.Text = string(p.r[from:p.at])
	}
	v.to = p.at
	if v.Text == "" {
		return v, p.fail(from, p.at, ErrNoValue, string(s.field))
	}
	return v, p.typed(&v, s, op)
}

// typed makes of a value's text what its field takes.
func (p *parser) typed(v *Value, s spec, op Op) error {
	switch s.shape {
	case shapeOneOf, shapeFlag:
		i := slices.IndexFunc(s.values, func(n named) bool { return strings.EqualFold(v.Text, n.name) || v.Text == n.zh })
		if i < 0 {
			return p.unknownValue(*v, s)
		}
		v.Text, v.Quoted = s.values[i].name, false
	case shapeNumber, shapeMoney:
		if !v.number(s.shape, op) {
			code := ErrNumber
			if s.shape == shapeMoney {
				code = ErrMoney
			}
			return p.fail(v.from, v.to, code, string(s.field), p.snippet(v.from, v.to))
		}
		v.Quoted = false
	case shapeTime:
		m, ok := parseMoment(v.Text)
		if !ok {
			return p.fail(v.from, v.to, ErrTime, string(s.field), p.snippet(v.from, v.to))
		}
		if m.span && s.field == FieldAt {
			return p.fail(v.from, v.to, ErrSpanAt, v.Text)
		}
		v.moment, v.Quoted = m, false
	}
	return nil
}

func (p *parser) unknownValue(v Value, s spec) error {
	var known []string
	for _, n := range s.values {
		known = append(known, n.name, n.zh)
	}
	shown := p.snippet(v.from, v.to)
	if near := tomldoc.Nearest(v.Text, known); near != "" && len([]rune(v.Text)) > 1 {
		return p.fail(v.from, v.to, ErrNearValue, string(s.field), shown, near)
	}
	return p.fail(v.from, v.to, ErrUnknownValue, string(s.field), shown, strings.Join(names(s.values), ", "))
}

// maxSnippet bounds what a message quotes of a query.
const maxSnippet = 30

func (p *parser) snippet(from, to int) string {
	if to-from > maxSnippet {
		return string(p.r[from:from+maxSnippet]) + "…"
	}
	return string(p.r[from:to])
}

func listed(fields []Field) string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return strings.Join(out, ", ")
}
